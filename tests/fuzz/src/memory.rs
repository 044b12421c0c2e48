//! Memory of a device with contents of the fuzzer's choice: NOR flash whose writes may tear, and bytes that are simply written.
//!
//! A torn write leaves its first words; the driver says nothing of it, as when the power went.

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
    /// Bytes that can still be programmed before the power goes.
    pub power: usize,
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
        if self.power == 0 {
            return Ok(());
        }
        self.bytes.get_mut(from as usize..to as usize).ok_or(OutOfBounds)?.fill(0xFF);
        Ok(())
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), OutOfBounds> {
        let room = self.bytes.get_mut(offset as usize..).and_then(|rest| rest.get_mut(..bytes.len()));
        let room = room.ok_or(OutOfBounds)?;
        assert!((offset as usize).is_multiple_of(WORD) && bytes.len().is_multiple_of(WORD), "whole words");
        for (to, from) in room.iter_mut().zip(bytes).take(self.power) {
            *to &= from;
        }
        self.power = self.power.saturating_sub(bytes.len());
        Ok(())
    }
}

/// 32 bytes that are written in place.
#[derive(Debug, Clone)]
pub struct Plain {
    /// What is in them.
    pub bytes: [u8; 32],
    /// Bytes that can still be written before the power goes.
    pub power: usize,
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
        room.iter_mut().zip(bytes).take(self.power).for_each(|(to, from)| *to = *from);
        self.power = self.power.saturating_sub(bytes.len());
        Ok(())
    }
}
