//! The chip's own flash through its NVMC, as `embedded-storage` NOR flash of the two pages that hold the epoch.
//!
//! The processor stands still while the NVMC erases (21 ms) or writes (46 µs a word). Not here: the other pages.
#![allow(unsafe_code)] // flash is memory

use core::{ptr, slice};

use embedded_storage::nor_flash::{
    ErrorType, NorFlash, NorFlashErrorKind, ReadNorFlash, check_erase, check_read, check_write,
};

use crate::register::Register;

const NVMC: usize = 0x4001_E000;
const READY: Register = Register::at(NVMC, 0x400);
const CONFIG: Register = Register::at(NVMC, 0x504);
const ERASE_PAGE: Register = Register::at(NVMC, 0x508);
const READ_ONLY: u32 = 0;
const WRITE: u32 = 1;
const ERASE: u32 = 2;

const PAGE: usize = 1024;
const PAGES: usize = 2;

unsafe extern "C" {
    /// Where `memory.x` puts the pages; only its address means anything.
    static _epoch_start: u8;
}

/// The two pages; offset 0 is the first byte of the first.
pub struct EpochPages(());

impl EpochPages {
    /// The pages. Have one of these at most.
    pub const fn new() -> Self {
        Self(())
    }

    fn start() -> usize {
        &raw const _epoch_start as usize
    }
}

/// Lets the NVMC do `what` during `job`, and waits for its end.
fn with(what: u32, job: impl FnOnce()) {
    CONFIG.write(what);
    while READY.read() == 0 {}
    job();
    while READY.read() == 0 {}
    CONFIG.write(READ_ONLY);
}

impl ErrorType for EpochPages {
    type Error = NorFlashErrorKind;
}

impl ReadNorFlash for EpochPages {
    const READ_SIZE: usize = 1;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), Self::Error> {
        check_read(self, offset, bytes.len())?;
        let from = (Self::start() + offset as usize) as *const u8;
        // SAFETY: within the pages, as just checked; flash is always readable, and nothing writes it during this call.
        bytes.copy_from_slice(unsafe { slice::from_raw_parts(from, bytes.len()) });
        Ok(())
    }

    fn capacity(&self) -> usize {
        PAGE * PAGES
    }
}

impl NorFlash for EpochPages {
    const WRITE_SIZE: usize = 4;
    const ERASE_SIZE: usize = PAGE;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), Self::Error> {
        check_erase(self, from, to)?;
        for page in (from..to).step_by(PAGE) {
            with(ERASE, || ERASE_PAGE.write(Self::start() as u32 + page));
        }
        Ok(())
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), Self::Error> {
        check_write(self, offset, bytes.len())?;
        let start = Self::start() + offset as usize;
        for (at, word) in (start..).step_by(4).zip(bytes.chunks_exact(4)) {
            let word = word.try_into().map_or(u32::MAX, u32::from_le_bytes);
            // SAFETY: an aligned word within the pages, as just checked; the NVMC is in write mode, and no reference to flash lives.
            with(WRITE, || unsafe { ptr::write_volatile(at as *mut u32, word) });
        }
        Ok(())
    }
}
