//! The database: SQLite, owner-only, durable when a commit returns, readable by anybody's queries while a collector writes.
//!
//! It decides nothing about devices ([`crate::replica`] does) and shows nothing to people (the command line does).

mod append;
pub mod backup;
mod batch;
mod checkpoint;
pub mod devices;
mod error;
mod log;
mod migrate;
mod open;
pub mod prune;
pub mod query;
pub mod refusals;

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::Connection;

pub use batch::{Batch, FactRow, FactsWriter, Request};
pub use devices::{DeviceRow, Standing};
pub use error::StoreError;
pub use log::{Class, LogLine};
pub use migrate::SCHEMA_VERSION;
pub use open::{FileIdentity, RunLock};

/// An open database.
#[derive(Debug)]
pub struct Store {
    /// For the functions of [`query`], [`devices`], [`prune`] and [`backup`].
    pub db: Connection,
    path: PathBuf,
    identity: FileIdentity,
}

impl Store {
    /// Opens the database for a collector, makes it if there is none, and brings it to the newest schema.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        open::create_private(path)?;
        let store = Self::open(path)?;
        checkpoint::by_hand(&store.db);
        Ok(store)
    }

    /// Opens an existing database for a command that writes, and brings it to the newest schema.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::Missing`] if there is none.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let mut db = open::writable(path)?;
        migrate::forward(&mut db, unix_now_ms())?;
        Self::hold(db, path)
    }

    /// Opens an existing database for reading.
    ///
    /// # Errors
    /// See [`StoreError`]; [`StoreError::Older`] if it needs to be brought forward first.
    pub fn read(path: &Path) -> Result<Self, StoreError> {
        let db = open::readable(path)?;
        match migrate::version(&db)? {
            SCHEMA_VERSION => Self::hold(db, path),
            0 => Err(StoreError::Missing),
            found => Err(StoreError::Older { found, known: SCHEMA_VERSION }),
        }
    }

    fn hold(db: Connection, path: &Path) -> Result<Self, StoreError> {
        Ok(Self { db, path: path.to_owned(), identity: FileIdentity::of(path)? })
    }

    /// Begins a transaction of a collector.
    ///
    /// # Errors
    /// [`StoreError::Locked`] if another process writes for longer than the store waits.
    pub fn begin(&mut self) -> Result<Batch<'_>, StoreError> {
        Batch::begin(&mut self.db)
    }

    /// Moves what was committed from the write-ahead log into the file, if it is due; an idle collector does so earlier.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn checkpoint(&self, idle: bool) -> Result<(), StoreError> {
        checkpoint::if_due(&self.db, idle)
    }

    /// The random id of this database, which devices are told.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn instance(&self) -> Result<u32, StoreError> {
        Ok(self.db.query_row("SELECT instance FROM meta", [], |row| row.get(0))?)
    }

    /// Makes sure that the file which was opened is the one that bears its name.
    ///
    /// # Errors
    /// [`StoreError::Deleted`] if it was deleted or replaced.
    pub fn check_file(&self) -> Result<(), StoreError> {
        match FileIdentity::of(&self.path) {
            Ok(identity) if identity == self.identity => Ok(()),
            Ok(_) | Err(StoreError::Missing) => Err(StoreError::Deleted),
            Err(error) => Err(error),
        }
    }
}

/// The host's clock in Unix milliseconds; it may step.
#[must_use]
pub fn unix_now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}
