//! An epoch in RAM that keeps its contents over a reset: `.uninit`, backup domain, RTC RAM.
//!
//! After power loss the check does not hold and the store is blank. Keep it where a reset does not clear it and use it with the plain suite only.

use super::EpochStore;
use core::convert::Infallible;
use core::sync::atomic::{AtomicU32, Ordering};
use tidings_wire::crc::Crc32;

const MAGIC: [u8; 4] = *b"TiEp";

/// Two words for a `static` in a section that start-up code leaves alone; any contents are allowed.
#[derive(Debug)]
pub struct RetainedCell {
    epoch: AtomicU32,
    check: AtomicU32,
}

impl RetainedCell {
    /// A blank cell, for memory that is initialised.
    pub const fn new() -> Self {
        Self { epoch: AtomicU32::new(0), check: AtomicU32::new(0) }
    }
}

impl Default for RetainedCell {
    fn default() -> Self {
        Self::new()
    }
}

/// The epoch in a [`RetainedCell`].
#[derive(Debug, Clone, Copy)]
pub struct RetainedEpoch<'a>(&'a RetainedCell);

impl<'a> RetainedEpoch<'a> {
    /// The epoch in `cell`.
    pub const fn new(cell: &'a RetainedCell) -> Self {
        Self(cell)
    }
}

fn check(epoch: u32) -> u32 {
    Crc32::new().update(&MAGIC).update(&epoch.to_le_bytes()).value()
}

impl EpochStore for RetainedEpoch<'_> {
    type Error = Infallible;

    fn load(&mut self) -> Result<Option<u32>, Infallible> {
        let epoch = self.0.epoch.load(Ordering::Relaxed);
        Ok((self.0.check.load(Ordering::Relaxed) == check(epoch)).then_some(epoch))
    }

    fn store(&mut self, epoch: u32) -> Result<(), Infallible> {
        self.0.epoch.store(epoch, Ordering::Relaxed);
        self.0.check.store(check(epoch), Ordering::Relaxed);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_contents_but_the_stored_ones_read_as_blank() {
        let cell = RetainedCell::new();
        let mut store = RetainedEpoch::new(&cell);
        assert_eq!(store.load(), Ok(None));
        store.store(7).unwrap();
        assert_eq!(store.load(), Ok(Some(7)));
        cell.epoch.fetch_xor(1 << 9, Ordering::Relaxed);
        assert_eq!(store.load(), Ok(None));
    }
}
