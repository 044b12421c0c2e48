//! An epoch store that tears, fails, forgets and goes back in time, as long as it may.

use crate::rng::Rng;
use crate::scenario::DeviceTerms;
use tidings::EpochStore;

/// Why a call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlashError {
    /// The memory reports a failure.
    Failed,
    /// The power went during the store: nobody reads this.
    Cut,
}

/// The store, and what it once held.
#[derive(Debug, Clone)]
pub struct Flash {
    kept: Option<u32>,
    past: Vec<Option<u32>>,
    rng: Rng,
    tear: u64,
    fail: u64,
    unkept: u64,
    /// The power went during a store.
    pub cut: bool,
}

impl Flash {
    /// One that was provisioned, and never used.
    #[must_use]
    pub fn new(terms: &DeviceTerms, seed: u64) -> Self {
        let (tear, fail, unkept) = (terms.tear, terms.fail, terms.unkept);
        Self { kept: Some(0), past: vec![Some(0)], rng: Rng::new(seed), tear, fail, unkept, cut: false }
    }

    /// From now on it works.
    pub fn heal(&mut self) {
        (self.tear, self.fail, self.unkept) = (0, 0, 0);
    }

    /// Goes back to something that it once held; true if that is older.
    pub fn roll_back(&mut self) -> bool {
        let at = self.rng.index(self.past.len());
        let older = self.past[at] < self.kept;
        if older {
            self.kept = self.past[at];
        }
        older
    }
}

impl EpochStore for Flash {
    type Error = FlashError;

    fn load(&mut self) -> Result<Option<u32>, FlashError> {
        if self.rng.percent(self.fail) { Err(FlashError::Failed) } else { Ok(self.kept) }
    }

    fn store(&mut self, epoch: u32) -> Result<(), FlashError> {
        if self.rng.percent(self.unkept) {
            return Ok(());
        }
        let torn = self.rng.percent(self.tear);
        let failed = self.rng.percent(self.fail);
        if !(torn || failed) || self.rng.percent(50) {
            self.past.push(self.kept);
            self.kept = Some(epoch);
        }
        self.cut |= torn;
        match (torn, failed) {
            (true, _) => Err(FlashError::Cut),
            (_, true) => Err(FlashError::Failed),
            _ => Ok(()),
        }
    }
}
