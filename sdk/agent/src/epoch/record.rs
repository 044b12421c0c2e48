//! The record that epoch stores write: `epoch | !epoch | magic | crc`, 4 bytes each, little-endian; the CRC-32 is over the 12 bytes before it.

use tidings_wire::crc::crc32;

/// Bytes of a record.
pub(super) const LEN: usize = 16;
const MAGIC: u32 = u32::from_le_bytes(*b"TiE1");

/// The record of `epoch`.
pub(super) fn encode(epoch: u32) -> [u8; LEN] {
    let mut record = [0; LEN];
    let words = [epoch, !epoch, MAGIC].map(u32::to_le_bytes);
    fill(&mut record, words.as_flattened());
    let check = crc32(words.as_flattened()).to_le_bytes();
    fill(&mut record[12..], &check);
    record
}

/// The epoch of a whole record, `None` of a torn, foreign or erased one.
pub(super) fn decode(record: &[u8; LEN]) -> Option<u32> {
    let epoch = u32::from_le_bytes([record[0], record[1], record[2], record[3]]);
    (*record == encode(epoch)).then_some(epoch)
}

/// Copies `from` to the start of `to`, as far as there is room.
pub(super) fn fill(to: &mut [u8], from: &[u8]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
}
