//! A driver that stops reading in the middle of a look at the pages: the newest record may lie behind its failure, so no number is given at all.
//!
//! Taking what could not be read for torn slots once gave a number that was too high, and at the next boot one that had been used.

use super::boot::boot;
use super::flash::{Fault, Flash};
use tidings::epoch::{NorEpoch, NorError};
use tidings::{EpochStore, provision};

const SLOTS: u32 = 16;

fn store(flash: Flash<4, 256>) -> NorEpoch<Flash<4, 256>> {
    NorEpoch::new(flash, 0).expect("two whole pages")
}

#[test]
fn wherever_it_fails_the_answer_is_the_truth_or_none() {
    let mut store_now = store(Flash::new());
    provision(0, &mut store_now).expect("the flash is sound");
    let mut refused = 0;
    for epoch in 1..=3 * SLOTS {
        assert_eq!(boot(&mut store_now), Ok(epoch));
        let flash = store_now.release();
        for reads in 0..4 * SLOTS as usize {
            match store(flash.with_reads(reads)).load() {
                Ok(known) => assert_eq!(known, Some(epoch), "after {reads} reads"),
                Err(error) => {
                    assert_eq!(error, NorError::Flash(Fault::Driver));
                    refused += 1;
                }
            }
        }
        store_now = store(flash);
    }
    assert!(refused > 0, "the driver never failed");
}

#[test]
fn a_number_that_may_have_been_used_is_not_stored_again() {
    let mut store = store(Flash::new());
    provision(7, &mut store).expect("the flash is sound");
    assert_eq!(store.store(7), Err(NorError::NotAbove));
    assert_eq!(store.store(6), Err(NorError::NotAbove));
    assert_eq!(store.store(8), Ok(()));
}
