//! A reboot with nothing changed costs one Hello and the health facts: no snapshot, and the collector's state stays byte for byte.

use tidings_qemu::{
    bench::Bench,
    board::DEVICE,
    eventually,
    story::Story,
    traffic::{What, said},
};
use tidings_wire::Kind;

/// A Hello frame with its 10-byte id, its CRC and its framing, with room for longer numbers.
const HELLO_BYTES: usize = 72;
/// Bytes of a small Delta with one health fact, its frame included.
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
        said(&bench.tap.passed().up).iter().any(|message| message.kinds.contains(&Kind::HEALTH)).then_some(())
    });
    assert_eq!(bench.expect_same_state(), before);

    let up = bench.tap.passed().up;
    let said = said(&up);
    assert_eq!(said.iter().filter(|message| message.what == What::Hello).count(), 1, "{said:#?}");
    for message in &said {
        assert!(matches!(message.what, What::Hello | What::Delta | What::Beat), "{said:#?}");
        assert!(message.kinds.iter().all(|kind| kind.is_volatile()), "{said:#?}");
    }
    assert!(up.len() <= HELLO_BYTES + HEALTH_BYTES, "{} bytes: {said:#?}", up.len());
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
fn what_was_typed_just_before_a_reboot_arrives_after_it() {
    let mut bench = Bench::set_up();
    bench.board.console.type_bytes(b"app install nginx 1.2\ruser add eve admin\rreboot\r");
    bench.board.console.expect_greeting();
    let state = bench.expect_same_state();
    assert!(state.iter().any(|fact| fact.contains("6e67696e78")), "{state:#?}");
}
