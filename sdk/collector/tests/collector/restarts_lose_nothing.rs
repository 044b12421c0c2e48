//! Killing the collector at any moment and starting it again loses no final state and no event, and shows none twice.

use std::collections::BTreeSet;
use std::thread;
use std::time::Duration;

use tidings_wire::Severity;

use crate::device::{Device, SOFTWARE};
use crate::link;
use crate::process::{Collector, Desk};

const ROUNDS: u64 = 12;
const CHANGES_A_ROUND: u8 = 25;

fn reconnect(device: &mut Device, collector: &Collector) {
    device.link = Box::new(link::tcp(collector.tcp()));
}

/// Reports until killed: the device keeps what was not acknowledged.
fn report(device: &mut Device, round: u64, events: &mut u32) {
    for n in 0..CHANGES_A_ROUND {
        device.put(SOFTWARE, &[0, n], format!("\x04{round:02}{n:02}").as_bytes());
        *events += 1;
        device.event(Severity::Warning, &format!("event {events}"));
        let body = device.next_body();
        if device.exchange(&body).is_none() {
            return;
        }
    }
}

#[test]
fn sigkill_in_the_middle_of_a_stream() {
    let desk = Desk::new();
    let mut device = Device::new(b"gw", link::nowhere());
    let mut events = 0;
    for round in 0..ROUNDS {
        let mut collector = desk.start(&[]);
        reconnect(&mut device, &collector);
        thread::scope(|scope| {
            scope.spawn(|| report(&mut device, round, &mut events));
            // Any moment will do: each round is another one.
            thread::sleep(Duration::from_millis(3 + round * 7));
            collector.kill();
        });
    }
    let collector = desk.start(&[]);
    reconnect(&mut device, &collector);
    device.sync();
    assert_eq!(desk.facts("gw"), device.state(), "no final state is lost");
    let lines = desk.lines(&["events"]);
    let told: Vec<_> =
        lines.iter().filter(|line| line["type"] == "event").map(|line| line["data"].to_string()).collect();
    let distinct: BTreeSet<_> = told.iter().collect();
    assert_eq!((told.len(), distinct.len()), (events as usize, events as usize), "each event once");
    each_line_follows_from_the_one_before(&desk);
}

/// The log replayed gives the state: nothing shown twice, nothing left out.
fn each_line_follows_from_the_one_before(desk: &Desk) {
    let mut held = std::collections::BTreeMap::new();
    for line in desk.lines(&["changes"]).iter().filter(|line| line["type"] == "change") {
        let before = held.insert(line["key"].to_string(), line["value"].clone());
        assert_eq!(line["old"], before.unwrap_or_default(), "{line}");
    }
    assert_eq!(held.len(), desk.facts("gw").len());
}

#[test]
fn sigint_and_sigterm_end_cleanly() {
    for signal in ["INT", "TERM"] {
        let desk = Desk::new();
        let mut collector = desk.start(&[]);
        let mut device = collector.device("gw");
        device.put(SOFTWARE, b"\0\x01", b"\x031.0");
        device.sync();
        collector.signal(signal);
        assert_eq!(collector.end().code(), Some(0), "{}", collector.errors());
        assert!(!desk.path("tidings.db-wal").exists(), "the log was moved into the file");
        assert_eq!(desk.facts("gw"), device.state());
    }
}

#[test]
fn an_unplugged_link_counts_what_was_coalesced() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut device = collector.device("gw");
    device.sync();
    device.put(SOFTWARE, b"\0\x01", b"\x030.0");
    device.sync();
    for n in 1..=5u8 {
        device.put(SOFTWARE, b"\0\x01", &[3, b'0' + n, b'.', b'0']);
    }
    device.sync();
    let lines = desk.lines(&["changes"]);
    let last = lines.last().expect("a line");
    assert_eq!((last["op"].as_str(), last["times"].as_u64()), (Some("changed"), Some(5)), "{last}");
}
