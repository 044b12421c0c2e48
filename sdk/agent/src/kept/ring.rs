//! The pages of the queue as a ring, to find one whose erase was cut short.
//!
//! ```text
//! first byte   last byte
//! erased       erased      open: nothing in it
//! 0            erased      begun: the page that is written
//! 0            0           closed: full, or given up
//! erased       0           half erased: `sequential-storage` finishes that itself
//! ```
//!
//! Promise: pages are closed up to the one that is begun, and open after it. A half-erased page whose *last* byte went first looks begun; it stands where
//! none can be begun and holds no record, and is erased again. Not here: the records.

use super::FlashEventsError;
use super::blocking::{Blocking, done};
use super::flash::ROOM;
use embedded_storage::nor_flash::NorFlash;
use sequential_storage::cache::Cache;
use sequential_storage::queue::{QueueConfig, QueueStorage};

/// So many bits of a marker are cleared at least; the crate takes fewer for none.
const MARKED: u32 = 4;

/// All pages of a queue.
pub(super) struct Ring<F> {
    pub flash: F,
    pub start: u32,
    pub pages: u32,
}

#[derive(PartialEq, Eq)]
enum State {
    Open,
    Begun,
    Closed,
}

impl<F: NorFlash> Ring<F> {
    /// The flash, without half-erased pages that look begun.
    pub fn mended(mut self) -> Result<F, FlashEventsError<F::Error>> {
        for page in 0..self.pages {
            if self.cannot_be_begun(page)? && self.is_empty(page) {
                let from = self.address(page);
                self.flash.erase(from, from + F::ERASE_SIZE as u32).map_err(FlashEventsError::Flash)?;
            }
        }
        Ok(self.flash)
    }

    fn address(&self, page: u32) -> u32 {
        self.start + page * F::ERASE_SIZE as u32
    }

    // It looks begun, but the page before it is not closed and it is not the only one in use.
    fn cannot_be_begun(&mut self, page: u32) -> Result<bool, FlashEventsError<F::Error>> {
        if self.state(page)? != State::Begun || self.state((page + self.pages - 1) % self.pages)? == State::Closed {
            return Ok(false);
        }
        for other in (0..self.pages).filter(|other| *other != page) {
            if self.state(other)? != State::Open {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn state(&mut self, page: u32) -> Result<State, FlashEventsError<F::Error>> {
        let first = self.address(page);
        let last = first + F::ERASE_SIZE as u32 - F::READ_SIZE as u32;
        Ok(match (self.is_marked(first)?, self.is_marked(last)?) {
            (false, false) => State::Open,
            (true, false) => State::Begun,
            (_, true) => State::Closed,
        })
    }

    fn is_marked(&mut self, at: u32) -> Result<bool, FlashEventsError<F::Error>> {
        let mut room = [0; ROOM];
        let bytes = room.get_mut(..F::READ_SIZE).ok_or(FlashEventsError::Region)?;
        self.flash.read(at, bytes).map_err(FlashEventsError::Flash)?;
        Ok(bytes.iter().map(|byte| byte.count_zeros()).sum::<u32>() >= MARKED)
    }

    // The page as a queue of its own holds nothing. One that cannot be read is left alone.
    fn is_empty(&mut self, page: u32) -> bool {
        let from = self.address(page);
        let Ok(config) = QueueConfig::try_new(from..from + F::ERASE_SIZE as u32) else { return false };
        let mut alone = QueueStorage::new(Blocking(&mut self.flash), config, Cache::new_uncached());
        matches!(done(alone.peek(&mut [0; ROOM])), Some(Ok(None)))
    }
}
