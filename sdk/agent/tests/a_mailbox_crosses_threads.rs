//! A mailbox between two threads, as between an interrupt and the main loop: what was accepted arrives whole and in order, what was not is counted.
//!
//! Miri runs this with real reorderings; `tests/loom` tries every order of the ring alone.

use std::collections::BTreeMap;
use std::thread;
use tidings::facts::RawFact;
use tidings::mailbox::{PostError, SliceMailbox, Slot};
use tidings::{Agent, Config, DeviceId, Keys, Kind, Mailbox, Memory};

const POSTS: u32 = if cfg!(miri) { 40 } else { 4_000 };
const KEYS: u32 = 4;
/// Not a power of two, so that a counter that wraps would show.
static MAILBOX: Mailbox<3> = Mailbox::new();
static SLOTS: [Slot; 5] = [const { Slot::new() }; 5];
static LENT: SliceMailbox<'static> = SliceMailbox::new(&SLOTS);

/// Posts a rising number under one key after another; gives what was accepted last under each.
fn produce(post: fn(&RawFact<'_>) -> Result<(), PostError>) -> (BTreeMap<Vec<u8>, Vec<u8>>, u32) {
    let (mut accepted, mut refused) = (BTreeMap::new(), 0);
    for number in 1..=POSTS {
        let (key, value) = ([(number % KEYS) as u8], number.to_be_bytes().repeat(4));
        match post(&RawFact { kind: Kind::SETTING, key: &key, value: &value }) {
            Ok(()) => drop(accepted.insert(key.to_vec(), value)),
            Err(PostError::Full) => refused += 1,
            Err(other) => panic!("{other}"),
        }
        if number % 7 == 0 {
            thread::yield_now();
        }
    }
    (accepted, refused)
}

fn held(agent: &Agent<'_>) -> BTreeMap<Vec<u8>, Vec<u8>> {
    agent.facts().map(|(_, key, value)| (key.to_vec(), value.to_vec())).collect()
}

/// A producer in a thread of its own against a consumer in this one; gives how many posts were refused.
fn crosses(post: fn(&RawFact<'_>) -> Result<(), PostError>, drain: fn(&mut Agent<'_>)) -> u32 {
    let mut memory = Memory::<512, 64>::new();
    let mut agent = Agent::new(Config::new(), DeviceId::new(b"lamp").expect("an id"), Keys::PLAIN, &mut memory);
    let producer = thread::spawn(move || produce(post));
    let mut before = BTreeMap::new();
    while !producer.is_finished() {
        drain(&mut agent);
        let now = held(&agent);
        for (key, value) in &now {
            assert!(value.chunks(4).all(|part| part == &value[..4]), "torn: {value:?}");
            assert!(before.get(key).is_none_or(|before| before <= value), "out of order");
        }
        before = now;
    }
    let (accepted, refused) = producer.join().expect("it does not panic");
    drain(&mut agent);
    assert_eq!(held(&agent), accepted);
    refused
}

#[test]
fn what_is_accepted_arrives_whole_and_in_order() {
    let refused = crosses(|fact| MAILBOX.record(fact), |agent| agent.drain(0, &MAILBOX));
    assert_eq!(MAILBOX.refused(), refused);
}

#[test]
fn what_lent_slots_accept_does_too() {
    crosses(|fact| LENT.record(fact), |agent| agent.drain_slice(0, &LENT));
}

/// Every slot is used, over many rounds; a message is as long as its slot.
#[test]
fn lent_slots_hold_as_many_messages_as_there_are() {
    let slots = [const { Slot::new() }; 3];
    let mailbox = SliceMailbox::new(&slots);
    let mut memory = Memory::<512, 64>::new();
    let mut agent = Agent::new(Config::new(), DeviceId::new(b"lamp").expect("an id"), Keys::PLAIN, &mut memory);
    for round in 0..5_u8 {
        for key in 0..3 {
            let fact = RawFact { kind: Kind::SETTING, key: &[key], value: &[round; 27] };
            assert_eq!(mailbox.record(&fact), Ok(()));
        }
        let more = RawFact { kind: Kind::SETTING, key: &[3], value: &[] };
        assert_eq!((mailbox.record(&more), mailbox.remove(&more)), (Err(PostError::Full), Err(PostError::Full)));
        agent.drain_slice(0, &mailbox);
        assert_eq!(held(&agent).into_values().collect::<Vec<_>>(), vec![vec![round; 27]; 3]);
    }
    let long = RawFact { kind: Kind::SETTING, key: &[0], value: &[0; 28] };
    assert_eq!(mailbox.record(&long), Err(PostError::TooLong));
    assert_eq!(size_of::<Slot>(), 32);
    let none = SliceMailbox::new(&[]);
    assert_eq!(none.record(&RawFact { kind: Kind::SETTING, key: &[0], value: &[] }), Err(PostError::Full));
    agent.drain_slice(0, &none);
}
