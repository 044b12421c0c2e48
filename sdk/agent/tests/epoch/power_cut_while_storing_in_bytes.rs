//! EEPROM and FRAM: the power goes at every byte of every write, again and again, and the store is rebuilt from its bytes each time.

use super::boot::{Random, boot};
use embedded_storage::{ReadStorage, Storage};
use tidings::epoch::ByteEpoch;
use tidings::{EpochError, provision};

/// Memory that can be written byte by byte.
#[derive(Debug, Clone)]
struct Bytes {
    bytes: [u8; 48],
    power: usize,
}

#[derive(Debug, PartialEq)]
struct PowerWent;

impl ReadStorage for Bytes {
    type Error = PowerWent;

    fn read(&mut self, offset: u32, bytes: &mut [u8]) -> Result<(), PowerWent> {
        bytes.copy_from_slice(&self.bytes[offset as usize..][..bytes.len()]);
        Ok(())
    }

    fn capacity(&self) -> usize {
        self.bytes.len()
    }
}

impl Storage for Bytes {
    fn write(&mut self, offset: u32, bytes: &[u8]) -> Result<(), PowerWent> {
        for (to, from) in self.bytes[offset as usize..].iter_mut().zip(bytes) {
            if self.power == 0 {
                // The byte under way is neither old nor new.
                *to = to.wrapping_mul(31).wrapping_add(*from);
                return Err(PowerWent);
            }
            self.power -= 1;
            *to = *from;
        }
        Ok(())
    }
}

fn with(memory: &Bytes, power: usize) -> ByteEpoch<Bytes> {
    ByteEpoch::new(Bytes { power, ..memory.clone() }, 8)
}

fn provisioned(contents: u8) -> Bytes {
    let mut store = with(&Bytes { bytes: [contents; 48], power: 0 }, usize::MAX);
    provision(0, &mut store).expect("the memory is sound");
    store.release()
}

fn booted(memory: &Bytes, power: usize) -> (Option<u32>, Bytes) {
    let mut store = with(memory, power);
    (boot(&mut store).ok(), store.release())
}

#[test]
fn no_cut_makes_an_epoch_come_twice() {
    for contents in [0xFF, 0, 0x5A] {
        let (mut memory, mut used) = (provisioned(contents), 0);
        for _ in 0..6 {
            for (first, second) in (0..16).flat_map(|first| (0..16).map(move |second| (first, second))) {
                let (_, cut) = booted(&memory, first);
                let (_, cut_twice) = booted(&cut, second);
                let (epoch, _) = booted(&cut_twice, usize::MAX);
                assert!(epoch > Some(used), "epoch {epoch:?} after {used}; cuts at {first} and {second}");
            }
            let (epoch, after) = booted(&memory, usize::MAX);
            assert_eq!(epoch, Some(used + 1));
            (used, memory) = (used + 1, after);
        }
        assert!(
            memory.bytes[..8].iter().chain(&memory.bytes[40..]).all(|byte| *byte == contents),
            "it stays within its bytes"
        );
    }
}

#[test]
fn no_epoch_comes_twice_in_random_boots() {
    let mut random = Random::new(3);
    let (mut memory, mut used) = (provisioned(0xFF), 0);
    for number in 0..20_000 {
        let power = if random.below(2) == 0 { random.below(17) } else { usize::MAX };
        let (epoch, after) = booted(&memory, power);
        memory = after;
        if let Some(epoch) = epoch {
            assert!(epoch > used, "boot {number}: epoch {epoch} after {used}");
            used = epoch;
        }
    }
}

// A cell that was written while the power fell may read right at first, and wrong later.
#[test]
fn records_that_rot_one_after_another_do_not_give_their_numbers_back() {
    let (mut memory, mut used) = (provisioned(0xFF), 0);
    for boot in 1..50 {
        let before = memory.clone();
        let (epoch, after) = booted(&memory, usize::MAX);
        assert!(epoch > Some(used), "boot {boot}: epoch {epoch:?} after {used}");
        (used, memory) = (epoch.unwrap_or(0), after);
        let written = (0..48).find(|at| memory.bytes[*at] != before.bytes[*at]).expect("a boot writes");
        memory.bytes[written] ^= 1 << (boot % 8);
    }
}

#[test]
fn a_cut_while_provisioning_never_lets_an_epoch_come_twice() {
    for power in 0..32 {
        let mut cut = with(&Bytes { bytes: [0xFF; 48], power: 0 }, power);
        assert!(provision(9, &mut cut).is_err());
        let mut again = with(&cut.release(), usize::MAX);
        let early = match boot(&mut again) {
            Ok(epoch) => epoch,
            Err(EpochError::NotProvisioned) => 9,
            Err(other) => panic!("cut at {power}: {other:?}"),
        };
        provision(9, &mut again).expect("the memory is sound");
        assert!(boot(&mut again).ok() > Some(early), "cut at {power}");
    }
}
