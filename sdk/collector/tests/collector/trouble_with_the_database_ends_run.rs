//! A database that cannot be used ends `run` with a message and an exit code of its own; nothing is answered that is not stored.

use std::fs::{self, File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::Duration;

use rusqlite::Connection;

use crate::device::{Device, SOFTWARE};
use crate::process::{Answer, Collector, Desk, PROGRAM, ask};

/// A start that must fail: its exit code and message.
fn refusal(desk: &Desk) -> (Option<i32>, String) {
    let answer = desk.ask(&["run", "--listen-tcp", "0"]);
    (answer.code, answer.errors)
}

/// The end of a collector that met trouble.
fn end(collector: &mut Collector) -> (Option<i32>, String) {
    let status = collector.end();
    (status.code(), collector.errors())
}

fn filled() -> Desk {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut device = collector.device("gw");
    (0..100u8).for_each(|n| device.put(SOFTWARE, &[0, n], &[9; 300]));
    device.sync();
    collector.stop();
    desk
}

/// Sends changes until the collector stops answering.
fn send_until_silent(device: &mut Device) {
    for n in 0..=u16::MAX {
        device.put(SOFTWARE, &n.to_be_bytes(), &[7; 400]);
        let body = device.next_body();
        if device.exchange(&body).is_none() {
            return;
        }
    }
    panic!("it still answers");
}

#[test]
fn another_run() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    collector.tcp();
    let (code, errors) = refusal(&desk);
    assert_eq!(code, Some(5), "{errors}");
    assert!(errors.contains("another `run`"), "{errors}");
}

#[test]
fn locked_at_the_start() {
    let desk = filled();
    let db = Connection::open(&desk.db).expect("a database");
    db.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    let mut collector = desk.start(&[]);
    collector.tcp();
    assert_eq!(end(&mut collector).0, Some(5), "the first tick wants to write");
    assert!(collector.errors().contains("locked"), "{}", collector.errors());
}

#[test]
fn locked_for_a_while_is_no_trouble() {
    let desk = filled();
    let collector = desk.start(&[]);
    let mut device = collector.device("gw");
    device.sync();
    let db = Connection::open(&desk.db).expect("a database");
    db.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    device.put(SOFTWARE, &[0, 1], b"\x032.0");
    let body = device.next_body();
    let packet = device.packet(&body);
    device.link.send(&packet);
    assert!(device.link.receive(Duration::from_millis(300)).is_none(), "no answer before the commit");
    db.execute_batch("ROLLBACK").expect("unlocked");
    device.sync();
    assert_eq!(desk.facts("gw"), device.state());
}

#[test]
fn of_a_newer_version() {
    let desk = filled();
    Connection::open(&desk.db).and_then(|db| db.execute("UPDATE meta SET schema_version = 99", [])).expect("newer");
    let before = fs::read(&desk.db).expect("bytes");
    let (code, errors) = refusal(&desk);
    assert_eq!(code, Some(8), "{errors}");
    assert!(errors.contains("schema 99"), "{errors}");
    assert_eq!(desk.ask(&["devices"]).code, Some(8));
    assert!(fs::read(&desk.db).expect("bytes") == before, "untouched");
}

#[test]
fn brought_forward_by_a_newer_program_meanwhile() {
    let desk = filled();
    let mut collector = desk.start(&[]);
    let mut device = collector.device("gw");
    device.sync();
    Connection::open(&desk.db).and_then(|db| db.execute("UPDATE meta SET schema_version = 99", [])).expect("newer");
    assert_eq!(end(&mut collector).0, Some(8), "{}", collector.errors());
}

#[test]
fn damaged_or_foreign() {
    let desk = Desk::new();
    fs::write(&desk.db, [0x5A; 8192]).expect("garbage");
    assert_eq!(refusal(&desk).0, Some(9));
    let other = Desk::new();
    Connection::open(&other.db).and_then(|db| db.execute_batch("CREATE TABLE recipes(cake)")).expect("a database");
    let (code, errors) = refusal(&other);
    assert_eq!(code, Some(9));
    assert!(errors.contains("another program"), "{errors}");
}

#[test]
fn a_row_that_makes_no_sense() {
    let desk = filled();
    let spoil = "UPDATE devices SET state = 'nonsense'";
    Connection::open(&desk.db).and_then(|db| db.execute(spoil, [])).expect("spoiled");
    assert_eq!(desk.ask(&["devices"]).code, Some(9));
    let mut collector = desk.start(&[]);
    let mut device = collector.device("gw");
    let hello = device.hello();
    assert!(device.exchange(&hello).is_none());
    assert_eq!(end(&mut collector).0, Some(9), "{}", collector.errors());
}

#[test]
fn damaged_underneath() {
    let desk = filled();
    let mut file = OpenOptions::new().write(true).open(&desk.db).expect("a file");
    let len = file.metadata().expect("size").len();
    file.seek(SeekFrom::Start(4096)).expect("seek");
    file.write_all(&vec![0xA5; len as usize - 4096]).expect("damage");
    let mut collector = desk.start(&[]);
    let (code, errors) = end(&mut collector);
    assert_eq!(code, Some(9), "{errors}");
    assert!(errors.contains("damaged"), "{errors}");
}

#[test]
fn deleted_or_replaced_underneath() {
    for replace in [false, true] {
        let desk = filled();
        let mut collector = desk.start(&[]);
        let mut device = collector.device("gw");
        device.sync();
        fs::remove_file(&desk.db).expect("deleted");
        if replace {
            File::create(&desk.db).expect("another file");
        }
        let (code, errors) = end(&mut collector);
        assert_eq!(code, Some(4), "{errors}");
        assert!(errors.contains("deleted or replaced"), "{errors}");
    }
}

#[test]
fn deleted_while_stopped_heals_to_the_exact_state() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut device = collector.device("gw");
    (0..200u8).for_each(|n| device.put(SOFTWARE, &[0, n], b"\x031.0"));
    device.sync();
    collector.stop();
    for name in ["tidings.db", "tidings.db-wal", "tidings.db-shm"] {
        let _ = fs::remove_file(desk.path(name));
    }
    let collector = desk.start(&[]);
    device.link = Box::new(crate::link::tcp(collector.tcp()));
    device.sync();
    assert_eq!(desk.facts("gw"), device.state());
}

#[test]
fn a_full_disk() {
    let desk = Desk::new();
    let mut command = Command::new("sh");
    // Files of this process and its children may have 1 MiB; a write past it fails as on a full disk instead of killing.
    command
        .args(["-c", "trap '' XFSZ; ulimit -f 2048; exec \"$@\"", "sh", PROGRAM, "run", "--listen-tcp", "0", "--db"])
        .arg(&desk.db);
    let mut collector = Collector::spawn(&desk, command);
    let mut device = collector.device("gw");
    device.sync();
    send_until_silent(&mut device);
    let (code, errors) = end(&mut collector);
    assert_eq!(code, Some(7), "{errors}");
    assert!(errors.contains("disk is full"), "{errors}");
    let collector = desk.start(&[]);
    device.link = Box::new(crate::link::tcp(collector.tcp()));
    device.sync();
    assert_eq!(desk.facts("gw"), device.state(), "with room again nothing is missing");
}

#[test]
fn read_only() {
    let desk = filled();
    let file = desk.db.to_str().expect("UTF-8");
    // A read-only mount holds for root too, unlike a file mode.
    let script =
        "mount --bind \"$1\" \"$1\" && mount -o remount,bind,ro \"$1\" && exec \"$2\" run --listen-tcp 0 --db \"$3\"";
    let folder = desk.folder.path().to_str().expect("UTF-8");
    let answer = ask(Command::new("unshare").args([
        "--user",
        "--map-root-user",
        "--mount",
        "sh",
        "-c",
        script,
        "sh",
        folder,
        PROGRAM,
        file,
    ]));
    assert_eq!(answer.code, Some(6), "{}", answer.errors);
    assert!(answer.errors.contains("may not be written"), "{}", answer.errors);
}

#[test]
fn no_database_for_a_command() {
    let desk = Desk::new();
    for command in [&["devices"][..], &["changes"], &["resync", "gw"], &["stats"]] {
        let answer = desk.ask(command);
        assert_eq!(answer.code, Some(4), "{command:?}: {}", answer.errors);
    }
    assert!(!desk.db.exists(), "asking makes no database");
}

/// The command as somebody who may not open what is closed to its owner.
fn as_anybody(desk: &Desk, arguments: &[&str]) -> Answer {
    let program = desk.path("program");
    fs::copy(PROGRAM, &program).expect("a copy that anybody reaches");
    fs::set_permissions(desk.folder.path(), fs::Permissions::from_mode(0o755)).expect("ours");
    let mut command = Command::new(program);
    command.args(arguments).arg("--db").arg(&desk.db);
    // Root may open everything: it becomes nobody. Others cannot become anybody, and need not.
    if rustix::process::geteuid().is_root() {
        command.uid(65_534).gid(65_534);
    }
    ask(&mut command)
}

#[test]
fn closed_to_this_user() {
    let desk = filled();
    fs::set_permissions(&desk.db, fs::Permissions::from_mode(0o000)).expect("ours");
    for command in [["devices"], ["stats"]] {
        let answer = as_anybody(&desk, &command);
        assert_eq!(answer.code, Some(6), "{answer:?}");
        assert!(answer.errors.contains("owner"), "{answer:?}");
    }
}

#[test]
fn each_message_says_which_file() {
    let desk = Desk::new();
    let path = |name: &str| desk.path(name).display().to_string();
    let (db, keys, capture) = (desk.db.display().to_string(), path("keys"), path("capture"));
    let says = |arguments: &[&str], code: i32, file: &str| {
        let answer = ask(Command::new(PROGRAM).args(arguments));
        assert_eq!(answer.code, Some(code), "{arguments:?}: {}", answer.errors);
        assert!(answer.errors.contains(&format!(" {file}: ")), "{arguments:?}: {}", answer.errors);
    };
    says(&["devices", "--db", &db], 4, &db);
    says(&["keys", "list", "--keys", &keys], 13, &keys);
    says(&["run", "--listen-tcp", "0", "--db", &db, "--keys", &keys], 13, &keys);
    says(&["decode", "--file", &capture], 1, &capture);
    fs::write(&desk.db, [0x5A; 8192]).expect("garbage");
    says(&["run", "--listen-tcp", "0", "--db", &db], 9, &db);
}
