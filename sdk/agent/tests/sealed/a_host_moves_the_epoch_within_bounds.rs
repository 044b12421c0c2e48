//! Stale moves a device on, but never back and never so far that its epochs run out: what a host was made to believe is no device's end.

use crate::host::{CONFIG, Seen, id, keys, read, sent, stale};
use tidings::epoch::RamEpoch;
use tidings::suites::ChaCha20Poly1305;
use tidings::{Agent, EpochStore, InputError, Keys, Memory};

/// The furthest that SPEC §10 lets a host move an epoch.
const LONGEST_LEAP: u32 = 1 << 20;

/// Sends Hello in epoch 100 and has it answered with Stale; gives what that did, and the epoch in which the device then speaks.
fn answered(known: u32) -> (Result<(), InputError>, u32) {
    let set = keys(1);
    let suite = ChaCha20Poly1305::device(&set);
    let mut memory = Memory::<256, 64>::new();
    let mut agent = Agent::new(CONFIG, id(), Keys::sealed(&suite, &set), &mut memory);
    let mut store = RamEpoch::at(99);
    agent.start(0, &mut store).expect("it was provisioned");
    let hello: Seen = read(&set, &sent(&mut agent));
    let mut answer = stale(&ChaCha20Poly1305::host(&set), &hello, known);
    let taken = agent.handle_input(2, &mut answer);
    agent.maintain(2, &mut store).expect("RAM takes everything");
    let now = read(&set, &sent(&mut agent)).epoch;
    assert_eq!(store.load(), Ok(Some(now)), "what is in use is stored");
    (taken, now)
}

#[test]
fn what_the_host_knows_is_skipped() {
    for known in [100, 101, 5_000, 100 + LONGEST_LEAP] {
        assert_eq!(answered(known), (Ok(()), known + 1));
    }
}

#[test]
fn an_older_epoch_and_one_too_far_ahead_are_refused() {
    for known in [0, 99, 101 + LONGEST_LEAP, u32::MAX - 1, u32::MAX] {
        assert_eq!(answered(known), (Err(InputError::NotExpected), 100));
    }
}
