//! Kept events in NOR flash: the queue of the crate `sequential-storage`, whose pages take turns.
//!
//! Promise: no cut of the power, in the middle of a write or an erase, loses a record that was appended or brings back one whose removal was finished;
//! what was cut short is there or not. Each page is erased once a round, and a full queue takes nothing more. Not here: flash whose words can be
//! programmed only once between erases (with ECC, most often): it is no [`MultiwriteNorFlash`], and needs a store of its own.

use super::blocking::{Blocking, done};
use super::ring::Ring;
use super::{EventStore, MAX_RECORD};
use core::fmt;
use core::ops::Range;
use embedded_storage::nor_flash::MultiwriteNorFlash;
use sequential_storage::Error;
use sequential_storage::cache::{Cache, Uncached};
use sequential_storage::queue::{QueueConfig, QueueStorage};
use tidings_wire::Severity;

/// Room for a record and the rest of a word of up to 32 bytes.
pub(super) const ROOM: usize = MAX_RECORD.next_multiple_of(32);

/// Places tried for a record that does not read back.
const TRIES: usize = 4;

type Queue<F> = QueueStorage<Blocking<F>, Cache<Uncached, Uncached, Uncached>>;

/// Events in pages of `F`, at least two of them, for itself alone.
pub struct FlashEvents<F: MultiwriteNorFlash> {
    queue: Queue<F>,
    least: Severity,
}

/// Why the flash keeps no event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum FlashEventsError<E> {
    /// Not two or more whole pages of the flash, or pages or words of a size that cannot be.
    Region,
    /// The driver failed.
    Flash(E),
    /// No room until the host has taken older events.
    Full,
    /// What is written there makes no sense: [`FlashEvents::erase`] begins anew.
    Damaged,
}

impl<E> fmt::Display for FlashEventsError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Region => "event pages are not whole pages of the flash",
            Self::Flash(_) => "flash driver failed",
            Self::Full => "event pages are full",
            Self::Damaged => "event pages are damaged",
        })
    }
}

impl<E: fmt::Debug> core::error::Error for FlashEventsError<E> {}

impl<E> From<Error<E>> for FlashEventsError<E> {
    fn from(error: Error<E>) -> Self {
        match error {
            Error::Storage { value } => Self::Flash(value),
            Error::FullStorage => Self::Full,
            _ => Self::Damaged,
        }
    }
}

impl<F: MultiwriteNorFlash> FlashEvents<F> {
    /// Keeps events of `least` and more severe ones in the pages of `range`, and finishes the erase that a loss of power cut short.
    ///
    /// # Errors
    /// [`FlashEventsError::Region`] or [`FlashEventsError::Flash`].
    pub fn new(flash: F, range: Range<u32>, least: Severity) -> Result<Self, FlashEventsError<F::Error>> {
        let pages = (range.end.saturating_sub(range.start) as usize).checked_div(F::ERASE_SIZE).unwrap_or(0);
        let fits = range.end as usize <= flash.capacity() && F::ERASE_SIZE >= 2 * ROOM && F::WRITE_SIZE <= 32;
        match QueueConfig::try_new(range.clone()) {
            Ok(config) if pages >= 2 && fits => {
                let flash = Ring { flash, start: range.start, pages: pages as u32 }.mended()?;
                Ok(Self { queue: QueueStorage::new(Blocking(flash), config, Cache::new_uncached()), least })
            }
            _ => Err(FlashEventsError::Region),
        }
    }

    /// Loses all events.
    ///
    /// # Errors
    /// [`FlashEventsError::Flash`].
    pub fn erase(&mut self) -> Result<(), FlashEventsError<F::Error>> {
        finished(done(self.queue.erase_all()))
    }

    /// Gives the flash back.
    pub fn release(self) -> F {
        self.queue.destroy().0.0
    }
}

fn finished<T, E>(outcome: Option<Result<T, Error<E>>>) -> Result<T, FlashEventsError<E>> {
    Ok(outcome.ok_or(FlashEventsError::Damaged)??)
}

impl<F: MultiwriteNorFlash> EventStore for FlashEvents<F> {
    type Error = FlashEventsError<F::Error>;

    fn least(&self) -> Severity {
        self.least
    }

    fn append(&mut self, record: &[u8]) -> Result<(), Self::Error> {
        // Read back: a page whose erase was cut short again and again may look erased where it is not.
        for _ in 0..TRIES {
            finished(done(self.queue.push(record, false)))?;
            let mut is_there = false;
            self.review(&mut |held| {
                is_there |= held == record;
                false
            })?;
            if is_there {
                return Ok(());
            }
        }
        Err(FlashEventsError::Damaged)
    }

    fn review(&mut self, is_done: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), Self::Error> {
        finished(done(review(&mut self.queue, is_done)))
    }
}

async fn review<F: MultiwriteNorFlash>(
    queue: &mut Queue<F>,
    is_done: &mut dyn FnMut(&[u8]) -> bool,
) -> Result<(), Error<F::Error>> {
    let mut room = [0; ROOM];
    let mut records = queue.iter().await?;
    while let Some(record) = records.next(&mut room).await? {
        if is_done(&record) {
            record.pop().await?;
        }
    }
    Ok(())
}

impl<F: MultiwriteNorFlash> fmt::Debug for FlashEvents<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlashEvents").field("least", &self.least).finish_non_exhaustive()
    }
}
