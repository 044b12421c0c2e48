//! The folder that one gateway alone keeps its boot number in.
//!
//! Promise: it is made if it is missing, and held by a lock that the system gives back when the process ends, however it ends.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use nix::fcntl::{Flock, FlockArg};
use tidings::epoch::FileEpoch;

/// A folder that is ours while this value lives.
#[derive(Debug)]
pub struct StateDir {
    folder: PathBuf,
    _lock: Flock<File>,
}

impl StateDir {
    /// Takes the folder.
    ///
    /// # Errors
    /// A sentence: the folder cannot be made or written, or another gateway holds it.
    pub fn take(folder: &Path) -> Result<StateDir, String> {
        let fail = |why: &dyn std::fmt::Display| format!("{}: {why}", folder.display());
        fs::create_dir_all(folder).map_err(|e| fail(&e))?;
        let file = File::create(folder.join("lock")).map_err(|e| fail(&e))?;
        match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
            Ok(lock) => Ok(StateDir { folder: folder.into(), _lock: lock }),
            Err(_) => Err(fail(&"another linux-gateway uses this folder")),
        }
    }

    /// Where the boot number is kept.
    #[must_use]
    pub fn epoch(&self) -> FileEpoch {
        FileEpoch::new(self.folder.join("epoch"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidings::EpochStore;

    #[test]
    fn a_folder_belongs_to_one_gateway_and_keeps_its_number() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("a/b");
        let taken = StateDir::take(&folder).unwrap();
        taken.epoch().store(7).unwrap();
        assert!(StateDir::take(&folder).unwrap_err().ends_with("another linux-gateway uses this folder"));
        drop(taken);
        assert_eq!(StateDir::take(&folder).unwrap().epoch().load().unwrap(), Some(7));
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_a_sentence() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let why = StateDir::take(&file.path().join("below")).unwrap_err();
        assert!(why.contains("below: "), "{why}");
    }
}
