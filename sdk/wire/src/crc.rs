//! CRC-32/ISO-HDLC, the check of the plain suite and of stored records.
//!
//! Bit by bit on a device, where a table of 64 bytes is larger than all the rest; by that table elsewhere. It detects accidents, never an attacker.

const POLYNOMIAL: u32 = 0xEDB8_8320;

const TABLE: [u32; 16] = {
    let mut table = [0u32; 16];
    let mut nibble = 0;
    while nibble < 16 {
        let mut value = nibble as u32;
        let mut bit = 0;
        while bit < 4 {
            value = if value & 1 == 1 { value >> 1 ^ POLYNOMIAL } else { value >> 1 };
            bit += 1;
        }
        #[allow(clippy::indexing_slicing)] // in a constant: out of bounds would not compile
        {
            table[nibble] = value;
        }
        nibble += 1;
    }
    table
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

fn by_table(mut crc: u32, bytes: &[u8]) -> u32 {
    for &byte in bytes {
        crc ^= u32::from(byte);
        crc = crc >> 4 ^ entry(crc);
        crc = crc >> 4 ^ entry(crc);
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

fn entry(crc: u32) -> u32 {
    TABLE.get((crc & 15) as usize).copied().unwrap_or(0)
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
