//! NOR flash to the byte: programming clears bits, erasing sets them, and the power may go in the middle of either.
//!
//! It panics if a word is programmed twice between erases. A word counts as programmed once a bit of it changed: the power may go before that, and a
//! single byte may be all ones.

use super::boot::Random;
use embedded_storage::nor_flash::{ErrorType, NorFlash, NorFlashError, NorFlashErrorKind, ReadNorFlash};

/// Why an operation failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The power went: nothing works until the flash is rebuilt.
    Power,
    /// The word does not take what is written.
    Word,
    /// The driver fails.
    Driver,
}

impl NorFlashError for Fault {
    fn kind(&self) -> NorFlashErrorKind {
        NorFlashErrorKind::Other
    }
}

/// Two pages with words of `WORD` bytes.
#[derive(Clone)]
pub struct Flash<const WORD: usize, const PAGE: usize> {
    bytes: Vec<u8>,
    programs: Vec<u8>,
    /// Bytes that are still programmed or erased before the power goes.
    pub power: usize,
    /// A word at this byte never takes anything, and reads as erased.
    pub dead_word: Option<usize>,
    /// Reads that work before the driver fails.
    reads: usize,
    on: bool,
    seed: u64,
}

impl<const WORD: usize, const PAGE: usize> Flash<WORD, PAGE> {
    pub fn new() -> Self {
        let (bytes, programs) = (vec![0xFF; 2 * PAGE], vec![0; 2 * PAGE / WORD]);
        Self { bytes, programs, power: usize::MAX, dead_word: None, reads: usize::MAX, on: true, seed: 1 }
    }

    /// The flash after the power came back, made from its bytes; the power goes again after `power` bytes.
    pub fn rebuilt(&self, power: usize) -> Self {
        Self { power, on: true, seed: self.seed + 1, ..self.clone() }
    }

    /// The same, with a driver that fails after so many reads.
    pub fn with_reads(&self, reads: usize) -> Self {
        Self { reads, ..self.clone() }
    }

    /// Whether the power went.
    pub fn is_cut(&self) -> bool {
        !self.on
    }

    /// The number at the start of a slot, 0 of an erased one.
    pub fn epoch_in(&self, slot: usize) -> u32 {
        let bytes = self.bytes[slot * 16..][..4].try_into().expect("four bytes");
        Some(u32::from_le_bytes(bytes)).filter(|epoch| *epoch != u32::MAX).unwrap_or(0)
    }

    /// Loses a bit of a slot.
    pub fn spoil(&mut self, slot: usize) {
        self.bytes[slot * 16 + 9] ^= 4;
    }

    /// Fills it with something that was never a record.
    pub fn fill(&mut self, byte: u8) {
        self.bytes.fill(byte);
        self.programs.fill(1);
    }

    /// Changes one byte as the power allows: the byte during which it goes gets some of its bits.
    fn change(&mut self, at: usize, to: u8) -> Result<(), Fault> {
        if self.power > 0 {
            self.power -= 1;
            self.bytes[at] = to;
            return Ok(());
        }
        let some = Random::new(self.seed + at as u64).below(256) as u8;
        let changing = self.bytes[at] ^ to;
        self.bytes[at] ^= changing & some;
        self.on = false;
        Err(Fault::Power)
    }

    fn check_power(&self) -> Result<(), Fault> {
        if self.on { Ok(()) } else { Err(Fault::Power) }
    }

    fn program(&mut self, at: usize, word: &[u8]) -> Result<(), Fault> {
        if self.dead_word == Some(at) {
            return Err(Fault::Word);
        }
        let range = at..at + WORD;
        assert!(self.bytes[range.clone()].iter().all(|byte| *byte == 0xFF), "word at {at} is not erased");
        assert_eq!(self.programs[at / WORD], 0, "word at {at} is programmed twice");
        let done = range.clone().zip(word).try_for_each(|(at, byte)| self.change(at, *byte));
        let touched = self.bytes[range].iter().any(|byte| *byte != 0xFF);
        self.programs[at / WORD] += u8::from(touched);
        done
    }
}

impl<const WORD: usize, const PAGE: usize> ErrorType for Flash<WORD, PAGE> {
    type Error = Fault;
}

impl<const WORD: usize, const PAGE: usize> ReadNorFlash for Flash<WORD, PAGE> {
    const READ_SIZE: usize = 1;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), Fault> {
        self.check_power()?;
        self.reads = self.reads.checked_sub(1).ok_or(Fault::Driver)?;
        let at = offset as usize;
        bytes.copy_from_slice(&self.bytes[at..at + bytes.len()]);
        Ok(())
    }

    fn capacity(&self) -> usize {
        self.bytes.len()
    }
}

impl<const WORD: usize, const PAGE: usize> NorFlash for Flash<WORD, PAGE> {
    const WRITE_SIZE: usize = WORD;
    const ERASE_SIZE: usize = PAGE;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), Fault> {
        self.check_power()?;
        let range = from as usize..to as usize;
        assert!(range.len() == PAGE && range.start.is_multiple_of(PAGE), "one whole page at a time");
        for at in range {
            let changed = self.change(at, 0xFF);
            let word = at / WORD;
            // Also when the power went just then: nothing tells such a word from an erased one.
            if self.bytes[word * WORD..(word + 1) * WORD].iter().all(|byte| *byte == 0xFF) {
                self.programs[word] = 0;
            }
            changed?;
        }
        Ok(())
    }

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), Fault> {
        self.check_power()?;
        let at = offset as usize;
        assert!(at.is_multiple_of(WORD) && bytes.len().is_multiple_of(WORD), "whole words only");
        (at..).step_by(WORD).zip(bytes.chunks(WORD)).try_for_each(|(at, word)| self.program(at, word))
    }
}
