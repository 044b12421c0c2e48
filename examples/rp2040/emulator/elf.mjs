// Puts the segments of an ELF file where flash holds them.
//
// Promise: a segment outside flash is an error. Not here: symbols, relocation, RAM, which the image fills itself.
const FLASH = 0x10000000;
const LOAD = 1;

/** Writes the segments of `file` into `flash`. */
export function loadImage(flash, file) {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const [table, entryBytes, entries] = [view.getUint32(28, true), view.getUint16(42, true), view.getUint16(44, true)];
  for (let index = 0; index < entries; index++) {
    const at = table + index * entryBytes;
    const word = (number) => view.getUint32(at + 4 * number, true);
    const [type, offset, physical, length] = [word(0), word(1), word(3), word(4)];
    if (type !== LOAD || length === 0) continue;
    if (physical < FLASH || physical - FLASH + length > flash.length) throw new Error(`a segment at ${physical.toString(16)}`);
    flash.set(file.subarray(offset, offset + length), physical - FLASH);
  }
}
