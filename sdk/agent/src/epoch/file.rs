//! An epoch in a file: written beside, synced, renamed, and the folder synced; a cut at any point leaves the old or the new one.

extern crate std;

use super::EpochStore;
use std::format;
use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use tidings_wire::crc::crc32;

/// Keeps the epoch as text with a check, for example `42 c0ffee00`.
#[derive(Debug, Clone)]
pub struct FileEpoch {
    path: PathBuf,
}

impl FileEpoch {
    /// The epoch in the file at `path`; its folder must exist.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    fn beside(&self) -> PathBuf {
        let mut name = self.path.file_name().unwrap_or_default().to_os_string();
        name.push(".new");
        self.path.with_file_name(name)
    }

    fn folder(&self) -> &Path {
        self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
    }
}

fn line(epoch: u32) -> std::string::String {
    format!("{epoch} {:08x}\n", crc32(&epoch.to_le_bytes()))
}

impl EpochStore for FileEpoch {
    type Error = Error;

    fn load(&mut self) -> Result<Option<u32>, Error> {
        let mut text = std::string::String::new();
        match File::open(&self.path) {
            Ok(file) => file.take(64).read_to_string(&mut text)?,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let epoch = text.split(' ').next().and_then(|number| number.parse().ok());
        match epoch.filter(|epoch| line(*epoch) == text) {
            Some(epoch) => Ok(Some(epoch)),
            None => Err(Error::new(ErrorKind::InvalidData, format!("{} is damaged", self.path.display()))),
        }
    }

    fn store(&mut self, epoch: u32) -> Result<(), Error> {
        let beside = self.beside();
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(&beside)?;
        file.write_all(line(epoch).as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&beside, &self.path)?;
        File::open(self.folder())?.sync_all()
    }
}
