//! Unknown, quarantined, refused, forgotten, renamed, resynchronised and cloned devices.

use std::process::Command;

use crate::device::{Device, SETTING, SOFTWARE};
use crate::link;
use crate::process::{Collector, Desk, PROGRAM, ask, until};

fn with_facts(collector: &Collector, id: &str) -> Device {
    let mut device = collector.device(id);
    (0..20u8).for_each(|n| device.put(SOFTWARE, &[0, n], b"\x031.0"));
    device.sync();
    device
}

fn ops(desk: &Desk, device: &str) -> Vec<String> {
    let lines = desk.lines(&["changes", "--device", device]);
    lines.iter().map(|line| line["op"].as_str().expect("op").to_owned()).collect()
}

#[test]
fn unknown_devices_are_refused_if_so_said() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut known = with_facts(&collector, "known");
    collector.stop();
    let collector = desk.start(&["--unknown", "refuse"]);
    known.link = Box::new(link::tcp(collector.tcp()));
    known.put(SETTING, &[0, 1, b'a'], &[2, 1]);
    known.sync();
    let mut unknown = collector.device("unknown");
    let hello = unknown.hello();
    assert!(unknown.exchange(&hello).is_none());
    assert_eq!(desk.stat("devices"), 1);
    collector.said("is not known");
}

#[test]
fn quarantined_devices_are_listed_and_heard_once_named() {
    let desk = Desk::new();
    let collector = desk.start(&["--unknown", "quarantine"]);
    let mut device = collector.device("new");
    device.put(SOFTWARE, b"\0\x01", b"\x031.0");
    let hello = device.hello();
    assert!(device.exchange(&hello).is_none());
    let listed = desk.lines(&["devices"]);
    assert_eq!((listed[0]["standing"].as_str(), listed[0]["facts"].as_u64()), (Some("quarantined"), Some(0)));
    assert_eq!(desk.ask(&["name", "new", "pump 7"]).code, Some(0));
    device.sync();
    assert_eq!(desk.facts("pump 7"), device.state());
}

#[test]
fn a_live_device_is_forgotten_and_comes_back_exact() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut device = with_facts(&collector, "gw");
    assert_eq!(desk.ask(&["forget", "gw"]).code, Some(0));
    assert_eq!(desk.lines(&["devices"]).len(), 0);
    assert_eq!(desk.ask(&["show", "gw"]).code, Some(3));
    assert_eq!(ops(&desk, "hex:6777").last().map(String::as_str), Some("forgotten"), "its log stays");
    device.put(SOFTWARE, &[0, 3], b"\x032.0");
    device.sync();
    assert_eq!(desk.facts("gw"), device.state());
    assert_eq!(ops(&desk, "gw").iter().filter(|op| *op == "removed").count(), 0, "forgetting is no removal");
}

#[test]
fn a_forgotten_device_keeps_its_replay_floor() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut device = with_facts(&collector, "gw");
    let old = [device.hello(), device.beat()].map(|body| device.packet(&body));
    device.sync();
    assert_eq!(desk.ask(&["forget", "gw"]).code, Some(0));
    for (packet, refused) in old.iter().zip(1..) {
        device.link.send(packet);
        until("the replay", || (desk.stat("not_taken") >= refused).then_some(()));
    }
    assert_eq!(desk.lines(&["devices"]).len(), 0, "a replay brings nothing back");
}

#[test]
fn a_forgotten_device_is_unknown_to_a_collector_that_refuses() {
    let desk = Desk::new();
    let collector = desk.start(&["--unknown", "refuse"]);
    drop(collector);
    let collector = desk.start(&[]);
    let mut device = with_facts(&collector, "gw");
    collector.stop();
    assert_eq!(desk.ask(&["forget", "gw"]).code, Some(0));
    let collector = desk.start(&["--unknown", "refuse"]);
    device.link = Box::new(link::tcp(collector.tcp()));
    let beat = device.beat();
    assert!(device.exchange(&beat).is_none());
}

#[test]
fn resync_is_delivered_while_run_works_and_told_when_done() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut device = with_facts(&collector, "gw");
    assert_eq!(desk.ask(&["resync", "gw"]).code, Some(0));
    until("the request in the log", || ops(&desk, "gw").iter().any(|op| op == "resync_asked").then_some(()));
    device.sync();
    let done: Vec<_> = ops(&desk, "gw").into_iter().filter(|op| op == "resync_done").collect();
    assert!(!done.is_empty());
    let open = rusqlite::Connection::open(&desk.db).and_then(|db| {
        db.query_row("SELECT count(*) FROM requests WHERE done_at_ms IS NULL", [], |row| row.get::<_, i64>(0))
    });
    assert_eq!(open.expect("a count"), 0);
}

#[test]
fn resync_asked_while_stopped_is_delivered_later() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut device = with_facts(&collector, "gw");
    collector.stop();
    assert_eq!(desk.ask(&["resync", "gw"]).code, Some(0));
    let collector = desk.start(&[]);
    device.link = Box::new(link::tcp(collector.tcp()));
    let beat = device.beat();
    let ack = device.exchange(&beat).expect("an answer");
    assert!(ack.flags.has(tidings_wire::message::AckFlags::ASK));
    device.sync();
}

#[test]
fn names_are_given_and_unique() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let _one = with_facts(&collector, "one");
    let _two = with_facts(&collector, "two");
    assert_eq!(desk.ask(&["name", "one", "boiler"]).code, Some(0));
    assert_eq!(desk.ask(&["name", "two", "boiler"]).code, Some(3));
    assert_eq!(desk.ask(&["name", "nobody", "x"]).code, Some(3));
    for bad in ["", "hex:00", "a\x1b[2Jb", " a", &"x".repeat(65)] {
        assert_eq!(desk.ask(&["name", "two", bad]).code, Some(2), "{bad:?}");
    }
    assert_eq!(desk.facts("boiler").len(), 20);
    assert_eq!(desk.facts("hex:6f6e65").len(), 20);
}

#[test]
fn two_devices_with_one_id_are_told_of() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut other = with_facts(&collector, "other");
    let (mut one, mut two) = (collector.device("twin"), collector.device("twin"));
    for _ in 0..2 {
        one.sync();
        two.sync();
    }
    one.sync();
    let told = ops(&desk, "twin");
    assert!(told.iter().any(|op| op == "clone"), "{told:?}");
    other.put(SOFTWARE, &[0, 1], b"\x032.0");
    other.sync();
    assert_eq!(desk.facts("other"), other.state());
}

#[test]
fn a_device_whose_epoch_went_backwards_is_told_and_comes_back() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut device = with_facts(&collector, "gw");
    (0..5).for_each(|_| device.reboot());
    device.sync();
    device.reboot();
    device.epoch = 2;
    device.put(SOFTWARE, &[0, 9], b"\x032.0");
    device.sync();
    assert!(device.epoch > 6);
    assert_eq!(desk.facts("gw"), device.state());
}

#[test]
fn udp_answers_go_to_where_the_packet_came_from() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut device = Device::new(b"gw", link::udp(collector.udp()));
    device.sync();
    let source = |desk: &Desk| desk.lines(&["devices"])[0]["source"].clone();
    let before = source(&desk);
    let beat = device.beat();
    let old = device.packet(&beat);
    device.sync();
    let mut elsewhere = link::udp(collector.udp());
    link::Link::send(&mut elsewhere, &old);
    until("the replay", || (desk.stat("not_taken") > 0).then_some(()));
    assert_eq!(source(&desk), before, "a replay moves nobody");
    device.link = Box::new(elsewhere);
    device.sync();
    assert_ne!(source(&desk), before, "an accepted packet does");
}

#[test]
fn all_that_wait_to_be_named_are_forgotten_at_once() {
    let desk = Desk::new();
    let collector = desk.start(&["--unknown", "quarantine", "--max-devices", "3"]);
    for id in ["one", "two", "three"] {
        let mut device = collector.device(id);
        let hello = device.hello();
        assert!(device.exchange(&hello).is_none());
    }
    assert_eq!(desk.ask(&["name", "two", "pump"]).code, Some(0));
    let answer = desk.ask(&["forget", "--quarantined"]);
    assert_eq!((answer.code, answer.text.split(' ').next()), (Some(0), Some("2")), "{}", answer.errors);
    let mut fourth = collector.device("four");
    let hello = fourth.hello();
    assert!(fourth.exchange(&hello).is_none());
    let names = desk.lines(&["devices"]).iter().map(|line| line["device"].clone()).collect::<Vec<_>>();
    assert_eq!(names, ["four", "pump"], "there is room again");
    assert_eq!(desk.ask(&["forget"]).code, Some(2));
}

#[test]
fn a_forgotten_device_is_told_that_it_is_old_only_a_few_times() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut device = collector.device("gw");
    device.epoch = 5;
    device.sync();
    assert_eq!(desk.ask(&["forget", "gw"]).code, Some(0));
    device.epoch = 4;
    for _ in 0..40 {
        let beat = device.beat();
        let packet = device.packet(&beat);
        device.link.send(&packet);
    }
    until("all of them", || (desk.stat("not_taken") >= 40).then_some(()));
    let answers = std::iter::from_fn(|| device.link.receive(std::time::Duration::from_millis(300))).count();
    assert!((1..=4).contains(&answers), "{answers} answers");
}

#[test]
fn those_that_fell_silent_are_listed() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    for id in ["one", "two"] {
        collector.device(id).sync();
    }
    collector.stop();
    let back = "UPDATE devices SET last_seen_ms = last_seen_ms - 7200000 WHERE name = 'two'";
    rusqlite::Connection::open(&desk.db).and_then(|db| db.execute(back, [])).expect("an older row");
    let silent = |age: &str| -> Vec<_> {
        desk.lines(&["devices", "--silent", age]).iter().map(|line| line["device"].clone()).collect()
    };
    assert_eq!((silent("1h"), silent("3h")), (vec!["two".into()], Vec::new()));
}

#[test]
fn the_environment_may_name_the_database() {
    let desk = Desk::new();
    desk.start(&[]).stop();
    let answer = ask(Command::new(PROGRAM).arg("stats").env("TIDINGS_DB", &desk.db));
    assert_eq!(answer.code, Some(0), "{}", answer.errors);
    assert_eq!(ask(Command::new(PROGRAM).arg("stats").env_remove("TIDINGS_DB")).code, Some(2));
}

#[test]
fn each_command_tells_its_exit_codes() {
    for command in [&["run"][..], &["devices"], &["keys", "revoke"], &["backup"]] {
        let answer = ask(Command::new(PROGRAM).args(command).arg("--help"));
        assert!(answer.text.contains("Exit codes:"), "{command:?}");
    }
}

#[test]
fn the_readme_tells_the_limits_as_they_are() {
    let help = ask(Command::new(PROGRAM).args(["run", "--help"])).text;
    let readme = include_str!("../../README.md");
    for (option, default, told) in [
        ("--max-devices", "10000", "10,000 devices"),
        ("--max-facts", "16384", "16,384 facts a device"),
        ("--max-connections", "1024", "1,024 TCP connections"),
        ("--patience", "60s", "60 s for the first good packet"),
    ] {
        let said = help.split(option).nth(1).and_then(|rest| rest.split("[default: ").nth(1)).expect(option);
        assert!(said.starts_with(&format!("{default}]")), "{option}: {said:.20}");
        assert!(readme.contains(&format!("{told} (`{option}`)")), "{option}");
    }
}
