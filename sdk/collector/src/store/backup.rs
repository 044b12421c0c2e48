//! Copies the database, as it is at one moment, into a new file of owner-only mode, while a collector writes.
//!
//! Never overwrites a file, and nothing half done ever bears the name that was asked for.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::error::StoreError;
use super::open;

/// Pages copied between two calls of the progress function.
const PAGES_A_STEP: i32 = 1_000;

/// Copies the database to `target`; `progress` hears the pages done and the pages in all.
///
/// Until it is whole the copy bears the name with `.partial` behind it.
///
/// # Errors
/// [`StoreError::Exists`] if there is a file at `target`; else what SQLite reports.
pub fn backup(db: &Connection, target: &Path, mut progress: impl FnMut(u64, u64)) -> Result<(), StoreError> {
    if target.exists() {
        return Err(StoreError::Exists);
    }
    let mut partial = target.as_os_str().to_owned();
    partial.push(".partial");
    let partial = Path::new(&partial);
    // What an interrupted backup left behind is of no use.
    let _ = fs::remove_file(partial);
    open::create_private(partial)?;
    let copied = copy(db, partial, &mut progress).and_then(|()| Ok(fs::rename(partial, target)?));
    if copied.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(partial);
    }
    copied
}

/// The open read transaction pins the moment: without it each commit of the collector would start the copy again.
fn copy(db: &Connection, target: &Path, progress: &mut impl FnMut(u64, u64)) -> Result<(), StoreError> {
    let moment = db.unchecked_transaction()?;
    moment.query_row("SELECT count(*) FROM meta", [], |_| Ok(()))?;
    let mut copy = Connection::open(target)?;
    let steps = Backup::new(&moment, &mut copy)?;
    loop {
        match steps.step(PAGES_A_STEP)? {
            StepResult::Done => return Ok(()),
            StepResult::More => {
                let state = steps.progress();
                progress((state.pagecount - state.remaining) as u64, state.pagecount as u64);
            }
            _ => return Err(StoreError::Locked),
        }
    }
}
