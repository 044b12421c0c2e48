//! Whoever writes much lets the others in: a long `prune`, and a `run` that never rests.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::device::SOFTWARE;
use crate::process::Desk;

/// So many lines of long ago.
const OLD_LINES: u32 = 150_000;

fn with_old_lines() -> Desk {
    let desk = Desk::new();
    desk.start(&[]).stop();
    let db = Connection::open(&desk.db).expect("a database");
    let lines = format!(
        "WITH RECURSIVE old(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM old WHERE n < {OLD_LINES}) \
         INSERT INTO log(at_ms, tenant, device, type, op, json) SELECT n, '', x'01', 'notice', 'x', '{{}}' FROM old"
    );
    db.execute_batch(&lines).expect("lines");
    desk
}

#[test]
fn by_prune_with_run() {
    let desk = with_old_lines();
    let collector = desk.start(&[]);
    let mut device = collector.device("gw");
    device.sync();
    let mut changes = 0u32;
    thread::scope(|scope| {
        let prune = scope.spawn(|| desk.ask(&["prune", "--keep", "1d"]));
        while !prune.is_finished() {
            changes += 1;
            device.put(SOFTWARE, b"\0\x01", &[&[4], &changes.to_be_bytes()[..]].concat());
            let body = device.next_body();
            device.exchange(&body).expect("an answer");
        }
        let answer = prune.join().expect("it ends");
        assert!(answer.text.contains(&OLD_LINES.to_string()), "{answer:?}");
    });
    // A commit a step or so, not one in a tenth of a second.
    assert!(changes > 60, "{changes} reports while {OLD_LINES} lines were deleted");
    device.sync();
    assert_eq!(desk.facts("gw"), device.state());
}

#[test]
fn by_somebody_who_never_rests_with_a_command() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    collector.device("gw").sync();
    collector.stop();
    let ended = AtomicBool::new(false);
    thread::scope(|scope| {
        // As `run` does under a load that it is not equal to: the lock is free for a moment between two commits.
        let busy = scope.spawn(|| {
            let db = Connection::open(&desk.db).expect("a database");
            db.busy_timeout(Duration::from_secs(30)).expect("a wait");
            while !ended.load(Ordering::Relaxed) {
                db.execute_batch("BEGIN IMMEDIATE; UPDATE meta SET created_ms = created_ms + 1").expect("a lock");
                thread::sleep(Duration::from_millis(30));
                db.execute_batch("COMMIT").expect("a commit");
                thread::sleep(Duration::from_millis(2));
            }
        });
        let began = Instant::now();
        let answers: Vec<_> = (0..10).map(|n| desk.ask(&["name", "hex:6777", &format!("pump-{n}")])).collect();
        let took = began.elapsed();
        ended.store(true, Ordering::Relaxed);
        busy.join().expect("it ends");
        assert!(answers.iter().all(|answer| answer.code == Some(0)), "{answers:?}");
        // Each waits for a commit or a few, not for the luck of meeting one in a tenth of a second.
        assert!(took < Duration::from_secs(8), "{took:?}");
    });
}
