//! Keys beside a blank epoch store are a fault: only `provision` writes the first record, and nothing is sealed before.

use super::boot::boot;
use tidings::epoch::{FileEpoch, RamEpoch, RetainedCell, RetainedEpoch};
use tidings::{Agent, Config, DeviceId, EpochError, EpochStore, Keys, Memory, provision};

#[test]
fn a_blank_store_is_refused_and_stays_blank() {
    let mut store = RamEpoch::new();
    assert_eq!(boot(&mut store), Err(EpochError::NotProvisioned));
    assert_eq!(store.load(), Ok(None));
    let cell = RetainedCell::new();
    assert_eq!(boot(&mut RetainedEpoch::new(&cell)), Err(EpochError::NotProvisioned));
}

#[test]
fn the_first_epoch_lies_above_the_floor() {
    let mut store = RamEpoch::new();
    provision(41, &mut store).expect("RAM takes everything");
    assert_eq!(boot(&mut store), Ok(42));
}

#[test]
fn provisioning_never_lowers_an_epoch() {
    let mut store = RamEpoch::at(100);
    provision(41, &mut store).expect("RAM takes everything");
    assert_eq!(boot(&mut store), Ok(101));
    provision(500, &mut store).expect("RAM takes everything");
    assert_eq!(boot(&mut store), Ok(501));
}

#[test]
fn the_plain_suite_needs_no_provisioning() {
    let mut memory = Memory::<64, 64>::new();
    let id = DeviceId::new(b"d").expect("one byte");
    let mut agent = Agent::new(Config::new(), id, Keys::PLAIN, &mut memory);
    assert_eq!(agent.start(0, &mut RamEpoch::new()), Ok(()));
    assert_eq!(agent.epoch(), 1);
}

#[test]
fn the_last_epoch_is_the_end() {
    assert_eq!(boot(&mut RamEpoch::at(u32::MAX - 1)), Ok(u32::MAX));
    assert_eq!(boot(&mut RamEpoch::at(u32::MAX)), Err(EpochError::Exhausted));
}

/// Takes every number and gives back an older one.
struct Forgetful;

impl EpochStore for Forgetful {
    type Error = ();

    fn load(&mut self) -> Result<Option<u32>, ()> {
        Ok(Some(7))
    }

    fn store(&mut self, _: u32) -> Result<(), ()> {
        Ok(())
    }
}

#[test]
fn a_store_that_does_not_keep_is_not_believed() {
    assert_eq!(boot(&mut Forgetful), Err(EpochError::NotKept));
    assert_eq!(provision(8, &mut Forgetful), Err(EpochError::NotKept));
}

#[test]
fn a_file_counts_on_and_a_damaged_one_is_refused() {
    let path = std::env::temp_dir().join(format!("tidings-epoch-{}", std::process::id()));
    let mut store = FileEpoch::new(&path);
    assert!(matches!(boot(&mut store), Err(EpochError::NotProvisioned)));
    provision(0, &mut store).expect("the folder can be written");
    assert_eq!(boot(&mut store).ok(), Some(1));
    assert_eq!(boot(&mut FileEpoch::new(&path)).ok(), Some(2));
    std::fs::write(&path, "3 00000000\n").expect("the file can be written");
    assert!(matches!(boot(&mut store), Err(EpochError::Store(_))));
    std::fs::remove_file(&path).expect("the file can be removed");
}
