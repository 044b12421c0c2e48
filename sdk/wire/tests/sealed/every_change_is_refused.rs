//! Whoever carries a sealed packet can only drop it: each change is refused, whichever suite seals.

use crate::ends::{down, each_suite, keys, packet, up};
use tidings_wire::packet::{Direction, Envelope, PacketError, Unique, open};
use tidings_wire::suites::{Ascon128, ChaCha20Poly1305, KeyError, KeySet};

const BODY: &[u8] = b"account root, port 22, version 1.4.2";

#[test]
fn untouched_packets_open_in_both_directions_and_hide_their_body() {
    each_suite(&keys(5, 1), |device, host| {
        let mut there = packet(device, &up(device), BODY);
        assert!(!there.windows(4).any(|part| part == b"root"));
        assert_eq!(open(host, Direction::Up, &mut there), Ok((up(device), BODY)));
        let mut back = packet(host, &down(host), BODY);
        assert_eq!(open(device, Direction::Down, &mut back), Ok((down(host), BODY)));
    });
}

#[test]
fn every_flipped_bit_is_refused() {
    each_suite(&keys(5, 1), |device, host| {
        let there = packet(device, &up(device), BODY);
        let back = packet(host, &down(host), BODY);
        for (good, reader, way) in [(there, host, Direction::Up), (back, device, Direction::Down)] {
            for bit in 0..good.len() * 8 {
                let mut bad = good.clone();
                bad[bit / 8] ^= 1 << (bit % 8);
                assert!(open(reader, way, &mut bad).is_err(), "suite {:?}, bit {bit}", reader.id());
            }
        }
    });
}

#[test]
fn every_truncation_and_extension_is_refused() {
    each_suite(&keys(5, 1), |device, host| {
        let good = packet(device, &up(device), BODY);
        for len in 0..good.len() {
            assert!(open(host, Direction::Up, &mut good[..len].to_vec()).is_err(), "length {len}");
        }
        for extra in 0..=255 {
            let mut longer = good.clone();
            longer.push(extra);
            assert_eq!(open(host, Direction::Up, &mut longer), Err(PacketError::Check));
        }
    });
}

#[test]
fn an_echoed_packet_is_refused_even_if_its_direction_is_rewritten() {
    each_suite(&keys(5, 1), |device, host| {
        let mut echoed = packet(device, &up(device), BODY);
        assert_eq!(open(device, Direction::Down, &mut echoed), Err(PacketError::Direction));
        // The same nonce in downlink form, so that only the keys differ.
        let nonce = up(device).nonce();
        let turned = Envelope { unique: Unique::Random(nonce), ..up(device) };
        assert_eq!(turned.nonce(), nonce);
        assert_eq!(open(device, Direction::Down, &mut packet(device, &turned, BODY)), Err(PacketError::Check));
        assert_eq!(open(host, Direction::Up, &mut packet(host, &up(host), BODY)), Err(PacketError::Check));
    });
}

/// The sealed body of `from` under the clear fields of `to`.
fn splice(from: &[u8], to: &[u8], sealed: usize) -> Vec<u8> {
    [&to[..to.len() - sealed], &from[from.len() - sealed..]].concat()
}

#[test]
fn a_body_moved_between_epochs_counters_devices_or_key_ids_is_refused() {
    each_suite(&keys(5, 1), |device, host| {
        let (mine, sealed) = (up(device), BODY.len() + device.check_len());
        let from = packet(device, &mine, BODY);
        for to in [
            Envelope { epoch: mine.epoch + 1, ..mine },
            Envelope { unique: Unique::Counter(130), ..mine },
            Envelope { id: Some(b"pump-8"), ..mine },
            Envelope { id: None, ..mine },
            Envelope { kid: Some(6), ..mine },
            Envelope { kid: None, ..mine },
        ] {
            let mut spliced = splice(&from, &packet(device, &to, BODY), sealed);
            assert_eq!(open(host, Direction::Up, &mut spliced), Err(PacketError::Check), "{to:?}");
        }
        let down_sealed = splice(&packet(host, &down(host), BODY), &from, sealed);
        assert_eq!(open(host, Direction::Up, &mut down_sealed.clone()), Err(PacketError::Check));
    });
}

#[test]
fn another_devices_keys_open_nothing() {
    let (mine, other) = (keys(5, 1), keys(5, 2));
    each_suite(&mine, |device, host| {
        each_suite(&other, |_, stranger| {
            if stranger.id() == device.id() {
                let mut taken = packet(device, &up(device), BODY);
                assert_eq!(open(stranger, Direction::Up, &mut taken), Err(PacketError::Check));
                let mut forged = packet(stranger, &down(host), BODY);
                assert_eq!(open(device, Direction::Down, &mut forged), Err(PacketError::Check));
            }
        });
    });
}

#[test]
fn another_suite_than_the_pinned_one_is_refused_before_any_cipher_runs() {
    let keys = keys(5, 1);
    let (chacha, ascon) = (ChaCha20Poly1305::device(&keys), Ascon128::host(&keys));
    let mut other = packet(&chacha, &up(&chacha), BODY);
    let before = other.clone();
    assert_eq!(open(&ascon, Direction::Up, &mut other), Err(PacketError::Suite(up(&chacha).suite)));
    assert_eq!(other, before);
    // Only the suite bits say Ascon: the other cipher does not open it.
    let named = Envelope { suite: up(&ascon).suite, ..up(&chacha) };
    assert_eq!(open(&ascon, Direction::Up, &mut packet(&chacha, &named, BODY)), Err(PacketError::Check));
}

#[test]
fn a_refused_packet_leaves_no_plaintext() {
    each_suite(&keys(5, 1), |device, host| {
        let mut bad = packet(device, &up(device), BODY);
        if let Some(last) = bad.last_mut() {
            *last ^= 1;
        }
        assert!(open(host, Direction::Up, &mut bad).is_err());
        assert!(!bad.windows(4).any(|part| part == b"root"), "suite {:?}", device.id());
    });
}

#[test]
fn bytes_that_are_no_key_set_are_refused() {
    let wrong = |kid, up, down| KeySet::new(kid, up, down, [3; 16]).err();
    assert_eq!(wrong(127, [1; 32], [2; 32]), None);
    assert_eq!(wrong(128, [1; 32], [2; 32]), Some(KeyError::Kid));
    assert_eq!(wrong(0, [1; 32], [1; 32]), Some(KeyError::SameKeys));
    // Ascon uses the first half only.
    let mut tail = [1; 32];
    tail[31] = 2;
    assert_eq!(wrong(0, [1; 32], tail), Some(KeyError::SameKeys));
    assert_eq!(KeySet::from_bytes(&[0xFF; KeySet::BYTES]).err(), Some(KeyError::Kid));
    assert_eq!(KeySet::from_bytes(&[0; KeySet::BYTES]).err(), Some(KeyError::SameKeys));
    let stored: [u8; KeySet::BYTES] = core::array::from_fn(|i| i as u8);
    assert_eq!(KeySet::from_bytes(&stored).ok().map(|keys| keys.to_bytes()), Some(stored));
}

#[test]
fn a_key_set_is_wiped_when_dropped() {
    fn wiped(_: &impl zeroize::ZeroizeOnDrop) {}
    wiped(&keys(5, 1));
}
