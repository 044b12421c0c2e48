//! An epoch in plain RAM: for tests and plain links whose host forgets with the device.

use super::EpochStore;
use core::convert::Infallible;

/// Forgets at power loss; never use it with a sealed suite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RamEpoch(Option<u32>);

impl RamEpoch {
    /// Nothing stored.
    pub const fn new() -> Self {
        Self(None)
    }

    /// `epoch` stored.
    pub const fn at(epoch: u32) -> Self {
        Self(Some(epoch))
    }
}

impl EpochStore for RamEpoch {
    type Error = Infallible;

    fn load(&mut self) -> Result<Option<u32>, Infallible> {
        Ok(self.0)
    }

    fn store(&mut self, epoch: u32) -> Result<(), Infallible> {
        self.0 = Some(epoch);
        Ok(())
    }
}
