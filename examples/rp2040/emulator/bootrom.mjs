// The part of the RP2040's boot ROM that embassy-rp calls: the table of functions, copying, and the flash's driver; and its cache, where nothing is under way.
//
// rp2040js comes without a ROM. Each function here is a breakpoint, which this file answers, and a return. As on the chip, programming clears bits and
// erasing sets them; each ends only when the file has it. Not here: floating point, USB boot.
import { BasePeripheral } from "rp2040js";

/** Where the cache's registers are, as rp2040js counts. */
const CACHE = 0x14000;
const ROM_BYTES = 0x4000;
const LOOKUP = 0x0100;
const FUNCTIONS = 0x0200;
const BREAK_AND_RETURN = 0x4770_be00;
/** By their two letters: what a function does with the core's first registers, and what it gives. */
const codes = ["MS", "S4", "MC", "C4", "IF", "EX", "RE", "RP", "FC", "CX"];

class Cache extends BasePeripheral {
  readUint32() {
    return 0;
  }

  writeUint32() {}
}

/** Installs the ROM; `keep` is called after each change of the flash. */
export function installBootRom(chip, keep) {
  const half = (address, value) => {
    const shift = (address & 2) * 8;
    const word = chip.bootrom[address >> 2] & ~(0xffff << shift);
    chip.bootrom[address >> 2] = (word | (value << shift)) >>> 0;
  };
  chip.peripherals[CACHE] = new Cache(chip, "XIP");
  half(0x14, FUNCTIONS);
  half(0x18, LOOKUP | 1);
  chip.bootrom[LOOKUP >> 2] = BREAK_AND_RETURN;
  codes.forEach((_, index) => (chip.bootrom[(FUNCTIONS >> 2) + index] = BREAK_AND_RETURN | (index + 1)));
  const onOtherBreak = chip.onBreak;
  chip.onBreak = (code) => {
    if (chip.core.PC >= ROM_BYTES) return onOtherBreak(code);
    const [r0, r1, r2] = chip.core.registers;
    const given = code === 0 ? lookUp(r1) : call(chip, codes[code - 1], [r0, r1, r2], keep);
    if (given !== undefined) chip.core.registers[0] = given;
  };
}

/** The address of a function, odd as all addresses of Thumb code; 0 if there is none. */
function lookUp(code) {
  const index = codes.indexOf(String.fromCharCode(code & 0xff, (code >> 8) & 0xff));
  return index < 0 ? 0 : (FUNCTIONS + 4 * index) | 1;
}

function call(chip, name, [r0, r1, r2], keep) {
  switch (name) {
    case "MS":
    case "S4":
      for (let at = 0; at < r2; at++) chip.writeUint8(r0 + at, r1 & 0xff);
      return r0;
    case "MC":
    case "C4":
      for (let at = 0; at < r2; at++) chip.writeUint8(r0 + at, chip.readUint8(r1 + at));
      return r0;
    case "RE":
      chip.flash.fill(0xff, r0, r0 + r1);
      return keep();
    case "RP":
      for (let at = 0; at < r2; at++) chip.flash[r0 + at] &= chip.readUint8(r1 + at);
      return keep();
  }
}
