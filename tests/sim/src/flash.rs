//! The device's epoch store: the shipped ring in NOR flash, over a chip that tears, fails, swallows writes and is swapped for an old copy of itself.
//!
//! The chip is its bytes: programming clears bits, erasing sets them, and a cut leaves some bits of one byte done. The store is built anew from
//! them at each call, so nothing that a real device would lose is remembered.

use crate::rng::Rng;
use crate::scenario::DeviceTerms;
use embedded_storage::nor_flash::{
    ErrorType, MultiwriteNorFlash, NorFlash, NorFlashError, NorFlashErrorKind, ReadNorFlash,
};
use tidings::epoch::{EpochStore, NorEpoch, NorError, provision};

/// Bytes of a page: 16 records, so that pages are erased often.
const PAGE: usize = 256;
const WORD: usize = 4;
/// Bytes of a record.
const RECORD: u64 = 16;
/// Old copies that are kept for a roll-back.
const COPIES: usize = 64;

/// Why the chip refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The driver reports a failure.
    Driver,
    /// The power went: nobody reads this.
    Power,
}

impl NorFlashError for Fault {
    fn kind(&self) -> NorFlashErrorKind {
        NorFlashErrorKind::Other
    }
}

/// Two pages, and what is about to go wrong with them.
#[derive(Debug, Clone)]
pub(crate) struct Chip {
    bytes: Vec<u8>,
    rng: Rng,
    /// Bytes that are still changed before the power goes.
    pub power: Option<u64>,
    /// An erase counts its bytes as a write does; else the power that is about to go goes within it.
    pub exact: bool,
    /// Operations that still work before the driver fails.
    driver: Option<u64>,
    /// It fails for the rest of the call, not just once.
    lasting: bool,
    /// Writes that will be swallowed.
    swallowed: u64,
    pub on: bool,
}

impl Chip {
    /// So many erased pages, and no trouble.
    pub fn erased(pages: usize, seed: u64) -> Self {
        let rng = Rng::new(seed);
        Self {
            bytes: vec![0xFF; pages * PAGE],
            rng,
            power: None,
            exact: false,
            driver: None,
            lasting: false,
            swallowed: 0,
            on: true,
        }
    }

    fn operate(&mut self) -> Result<(), Fault> {
        if !self.on {
            return Err(Fault::Power);
        }
        match self.driver.as_mut() {
            Some(0) => {
                self.driver = self.driver.filter(|_| self.lasting);
                Err(Fault::Driver)
            }
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    // The byte during which the power goes gets some of its bits.
    fn change(&mut self, at: usize, to: u8) -> Result<(), Fault> {
        let mask = if self.power == Some(0) { self.rng.any() as u8 } else { 0xFF };
        self.bytes[at] ^= (self.bytes[at] ^ to) & mask;
        self.power = self.power.map(|left| left.saturating_sub(u64::from(mask == 0xFF)));
        if mask == 0xFF { Ok(()) } else { self.go_dark() }
    }

    fn go_dark(&mut self) -> Result<(), Fault> {
        self.on = false;
        Err(Fault::Power)
    }

    fn program(&mut self, at: usize, bytes: &[u8]) -> Result<(), Fault> {
        for (at, byte) in (at..).zip(bytes) {
            let to = self.bytes[at] & byte;
            self.change(at, to)?;
        }
        if self.power == Some(0) { self.go_dark() } else { Ok(()) }
    }
}

impl ErrorType for Chip {
    type Error = Fault;
}

impl ReadNorFlash for Chip {
    const READ_SIZE: usize = 1;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), Fault> {
        self.operate()?;
        bytes.copy_from_slice(&self.bytes[offset as usize..][..bytes.len()]);
        Ok(())
    }

    fn capacity(&self) -> usize {
        self.bytes.len()
    }
}

impl NorFlash for Chip {
    const WRITE_SIZE: usize = WORD;
    const ERASE_SIZE: usize = PAGE;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), Fault> {
        self.operate()?;
        if self.power.is_some() && !self.exact {
            self.power = Some(self.rng.below(PAGE as u64));
        }
        (from as usize..to as usize).try_for_each(|at| self.change(at, 0xFF))
    }

    // A driver that reports a failure may have written all the same.
    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), Fault> {
        let works = self.operate();
        if self.swallowed > 0 {
            self.swallowed -= 1;
            return works;
        }
        if works == Err(Fault::Power) || works.is_err() && self.rng.percent(50) {
            return works;
        }
        self.program(offset as usize, bytes).and(works)
    }
}

impl MultiwriteNorFlash for Chip {}

/// The store, and what its chip once held.
#[derive(Debug, Clone)]
pub struct Flash {
    chip: Chip,
    past: Vec<Vec<u8>>,
    tear: u64,
    fail: u64,
    unkept: u64,
}

impl Flash {
    /// One that was provisioned, and never used.
    ///
    /// # Panics
    /// If a chip without faults cannot be provisioned.
    #[must_use]
    pub fn new(terms: &DeviceTerms, seed: u64) -> Self {
        let mut flash = Self { chip: Chip::erased(2, seed), past: Vec::new(), tear: 0, fail: 0, unkept: 0 };
        provision(0, &mut flash).expect("a new chip works");
        flash.past = vec![flash.chip.bytes.clone()];
        (flash.tear, flash.fail, flash.unkept) = (terms.tear, terms.fail, terms.unkept);
        flash
    }

    /// True if the power went during a store.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        !self.chip.on
    }

    /// The power is back.
    pub fn power_up(&mut self) {
        self.chip.on = true;
    }

    /// From now on it works.
    pub fn heal(&mut self) {
        (self.tear, self.fail, self.unkept) = (0, 0, 0);
    }

    /// Goes back to something that it once held; true if that is older.
    pub fn roll_back(&mut self) -> bool {
        let mut copy = self.clone();
        copy.heal();
        copy.chip.bytes.clone_from(&self.past[self.chip.rng.index(self.past.len())]);
        let older = copy.load().ok() < self.read().ok();
        if older {
            self.chip.bytes = copy.chip.bytes;
        }
        older
    }

    // What it holds, without faults.
    fn read(&self) -> Result<Option<u32>, NorError<Fault>> {
        let mut copy = self.clone();
        copy.heal();
        copy.load()
    }

    fn remember(&mut self) {
        let copy = self.chip.bytes.clone();
        if self.past.len() < COPIES {
            self.past.push(copy);
        } else {
            let at = self.chip.rng.index(COPIES);
            self.past[at] = copy;
        }
    }

    // One call of the store that ships.
    fn call<T>(
        &mut self,
        call: impl FnOnce(&mut NorEpoch<&mut Chip>) -> Result<T, NorError<Fault>>,
    ) -> Result<T, NorError<Fault>> {
        let chip = &mut self.chip;
        chip.driver = chip.rng.percent(self.fail).then(|| chip.rng.below(40));
        chip.lasting = chip.rng.percent(50);
        let result = NorEpoch::new(&mut *chip, 0).and_then(|mut store| call(&mut store));
        (chip.power, chip.driver, chip.swallowed) = (None, None, 0);
        result
    }
}

impl EpochStore for Flash {
    type Error = NorError<Fault>;

    fn load(&mut self) -> Result<Option<u32>, Self::Error> {
        self.call(|store| store.load())
    }

    fn store(&mut self, epoch: u32) -> Result<(), Self::Error> {
        self.remember();
        let chip = &mut self.chip;
        chip.power = chip.rng.percent(self.tear).then(|| chip.rng.below(RECORD + 1));
        chip.swallowed = if chip.rng.percent(self.unkept) { chip.rng.between(1, 5) } else { 0 };
        self.call(|store| store.store(epoch))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::ALL;

    #[test]
    fn no_fault_of_the_chip_makes_it_give_a_number_again() {
        let terms = ALL.iter().map(|scenario| &scenario.device).max_by_key(|terms| terms.tear).expect("some");
        let mut faults = [0; 3];
        for seed in 0..200 {
            let mut flash = Flash::new(terms, seed);
            let mut used = 0;
            for _ in 0..200 {
                let loaded = flash.load();
                if let Ok(Some(held)) = loaded {
                    assert!(held >= used, "seed {seed}: {held} after {used}");
                    let stored = flash.store(held + 1);
                    // Read back, as the agent does: only then is the number used.
                    used = if stored.is_ok() && flash.load() == Ok(Some(held + 1)) { held + 1 } else { used };
                    faults[0] += u32::from(stored.is_err());
                }
                faults[1] += u32::from(loaded.is_err());
                faults[2] += u32::from(flash.is_cut());
                flash.power_up();
            }
        }
        assert!(faults.iter().all(|count| *count > 100), "{faults:?}");
    }
}
