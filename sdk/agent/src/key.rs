//! The key of the fact at hand: encoded once, then looked up and kept.
//!
//! Promise: one room for all calls, so that none of them has to clear one on its stack.

use crate::RecordError;
use tidings_wire::facts::Part;
use tidings_wire::fields::Encoder;
use tidings_wire::{Fact, Kind};

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

    /// Takes the key of `fact` in place of the one before, if it is within its bounds; gives the kind.
    #[inline(never)]
    pub fn encode(&mut self, fact: &dyn Fact) -> (Kind, Result<(), RecordError>) {
        let room = self.bytes.len();
        let mut encoder = Encoder::into(self.bytes);
        let kind = fact.encode(Part::Key, &mut encoder);
        match encoder.key() {
            Ok(len) if len <= room => {
                self.len = len;
                (kind, Ok(()))
            }
            _ => (kind, Err(RecordError::TooLong)),
        }
    }

    #[inline(always)]
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or(&[])
    }
}
