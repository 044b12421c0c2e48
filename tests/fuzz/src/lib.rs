//! What the fuzz targets share: an input that is read as a script, and memories that the fuzzer fills.
//!
//! A script never ends early: past its end it reads zeros, so that every input means something. Not here: what must hold; each target says it.

pub mod body;
pub mod link;
pub mod memory;
pub mod reassembly;
pub mod rules;
pub mod settle;

use tidings_collector::replica::Settings;
use tidings_wire::DigestKey;

/// The host of all targets: it speaks plain and holds few facts.
pub const HOST: Settings = Settings { max_facts: 40, instance: 7, digest_key: DigestKey([0; 16]) };

/// Bytes of the fuzzer, read from the front.
#[derive(Debug, Clone, Copy)]
pub struct Script<'a>(pub &'a [u8]);

impl<'a> Script<'a> {
    /// True at the end.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.0.is_empty()
    }

    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    /// The next two bytes, little-endian.
    pub fn short(&mut self) -> u16 {
        u16::from_le_bytes([self.byte(), self.byte()])
    }

    /// The next four bytes, little-endian.
    pub fn word(&mut self) -> u32 {
        u32::from(self.short()) | u32::from(self.short()) << 16
    }

    /// As many bytes as the next one says.
    pub fn bytes(&mut self) -> &'a [u8] {
        let len = self.byte();
        self.take(len.into())
    }

    /// As many bytes as the next two say.
    pub fn long_bytes(&mut self) -> &'a [u8] {
        let len = self.short();
        self.take(len.into())
    }

    /// The next `len` bytes, as far as there are any.
    pub fn take(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(len.min(self.0.len()));
        self.0 = rest;
        taken
    }
}
