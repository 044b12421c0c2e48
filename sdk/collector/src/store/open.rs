//! Opens the file: owner-only mode, WAL, a commit that is on the disk when it returns, and a watch on the file itself.
//!
//! Knows nothing of what the tables mean.

use std::fs::{self, File, OpenOptions};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use rustix::fs::{FlockOperation, flock};

use super::error::StoreError;

/// How long a statement waits for another process's lock, at least.
const BUSY_WAIT: Duration = Duration::from_secs(5);

/// Between two looks at such a lock. SQLite's own wait looks ten times a second at last, and misses each gap of a process that writes without a rest.
const BUSY_LOOK: Duration = Duration::from_millis(1);

/// Pages of the write-ahead log after which SQLite moves it into the file.
const CHECKPOINT_PAGES: u32 = 16_000;

/// Pages of the file that SQLite may hold in memory, in KiB: enough that a batch over many devices is not written twice.
const CACHE_KIB: i32 = 64 * 1_024;

const PREPARED_STATEMENTS: usize = 64;

/// Which file was opened: a file of the same name made later is another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileIdentity {
    device: u64,
    inode: u64,
}

impl FileIdentity {
    /// The identity of the file that bears this name now.
    ///
    /// # Errors
    /// [`StoreError::Missing`] if there is none.
    pub fn of(path: &Path) -> Result<Self, StoreError> {
        let meta = fs::metadata(path)?;
        Ok(Self { device: meta.dev(), inode: meta.ino() })
    }
}

/// Makes an empty file that only its owner may read, unless there is a file.
///
/// # Errors
/// What the operating system reports.
pub fn create_private(path: &Path) -> Result<(), StoreError> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Opens an existing file for reading and writing; a file that others may read is closed to them.
///
/// # Errors
/// [`StoreError::Missing`], [`StoreError::ReadOnly`], [`StoreError::Locked`], [`StoreError::Damaged`].
pub fn writable(path: &Path) -> Result<Connection, StoreError> {
    let meta = fs::metadata(path)?;
    if meta.permissions().mode() & 0o077 != 0 {
        fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
    }
    let db = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    if db.is_readonly("main")? {
        return Err(StoreError::ReadOnly);
    }
    // The log before the first table: how the file is written is part of it from then on.
    db.pragma_update(None, "journal_mode", "WAL")?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    db.pragma_update(None, "cache_size", -CACHE_KIB)?;
    db.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(db)
}

/// Opens an existing file for reading.
///
/// # Errors
/// As [`writable`].
pub fn readable(path: &Path) -> Result<Connection, StoreError> {
    fs::metadata(path)?;
    connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

fn connect(path: &Path, access: OpenFlags) -> Result<Connection, StoreError> {
    let db = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    db.busy_handler(Some(wait_for_lock))?;
    db.set_prepared_statement_cache_capacity(PREPARED_STATEMENTS);
    Ok(db)
}

/// Waits for the next look at a lock that was found taken `looks` times; false once that was long enough.
fn wait_for_lock(looks: i32) -> bool {
    let more = BUSY_LOOK.saturating_mul(looks.unsigned_abs()) < BUSY_WAIT;
    if more {
        thread::sleep(BUSY_LOOK);
    }
    more
}

/// The right to be the one `run` on a database; given up when dropped, or when the process dies.
#[derive(Debug)]
pub struct RunLock(#[allow(dead_code, reason = "held for its lock")] File);

impl RunLock {
    /// Takes the lock beside the database.
    ///
    /// # Errors
    /// [`StoreError::InUse`] if another process holds it.
    pub fn take(database: &Path) -> Result<Self, StoreError> {
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(lock_path(database))
            .map_err(no_folder)?;
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Self(file)),
            Err(rustix::io::Errno::WOULDBLOCK) => Err(StoreError::InUse),
            Err(error) => Err(StoreError::Io(error.into())),
        }
    }
}

/// SQLite takes its own locks on the database file and loses them if anybody else in the process closes it: ours is a file of its own.
fn lock_path(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-run");
    name.into()
}

/// A missing folder is no missing database: `run` would make that.
fn no_folder(error: std::io::Error) -> StoreError {
    if error.kind() == std::io::ErrorKind::NotFound { StoreError::Io(error) } else { error.into() }
}
