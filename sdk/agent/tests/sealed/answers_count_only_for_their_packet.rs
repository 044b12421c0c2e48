//! An answer counts under the current epoch and the down key, for a packet of the open step, once; everything else changes nothing but a counter.

use super::host::{CONFIG, Seen, ack, id, keys, read, sent};
use tidings::epoch::RamEpoch;
use tidings::suites::{ChaCha20Poly1305, KeySet};
use tidings::wire::packet::{PacketError, Plain};
use tidings::{Agent, InputError, Keys, Memory};

/// Refused before any cipher ran: the clear fields are not those of the packet that it would answer.
const UNASKED: Option<InputError> = Some(InputError::Packet(PacketError::Unasked));

/// Boots a device whose store holds `epoch`, sends Hello, and gives it with what the host saw to `test`.
fn after_hello(set: &KeySet, epoch: u32, test: impl FnOnce(&mut Agent<'_>, Seen)) {
    let suite = ChaCha20Poly1305::device(set);
    let mut memory = Memory::<256, 128>::new();
    let mut agent = Agent::new(CONFIG, id(), Keys::sealed(&suite, set), &mut memory);
    agent.start(0, &mut RamEpoch::at(epoch)).expect("RAM takes everything");
    let seen = read(set, &sent(&mut agent));
    assert_eq!((seen.kid, seen.epoch, seen.hello), (Some(set.kid()), epoch + 1, true));
    test(&mut agent, seen);
}

fn refused(agent: &mut Agent<'_>, packet: &[u8], why: Option<InputError>) {
    let before = agent.stats();
    let result = agent.handle_input(2, &mut packet.to_vec());
    assert!(result.is_err() && (why.is_none() || result == why.map_or(Ok(()), Err)), "{result:?}, not {why:?}");
    assert!(!agent.keys_accepted() && agent.stats().answers == before.answers);
    assert_eq!(agent.stats().refused, before.refused + 1);
}

#[test]
fn the_right_answer_counts_once() {
    let set = keys(1);
    after_hello(&set, 4, |agent, seen| {
        let answer = ack(&ChaCha20Poly1305::host(&set), &seen);
        assert_eq!(agent.handle_input(2, &mut answer.clone()), Ok(()));
        assert!(agent.keys_accepted() && agent.is_synced());
        assert_eq!(agent.handle_input(3, &mut answer.clone()), Err(InputError::NotExpected));
        assert_eq!(agent.stats().answers, 1);
    });
}

#[test]
fn every_flipped_bit_truncation_and_extension_is_refused() {
    let set = keys(1);
    after_hello(&set, 4, |agent, seen| {
        let good = ack(&ChaCha20Poly1305::host(&set), &seen);
        for bit in 0..good.len() * 8 {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            refused(agent, &bad, None);
        }
        (0..good.len()).for_each(|len| refused(agent, &good[..len], None));
        refused(agent, &[&good[..], &[0]].concat(), Some(InputError::Packet(PacketError::Check)));
        assert_eq!(agent.handle_input(3, &mut good.clone()), Ok(()), "none of them did harm");
    });
}

#[test]
fn an_answer_of_an_earlier_boot_is_refused_even_with_its_epoch_rewritten() {
    let set = keys(1);
    let mut old = Vec::new();
    after_hello(&set, 4, |_, seen| old = ack(&ChaCha20Poly1305::host(&set), &seen));
    after_hello(&set, 5, |agent, _| {
        refused(agent, &old, UNASKED);
        let mut rewritten = old.clone();
        let epoch = 1 + 1 + 1 + 6;
        assert_eq!(rewritten[epoch], 5, "b0, kid, idlen, id, epoch");
        rewritten[epoch] = 6;
        refused(agent, &rewritten, Some(InputError::Packet(PacketError::Check)));
    });
}

#[test]
fn other_keys_and_suites_are_refused() {
    let set = keys(1);
    let foreign = KeySet::new(1, [77; 32], [78; 32], [0xAB; 16]).expect("the keys differ");
    after_hello(&set, 4, |agent, seen| {
        let check = Some(InputError::Packet(PacketError::Check));
        refused(agent, &ack(&ChaCha20Poly1305::device(&set), &seen), check);
        refused(agent, &ack(&ChaCha20Poly1305::host(&foreign), &seen), check);
        refused(agent, &ack(&Plain, &seen), UNASKED);
        let other_kid = Seen { kid: Some(2), ..seen };
        refused(agent, &ack(&ChaCha20Poly1305::host(&set), &other_kid), UNASKED);
    });
}

#[test]
fn its_own_packets_sent_back_are_refused() {
    let set = keys(1);
    let suite = ChaCha20Poly1305::device(&set);
    let mut memory = Memory::<256, 128>::new();
    let mut agent = Agent::new(CONFIG, id(), Keys::sealed(&suite, &set), &mut memory);
    agent.start(0, &mut RamEpoch::at(0)).expect("RAM takes everything");
    let own = sent(&mut agent);
    refused(&mut agent, &own, UNASKED);
}
