//! Each boot seals under a larger epoch than all before, whatever ended the boot before it: a command, the reset pin, the power, or the power
//! in the middle of writing the epoch itself.

use tidings_qemu::{bench::Bench, board::DEVICE, eventually, firmware};

/// A record of the epoch store and a page of the flash, in words; and the records of both pages.
const RECORD_WORDS: usize = 4;
const PAGE_WORDS: usize = 32;
const RECORDS: usize = 2 * PAGE_WORDS / RECORD_WORDS;
/// The function that every word goes through.
const BEFORE_EACH_WORD: &str = "change_word";

/// The epoch under which the collector last heard the board.
fn epoch(bench: &Bench) -> u64 {
    let row = bench.collector.device(DEVICE).expect("the collector knows the board");
    row["epoch"].as_u64().expect("a number")
}

/// The next epoch, once the collector has heard of it.
fn epoch_after(bench: &mut Bench, before: u64) -> u64 {
    let next = eventually("a larger epoch", || Some(epoch(bench)).filter(|now| *now != before));
    bench.expect_same_state();
    next
}

/// Presses reset, takes the power away before the word `words` of what the boot writes, and gives it back. Says how many records there were then.
fn lose_power_before_word(bench: &mut Bench, words: usize) -> usize {
    let place = firmware::address_of(firmware::mps2_an386(), BEFORE_EACH_WORD);
    let mut debugger = bench.board.debug();
    debugger.press_reset();
    (0..words).for_each(|_| debugger.run_to(place));
    bench.board.power_off();
    let left = records(bench);
    bench.cycle_power();
    left
}

/// Records that are not erased, whole or torn.
fn records(bench: &Bench) -> usize {
    bench.board.flash.bytes().chunks(4 * RECORD_WORDS).filter(|slot| slot.iter().any(|byte| *byte != 0xFF)).count()
}

#[test]
fn ten_boots_give_ten_larger_epochs() {
    let mut bench = Bench::set_up();
    let mut epochs = vec![epoch(&bench)];
    for boot in 0..10 {
        match boot % 3 {
            0 => drop(bench.board.console.reboot()),
            1 => bench.board.debug().press_reset(),
            _ => bench.cycle_power(),
        }
        let last = *epochs.last().expect("one at least");
        epochs.push(epoch_after(&mut bench, last));
    }
    assert!(epochs.is_sorted_by(|before, after| before < after), "{epochs:?}");
    assert_eq!(epochs.last().zip(epochs.first()).map(|(last, first)| last - first), Some(10), "{epochs:?}");
}

#[test]
fn power_lost_before_any_word_of_the_epoch_repeats_none() {
    let mut bench = Bench::set_up();
    let mut last = epoch(&bench);
    for words in 1..=RECORD_WORDS {
        let flash = bench.board.flash.bytes();
        lose_power_before_word(&mut bench, words);
        let now = epoch_after(&mut bench, last);
        assert!(now > last, "{now} after {last}, power lost before word {words}");
        // A record of which a word or more was written is torn: its number counts as used, though nobody heard it.
        let skipped = u64::from(words > 1);
        assert_eq!(now - last, 1 + skipped, "{words}: {flash:02x?}, then {:02x?}", bench.board.flash.bytes());
        last = now;
    }
}

#[test]
fn power_lost_in_the_erasing_of_a_page_repeats_none() {
    let mut bench = Bench::set_up();
    let mut last = epoch(&bench);
    for words in [1, 2, PAGE_WORDS / 2, PAGE_WORDS, PAGE_WORDS + 1, PAGE_WORDS + RECORD_WORDS] {
        // Both pages are full, so that the next boot erases one.
        while records(&bench) < RECORDS {
            bench.board.console.reboot();
            last = epoch_after(&mut bench, last);
        }
        let left = lose_power_before_word(&mut bench, words);
        let erased = (words - 1).min(PAGE_WORDS) / RECORD_WORDS;
        let written = usize::from(words > PAGE_WORDS + 1);
        assert_eq!(left, RECORDS - erased + written, "power lost before word {words}");
        let now = epoch_after(&mut bench, last);
        assert!(now > last, "{now} after {last}, power lost before word {words}");
        last = now;
    }
}
