//! NOR flash for boards in an emulator that has none: two pages in a file of the emulator's folder, through semihosting.
//!
//! Promise: programming clears bits and erasing sets them, a word at a time; a word that was programmed or erased is in the file before the next one is
//! begun, so it outlives the emulator, however that ends. A file that is missing or short is flash that was never written. Not here: what it holds; a
//! board without a debugger, where semihosting is a fault.
#![allow(unsafe_code)] // the name of a function

use core::ffi::CStr;

use embedded_storage::nor_flash::{ErrorType, NorFlash, NorFlashErrorKind, ReadNorFlash};
use semihosting::{
    fs::{File, OpenOptions},
    io::{Read, Seek, SeekFrom, Write},
};

/// As on an STM32L0: small, so that a page fills within a few boots.
const PAGE_BYTES: usize = 128;
const WORD_BYTES: usize = 4;
const FLASH_BYTES: usize = 2 * PAGE_BYTES;
const ERASED: [u8; WORD_BYTES] = [0xFF; WORD_BYTES];

/// The flash. If the host gives no file, every call fails.
#[derive(Debug)]
pub struct HostFlash(Option<File>);

impl HostFlash {
    /// Opens the file of this name, making it if it is not there.
    pub fn open(name: &CStr) -> Self {
        let found = OpenOptions::new().read(true).write(true).open(name);
        let file = found.or_else(|_| OpenOptions::new().read(true).write(true).create(true).truncate(true).open(name));
        let mut flash = Self(file.ok());
        // What cannot be filled cannot be read later, and fails then.
        let _ = flash.fill_up();
        flash
    }

    fn fill_up(&mut self) -> Result<(), NorFlashErrorKind> {
        let len = self.file()?.metadata().map_err(|_| NorFlashErrorKind::Other)?.len();
        let whole_words = len as usize / WORD_BYTES * WORD_BYTES;
        (whole_words..FLASH_BYTES).step_by(WORD_BYTES).try_for_each(|at| self.put_word(at, ERASED))
    }

    fn file(&mut self) -> Result<&mut File, NorFlashErrorKind> {
        self.0.as_mut().ok_or(NorFlashErrorKind::Other)
    }

    fn at(&mut self, offset: usize) -> Result<&mut File, NorFlashErrorKind> {
        let file = self.file()?;
        file.seek(SeekFrom::Start(offset as u64)).map_err(|_| NorFlashErrorKind::Other)?;
        Ok(file)
    }

    fn put_word(&mut self, offset: usize, word: [u8; WORD_BYTES]) -> Result<(), NorFlashErrorKind> {
        change_word(self.at(offset)?, word)
    }
}

// The name is how a test finds the moment before each word, to take the power away there.
// SAFETY: the name is unique.
#[unsafe(no_mangle)]
#[inline(never)]
fn change_word(file: &mut File, word: [u8; WORD_BYTES]) -> Result<(), NorFlashErrorKind> {
    file.write_all(&word).map_err(|_| NorFlashErrorKind::Other)
}

impl ErrorType for HostFlash {
    type Error = NorFlashErrorKind;
}

impl ReadNorFlash for HostFlash {
    const READ_SIZE: usize = 1;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.at(offset as usize)?.read_exact(bytes).map_err(|_| NorFlashErrorKind::Other)
    }

    fn capacity(&self) -> usize {
        FLASH_BYTES
    }
}

impl NorFlash for HostFlash {
    const WRITE_SIZE: usize = WORD_BYTES;
    const ERASE_SIZE: usize = PAGE_BYTES;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), Self::Error> {
        (from as usize..to as usize).step_by(WORD_BYTES).try_for_each(|at| self.put_word(at, ERASED))
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), Self::Error> {
        for (at, word) in (offset as usize..).step_by(WORD_BYTES).zip(bytes.chunks_exact(WORD_BYTES)) {
            let mut held = ERASED;
            self.read(at as u32, &mut held)?;
            held.iter_mut().zip(word).for_each(|(held, new)| *held &= new);
            self.put_word(at, held)?;
        }
        Ok(())
    }
}
