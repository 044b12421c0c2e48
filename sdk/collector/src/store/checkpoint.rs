//! Moves the write-ahead log into the file when the collector has time for it: after its answers are sent, not within a commit.
//!
//! Never makes a commit wait for readers; what they still look at is moved the next time. Durability does not depend on it.

use std::cell::Cell;
use std::ffi::c_int;

use rusqlite::Connection;
use rusqlite::hooks::Wal;

use super::error::StoreError;

/// Pages of the write-ahead log after which a collector at work moves it into the file.
const PAGES_AT_WORK: u32 = 16_000;
/// Pages after which an idle one does.
const PAGES_IDLE: u32 = 1_000;

thread_local! {
    /// The length of the log after the last commit of this thread, which owns one database.
    static PAGES: Cell<u32> = const { Cell::new(0) };
}

/// From now on it is for [`if_due`] to move the log.
pub fn by_hand(db: &Connection) {
    db.wal_hook(Some(note_pages));
}

fn note_pages(_: &Wal, pages: c_int) -> rusqlite::Result<()> {
    PAGES.set(pages.unsigned_abs());
    Ok(())
}

/// Moves the log if it is long.
///
/// # Errors
/// What SQLite reports.
pub fn if_due(db: &Connection, idle: bool) -> Result<(), StoreError> {
    if PAGES.get() < if idle { PAGES_IDLE } else { PAGES_AT_WORK } {
        return Ok(());
    }
    PAGES.set(0);
    Ok(db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::store::Store;

    #[test]
    fn the_log_is_moved_when_it_is_long_and_not_within_a_commit() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("db");
        let store = Store::create(&path).expect("a database");
        let pages = || fs::metadata(&path).expect("a file").len() / 4_096;
        let fill = |pages: u32| {
            store.db.execute_batch("CREATE TABLE IF NOT EXISTS filler(x)").expect("a table");
            store.db.execute("INSERT INTO filler VALUES (zeroblob(?1 * 4096))", [pages]).expect("a row");
        };
        let before = pages();
        fill(PAGES_IDLE + 100);
        store.checkpoint(false).expect("nothing to do");
        assert_eq!(pages(), before, "a commit moved it");
        store.checkpoint(true).expect("moved");
        assert!(pages() > u64::from(PAGES_IDLE), "an idle collector did not move it");
        fill(PAGES_AT_WORK + 100);
        store.checkpoint(false).expect("moved");
        assert!(pages() > u64::from(PAGES_AT_WORK), "a collector at work did not move it");
    }
}
