//! A database of schema 1, as stored text, is brought forward with everything in it; each step of the way is all or nothing.

use rusqlite::Connection;

use crate::device::SOFTWARE;
use crate::process::Desk;

const SCHEMA_1: &str = include_str!("../fixtures/schema-1.sql");

fn desk_of_schema_1() -> Desk {
    let desk = Desk::new();
    Connection::open(&desk.db).and_then(|db| db.execute_batch(SCHEMA_1)).expect("the fixture");
    desk
}

fn number(desk: &Desk, sql: &str) -> i64 {
    Connection::open(&desk.db).and_then(|db| db.query_row(sql, [], |row| row.get(0))).expect(sql)
}

#[test]
fn run_brings_it_forward_and_keeps_everything() {
    let desk = desk_of_schema_1();
    let collector = desk.start(&[]);
    collector.said("listening on tcp");
    assert_eq!(number(&desk, "SELECT schema_version FROM meta"), i64::from(tidings_collector::store::SCHEMA_VERSION));
    assert_eq!(number(&desk, "SELECT instance FROM meta"), 305_419_896);
    assert_eq!(desk.facts("boiler").len(), 2);
    assert_eq!(desk.lines(&["changes"]).len(), 2);
    assert_eq!(number(&desk, "SELECT count(*) FROM v_software WHERE software = 'curl' AND version = '8.0'"), 1);
}

#[test]
fn a_device_goes_on_where_it_was() {
    let desk = desk_of_schema_1();
    let collector = desk.start(&[]);
    let mut device = collector.device("dev1");
    device.epoch = 4;
    device.put(SOFTWARE, b"\x02\x04curl\x05amd64", b"\x038.0");
    device.put(tidings_wire::Kind(20), b"\xab", b"\xcd");
    device.sync();
    assert!(desk.lines(&["changes", "--after", "2"]).iter().all(|line| line["type"] == "notice"), "nothing changed");
}

#[test]
fn old_lines_are_found_by_their_time() {
    let desk = desk_of_schema_1();
    assert_eq!(desk.ask(&["name", "boiler", "heater"]).code, Some(0));
    let since = |moment| desk.lines(&["changes", "--since", moment]).len();
    assert_eq!(
        (since("2023-11-14T22:13:20Z"), since("2023-11-14T22:13:21Z"), since("2023-11-14T22:14:21Z")),
        (2, 1, 0)
    );
    assert!(desk.ask(&["prune", "--keep", "1d"]).text.starts_with("2 lines"));
}

#[test]
fn commands_that_write_bring_it_forward_too() {
    let desk = desk_of_schema_1();
    assert_eq!(desk.ask(&["show", "boiler"]).code, Some(8), "a reader does not");
    assert_eq!(desk.ask(&["name", "boiler", "heater"]).code, Some(0));
    assert_eq!(desk.facts("heater").len(), 2);
}

#[test]
fn a_step_that_fails_changes_nothing() {
    let desk = desk_of_schema_1();
    // A table that the second step wants to make stands in its way.
    Connection::open(&desk.db).and_then(|db| db.execute_batch("CREATE TABLE counters(x)")).expect("a table");
    assert_ne!(desk.ask(&["name", "boiler", "heater"]).code, Some(0));
    assert_eq!(number(&desk, "SELECT schema_version FROM meta"), 1);
    assert_eq!(number(&desk, "SELECT count(*) FROM sqlite_schema WHERE name = 'requests'"), 0);
}
