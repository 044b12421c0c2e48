//! The one number that must survive power loss: the epoch.
//!
//! Promise: [`Agent::start`](crate::Agent::start) writes the next epoch, reads it back, and only then lets a packet out. Not here: which memory
//! keeps it; implement [`EpochStore`] in two functions, or use one of these.

#[cfg(feature = "std")]
mod file;
mod ram;
mod retained;

#[cfg(feature = "std")]
pub use file::FileEpoch;
pub use ram::RamEpoch;
pub use retained::{RetainedCell, RetainedEpoch};

/// Memory for one number.
pub trait EpochStore {
    /// What the memory reports when it fails.
    type Error;

    /// The last epoch stored, `None` if there never was one.
    ///
    /// # Errors
    /// The memory failed; nothing will be sent.
    fn load(&mut self) -> Result<Option<u32>, Self::Error>;

    /// Stores `epoch`, which is above all before; returns when it would survive a power cut.
    ///
    /// # Errors
    /// The memory failed; nothing will be sent.
    fn store(&mut self, epoch: u32) -> Result<(), Self::Error>;
}
