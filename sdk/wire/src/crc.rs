//! CRC-32/ISO-HDLC, the check of the plain suite and of stored records.
//!
//! Bit by bit on a device, where any table is larger than all the rest; eight bytes at once elsewhere, by tables of 8 KiB. It detects
//! accidents, never an attacker.

const POLYNOMIAL: u32 = 0xEDB8_8320;

/// Bytes taken in at once where there are tables.
const STRIDE: usize = 8;

/// What a byte does to the CRC when 0, 1, … 7 bytes follow it. A `static`: an image that never looks at it does not hold it.
#[allow(clippy::indexing_slicing)] // in a constant: out of bounds would not compile
static TABLES: [[u32; 256]; STRIDE] = {
    let mut tables = [[0; 256]; STRIDE];
    let mut at = 0;
    while at < STRIDE * 256 {
        let (follow, byte) = (at / 256, at % 256);
        let mut value = if follow == 0 { byte as u32 } else { tables[follow - 1][byte] };
        let mut bit = 0;
        while bit < 8 {
            value = value >> 1 ^ if value & 1 == 1 { POLYNOMIAL } else { 0 };
            bit += 1;
        }
        tables[follow][byte] = value;
        at += 1;
    }
    tables
};

fn by_bit(mut crc: u32, bytes: &[u8]) -> u32 {
    for &byte in bytes {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = crc >> 1 ^ if crc & 1 == 1 { POLYNOMIAL } else { 0 };
        }
    }
    crc
}

fn by_table(mut crc: u32, mut bytes: &[u8]) -> u32 {
    while let Some((stride, rest)) = bytes.split_first_chunk::<STRIDE>() {
        let taken = (u64::from_le_bytes(*stride) ^ u64::from(crc)).to_le_bytes();
        let effects = TABLES.iter().rev().zip(taken).map(|(table, byte)| entry(table, byte));
        crc = effects.fold(0, |sum, effect| sum ^ effect);
        bytes = rest;
    }
    let [alone, ..] = &TABLES;
    for byte in bytes {
        crc = crc >> 8 ^ entry(alone, crc as u8 ^ byte);
    }
    crc
}

/// A running CRC-32.
#[derive(Debug, Clone, Copy)]
pub struct Crc32(u32);

impl Crc32 {
    /// The state before the first byte.
    pub const fn new() -> Self {
        Self(u32::MAX)
    }

    /// Takes in `bytes`.
    #[must_use]
    pub fn update(self, bytes: &[u8]) -> Self {
        Self(if cfg!(target_os = "none") { by_bit(self.0, bytes) } else { by_table(self.0, bytes) })
    }

    /// The CRC of everything taken in.
    pub const fn value(self) -> u32 {
        !self.0
    }
}

impl Default for Crc32 {
    fn default() -> Self {
        Self::new()
    }
}

fn entry(table: &[u32; 256], byte: u8) -> u32 {
    table.get(usize::from(byte)).copied().unwrap_or(0)
}

/// CRC-32 of `bytes`.
pub fn crc32(bytes: &[u8]) -> u32 {
    Crc32::new().update(bytes).value()
}

#[cfg(test)]
mod tests {
    #[test]
    fn check_value_of_the_catalogue() {
        assert_eq!(super::crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(super::crc32(b""), 0);
    }

    #[test]
    fn by_bit_and_by_table_agree() {
        let bytes: [u8; 256] = core::array::from_fn(|n| (n * 37) as u8);
        for len in 0..bytes.len() {
            assert_eq!(super::by_bit(u32::MAX, &bytes[..len]), super::by_table(u32::MAX, &bytes[..len]), "{len}");
        }
    }
}
