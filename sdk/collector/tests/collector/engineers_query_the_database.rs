//! What an engineer finds in SQLite: a view a kind, raw bytes beside decoded JSON, a log that cannot be rewritten, and a file that is private.

use std::os::unix::fs::PermissionsExt;

use rusqlite::Connection;
use tidings_wire::facts::{Fact, Health, Interface, Listener, Metric, Part, Protocol, Scalar, Setting, Software, Unit};
use tidings_wire::fields::Encoder;

use crate::device::Device;
use crate::process::Desk;

fn put(device: &mut Device, fact: &dyn Fact) {
    let written = |part: Part| {
        let mut buffer = [0; 600];
        let mut out = Encoder::into(&mut buffer);
        let kind = fact.encode(part, &mut out);
        let len = out.finish().len;
        (kind, buffer[..len].to_vec())
    };
    let ((kind, key), (_, value)) = (written(Part::Key), written(Part::Value));
    device.put(kind, &key, &value);
}

#[test]
fn each_kind_has_a_view() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut device = collector.device("gw");
    device.sync();
    put(&mut device, &Software::component("app").version("1.2.3").active());
    put(&mut device, &Listener::port(Protocol::TCP, 23).owner("telnetd"));
    put(&mut device, &Setting::named("mode", Scalar::Text("eco")));
    put(&mut device, &Health::metric(Metric::TEMPERATURE).value(415).exponent(-1).unit(Unit::CELSIUS));
    put(&mut device, &Interface::named("eth0"));
    device.sync();
    let db = Connection::open(&desk.db).expect("a database");
    let text = |sql: &str| db.query_row(sql, [], |row| row.get::<_, String>(0)).expect(sql);
    assert_eq!(text("SELECT device || ' ' || software || ' ' || version FROM v_software"), "gw app 1.2.3");
    assert_eq!(text("SELECT protocol || ' ' || port || ' ' || owner FROM v_listeners"), "tcp 23 telnetd");
    assert_eq!(text("SELECT setting || ' ' || value FROM v_settings"), "mode eco");
    assert_eq!(
        text("SELECT metric || ' ' || value || ' ' || exponent || ' ' || unit FROM v_health"),
        "temperature 415 -1 Cel"
    );
    assert_eq!(text("SELECT interface FROM v_interfaces"), "eth0");
    assert_eq!(text("SELECT device || ' ' || epoch FROM v_devices"), "gw 1");
    let views = ["accounts", "neighbours", "certificates", "identity", "updates", "agent", "facts"];
    for view in views {
        db.query_row(&format!("SELECT count(*), max(changed_at) FROM v_{view}"), [], |row| row.get::<_, i64>(0))
            .expect(view);
    }
}

#[test]
fn the_log_cannot_be_rewritten() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    collector.device("gw").sync();
    let db = Connection::open(&desk.db).expect("a database");
    for sql in ["UPDATE log SET op = 'x'", "DELETE FROM log"] {
        let error = db.execute(sql, []).expect_err(sql).to_string();
        assert!(error.contains("append-only"), "{error}");
    }
}

#[test]
fn prune_lets_old_lines_go_and_keeps_numbers() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut device = collector.device("gw");
    device.sync();
    let before = desk.stat("log_lines");
    assert!(desk.ask(&["prune", "--keep", "1d"]).text.starts_with("0 lines"));
    assert_eq!(desk.ask(&["prune", "--keep", "0s"]).code, Some(0));
    assert_eq!(desk.stat("log_lines"), 0);
    device.put(crate::device::SOFTWARE, b"\0\x01", b"\x031.0");
    device.sync();
    assert!(desk.lines(&["changes"])[0]["n"].as_u64().expect("n") > before, "numbers are never used twice");
}

#[test]
fn files_are_their_owners_alone() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    collector.device("gw").sync();
    assert_eq!(desk.ask(&["backup", desk.path("copy.db").to_str().expect("UTF-8")]).code, Some(0));
    for name in ["tidings.db", "tidings.db-wal", "tidings.db-shm", "copy.db"] {
        let mode = std::fs::metadata(desk.path(name)).expect(name).permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[test]
fn a_backup_is_a_whole_database_of_one_moment() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut device = collector.device("gw");
    for n in 0..200u8 {
        device.put(crate::device::SOFTWARE, &[0, n], b"\x031.0");
    }
    device.sync();
    let copy = Desk::new();
    let target = copy.db.to_str().expect("UTF-8");
    assert_eq!(desk.ask(&["backup", target]).code, Some(0));
    device.put(crate::device::SOFTWARE, &[0, 0], b"\x032.0");
    device.sync();
    assert_eq!(copy.facts("gw").len(), 200);
    assert_ne!(copy.facts("gw"), desk.facts("gw"));
    assert_eq!(desk.ask(&["backup", target]).code, Some(12), "nothing is overwritten");
}
