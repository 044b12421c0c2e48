//! `changes --follow` and `run` show each change as it commits, to people and to programs, while everything else goes on.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::device::{SETTING, SOFTWARE};
use crate::process::{Collector, Desk, PROGRAM, until};

/// A follower and the lines that it printed; killed when dropped.
struct Follower {
    child: Child,
    lines: std::sync::mpsc::Receiver<String>,
}

impl Follower {
    fn start(desk: &Desk, arguments: &[&str]) -> Self {
        let mut child = Command::new(PROGRAM)
            .args(["changes", "--follow", "--db"])
            .arg(&desk.db)
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let (sender, lines) = std::sync::mpsc::channel();
        let out = BufReader::new(child.stdout.take().expect("a pipe"));
        std::thread::spawn(move || out.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        Self { child, lines }
    }

    fn next(&self) -> String {
        self.lines.recv_timeout(crate::process::PATIENCE).expect("a line")
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn each_change_is_exactly_one_line() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut device = collector.device("gw");
    device.sync();
    let follower = Follower::start(&desk, &["--json", "--after", "0"]);
    let line = || serde_json::from_str::<Value>(&follower.next()).expect("JSON");
    until("what was there before", || (line()["op"] == "new_device").then_some(()));
    for n in 0..10u8 {
        device.put(SOFTWARE, &[0, n], b"\x031.0");
        device.sync();
    }
    let changes: Vec<_> =
        std::iter::from_fn(|| Some(line())).filter(|line| line["type"] == "change").take(10).collect();
    let slots: Vec<_> = changes.iter().map(|line| line["key"]["slot"].as_u64().expect("slot")).collect();
    assert_eq!(slots, (0..10).collect::<Vec<_>>());
    assert!(changes.iter().all(|line| line["op"] == "added"));
}

#[test]
fn people_read_plain_aligned_lines_in_a_pipe() {
    let desk = Desk::new();
    let collector = Collector::start(&desk, &["--listen-tcp", "0"]);
    let mut device = collector.device("gw");
    device.sync();
    device.put(SOFTWARE, b"\x02\x04curl\x05amd64", b"\x037.0");
    device.sync();
    device.put(SOFTWARE, b"\x02\x04curl\x05amd64", b"\x038.0");
    device.sync();
    let text = until("two lines", || Some(collector.output()).filter(|text| text.contains("→")));
    let line = |mark: &str| {
        text.lines().find(|line| line.contains(mark)).expect(mark).split_once("  ").expect("time").1.to_owned()
    };
    assert_eq!(line("  + "), "gw                + software     deb curl amd64  7.0");
    assert_eq!(line("  ~ "), "gw                ~ software     deb curl amd64  7.0 → 8.0");
    assert!(!text.contains('\x1b'));
}

#[test]
fn windows_by_number_and_time() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut device = collector.device("gw");
    device.sync();
    device.put(SOFTWARE, b"\0\x01", b"\x031.0");
    device.sync();
    let all = desk.lines(&["changes"]);
    let last = all.last().expect("a line");
    let before_last = (last["n"].as_u64().expect("n") - 1).to_string();
    assert_eq!(desk.lines(&["changes", "--after", &before_last]).len(), 1);
    assert_eq!(desk.lines(&["changes", "--since", "10m"]).len(), all.len());
    assert_eq!(
        desk.lines(&["changes", "--since", last["at"].as_str().expect("at"), "--device", "gw"]).last(),
        Some(last)
    );
    assert_eq!(desk.lines(&["changes", "--since", "2099-01-01T00:00:00Z"]).len(), 0);
    assert_eq!(desk.ask(&["changes", "--since", "yesterday"]).code, Some(2));
    assert_eq!(desk.ask(&["changes", "--device", "nobody"]).code, Some(3));
}

#[test]
fn a_host_clock_that_stepped_back_hides_nothing() {
    let desk = Desk::new();
    desk.start(&[]).stop();
    let line = "INSERT INTO log(at_ms, tenant, device, type, op, json) VALUES (?1, '', x'01', 'notice', 'x', '{}')";
    let db = rusqlite::Connection::open(&desk.db).expect("a database");
    for at_ms in [5_000, 9_000, 1_000, 7_000] {
        db.execute(line, [at_ms]).expect("a line");
    }
    let since = |time: &str| -> Vec<u64> {
        desk.lines(&["changes", "--since", time]).iter().map(|line| line["at_ms"].as_u64().expect("ms")).collect()
    };
    assert_eq!(since("1970-01-01T00:00:06Z"), [9_000, 7_000]);
    assert_eq!(since("1970-01-01T00:00:00Z"), [5_000, 9_000, 1_000, 7_000]);
}

#[test]
fn a_reader_that_stops_reading_holds_nobody_up() {
    let desk = Desk::new();
    let (_nobody_reads, out) = std::io::pipe().expect("a pipe");
    let mut command = Command::new(PROGRAM);
    command.args(["run", "--json", "--listen-tcp", "0", "--db"]).arg(&desk.db);
    let collector = Collector::spawn_printing_to(&desk, command, out.into(), desk.path("unused"));
    let mut device = collector.device("gw");
    for round in 0..20u8 {
        (0..200u8).for_each(|n| device.put(SOFTWARE, &[0, n], &[3, b'0' + round, b'.', b'0']));
        device.sync();
    }
    assert_eq!(desk.facts("gw"), device.state());
    collector.stop();
}

#[test]
fn every_command_works_while_run_writes() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut device = collector.device("gw");
    device.sync();
    let began = Instant::now();
    std::thread::scope(|scope| {
        let busy = scope.spawn(|| {
            for n in 0..600u16 {
                device.put(
                    SOFTWARE,
                    &[&[1, 2], &n.to_be_bytes()[..].iter().map(|b| b'a' + b % 26).collect::<Vec<_>>()[..], &[0]]
                        .concat(),
                    &n.to_be_bytes(),
                );
                device.sync();
            }
        });
        let commands: [&[&str]; 8] = [
            &["devices"],
            &["show", "gw"],
            &["changes"],
            &["events"],
            &["stats"],
            &["resync", "gw"],
            &["prune", "--keep", "1h"],
            &["name", "gw", "gw"],
        ];
        while !busy.is_finished() {
            for command in commands {
                let answer = desk.ask(command);
                assert_eq!(answer.code, Some(0), "{command:?} after {:?}: {}", began.elapsed(), answer.errors);
            }
        }
    });
    assert_eq!(desk.facts("gw"), device.state());
}

/// Clock ticks that a process has worked.
fn work_of(process: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).expect("a process");
    let fields: Vec<&str> = stat.rsplit(')').next().expect("fields").split_whitespace().collect();
    fields[11..13].iter().map(|ticks| ticks.parse::<u64>().expect("a number")).sum()
}

#[test]
fn a_follower_looks_once_at_what_is_not_for_it() {
    let desk = Desk::new();
    desk.start(&[]).stop();
    let follower = Follower::start(&desk, &["--json", "--after", "0"]);
    let db = rusqlite::Connection::open(&desk.db).expect("a database");
    let add = |class: &str, lines: u32| {
        let sql = "WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < ?2) \
                   INSERT INTO log(at_ms, tenant, device, type, op, json) SELECT 9, '', x'01', ?1, 'x', '{}' FROM up";
        db.execute(sql, (class, lines)).expect("lines");
    };
    add("notice", 1);
    follower.next();
    let process = follower.child.id();
    let before = work_of(process);
    add("event", 200_000);
    std::thread::sleep(Duration::from_secs(2));
    let once = work_of(process) - before;
    for _ in 0..30 {
        add("event", 1);
        std::thread::sleep(Duration::from_millis(50));
    }
    let more = work_of(process) - before - once;
    assert!(more <= 5 * once.max(4), "{once} ticks for 200,000 events, and {more} for 30 more");
    add("notice", 1);
    follower.next();
}

#[test]
fn a_host_clock_that_steps_back_silences_no_follower() {
    let desk = Desk::new();
    desk.start(&[]).stop();
    let follower = Follower::start(&desk, &["--json", "--since", "10m"]);
    let db = rusqlite::Connection::open(&desk.db).expect("a database");
    let add = |at_ms: i64| {
        let sql = "INSERT INTO log(at_ms, tenant, device, type, op, json) VALUES (?1, '', x'01', 'notice', 'x', '{}')";
        db.execute(sql, [at_ms]).expect("a line");
        std::thread::sleep(Duration::from_millis(300));
    };
    let now_ms = tidings_collector::store::unix_now_ms();
    add(now_ms);
    add(now_ms - 3_600_000);
    for wanted in [now_ms, now_ms - 3_600_000] {
        let line: Value = serde_json::from_str(&follower.next()).expect("JSON");
        assert_eq!(line["at_ms"].as_i64(), Some(wanted));
    }
}

#[test]
fn the_last_lines_and_those_of_one_kind() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut device = collector.device("gw");
    device.sync();
    for n in 0..5u8 {
        device.put(SOFTWARE, &[0, n], b"\x031.0");
        device.put(SETTING, &[0, 1, b'a' + n], &[2, 1]);
        device.sync();
    }
    let all = desk.lines(&["changes"]);
    assert_eq!(desk.lines(&["changes", "-n", "3"]), all[all.len() - 3..]);
    assert_eq!(desk.lines(&["changes", "--last", "10000"]), all);
    let software: Vec<_> = all.iter().filter(|line| line["kind"] == "software").cloned().collect();
    assert_eq!(software.len(), 5);
    assert_eq!(desk.lines(&["changes", "--kind", "software"]), software);
    assert_eq!(desk.lines(&["changes", "--kind", "software", "-n", "2"]), software[3..]);
    let follower = Follower::start(&desk, &["--json", "-n", "1"]);
    assert_eq!(serde_json::from_str::<Value>(&follower.next()).expect("JSON"), *all.last().expect("a line"));
}
