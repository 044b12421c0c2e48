//! Bytes from an interrupt to the main loop: one producer, one consumer, no lock, no compare-and-swap.
//!
//! Promise: pushing and popping never wait; a full ring refuses. Not here: several producers or consumers.

use core::sync::atomic::{AtomicU8, AtomicUsize, Ordering};

/// A ring of up to `N` bytes for a `static`; all zero at first, so that it costs no flash.
#[derive(Debug)]
pub struct Ring<const N: usize> {
    bytes: [AtomicU8; N],
    /// Bytes ever pushed and popped, wrapping; `N` is a power of two, so that wrapping does no harm.
    pushed: AtomicUsize,
    popped: AtomicUsize,
}

impl<const N: usize> Ring<N> {
    const POWER_OF_TWO: () = assert!(N.is_power_of_two(), "a ring holds a power of two bytes");

    /// An empty ring.
    pub const fn new() -> Self {
        const { Self::POWER_OF_TWO };
        Self { bytes: [const { AtomicU8::new(0) }; N], pushed: AtomicUsize::new(0), popped: AtomicUsize::new(0) }
    }

    /// Takes a byte in; false if the ring is full. One producer at a time.
    pub fn push(&self, byte: u8) -> bool {
        let pushed = self.pushed.load(Ordering::Relaxed);
        if pushed.wrapping_sub(self.popped.load(Ordering::Acquire)) >= N {
            return false;
        }
        if let Some(slot) = self.bytes.get(pushed % N) {
            slot.store(byte, Ordering::Relaxed);
        }
        self.pushed.store(pushed.wrapping_add(1), Ordering::Release);
        true
    }

    /// Gives the oldest byte. One consumer at a time.
    pub fn pop(&self) -> Option<u8> {
        let popped = self.popped.load(Ordering::Relaxed);
        if popped == self.pushed.load(Ordering::Acquire) {
            return None;
        }
        let byte = self.bytes.get(popped % N)?.load(Ordering::Relaxed);
        self.popped.store(popped.wrapping_add(1), Ordering::Release);
        Some(byte)
    }

    /// Whether there is nothing to pop.
    pub fn is_empty(&self) -> bool {
        self.popped.load(Ordering::Relaxed) == self.pushed.load(Ordering::Acquire)
    }
}

impl<const N: usize> Default for Ring<N> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_out_in_order_and_a_full_ring_refuses() {
        let ring = Ring::<4>::new();
        for round in 0..10 {
            assert!(ring.is_empty() && ring.pop().is_none());
            assert!((0..4).all(|n| ring.push(round * 4 + n)) && !ring.push(99));
            assert!((0..4).all(|n| ring.pop() == Some(round * 4 + n)));
        }
    }
}
