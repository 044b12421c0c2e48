//! A reboot with nothing changed costs one Hello and the health facts: no snapshot, and the collector's state stays byte for byte.

use tidings_qemu::{
    bench::Bench,
    board::{DEVICE, OWN_FACTS},
    eventually,
    story::Story,
    traffic::What,
};
use tidings_wire::Kind;

/// Bytes of a Hello frame, at most: 48 and a 10-byte id, its length and the framing.
const HELLO_BYTES: usize = 48 + 11 + 3;
/// Bytes of a Delta frame with one health fact, at most.
const HEALTH_BYTES: usize = 64;

#[test]
fn sixty_four_facts_survive_and_only_hello_and_health_travel() {
    let mut bench = Bench::set_up();
    for line in Story::random().facts(66) {
        bench.board.console.order(&line);
    }
    bench.board.console.order("health temperature 21");
    let before = bench.expect_same_state();
    assert!(before.len() >= 64, "{before:#?}");
    let log_end = bench.collector.log_end();

    bench.tap.forget();
    bench.board.console.reboot();
    eventually("the health fact after the reboot", || {
        bench.said(&bench.tap.passed().up).iter().any(|message| message.kinds.contains(&Kind::HEALTH)).then_some(())
    });
    assert_eq!(bench.expect_same_state(), before);

    let passed = bench.tap.passed();
    let (greeting, rest) = passed.up.split_at(passed.up_before_answer.expect("the collector answered"));
    // A busy machine may answer so late that the board repeats itself; what it says is the same then.
    let (greeting_said, rest_said) = (bench.said(greeting), bench.said(rest));
    assert!(greeting_said.iter().all(|message| message.what == What::Hello), "{greeting_said:#?}");
    assert!(greeting.len() <= greeting_said.len() * HELLO_BYTES, "{} bytes: {greeting_said:#?}", greeting.len());
    for message in &rest_said {
        assert!(matches!(message.what, What::Delta | What::Beat), "{rest_said:#?}");
        assert!(message.kinds.iter().all(|kind| kind.is_volatile()), "{rest_said:#?}");
    }
    assert!(rest.len() <= rest_said.len() * HEALTH_BYTES, "{} bytes: {rest_said:#?}", rest.len());
    let changes = bench.collector.changes(log_end);
    let loud: Vec<_> = changes.iter().filter(|line| line["type"] == "change" && line["kind"] != "health").collect();
    assert!(loud.is_empty(), "{loud:#?}");
}

#[test]
fn the_collector_learns_why_and_how_often_the_board_was_reset() {
    let mut bench = Bench::set_up();
    let row =
        |bench: &Bench| bench.collector.device(DEVICE).map(|row| (row["boot_reason"].clone(), row["resets"].clone()));
    let first = row(&bench);
    bench.board.console.reboot();
    bench.board.console.reboot();
    let second = eventually("a row with two resets", || row(&bench).filter(|(_, resets)| *resets == 2));
    assert_ne!(Some(second), first);
}

#[test]
fn what_was_typed_with_nobody_listening_arrives_after_a_reboot() {
    let mut bench = Bench::set_up();
    bench.tap.unplug();
    bench.board.console.order("app install nginx 1.2");
    bench.board.console.order("user add eve admin");
    bench.board.console.reboot();
    bench.tap.plug_in();
    let state = bench.expect_same_state();
    assert_eq!(state.len(), OWN_FACTS + 2, "{state:#?}");
}

#[test]
fn an_event_typed_just_before_a_reboot_arrives() {
    let mut bench = Bench::set_up();
    bench.board.console.type_bytes(b"event critical door gone\rreboot\r");
    bench.board.console.expect_greeting();
    let events = eventually("the event", || Some(bench.collector.events()).filter(|lines| !lines.is_empty()));
    assert!(events.iter().any(|line| line["op"] == "critical"), "{events:#?}");
}

#[test]
fn a_crash_arrives_as_an_event_that_says_where() {
    // Nothing may be executed in the peripheral region.
    const NO_CODE: u32 = 0xE000_0000;
    let mut bench = Bench::set_up();
    bench.board.debug().jump_to(NO_CODE);
    bench.board.console.expect_line("a crash", |line| line.starts_with("crash:"));
    bench.board.console.expect_greeting();
    let crash = eventually("the event", || bench.collector.events().into_iter().find(|line| line["kind"] == "crash"));
    assert_eq!(crash["op"], "critical", "{crash}");
    assert_eq!(crash["data"]["pc"], format!("{NO_CODE:#010x}"), "{crash}");
}
