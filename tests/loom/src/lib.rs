//! The ring of the agent's mailbox, its very source, on loom's atomics: each interleaving of one producer and one consumer is tried, with each value
//! that memory may show under the orderings that the source asks for.
//!
//! Promise: what is taken is whole, in order and taken once, what was accepted is not lost, and no slot is written while it may be read. Not here: several
//! producers.

#![cfg(test)]

mod atomic;
#[path = "../../../sdk/agent/src/mailbox/ring.rs"]
mod ring;

use atomic::AtomicU32;
use loom::sync::Arc;
use loom::thread;
use ring::{BYTES, Ring, Slot};

/// Words of a message: two are enough to be torn.
const WORDS: usize = 2;

/// A ring of as many slots as it is told: their number is known at run time only, as for slots that are lent.
fn ring(count: usize) -> Ring<Vec<Slot>> {
    let slots = (0..count).map(|_| Slot(std::array::from_fn(|_| AtomicU32::word()))).collect();
    Ring { slots, posted: AtomicU32::counter(), taken: AtomicU32::counter() }
}

/// Message number `number`: each word says so.
fn message(number: u32) -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    bytes.chunks_exact_mut(4).for_each(|word| word.copy_from_slice(&number.to_le_bytes()));
    bytes
}

/// Tries every way in which a producer that posts `posts` messages and a consumer that looks as often may meet on a ring of `count`.
fn every_way(count: usize, posts: u32) {
    loom::model(move || {
        let ring = Arc::new(ring(count));
        let producer = {
            let ring = Arc::clone(&ring);
            thread::spawn(move || {
                ring.posted.belongs_to_me();
                (1..=posts).filter(|number| ring.put(&message(*number))).collect::<Vec<_>>()
            })
        };
        ring.taken.belongs_to_me();
        let mut taken: Vec<_> = (0..posts).filter_map(|_| ring.take()).collect();
        let accepted = producer.join().expect("it does not panic");
        taken.extend(std::iter::from_fn(|| ring.take()));
        let accepted: Vec<_> = accepted.into_iter().map(message).collect();
        assert_eq!(taken, accepted, "whole, in order, once, and none lost");
        assert!(accepted.len() >= count.min(posts as usize), "refused only when it is full");
    });
}

#[test]
fn one_slot_is_handed_back_and_forth() {
    every_way(1, 3);
}

#[test]
fn two_slots_go_round() {
    every_way(2, 4);
}

#[test]
fn three_slots_go_round() {
    every_way(3, 4);
}

#[test]
fn no_slots_take_nothing() {
    loom::model(|| {
        let ring = ring(0);
        assert!(!ring.put(&message(1)));
        assert_eq!(ring.take(), None);
    });
}
