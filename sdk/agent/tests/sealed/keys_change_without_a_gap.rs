//! A change of keys: first the epoch, then Hello under the new keys; back again if the host does not know them; never to less than sealing.

use super::host::{CONFIG, ack, id, keys, read, sent};
use tidings::epoch::RamEpoch;
use tidings::suites::{ChaCha20Poly1305, KeyError, KeySet};
use tidings::wire::DigestKey;
use tidings::wire::packet::{PacketError, Plain};
use tidings::{Agent, EpochError, EpochStore, InputError, KeyChangeError, Keys, Memory};

#[test]
fn hello_follows_under_the_new_keys_and_a_new_epoch() {
    let (old, new) = (keys(1), keys(2));
    let (with_old, with_new) = (ChaCha20Poly1305::device(&old), ChaCha20Poly1305::device(&new));
    let (mut memory, mut store) = (Memory::<256, 128>::new(), RamEpoch::at(0));
    let mut agent = Agent::new(CONFIG, id(), Keys::sealed(&with_old, &old), &mut memory);
    agent.start(0, &mut store).expect("RAM takes everything");
    let first = read(&old, &sent(&mut agent));
    let late = ack(&ChaCha20Poly1305::host(&old), &first);
    agent.handle_input(1, &mut late.clone()).expect("the right answer");
    assert!(agent.keys_accepted());

    agent.change_keys(Keys::sealed(&with_new, &new)).expect("a next key id");
    assert!(!agent.keys_accepted());
    assert_eq!(agent.poll_transmit(2, &mut [0; 512]), None, "nothing leaves before the epoch is stored");
    agent.maintain(2, &mut store).expect("RAM takes everything");
    let hello = read(&new, &sent(&mut agent));
    assert_eq!((hello.kid, hello.epoch, hello.ctr, hello.hello), (Some(2), 2, 0, true));
    assert_eq!(agent.handle_input(3, &mut late.clone()), Err(InputError::Packet(PacketError::Unasked)));
    agent.handle_input(4, &mut ack(&ChaCha20Poly1305::host(&new), &hello)).expect("the right answer");
    assert!(agent.keys_accepted());
}

#[test]
fn a_device_whose_new_keys_nobody_knows_goes_back() {
    let (old, new) = (keys(1), keys(2));
    let (with_old, with_new) = (ChaCha20Poly1305::device(&old), ChaCha20Poly1305::device(&new));
    let (mut memory, mut store) = (Memory::<256, 128>::new(), RamEpoch::at(0));
    let mut agent = Agent::new(CONFIG, id(), Keys::sealed(&with_old, &old), &mut memory);
    agent.start(0, &mut store).expect("RAM takes everything");
    agent.change_keys(Keys::sealed(&with_new, &new)).expect("a next key id");
    agent.maintain(1, &mut store).expect("RAM takes everything");
    assert!(!agent.keys_accepted());
    agent.change_keys(Keys::sealed(&with_old, &old)).expect("another key id");
    agent.maintain(2, &mut store).expect("RAM takes everything");
    let hello = read(&old, &sent(&mut agent));
    assert_eq!((hello.kid, hello.epoch), (Some(1), 3), "no epoch is used twice, whatever the keys");
}

#[test]
fn what_is_no_change_for_the_better_is_refused() {
    let old = keys(1);
    let other_digest = KeySet::new(2, [3; 32], [4; 32], [1; 16]).expect("the keys differ");
    let (suite, other) = (ChaCha20Poly1305::device(&old), ChaCha20Poly1305::device(&other_digest));
    let mut memory = Memory::<256, 128>::new();
    let mut agent = Agent::new(CONFIG, id(), Keys::sealed(&suite, &old), &mut memory);
    agent.start(0, &mut RamEpoch::at(0)).expect("RAM takes everything");
    assert_eq!(agent.change_keys(Keys::PLAIN), Err(KeyChangeError::Plain));
    assert_eq!(agent.change_keys(Keys::sealed(&suite, &old)), Err(KeyChangeError::SameKid));
    assert_eq!(agent.change_keys(Keys::sealed(&other, &other_digest)), Err(KeyChangeError::OtherDigestKey));
    assert_eq!(read(&old, &sent(&mut agent)).epoch, 1, "all is as before");
    assert_eq!(Keys::hardware(&Plain, 128, &DigestKey([0; 16])).err(), Some(KeyError::Kid));
}

/// A store that fails a number of times.
struct Failing(u32, RamEpoch);

impl EpochStore for Failing {
    type Error = ();

    fn load(&mut self) -> Result<Option<u32>, ()> {
        self.1.load().map_err(|_| ())
    }

    fn store(&mut self, epoch: u32) -> Result<(), ()> {
        if self.0 > 0 {
            self.0 -= 1;
            return Err(());
        }
        self.1.store(epoch).map_err(|_| ())
    }
}

#[test]
fn nothing_is_sealed_while_the_epoch_store_fails() {
    let set = keys(1);
    let suite = ChaCha20Poly1305::device(&set);
    let (mut memory, mut store) = (Memory::<256, 128>::new(), Failing(2, RamEpoch::at(9)));
    let mut agent = Agent::new(CONFIG, id(), Keys::sealed(&suite, &set), &mut memory);
    assert_eq!(agent.start(0, &mut store), Err(EpochError::Store(())));
    assert_eq!(agent.poll_transmit(500, &mut [0; 512]), None);
    assert_eq!(agent.maintain(2_000, &mut store), Err(EpochError::Store(())));
    assert_eq!(agent.poll_transmit(2_500, &mut [0; 512]), None);
    assert_eq!(agent.maintain(4_000, &mut store), Ok(()));
    assert_eq!(agent.stats().epoch_faults, 2);
    let mut buffer = [0; 512];
    let len = agent.poll_transmit(60_000, &mut buffer).expect("Hello is due");
    assert_eq!(read(&set, &buffer[..len]).epoch, 10);
}
