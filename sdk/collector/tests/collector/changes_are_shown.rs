//! What a device reports is in the database, in the log, and on the collector's output, and the device's own state is what `show` shows.

use serde_json::json;
use tidings_wire::Kind;
use tidings_wire::Severity;

use crate::device::{SETTING, SOFTWARE};
use crate::process::{Collector, Desk, until};

#[test]
fn each_change_is_one_line_everywhere() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut device = collector.device("dev-1");
    device.put(SOFTWARE, b"\0\x01", b"\x031.0");
    device.sync();
    device.put(SOFTWARE, b"\0\x01", b"\x032.0");
    device.sync();
    device.remove(SOFTWARE, b"\0\x01");
    device.event(Severity::Warning, "hot");
    device.sync();
    let lines = desk.lines(&["changes", "--device", "dev-1"]);
    let ops: Vec<_> = lines.iter().filter(|line| line["type"] == "change").map(|line| line["op"].clone()).collect();
    assert_eq!(ops, ["added", "changed", "removed"]);
    let events = desk.lines(&["events"]);
    assert_eq!(events.iter().filter(|line| line["type"] == "event" && line["op"] == "warning").count(), 1);
    let log = lines.len() + events.iter().filter(|line| line["type"] == "event").count();
    until("the last line", || (collector.printed().len() == log).then_some(()));
}

#[test]
fn a_quiet_collector_prints_nothing_and_logs_everything() {
    let desk = Desk::new();
    let collector = Collector::start(&desk, &["--listen-tcp", "0", "--quiet"]);
    let mut device = collector.device("dev-1");
    device.put(SOFTWARE, b"\0\x01", b"\x031.0");
    device.sync();
    assert_eq!(desk.lines(&["changes"]).iter().filter(|line| line["type"] == "change").count(), 1);
    assert_eq!(collector.output(), "");
}

#[test]
fn json_lines_have_the_logs_fields() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut device = collector.device("dev-1");
    device.sync();
    device.put(Kind(20), b"\xab", b"\xcd\xef");
    device.sync();
    let lines = desk.lines(&["changes"]);
    let line = lines.iter().find(|line| line["type"] == "change").expect("a change");
    assert_eq!((&line["v"], &line["device"], &line["id"]), (&json!(1), &json!("dev-1"), &json!("hex:6465762d31")));
    assert_eq!(
        (&line["kind"], &line["op"], &line["cause"], &line["times"]),
        (&json!(20), &json!("added"), &json!("delta"), &json!(1))
    );
    assert_eq!(
        (&line["key"], &line["value"], &line["old"]),
        (&json!({"hex": "ab"}), &json!({"hex": "cdef"}), &json!(null)),
        "unknown kinds as hex"
    );
    assert!(line["n"].is_u64() && line["at_ms"].is_u64() && line["changed_at_ms"].is_u64() && line["tenant"] == "");
}

#[test]
fn show_equals_the_devices_own_state() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut device = collector.device("dev-1");
    for n in 0u16..500 {
        device.put(
            SOFTWARE,
            &[&[2, 6], format!("pk{n:04}").as_bytes(), &[3], b"all"].concat(),
            format!("\x041.{:02}", n % 100).as_bytes(),
        );
        device.put(SETTING, &[0, 3, (n >> 8) as u8 + 1, n as u8, 7], &[3, n as u8 & 0x7F]);
    }
    device.sync();
    assert_eq!(desk.facts("dev-1"), device.state());
    assert_eq!(desk.facts("hex:6465762d31").len(), 1_000);
}
