//! Sectors of the second bank of CFI flash, as `embedded-storage` NOR flash: two for the epoch, two for events that outlive power.
//!
//! The bank is two 16-bit chips side by side, so each command and each status is doubled. Not here: the other sectors, and erasing while
//! something else happens.
#![allow(unsafe_code)] // flash is memory

use core::ptr;

use embedded_storage::nor_flash::{
    ErrorType, MultiwriteNorFlash, NorFlash, NorFlashErrorKind, ReadNorFlash, check_erase, check_read, check_write,
};

use crate::register::Register;

const BANK: usize = 0x2200_0000;
const SECTOR: usize = 256 * 1024;
/// Of each of the two parts.
const SECTORS: usize = 2;
/// Bytes of a part.
pub const PART: u32 = (SECTORS * SECTOR) as u32;
const WORD: usize = 4;

// Commands and status of the Intel command set, for both chips.
const PROGRAM: u32 = 0x0040_0040;
const ERASE: u32 = 0x0020_0020;
const CONFIRM: u32 = 0x00D0_00D0;
const CLEAR_STATUS: u32 = 0x0050_0050;
const READ_ARRAY: u32 = 0x00FF_00FF;
const READY: u32 = 0x0080_0080;
const FAILED: u32 = 0x003A_003A;

/// Two sectors; offset 0 is the first byte of the first.
pub struct Sectors {
    base: usize,
}

impl Sectors {
    /// Both parts, for the epoch and for events. Call this once.
    pub const fn of_epoch_and_events() -> (Self, Self) {
        (Self { base: BANK }, Self { base: BANK + PART as usize })
    }

    /// Gives a command and its word, and waits for the end.
    fn carry_out(&mut self, command: u32, offset: usize, word: u32) -> Result<(), NorFlashErrorKind> {
        let at = Register::at(self.base, offset);
        at.write(command);
        at.write(word);
        let status = loop {
            let status = at.read();
            if status & READY == READY {
                break status;
            }
        };
        at.write(CLEAR_STATUS);
        at.write(READ_ARRAY);
        if status & FAILED == 0 { Ok(()) } else { Err(NorFlashErrorKind::Other) }
    }
}

impl ErrorType for Sectors {
    type Error = NorFlashErrorKind;
}

impl ReadNorFlash for Sectors {
    const READ_SIZE: usize = 1;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), Self::Error> {
        check_read(self, offset, bytes.len())?;
        let from = (self.base + offset as usize) as *const u8;
        // SAFETY: within the sectors, as just checked, which show their array between commands; nothing writes them during this call.
        unsafe { ptr::copy_nonoverlapping(from, bytes.as_mut_ptr(), bytes.len()) };
        Ok(())
    }

    fn capacity(&self) -> usize {
        SECTOR * SECTORS
    }
}

impl NorFlash for Sectors {
    const WRITE_SIZE: usize = WORD;
    const ERASE_SIZE: usize = SECTOR;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), Self::Error> {
        check_erase(self, from, to)?;
        (from as usize..to as usize).step_by(SECTOR).try_for_each(|at| self.carry_out(ERASE, at, CONFIRM))
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), Self::Error> {
        check_write(self, offset, bytes.len())?;
        for (at, word) in (offset as usize..).step_by(WORD).zip(bytes.chunks_exact(WORD)) {
            let word = word.try_into().map_or(u32::MAX, u32::from_le_bytes);
            self.carry_out(PROGRAM, at, word)?;
        }
        Ok(())
    }
}

// Programming a word again clears more of its bits.
impl MultiwriteNorFlash for Sectors {}
