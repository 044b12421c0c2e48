//! Exit codes, in one place for the program, its help and the README.
//!
//! A number, once given, keeps its meaning.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use tidings_collector::keys::KeyFileError;
use tidings_collector::run::RunError;
use tidings_collector::store::StoreError;

/// What `--help` says of exit codes.
pub const EXIT_HELP: &str = "\
Exit codes:
   0  done; for `run`: ended by SIGINT or SIGTERM, everything stored
   1  the operating system or SQLite failed in a way that no other code covers
   2  the command line is wrong
   3  no such device, or the name is taken
   4  there is no database, or it was deleted or replaced while in use
   5  another process holds the database
   6  the database or its folder may not be written, or the database not be opened
   7  the disk is full or refuses to store
   8  the database is of a newer or older version
   9  the file is damaged, or not a database of this program
  10  a listener could not be opened
  11  the bytes to decode are malformed
  12  the target file exists
  13  the key file is missing, damaged, open to others, or refuses what was asked";

/// Why a command ends early.
#[derive(Debug)]
pub enum Failure {
    /// The database.
    Store(StoreError),
    /// The collector.
    Run(RunError),
    /// The key file.
    Keys(KeyFileError),
    /// Reading or writing something else.
    Io(io::Error),
    /// The bytes to decode are malformed; what can be said of them was printed.
    Malformed,
    /// The text to decode is no hex, and why.
    Hex(String),
}

impl Failure {
    /// The reader of our output went away, as `head` does: no failure at all.
    fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Io(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    fn code(&self) -> u8 {
        match self {
            Self::Store(error) | Self::Run(RunError::Store(error)) => store_code(error),
            Self::Keys(error) | Self::Run(RunError::Keys(error)) => key_code(error),
            Self::Run(RunError::Listen(..)) => 10,
            Self::Malformed | Self::Hex(_) => 11,
            Self::Run(_) | Self::Io(_) => 1,
        }
    }
}

fn key_code(error: &KeyFileError) -> u8 {
    match error {
        KeyFileError::NoDevice(_) => 3,
        KeyFileError::Exists | KeyFileError::OutputExists | KeyFileError::Known(_) => 12,
        KeyFileError::Io(_) => 1,
        _ => 13,
    }
}

fn store_code(error: &StoreError) -> u8 {
    match error {
        StoreError::NoDevice(_) | StoreError::NameTaken(_) => 3,
        StoreError::Missing | StoreError::Deleted => 4,
        StoreError::Locked | StoreError::InUse => 5,
        StoreError::ReadOnly | StoreError::NotAllowed => 6,
        StoreError::Full(_) => 7,
        StoreError::Newer { .. } | StoreError::Older { .. } => 8,
        StoreError::Damaged(_) | StoreError::Foreign => 9,
        StoreError::Exists => 12,
        _ => 1,
    }
}

/// The files of the command line, for messages that are about one of them.
#[derive(Debug, Default)]
pub struct Files {
    /// The database.
    pub database: Option<PathBuf>,
    /// The key file.
    pub keys: Option<PathBuf>,
}

impl Files {
    fn of(&self, failure: &Failure) -> Option<&PathBuf> {
        match failure {
            Failure::Store(error) | Failure::Run(RunError::Store(error)) if error.is_of_file() => {
                self.database.as_ref()
            }
            Failure::Keys(error) | Failure::Run(RunError::Keys(error)) if error.is_of_file() => self.keys.as_ref(),
            _ => None,
        }
    }
}

/// Says what went wrong, and with which file, and turns it into the exit code.
pub fn conclude(result: Result<(), Failure>, files: &Files) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if failure.is_closed_pipe() => ExitCode::SUCCESS,
        Err(failure) => {
            let file = files.of(&failure).map(|file| format!("{}: ", file.display())).unwrap_or_default();
            let text = format!("tidings-collector: {file}{failure}");
            eprintln!("{}", tidings_collector::terminal::visible(&text));
            ExitCode::from(failure.code())
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Run(error) => error.fmt(f),
            Self::Keys(error) => error.fmt(f),
            Self::Io(error) => error.fmt(f),
            Self::Malformed => f.write_str("not all of it is a good packet"),
            Self::Hex(why) => write!(f, "not hex: {why}"),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<KeyFileError> for Failure {
    fn from(error: KeyFileError) -> Self {
        Self::Keys(error)
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        Self::Run(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
