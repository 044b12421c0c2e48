//! The key of the fact at hand: encoded once, then looked up and kept.
//!
//! Promise: one room for all calls, so that none of them has to clear one on its stack.

use crate::RecordError;
use tidings_wire::Fact;
use tidings_wire::fields::Encoder;

/// Room for one key.
#[derive(Debug)]
pub(crate) struct KeyRoom<'a> {
    bytes: &'a mut [u8],
    len: usize,
}

impl<'a> KeyRoom<'a> {
    pub fn new(bytes: &'a mut [u8]) -> Self {
        Self { bytes, len: 0 }
    }

    /// Takes the key of `fact` in place of the one before.
    #[inline(never)]
    pub fn encode(&mut self, fact: &dyn Fact) -> Result<(), RecordError> {
        let mut encoder = Encoder::into(self.bytes);
        fact.key(&mut encoder);
        self.len = encoder.key().map_err(|_| RecordError::TooLong)?;
        if self.len > self.bytes.len() { Err(RecordError::TooLong) } else { Ok(()) }
    }

    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or(&[])
    }
}
