//! The ring under a mailbox: slots of words, and two counters of which each side writes one.
//!
//! Promise: what is taken is whole, in order and taken once, with one producer and one consumer at a time, however they interleave; `tests/loom`
//! tries all of it. Not here: what a message means.

use super::WORDS;
use super::atomic::{AtomicU32, Ordering};

pub(super) const BYTES: usize = WORDS * 4;

/// Room for one message.
pub struct Slot(pub(super) [AtomicU32; WORDS]);

impl Slot {
    fn store(&self, bytes: &[u8; BYTES]) {
        for (word, four) in self.0.iter().zip(bytes.chunks_exact(4)) {
            word.store(four.try_into().map_or(0, u32::from_le_bytes), Ordering::Relaxed);
        }
    }

    fn load(&self) -> [u8; BYTES] {
        let mut bytes = [0; BYTES];
        for (word, four) in self.0.iter().zip(bytes.chunks_exact_mut(4)) {
            four.copy_from_slice(&word.load(Ordering::Relaxed).to_le_bytes());
        }
        bytes
    }
}

/// Slots that it has or borrows. The counters go round in `0..2 * N`, so that full and empty differ for any number `N` of slots and none is skipped
/// when they start anew.
pub(super) struct Ring<S> {
    pub(super) slots: S,
    pub(super) posted: AtomicU32,
    pub(super) taken: AtomicU32,
}

impl<S: AsRef<[Slot]>> Ring<S> {
    pub(super) fn len(&self) -> u32 {
        self.slots.as_ref().len() as u32
    }

    /// False if the ring is full. For the producer.
    pub(super) fn put(&self, bytes: &[u8; BYTES]) -> bool {
        let (posted, taken) = (self.posted.load(Ordering::Relaxed), self.taken.load(Ordering::Acquire));
        let waiting = if posted < taken { posted + 2 * self.len() - taken } else { posted - taken };
        if waiting >= self.len() {
            return false;
        }
        if let Some(slot) = self.slot(posted) {
            slot.store(bytes);
        }
        self.posted.store(self.after(posted), Ordering::Release);
        true
    }

    /// The oldest message. For the consumer.
    pub(super) fn take(&self) -> Option<[u8; BYTES]> {
        let taken = self.taken.load(Ordering::Relaxed);
        if taken == self.posted.load(Ordering::Acquire) {
            return None;
        }
        let bytes = self.slot(taken)?.load();
        self.taken.store(self.after(taken), Ordering::Release);
        Some(bytes)
    }

    fn slot(&self, at: u32) -> Option<&Slot> {
        let at = if at < self.len() { at } else { at - self.len() };
        self.slots.as_ref().get(at as usize)
    }

    fn after(&self, at: u32) -> u32 {
        if at + 1 < 2 * self.len() { at + 1 } else { 0 }
    }
}
