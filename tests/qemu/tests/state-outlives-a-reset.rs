//! Retained RAM on the mps2-an386: a reset keeps the state byte for byte, damage to it makes a clean start, never a wrong one.

use tidings_qemu::{
    board::{Board, OWN_FACTS},
    firmware,
};

fn board_with_some_state() -> (Board, Vec<String>) {
    let mut board = Board::power_on(firmware::mps2_an386());
    for line in ["app install nginx 1.2", "user add eve admin", "port open tcp 23 telnetd", "set colour blue"] {
        board.console.order(line);
    }
    let state = board.console.state();
    assert_eq!(state.len(), OWN_FACTS + 4);
    (board, state)
}

#[test]
fn reboot_keeps_every_fact_and_says_why_it_started() {
    let (mut board, state) = board_with_some_state();
    for _ in 0..3 {
        assert_eq!(board.console.reboot(), "ready: commanded reset, 7 facts, type help");
        assert_eq!(board.console.state(), state);
    }
}

#[test]
fn a_reset_that_nobody_asked_for_keeps_the_state_too() {
    let (mut board, state) = board_with_some_state();
    board.debug().press_reset();
    assert_eq!(board.console.expect_greeting(), "ready: unknown reset, 7 facts, type help");
    assert_eq!(board.console.state(), state);
}

#[test]
fn one_damaged_byte_makes_a_clean_start_that_works() {
    let (mut board, _) = board_with_some_state();
    let at = firmware::address_of(firmware::mps2_an386(), "RETAINED_IMAGE") + 100;
    let mut debugger = board.debug();
    let byte = debugger.peek(at);
    debugger.poke(at, byte ^ 0x10);
    drop(debugger);
    assert_eq!(board.console.reboot(), "ready: power-on reset, 3 facts, type help");
    assert_eq!(board.console.state().len(), OWN_FACTS);
    board.console.order("set colour red");
    assert_eq!(board.console.reboot(), "ready: commanded reset, 4 facts, type help");
}

#[test]
fn a_crash_resets_says_where_and_keeps_the_state() {
    // An address in the peripheral region, where nothing may be executed.
    const NO_CODE: u32 = 0xE000_0000;
    let (mut board, state) = board_with_some_state();
    board.debug().jump_to(NO_CODE);
    let crash = board.console.expect_line("a crash", |line| line.starts_with("crash:"));
    assert!(crash.starts_with("crash: processor fault at 0xe0000000"), "{crash}");
    assert_eq!(board.console.expect_greeting(), "ready: crash reset, 7 facts, type help");
    assert_eq!(board.console.state(), state);
}
