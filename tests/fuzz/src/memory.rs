//! Memory of a device with contents of the fuzzer's choice: NOR flash whose writes may tear, and bytes that are simply written.
//!
//! A torn write leaves its first bytes and part of one more; the driver says nothing of it, as when the power went. What was written last may turn
//! out later to have been written weakly.

use core::cmp::Ordering;
use core::convert::Infallible;
use embedded_storage::nor_flash::{ErrorType, NorFlash, NorFlashError, NorFlashErrorKind, ReadNorFlash};
use embedded_storage::{ReadStorage, Storage};

/// Bytes of a page of the flash.
pub const PAGE: usize = 128;
const WORD: usize = 4;

/// Two pages of NOR flash.
#[derive(Debug, Clone)]
pub struct Nor {
    /// What is in them.
    pub bytes: [u8; 2 * PAGE],
    /// What power there is.
    pub power: Power,
    /// Where the last write began.
    pub written: usize,
}

/// How much can be written before the power goes.
#[derive(Debug, Clone, Copy)]
pub struct Power {
    /// Whole bytes.
    pub bytes: usize,
    /// Bits of the byte after them that stay as they were.
    pub kept: u8,
}

impl Power {
    /// It does not go.
    pub const FULL: Self = Self { bytes: usize::MAX, kept: 0 };

    /// Writes as much of `from` as it lasts for, by `put`: the byte there, the one that was meant, and the bits that stay.
    fn write(&mut self, room: &mut [u8], from: &[u8], put: impl Fn(&mut u8, u8, u8)) {
        for (at, (to, from)) in room.iter_mut().zip(from).enumerate() {
            match at.cmp(&self.bytes) {
                Ordering::Less => put(to, *from, 0),
                Ordering::Equal => put(to, *from, self.kept),
                Ordering::Greater => {}
            }
        }
        if from.len() > self.bytes {
            *self = Self { bytes: 0, kept: 0xFF };
        } else if self.bytes != usize::MAX {
            self.bytes -= from.len();
        }
    }

    /// True if nothing is left of it.
    #[must_use]
    pub const fn is_gone(self) -> bool {
        self.bytes == 0
    }
}

/// An access that the flash does not have.
#[derive(Debug)]
pub struct OutOfBounds;

impl NorFlashError for OutOfBounds {
    fn kind(&self) -> NorFlashErrorKind {
        NorFlashErrorKind::OutOfBounds
    }
}

impl ErrorType for Nor {
    type Error = OutOfBounds;
}

impl ReadNorFlash for Nor {
    const READ_SIZE: usize = 1;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), OutOfBounds> {
        let from = self.bytes.get(offset as usize..).and_then(|rest| rest.get(..bytes.len())).ok_or(OutOfBounds)?;
        bytes.copy_from_slice(from);
        Ok(())
    }

    fn capacity(&self) -> usize {
        self.bytes.len()
    }
}

impl NorFlash for Nor {
    const WRITE_SIZE: usize = WORD;
    const ERASE_SIZE: usize = PAGE;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), OutOfBounds> {
        if self.power.is_gone() {
            return Ok(());
        }
        self.bytes.get_mut(from as usize..to as usize).ok_or(OutOfBounds)?.fill(0xFF);
        Ok(())
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), OutOfBounds> {
        let room = self.bytes.get_mut(offset as usize..).and_then(|rest| rest.get_mut(..bytes.len()));
        let room = room.ok_or(OutOfBounds)?;
        assert!((offset as usize).is_multiple_of(WORD) && bytes.len().is_multiple_of(WORD), "whole words");
        self.power.write(room, bytes, |to, from, kept| *to &= from | kept);
        self.written = offset as usize;
        Ok(())
    }
}

/// 32 bytes that are written in place.
#[derive(Debug, Clone)]
pub struct Plain {
    /// What is in them.
    pub bytes: [u8; 32],
    /// What power there is.
    pub power: Power,
    /// Where the last write began.
    pub written: usize,
}

impl ReadStorage for Plain {
    type Error = Infallible;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), Infallible> {
        let len = bytes.len();
        bytes.copy_from_slice(&self.bytes[offset as usize..][..len]);
        Ok(())
    }

    fn capacity(&self) -> usize {
        self.bytes.len()
    }
}

impl Storage for Plain {
    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), Infallible> {
        let room = &mut self.bytes[offset as usize..][..bytes.len()];
        self.power.write(room, bytes, |to, from, kept| *to = *to & kept | from & !kept);
        self.written = offset as usize;
        Ok(())
    }
}
