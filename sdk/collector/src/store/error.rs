//! Why the database could not do what was asked, in words that say what to do next.
//!
//! Does not say which file: the caller knows, and puts the path in front ([`StoreError::is_of_file`]).

use std::fmt;

use rusqlite::ErrorCode;

/// Why a store operation failed; the database is as it was before.
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no database at the path.
    Missing,
    /// The file at the path exists and will not be overwritten.
    Exists,
    /// Another process held a lock for longer than the store waits.
    Locked,
    /// Another collector runs on this database.
    InUse,
    /// The file or its folder may not be written.
    ReadOnly,
    /// The file may not be opened at all: another user's, most likely.
    NotAllowed,
    /// The disk is full, or refuses to store.
    Full(String),
    /// The schema is from a newer version of this program.
    Newer {
        /// The schema version in the file.
        found: u32,
        /// The newest one this program knows.
        known: u32,
    },
    /// The schema is from an older version of this program, and this command only reads.
    Older {
        /// The schema version in the file.
        found: u32,
        /// The one this program needs.
        known: u32,
    },
    /// The file is damaged, or not a database at all.
    Damaged(String),
    /// A sound SQLite database, but of another program.
    Foreign,
    /// The file was deleted or replaced while it was in use.
    Deleted,
    /// No device is known under this name or id.
    NoDevice(String),
    /// Another device bears this name.
    NameTaken(String),
    /// Anything else that SQLite reports.
    Sqlite(rusqlite::Error),
    /// The operating system refused.
    Io(std::io::Error),
}

impl StoreError {
    /// Whether it is about the database file, not about what was asked of it.
    #[must_use]
    pub fn is_of_file(&self) -> bool {
        !matches!(self, Self::Exists | Self::NoDevice(_) | Self::NameTaken(_))
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("no database here; `run` makes one"),
            Self::Exists => f.write_str("this file exists already; choose another name"),
            Self::Locked => f.write_str("the database is locked by another process; end that one or try again"),
            Self::InUse => f.write_str("another `run` works on this database; one at a time"),
            Self::ReadOnly => f.write_str("the database or its folder may not be written; check owner and mode"),
            Self::NotAllowed => {
                f.write_str("the database may not be opened by this user; be its owner, or check owner and mode")
            }
            Self::Full(why) => write!(f, "the disk is full or refuses to store ({why}); make room and start again"),
            Self::Newer { found, known } => {
                write!(
                    f,
                    "the database has schema {found}, this program knows up to {known}; use a newer tidings-collector"
                )
            }
            Self::Older { found, known } => {
                write!(f, "the database has schema {found}, this program needs {known}; `run` brings it forward")
            }
            Self::Damaged(why) => write!(
                f,
                "the database is damaged ({why}); restore a backup, or move it away: devices send their state again"
            ),
            Self::Foreign => f.write_str("this is another program's database; choose another file"),
            Self::Deleted => {
                f.write_str("the database was deleted or replaced while in use; start again to make a new one")
            }
            Self::NoDevice(name) => write!(f, "no device {name:?}; `devices` lists them"),
            Self::NameTaken(name) => write!(f, "another device bears the name {name:?}"),
            Self::Sqlite(error) => write!(f, "{error}"),
            Self::Io(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::Error::{
            FromSqlConversionFailure as Conversion, IntegralValueOutOfRange as Range, InvalidColumnType as Type,
        };
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly,
            Some(ErrorCode::CannotOpen) => Self::NotAllowed,
            Some(ErrorCode::DiskFull | ErrorCode::SystemIoFailure) => Self::Full(error.to_string()),
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(error.to_string()),
            _ => match error {
                Conversion(..) | Type(..) | Range(..) => Self::Damaged(error.to_string()),
                _ => Self::Sqlite(error),
            },
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind::{AlreadyExists, NotFound, PermissionDenied, ReadOnlyFilesystem, StorageFull};
        match error.kind() {
            NotFound => Self::Missing,
            AlreadyExists => Self::Exists,
            PermissionDenied | ReadOnlyFilesystem => Self::ReadOnly,
            StorageFull => Self::Full(error.to_string()),
            _ => Self::Io(error),
        }
    }
}
