//! A mailbox between two threads, as between an interrupt and the main loop: what was accepted arrives whole and in order, what was not is counted.
//!
//! Miri runs this with real reorderings; `tests/loom` tries every order of the ring alone.

use std::collections::BTreeMap;
use std::thread;
use tidings::facts::RawFact;
use tidings::mailbox::PostError;
use tidings::{Agent, Config, DeviceId, Keys, Kind, Mailbox, Memory};

const POSTS: u32 = if cfg!(miri) { 40 } else { 4_000 };
const KEYS: u32 = 4;
/// Not a power of two, so that a counter that wraps would show.
static MAILBOX: Mailbox<3> = Mailbox::new();

/// Posts a rising number under one key after another; gives what was accepted last under each.
fn produce() -> (BTreeMap<Vec<u8>, Vec<u8>>, u32) {
    let (mut accepted, mut refused) = (BTreeMap::new(), 0);
    for number in 1..=POSTS {
        let (key, value) = ([(number % KEYS) as u8], number.to_be_bytes().repeat(4));
        match MAILBOX.record(&RawFact { kind: Kind::SETTING, key: &key, value: &value }) {
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

#[test]
fn what_is_accepted_arrives_whole_and_in_order() {
    let mut memory = Memory::<512, 64>::new();
    let mut agent = Agent::new(Config::new(), DeviceId::new(b"lamp").expect("an id"), Keys::PLAIN, &mut memory);
    let producer = thread::spawn(produce);
    let mut before = BTreeMap::new();
    while !producer.is_finished() {
        agent.drain(0, &MAILBOX);
        let now = held(&agent);
        for (key, value) in &now {
            assert!(value.chunks(4).all(|part| part == &value[..4]), "torn: {value:?}");
            assert!(before.get(key).is_none_or(|before| before <= value), "out of order");
        }
        before = now;
    }
    let (accepted, refused) = producer.join().expect("it does not panic");
    agent.drain(0, &MAILBOX);
    assert_eq!(held(&agent), accepted);
    assert_eq!(MAILBOX.refused(), refused);
}
