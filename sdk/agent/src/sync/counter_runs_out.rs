//! The last counters of an epoch, which no device reaches in a test by sending: what follows them is a new epoch, never a counter twice.

extern crate std;

use crate::epoch::RamEpoch;
use crate::suites::{ChaCha20Poly1305, KeySet};
use crate::wire::cursor::Writer;
use crate::wire::message::{Ack, Downlink};
use crate::wire::packet::{Envelope, Unique, seal};
use crate::{Agent, Config, DeviceId, EpochError, Keys, Memory};
use std::vec::Vec;

/// Packets that may still leave under the first epoch.
const LEFT: u32 = 3;

fn sent(agent: &mut Agent<'_>) -> Option<(u32, u64)> {
    let mut buffer = [0; 512];
    let at = agent.next_deadline().max(1);
    let len = agent.poll_transmit(at, &mut buffer)?;
    let (envelope, _) = Envelope::read(&buffer[..len]).expect("a packet");
    let Unique::Counter(ctr) = envelope.unique else { panic!("an uplink packet has a counter") };
    Some((envelope.epoch, ctr))
}

fn answer(agent: &mut Agent<'_>, keys: &KeySet, (epoch, ctr): (u32, u64)) -> bool {
    let suite = ChaCha20Poly1305::host(keys);
    let mut buffer = [0; 128];
    let asked = Envelope { epoch, unique: Unique::Random([7; 12]), ..agent.envelope() };
    let mut out = Writer::new(&mut buffer);
    asked.write(&mut out);
    let clear = out.len();
    Downlink::Ack(Ack { echo: ctr, ..Ack::default() }).write(&mut out);
    let body = out.len() - clear;
    let len = seal(&suite, &asked, &mut buffer, clear, body).expect("it fits");
    let now = agent.now;
    agent.handle_input(now, &mut buffer[..len]).is_ok()
}

/// Gives an agent in epoch 5, or in the last one, with few counters left to `test`.
fn near_the_end(epoch: u32, test: impl FnOnce(&mut Agent<'_>, &KeySet, &mut RamEpoch)) {
    let set = KeySet::new(1, [1; 32], [2; 32], [3; 16]).expect("the keys differ");
    let suite = ChaCha20Poly1305::device(&set);
    let mut memory = Memory::<256, 128>::new();
    let id = DeviceId::new(b"pump-7").expect("an id");
    let mut agent = Agent::new(Config::new(), id, Keys::sealed(&suite, &set), &mut memory);
    let mut store = RamEpoch::at(epoch - 1);
    agent.start(0, &mut store).expect("RAM takes everything");
    agent.session.ctr = u32::MAX - LEFT;
    test(&mut agent, &set, &mut store);
}

#[test]
fn the_last_counter_ends_the_epoch_and_the_next_begins_at_none() {
    near_the_end(5, |agent, set, store| {
        let mut seen: Vec<_> = (0..LEFT).map(|_| sent(agent).expect("a counter is left")).collect();
        assert_eq!(seen.last(), Some(&(5, u64::from(u32::MAX) - 1)));
        assert_eq!(sent(agent), None, "nothing leaves before the next epoch is stored");
        agent.maintain(agent.now, store).expect("RAM takes everything");
        let first = sent(agent).expect("Hello of the new epoch");
        assert_eq!(first, (6, 0));
        seen.push(first);
        assert!(seen.is_sorted_by(|before, after| before < after), "{seen:?}");
        assert!(answer(agent, set, first), "its answer counts, though the step of the old epoch was never answered");
    });
}

#[test]
fn an_answer_to_the_last_counter_of_an_epoch_does_not_count_in_the_next() {
    near_the_end(5, |agent, set, store| {
        let last = (0..LEFT).map(|_| sent(agent).expect("a counter is left")).last().expect("one");
        agent.maintain(agent.now, store).expect("RAM takes everything");
        assert!(!answer(agent, set, last));
        assert!(!agent.keys_accepted());
    });
}

#[test]
fn with_no_epoch_left_it_falls_silent_and_says_why() {
    near_the_end(u32::MAX, |agent, _, store| {
        (0..LEFT).for_each(|_| assert!(sent(agent).is_some()));
        assert_eq!(agent.maintain(agent.now, store), Err(EpochError::Exhausted));
        assert_eq!(sent(agent), None);
        assert_eq!(agent.stats().epoch_faults, 1);
    });
}
