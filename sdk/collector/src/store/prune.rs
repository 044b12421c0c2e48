//! Forgets old log lines, a bounded piece a transaction, so that a running collector never waits long.
//!
//! Never touches the state of a device: the facts are the present, not the past.

use std::thread;
use std::time::Duration;

use rusqlite::{Connection, TransactionBehavior};

use super::error::StoreError;

/// Lines deleted in one transaction.
const LINES_A_STEP: u32 = 1_000;
/// Between two of them: whoever waits for the lock looks again within this time.
const PAUSE: Duration = Duration::from_millis(3);

/// Deletes the log lines that arrived before the given Unix time; `progress` hears the number so far after each step.
///
/// # Errors
/// What SQLite reports; pieces deleted before stay deleted.
pub fn prune(db: &mut Connection, before_ms: i64, mut progress: impl FnMut(u64)) -> Result<u64, StoreError> {
    let mut deleted = 0;
    loop {
        let step = delete_some(db, before_ms)?;
        deleted += step;
        if step < u64::from(LINES_A_STEP) {
            return Ok(deleted);
        }
        progress(deleted);
        thread::sleep(PAUSE);
    }
}

/// The log's trigger lets a line go only if it is older than `prune_before_ms`, which is set within this transaction alone.
fn delete_some(db: &mut Connection, before_ms: i64) -> Result<u64, StoreError> {
    let step = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    step.execute("UPDATE meta SET prune_before_ms = ?1", [before_ms])?;
    let deleted = step.execute(
        "DELETE FROM log WHERE n IN (SELECT n FROM log WHERE at_ms < ?1 ORDER BY at_ms LIMIT ?2)",
        (before_ms, LINES_A_STEP),
    )?;
    step.execute("UPDATE meta SET prune_before_ms = 0", [])?;
    step.commit()?;
    Ok(deleted as u64)
}
