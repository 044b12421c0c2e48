//! NOR flash whose words may be programmed twice between erases: programming clears bits and sets none, erasing sets them, and the power may go in
//! the middle of either, at any byte, from the lowest address up, from the
//! highest down, or criss-cross.
//!
//! It panics if a word is programmed more often, cuts not counted, and counts what wears it.

use embedded_storage::nor_flash::{
    ErrorType, MultiwriteNorFlash, NorFlash, NorFlashError, NorFlashErrorKind, ReadNorFlash,
};

/// The power went: nothing works until the flash is rebuilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PowerWent;

impl NorFlashError for PowerWent {
    fn kind(&self) -> NorFlashErrorKind {
        NorFlashErrorKind::Other
    }
}

/// The order in which the bytes of an operation change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Up,
    Down,
    /// Every other byte upwards, then the rest downwards.
    Mixed,
}

/// What was done to a flash.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Wear {
    /// Calls of `write`.
    pub writes: usize,
    /// Words programmed.
    pub words: usize,
    /// Pages erased.
    pub erases: usize,
}

/// Pages of `PAGE` bytes with words of `WORD` bytes.
#[derive(Clone)]
pub struct Flash<const WORD: usize, const PAGE: usize> {
    bytes: Vec<u8>,
    programs: Vec<u8>,
    /// Bytes that still change before the power goes.
    power: usize,
    order: Order,
    on: bool,
    seed: u64,
    /// Times that a word is programmed between erases: one more if an erase that was cut short left it as it was and its neighbours erased.
    most: u8,
    pub wear: Wear,
}

impl<const WORD: usize, const PAGE: usize> Flash<WORD, PAGE> {
    pub fn new(pages: usize, order: Order) -> Self {
        Self {
            bytes: vec![0xFF; pages * PAGE],
            programs: vec![0; pages * PAGE / WORD],
            power: usize::MAX,
            order,
            on: true,
            seed: 1,
            most: if order == Order::Mixed { 3 } else { 2 },
            wear: Wear::default(),
        }
    }

    /// The flash after the power came back, made from its bytes; the power goes again after `power` bytes.
    pub fn rebuilt(&self, power: usize) -> Self {
        Self { power, on: true, seed: self.seed + 1, ..self.clone() }
    }

    /// Whether the power went.
    pub fn is_cut(&self) -> bool {
        !self.on
    }

    /// Bytes of all pages.
    pub fn range(&self) -> std::ops::Range<u32> {
        0..self.bytes.len() as u32
    }

    fn check_power(&self) -> Result<(), PowerWent> {
        if self.on { Ok(()) } else { Err(PowerWent) }
    }

    /// Changes one byte as the power allows: the byte during which it goes gets some of its bits.
    fn change(&mut self, at: usize, to: u8) -> Result<(), PowerWent> {
        if self.power > 0 {
            self.power -= 1;
            self.bytes[at] = to;
            return Ok(());
        }
        // A few multiplications make a number that looks like chance and is the same each time.
        let some = (self.seed + at as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
        self.bytes[at] ^= (self.bytes[at] ^ to) & some as u8;
        self.on = false;
        Err(PowerWent)
    }

    fn in_order(&self, range: std::ops::Range<usize>) -> Vec<usize> {
        match self.order {
            Order::Up => range.collect(),
            Order::Down => range.rev().collect(),
            Order::Mixed => range.clone().skip(1).step_by(2).chain(range.step_by(2).rev()).collect(),
        }
    }
}

impl<const WORD: usize, const PAGE: usize> ErrorType for Flash<WORD, PAGE> {
    type Error = PowerWent;
}

impl<const WORD: usize, const PAGE: usize> ReadNorFlash for Flash<WORD, PAGE> {
    const READ_SIZE: usize = 1;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), PowerWent> {
        self.check_power()?;
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

    fn erase(&mut self, from: u32, to: u32) -> Result<(), PowerWent> {
        self.check_power()?;
        let range = from as usize..to as usize;
        assert!(range.len() == PAGE && range.start.is_multiple_of(PAGE), "one whole page at a time");
        self.wear.erases += 1;
        for at in self.in_order(range.clone()) {
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

    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), PowerWent> {
        self.check_power()?;
        let start = offset as usize;
        assert!(start.is_multiple_of(WORD) && bytes.len().is_multiple_of(WORD), "whole words only");
        self.wear.writes += 1;
        let range = start..start + bytes.len();
        self.wear.words += range.len() / WORD;
        for at in self.in_order(range.clone()) {
            // Bits can be cleared, not set.
            self.change(at, self.bytes[at] & bytes[at - start])?;
        }
        for word in range.start / WORD..range.end / WORD {
            self.programs[word] += 1;
            assert!(self.programs[word] <= self.most, "word {word} is programmed {} times", self.programs[word]);
        }
        Ok(())
    }
}

impl<const WORD: usize, const PAGE: usize> MultiwriteNorFlash for Flash<WORD, PAGE> {}
