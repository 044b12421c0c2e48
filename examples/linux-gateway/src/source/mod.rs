//! Where facts come from: one file a source, each a pure parser over bytes and a struct that fetches those bytes.
//!
//! Promise: [`Source::read`] yields *all* facts of its kind, or says how much it could not read. A source never says what changed:
//! the agent's scan finds that out, so a missed notification costs time, not truth.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::fact::{Fact, Kind};

pub mod accounts;
pub mod certificates;
pub mod dpkg;
pub mod health;
pub mod identity;
pub mod interfaces;
pub mod listeners;
pub mod neighbours;
pub mod netlink;
pub mod os_release;
pub mod owners;

pub mod sockets;
pub mod software;
pub mod sysctl;

/// Largest file that a source reads.
pub const MAX_FILE_BYTES: u64 = 64 << 20;

/// Yields all facts of one kind whenever it is asked.
pub trait Source: Send {
    /// The kind that it yields; no two sources share one.
    fn kind(&self) -> Kind;

    /// What to wait for before asking again.
    fn watch(&self) -> Watch;

    /// Reads everything anew; bounded by the size of what it reads, at most [`MAX_FILE_BYTES`] a file.
    ///
    /// # Errors
    /// [`Failure`] if nothing can be said about this kind; what was known before stays.
    fn read(&mut self) -> Result<Reading, Failure>;
}

/// What tells that a source may have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Watch {
    /// One of these files was written, replaced or removed.
    Files(Vec<PathBuf>),
    /// Any entry of one of these folders was.
    Folders(Vec<PathBuf>),
    /// The kernel announced something in these rtnetlink multicast groups.
    Kernel(u32),
    /// Nothing tells: look again after this long.
    Every(Duration),
}

/// All facts of one kind, and how much of it was left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The facts, in any order.
    pub facts: Vec<Fact>,
    /// How many entries could not be understood; if any, the reading is partial.
    pub skipped: usize,
    /// What was wrong with the first of them.
    pub first_skipped: Option<String>,
}

impl Reading {
    /// Counts an entry that could not be understood.
    pub fn skip(&mut self, why: impl fmt::Display) {
        self.skipped += 1;
        self.first_skipped.get_or_insert_with(|| why.to_string());
    }

    /// Takes the fact, or counts it as skipped.
    pub fn take<E: fmt::Display>(&mut self, fact: Result<Fact, E>) {
        match fact {
            Ok(fact) => self.facts.push(fact),
            Err(why) => self.skip(why),
        }
    }
}

/// Why nothing can be said about a kind; the text names the file or the kernel interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(pub String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

/// The directory under which files are looked up: `/`, or that of `--root`.
#[derive(Clone, Debug)]
pub struct Root(pub PathBuf);

impl Root {
    /// The place of an absolute path under this root.
    #[must_use]
    pub fn at(&self, path: &str) -> PathBuf {
        self.0.join(path.trim_start_matches('/'))
    }
}

/// Reads a whole file of at most [`MAX_FILE_BYTES`].
///
/// # Errors
/// [`Failure`] with the path, if it cannot be read or is larger.
pub fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    let fail = |why: &dyn fmt::Display| Failure(format!("{}: {why}", path.display()));
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|e| fail(&e))?;
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(|e| fail(&e))?;
    match bytes.len() as u64 > MAX_FILE_BYTES {
        true => Err(fail(&format_args!("larger than {MAX_FILE_BYTES} bytes"))),
        false => Ok(bytes),
    }
}
