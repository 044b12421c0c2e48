//! The console of the mps2-an386: every line gets one clear answer, and a bad one changes nothing.

use tidings_qemu::{
    board::{Board, OWN_FACTS},
    eventually, firmware,
};

#[test]
fn good_commands_are_echoed_carried_out_and_shown_by_state() {
    let mut board = Board::power_on(firmware::mps2_an386());
    board.console.type_bytes(b"app install nginx 1.2\r");
    board.console.expect_line("the echo", |line| line == "> app install nginx 1.2");
    board.console.expect_line("the answer", |line| line == "ok added");
    assert_eq!(board.console.ask("app install nginx 1.3"), "ok changed");
    assert_eq!(board.console.ask("app install nginx 1.3"), "ok unchanged");
    assert_eq!(board.console.state().len(), OWN_FACTS + 1);
    assert_eq!(board.console.ask("app remove nginx"), "ok removed");
    assert_eq!(board.console.state().len(), OWN_FACTS);
}

#[test]
fn bad_lines_are_refused_whole() {
    let mut board = Board::power_on(firmware::mps2_an386());
    board.console.order("set colour blue");
    let before = board.console.state();
    let long = format!("set colour {}", "x".repeat(200));
    for (line, answer) in [
        ("frobnicate", "error: unknown command \"frobnicate\", see help"),
        ("set colour", "error: usage: set KEY VALUE"),
        ("port open tcp 70000 x", "error: \"70000\" is not a port from 1 to 65535"),
        ("app remove nothing", "error: no such thing here, see state"),
        ("set colour \x1b[31mred", "error: control character U+001B refused, nothing done"),
        ("set colour re\td", "error: control character U+0009 refused, nothing done"),
        (long.as_str(), "error: line longer than 120 bytes, nothing done"),
    ] {
        assert_eq!(board.console.ask(line), answer, "{line:?}");
    }
    board.console.type_bytes(b"set colour \xff\r");
    board.console.expect_line("a refusal", |line| line == "error: line is not UTF-8, nothing done");
    assert_eq!(board.console.state(), before);
}

#[test]
fn a_long_paste_loses_no_line() {
    let mut board = Board::power_on(firmware::mps2_an386());
    let lines: String = (0..90).map(|n| format!("set a-rather-long-setting-name-{n} some-value-{n}\r")).collect();
    board.console.type_bytes(lines.as_bytes());
    for _ in 0..90 {
        board.console.expect_line("an answer", |line| line == "ok added");
    }
    assert_eq!(board.console.state().len(), OWN_FACTS + 90);
}

#[test]
fn no_line_is_lost_while_nobody_reads_the_answers() {
    // More than the firmware's receive buffer, so that the sender has to wait.
    const TIMES: usize = 600;
    const UART1_CTRL: u64 = 0x4000_5008;
    const RX_INTERRUPT: u8 = 1 << 3;
    let mut board = Board::power_on(firmware::mps2_an386());
    board.console.type_bytes("state\r".repeat(TIMES).as_bytes());
    eventually("the receive buffer to be full", || (board.debug().peek(UART1_CTRL) & RX_INTERRUPT == 0).then_some(()));
    for _ in 0..TIMES {
        board.console.expect_line("the end of a list", |line| line == format!("end {OWN_FACTS}"));
    }
    board.console.order("set last word");
}

#[test]
fn a_full_state_says_so_and_still_takes_changes() {
    let mut board = Board::power_on(firmware::mps2_an386());
    let refusal =
        (0..).map(|n| board.console.ask(&format!("set key{n} a"))).take(200).find(|answer| answer != "ok added");
    assert_eq!(refusal.as_deref(), Some("error: the state is full (96 facts), remove one first"));
    let full = board.console.state();
    assert_eq!(full.len(), 96);
    assert_eq!(board.console.ask("set key0 b"), "ok changed");
    assert_ne!(board.console.state(), full);
}
