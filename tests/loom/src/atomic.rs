//! The atomics of the model: loom's, with what loom has to be told.
//!
//! A counter that a side alone writes is not loaded when that side reads it: it is answered from what it wrote, which is what memory would show.
//! Loom decides where to switch sides by the last access to an atomic alone; such a load would hide that the other side had looked before, and whole
//! families of orders would never be tried. The words of a message must never be written while the other side may still read them: each has a cell
//! beside it, whose accesses loom checks to be ordered by the counters.

use loom::cell::UnsafeCell;
use loom::sync::atomic;
pub use loom::sync::atomic::Ordering;
use loom::thread::{self, ThreadId};
use std::sync::{Mutex, PoisonError};

pub enum AtomicU32 {
    Counter(Counter),
    Word(Word),
}

pub struct Counter {
    shared: atomic::AtomicU32,
    /// The only side that writes, and what it wrote; not known to loom.
    own: Mutex<Option<(ThreadId, u32)>>,
}

pub struct Word {
    value: atomic::AtomicU32,
    order: Order,
}

/// A cell without contents: loom checks who touches it, and nobody looks into it.
struct Order(UnsafeCell<()>);

// SAFETY: the pointer that the cell hands out is never followed.
#[allow(unsafe_code, reason = "loom's cell can be shared between its threads no other way")]
unsafe impl Sync for Order {}

impl AtomicU32 {
    pub fn counter() -> Self {
        Self::Counter(Counter { shared: atomic::AtomicU32::new(0), own: Mutex::new(None) })
    }

    pub fn word() -> Self {
        Self::Word(Word { value: atomic::AtomicU32::new(0), order: Order(UnsafeCell::new(())) })
    }

    /// From now on this thread alone writes the counter.
    pub fn belongs_to_me(&self) {
        if let Self::Counter(counter) = self {
            *counter.own.lock().unwrap_or_else(PoisonError::into_inner) = Some((thread::current().id(), 0));
        }
    }

    pub fn load(&self, ordering: Ordering) -> u32 {
        match self {
            Self::Counter(counter) => counter.load(ordering),
            Self::Word(word) => {
                word.order.0.with(|_| ());
                word.value.load(ordering)
            }
        }
    }

    pub fn store(&self, value: u32, ordering: Ordering) {
        match self {
            Self::Counter(counter) => counter.store(value, ordering),
            Self::Word(word) => {
                word.order.0.with_mut(|_| ());
                word.value.store(value, ordering);
            }
        }
    }
}

impl Counter {
    fn load(&self, ordering: Ordering) -> u32 {
        let own = *self.own.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = own.filter(|(side, _)| *side == thread::current().id());
        mine.map_or_else(|| self.shared.load(ordering), |(_, value)| value)
    }

    fn store(&self, value: u32, ordering: Ordering) {
        if let Some((side, own)) = self.own.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            assert_eq!(*side, thread::current().id(), "each counter has one writer");
            *own = value;
        }
        self.shared.store(value, ordering);
    }
}
