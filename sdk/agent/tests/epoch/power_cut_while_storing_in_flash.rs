//! NOR flash: the power goes at every byte of every write and erase, again and again, and the store is rebuilt from its bytes each time.
//!
//! `TIDINGS_BOOTS=1000000 cargo test --release -p tidings --test epoch` runs the full count of random boots, and cuts erases of large pages at every
//! byte too; a normal run takes every ninth there.

use super::boot::{Random, boot};
use super::flash::Flash;
use tidings::epoch::{NorEpoch, NorError};
use tidings::{EpochError, EpochStore, provision};

/// Random boots in a normal run, over all sizes.
const BOOTS: usize = 20_000;

fn store<const WORD: usize, const PAGE: usize>(flash: Flash<WORD, PAGE>) -> NorEpoch<Flash<WORD, PAGE>> {
    NorEpoch::new(flash, 0).expect("two whole pages")
}

fn provisioned<const WORD: usize, const PAGE: usize>() -> Flash<WORD, PAGE> {
    let mut store = store(Flash::new());
    provision(0, &mut store).expect("the flash is sound");
    store.release()
}

/// Boots once; the power goes after `power` bytes. Gives the epoch if there was one, and the flash afterwards.
fn booted<const W: usize, const P: usize>(flash: &Flash<W, P>, power: usize) -> (Option<u32>, Flash<W, P>) {
    let mut store = store(flash.rebuilt(power));
    let epoch = boot(&mut store);
    let flash = store.release();
    assert_eq!(epoch.is_err(), flash.is_cut(), "only the power makes it fail");
    (epoch.ok(), flash)
}

/// How far apart cuts are: the first ones of a boot, and those of the boot after each.
#[derive(Clone, Copy)]
struct Steps {
    first: usize,
    again: usize,
}

/// Boots with every cut, and after each cut with more cuts, until it succeeds.
fn cut_everywhere<const W: usize, const P: usize>(flash: &Flash<W, P>, used: u32, steps: Steps) {
    for power in (0..).step_by(steps.first) {
        let (epoch, cut) = booted(flash, power);
        if epoch.is_some() {
            return;
        }
        for again in (0..).step_by(steps.again) {
            let (epoch, cut_twice) = booted(&cut, again);
            let then = epoch.or_else(|| booted(&cut_twice, usize::MAX).0);
            assert!(then > Some(used), "epoch {then:?} after {used}; cuts at {power} and {again}");
            if epoch.is_some() {
                break;
            }
        }
    }
}

/// A round of the ring and its first erase; cuts at every boot of small pages, and of large ones at the first and the last of each page.
fn every_cut<const W: usize, const P: usize>() {
    let slots = P / 16;
    let mut flash = provisioned::<W, P>();
    let mut used = 0;
    for at in 1..=2 * slots {
        if at == 2 * slots {
            let first = if P > 512 && !is_full_run() { 9 } else { 1 };
            cut_everywhere(&flash, used, Steps { first, again: 1 + P / 2 });
        } else if at % slots == 0 || at % slots == slots - 1 || P == 256 {
            cut_everywhere(&flash, used, Steps { first: 1, again: 1 });
        }
        let (epoch, after) = booted(&flash, usize::MAX);
        assert_eq!(epoch, Some(used + 1), "a boot without a cut takes the next number");
        (used, flash) = (used + 1, after);
    }
}

fn random_boots<const W: usize, const P: usize>(boots: usize, seed: u64) {
    let mut random = Random::new(seed);
    let (mut flash, mut used) = (provisioned::<W, P>(), 0);
    for number in 0..boots {
        let power = match random.below(10) {
            0..3 => random.below(20),
            3 => random.below(P + 20),
            _ => usize::MAX,
        };
        let (epoch, after) = booted(&flash, power);
        flash = after;
        if let Some(epoch) = epoch {
            assert!(epoch > used, "boot {number}: epoch {epoch} after {used}");
            used = epoch;
        }
    }
}

fn boots() -> usize {
    std::env::var("TIDINGS_BOOTS").map_or(BOOTS, |count| count.parse().expect("TIDINGS_BOOTS is a number"))
}

fn is_full_run() -> bool {
    boots() > BOOTS
}

/// Calls a function for every size of word and page.
macro_rules! each_size {
    ($call:ident $arguments:tt) => {
        each_size!(@pages $call, $arguments, 256 512 1024 2048 4096)
    };
    (@pages $call:ident, $arguments:tt, $($page:literal)*) => {
        $(each_size!(@words $call, $arguments, $page, 1 4 8 16);)*
    };
    (@words $call:ident, $arguments:tt, $page:literal, $($word:literal)*) => {
        $($call::<$word, $page> $arguments;)*
    };
}

#[test]
fn no_cut_makes_an_epoch_come_twice() {
    each_size!(every_cut());
}

#[test]
fn no_epoch_comes_twice_in_random_boots() {
    let boots = boots() / 20 + 1;
    each_size!(random_boots(boots, 7));
}

#[test]
fn a_cut_while_provisioning_leaves_a_device_that_can_be_provisioned() {
    for power in 0..16 {
        let mut cut = store(Flash::<4, 256>::new().rebuilt(power));
        assert!(provision(9, &mut cut).is_err());
        let mut again = store(cut.release().rebuilt(usize::MAX));
        assert!(matches!(boot(&mut again), Err(EpochError::NotProvisioned)), "cut at {power}");
        provision(9, &mut again).expect("the flash is sound");
        assert_eq!(boot(&mut again).ok(), Some(10));
    }
}

#[test]
fn a_record_that_rots_does_not_give_its_number_back() {
    for boots in 1..40 {
        let mut flash = provisioned::<4, 256>();
        for _ in 0..boots {
            flash = booted(&flash, usize::MAX).1;
        }
        let newest = (0..32).max_by_key(|slot| flash.epoch_in(*slot)).expect("there are slots");
        flash.spoil(newest);
        let (epoch, _) = booted(&flash, usize::MAX);
        assert!(epoch > Some(boots), "epoch {epoch:?} after {boots}");
    }
}

#[test]
fn words_that_take_nothing_are_passed_over() {
    for dead in (0..512).step_by(16) {
        let mut flash = provisioned::<4, 256>();
        let mut used = 0;
        flash.dead_word = Some(dead).filter(|dead| *dead > 0);
        for _ in 0..70 {
            let (epoch, after) = booted(&flash, usize::MAX);
            assert!(epoch > Some(used), "dead word at {dead}");
            (used, flash) = (epoch.unwrap_or(0), after);
        }
    }
}

#[test]
fn pages_that_held_something_else_are_erased_first() {
    let mut flash = Flash::<8, 512>::new();
    flash.fill(0x5A);
    let mut store = store(flash);
    assert_eq!(store.load(), Ok(None));
    provision(0, &mut store).expect("the flash is sound");
    assert_eq!(boot(&mut store).ok(), Some(1));
}

#[test]
fn a_region_that_is_no_two_pages_is_refused() {
    let refused = |offset| NorEpoch::new(Flash::<4, 256>::new(), offset).map(drop).err();
    assert_eq!(refused(0), None);
    assert_eq!(refused(128), Some(NorError::Region));
    assert_eq!(refused(256), Some(NorError::Region));
    assert_eq!(refused(u32::MAX - 255), Some(NorError::Region));
}
