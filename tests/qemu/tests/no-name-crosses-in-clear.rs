//! What is recorded on a sealed board crosses the cable in neither direction as text: no name, no version, no words of an event.
//!
//! The same search finds every one of them on the cable of a plain board, so it can find them. The id of the device is meant to be in clear, and with it
//! what else bears that name.

use tidings_qemu::{bench::Bench, eventually, traffic::packets};

const LINES: [&str; 6] = [
    "app install pump-control 2.4.1-rc3",
    "user add maintenance service",
    "port open tcp 23 telnetd",
    "cert set tls-server 2027-01-31",
    "set colour aquamarine",
    "event warning cabinet door is open",
];
const RECORDED: [&str; 9] = [
    "pump-control",
    "2.4.1-rc3",
    "maintenance",
    "telnetd",
    "tls-server",
    "colour",
    "aquamarine",
    "cabinet door is open",
    "armv7e-m",
];

/// Those of [`RECORDED`] that can be read in what passed, after all of it was told and after a reboot.
fn readable_on_the_cable_of(mut bench: Bench) -> Vec<&'static str> {
    for line in LINES {
        bench.board.console.order(line);
    }
    bench.expect_same_state();
    eventually("the event", || (!bench.collector.events().is_empty()).then_some(()));
    bench.board.console.reboot();
    bench.expect_same_state();
    let passed = bench.tap.passed();
    let packets: Vec<_> = [passed.up, passed.down].iter().flat_map(|stream| packets(stream)).collect();
    let bytes: usize = packets.iter().map(Vec::len).sum();
    assert!(bytes > RECORDED.concat().len(), "{bytes} bytes are too few to tell all of it");
    let holds =
        |word: &str| packets.iter().any(|packet| packet.windows(word.len()).any(|part| part == word.as_bytes()));
    RECORDED.into_iter().filter(|word| holds(word)).collect()
}

#[test]
fn a_sealed_link_shows_nothing_that_was_recorded() {
    assert_eq!(readable_on_the_cable_of(Bench::set_up()), [""; 0]);
}

#[test]
fn a_plain_link_shows_all_of_it() {
    assert_eq!(readable_on_the_cable_of(Bench::set_up_plain()), RECORDED);
}

#[test]
fn plain_is_warned_of_at_both_ends() {
    let mut bench = Bench::set_up_plain();
    bench.board.console.order("reboot");
    bench.board.console.expect_line("a warning", |line| line.starts_with("warning: built plain"));
    bench.board.console.expect_greeting();
    let words = bench.collector.words();
    assert!(words.contains("reports in plain"), "{words}");
    assert!(!Bench::set_up().collector.words().contains("plain"));
}
