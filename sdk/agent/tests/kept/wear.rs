//! What kept events cost the flash: the table of `DESIGN.md`, measured.

use super::flash::{Flash, Order};
use tidings::{EventStore, FlashEvents, Severity};

/// A failed login: 4 bytes of actor, 8 of data, beside the 21 of every record.
const RECORD: [u8; 33] = [7; 33];
const EVENTS: usize = 20_000;
const PAGES: usize = 2;
/// What data sheets promise of a page.
const CYCLES: usize = 10_000;

/// Events one by one, each taken by the host before the next.
fn row<const WORD: usize, const PAGE: usize>() -> String {
    let mut flash = Flash::<WORD, PAGE>::new(PAGES, Order::Up);
    let range = flash.range();
    let mut store = FlashEvents::new(&mut flash, range, Severity::Info).expect("whole pages");
    for _ in 0..EVENTS {
        assert_eq!(store.append(&RECORD), Ok(()));
        assert_eq!(store.review(&mut |_| true), Ok(()));
    }
    let wear = flash.wear;
    let (writes, words) = (wear.writes as f64 / EVENTS as f64, wear.words as f64 / EVENTS as f64);
    let an_erase = EVENTS as f64 / wear.erases as f64;
    let life = an_erase * (PAGES * CYCLES) as f64 / 1e6;
    format!("| {PAGE} | {WORD} | {writes:.1} | {words:.1} | {an_erase:.1} | {life:.2} million |")
}

#[test]
fn the_table_of_the_design_says_what_was_measured() {
    let rows =
        [row::<4, 256>(), row::<4, 1024>(), row::<4, 4096>(), row::<8, 2048>(), row::<1, 4096>(), row::<16, 4096>()];
    let design = include_str!("../../DESIGN.md");
    for row in &rows {
        assert!(design.contains(row), "DESIGN.md should say:\n{}", rows.join("\n"));
    }
}
