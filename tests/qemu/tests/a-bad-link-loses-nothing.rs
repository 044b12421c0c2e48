//! Noise on the wire, a cable that was pulled, a collector that was killed: the state heals to the byte, and each event arrives once.

use serde_json::Value;
use tidings_qemu::{bench::Bench, board::OWN_FACTS, eventually, story::Story};

/// Kind 8, item 8; the value is the other collector's instance.
const FOREIGN_COLLECTOR_SEEN: &str = "8 08 ";

/// The facts of the device, and those that its agent tells of itself.
fn parted(state: &[String]) -> (Vec<&str>, Vec<&str>) {
    state.iter().map(String::as_str).partition(|fact| !fact.starts_with("8 "))
}

fn event_texts(bench: &Bench) -> Vec<String> {
    let events = bench.collector.events();
    let text = |line: &Value| line["data"].to_string();
    let mut texts: Vec<_> = events.iter().filter(|line| line["type"] == "event").map(text).collect();
    texts.sort();
    texts
}

fn expect_events(bench: &Bench, count: usize) {
    eventually("every event", || (event_texts(bench).len() >= count).then_some(()));
    let texts = event_texts(bench);
    let mut distinct = texts.clone();
    distinct.dedup();
    assert_eq!((texts.len(), distinct.len()), (count, count), "{texts:#?}");
}

#[test]
fn noise_in_both_directions_harms_nothing() {
    let mut bench = Bench::set_up();
    let mut story = Story::random();
    for (n, line) in story.facts(24).iter().enumerate() {
        bench.tap.make_noise(&story.noise(1 + n * 40));
        bench.board.console.order(line);
        bench.board.console.order(&format!("event info number {n}"));
        bench.tap.make_noise(&[0, 0xFF, 0]);
    }
    bench.expect_same_state();
    expect_events(&bench, 24);
    assert_eq!(bench.collector.devices().len(), 1);
}

#[test]
fn bytes_that_vanish_are_sent_again() {
    let mut bench = Bench::set_up();
    // More than one packet, so that some get through whole.
    bench.tap.lose_some_in(600);
    for (n, line) in Story::random().facts(24).iter().enumerate() {
        bench.board.console.order(line);
        bench.board.console.order(&format!("event info number {n}"));
    }
    bench.expect_same_state();
    expect_events(&bench, 24);
    assert!(bench.tap.passed().lost > 0);
}

#[test]
fn a_pulled_cable_loses_neither_state_nor_events() {
    let mut bench = Bench::set_up();
    bench.board.console.order("app install old 1");
    bench.expect_same_state();
    bench.tap.unplug();
    for line in Story::random().facts(30) {
        bench.board.console.order(&line);
    }
    bench.board.console.order("app remove old");
    for n in 0..8 {
        bench.board.console.order(&format!("event warning number {n}"));
    }
    eventually("the board to talk into the void", || (bench.tap.passed().lost > 0).then_some(()));
    bench.tap.plug_in();
    let state = bench.expect_same_state();
    assert!(!state.iter().any(|fact| fact.starts_with("1 01036f6c64 ")), "{state:#?}");
    expect_events(&bench, 8);
}

#[test]
fn a_clogged_link_keeps_nobody_from_the_console() {
    const UART0_STATE: u64 = 0x4000_4004;
    const TX_FULL: u8 = 1 << 0;
    let mut bench = Bench::set_up();
    bench.tap.clog();
    for line in Story::random().facts(30) {
        bench.board.console.order(&line);
    }
    eventually("the link to be full", || (bench.board.debug().peek(UART0_STATE) & TX_FULL != 0).then_some(()));
    bench.board.console.order("set still here");
    bench.tap.unclog();
    bench.expect_same_state();
}

#[test]
fn a_killed_collector_goes_on_where_it_was() {
    let mut bench = Bench::set_up();
    for (n, line) in Story::random().facts(12).iter().enumerate() {
        bench.board.console.order(line);
        bench.board.console.order(&format!("event notice number {n}"));
        if n % 4 == 3 {
            bench.collector.kill();
            bench.board.console.order(&format!("set killed{n} true"));
            bench.collector.start_again();
        }
    }
    bench.expect_same_state();
    expect_events(&bench, 12);
}

#[test]
fn a_collector_that_lost_its_database_is_told_everything_again() {
    let mut bench = Bench::set_up();
    for line in Story::random().facts(30) {
        bench.board.console.order(&line);
    }
    bench.expect_same_state();
    bench.collector.kill();
    bench.collector.lose_database();
    bench.collector.start_again();
    // Whatever the board says next: the collector has never heard of it.
    bench.board.console.order("set colour blue");
    let state = bench.expect_same_state();
    let (of_the_device, of_the_agent) = parted(&state);
    assert_eq!(of_the_device.len(), OWN_FACTS + 31);
    assert!(of_the_agent.iter().any(|fact| fact.starts_with(FOREIGN_COLLECTOR_SEEN)), "{of_the_agent:?}");
}

#[test]
fn a_board_that_lost_power_comes_back_with_what_it_is_now() {
    let mut bench = Bench::set_up();
    for line in Story::random().facts(12) {
        bench.board.console.order(&line);
    }
    bench.expect_same_state();
    bench.cycle_power();
    let state = bench.expect_same_state();
    // Its RAM is blank again. Its epoch is not, so the agent has nothing to tell of a rollback.
    let (of_the_device, of_the_agent) = parted(&state);
    assert_eq!((of_the_device.len(), of_the_agent), (OWN_FACTS, vec![]));
    bench.change("set colour blue");
}
