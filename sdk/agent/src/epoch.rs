//! The one number that must survive power loss: the epoch.
//!
//! Promise: [`Agent::start`](crate::Agent::start) writes the next epoch, reads it back, and only then lets a packet out. Not here: which memory
//! keeps it; implement [`EpochStore`] in two functions, or use one of these.

#[cfg(feature = "embedded")]
mod byte;
#[cfg(feature = "std")]
mod file;
#[cfg(feature = "embedded")]
mod nor;
mod ram;
#[cfg(feature = "embedded")]
mod record;
mod retained;

#[cfg(feature = "embedded")]
pub use byte::ByteEpoch;
#[cfg(feature = "std")]
pub use file::FileEpoch;
#[cfg(feature = "embedded")]
pub use nor::{NorEpoch, NorError};
pub use ram::RamEpoch;
pub use retained::{RetainedCell, RetainedEpoch};

use crate::EpochError;

/// Memory for one number.
pub trait EpochStore {
    /// What the memory reports when it fails.
    type Error;

    /// The last epoch that may have been used, `None` if there never was one.
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

/// Writes the first epoch of a device that has keys: sealing starts above `floor`. A store that holds as much already is left alone.
///
/// A new device takes 0. A device whose store was lost takes new keys, and 0. To keep its old ones it must start far above the epoch that the
/// collector last saw of it (`devices --json`), a million say: what it sealed in later boots may never have arrived, and no nonce may come twice.
///
/// # Errors
/// [`EpochError::Store`] or [`EpochError::NotKept`]: the device is not provisioned.
pub fn provision<S: EpochStore>(floor: u32, store: &mut S) -> Result<(), EpochError<S::Error>> {
    match store.load().map_err(EpochError::Store)? {
        Some(stored) if stored >= floor => Ok(()),
        _ => keep(store, floor),
    }
}

/// Stores `epoch` and reads it back.
pub(crate) fn keep<S: EpochStore>(store: &mut S, epoch: u32) -> Result<(), EpochError<S::Error>> {
    store.store(epoch).map_err(EpochError::Store)?;
    match store.load().map_err(EpochError::Store)? {
        Some(kept) if kept == epoch => Ok(()),
        _ => Err(EpochError::NotKept),
    }
}
