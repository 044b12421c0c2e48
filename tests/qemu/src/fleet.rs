//! A fleet of one board, made for this run of a test program by the collector's own `keys` commands: the collector's key file, the keys that the
//! firmware takes in, and flash as the factory leaves it.
//!
//! It lies in a folder of cargo's, which the next run clears away. Not here: the firmware and the collector themselves.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{self, Command},
    sync::OnceLock,
};

use tidings_wire::suites::KeySet;

use crate::{board, collector};

const PREFIX: &str = "fleet-";

/// Keys and where they lie.
pub struct Fleet {
    folder: PathBuf,
    keys: KeySet,
}

impl Fleet {
    /// The fleet of this process, made on the first call.
    ///
    /// # Panics
    /// If the collector does not build or makes no keys.
    pub fn of_this_run() -> &'static Self {
        static FLEET: OnceLock<Fleet> = OnceLock::new();
        FLEET.get_or_init(Self::make)
    }

    /// The collector's key file.
    pub fn key_file(&self) -> PathBuf {
        self.folder.join("keys")
    }

    /// The board's keys as bytes, for its firmware to take in.
    pub fn board_keys(&self) -> PathBuf {
        self.folder.join("board.bin")
    }

    /// The board's keys.
    pub fn keys(&self) -> &KeySet {
        &self.keys
    }

    /// Where the process may keep more.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn make() -> Self {
        let parent = collector::target_folder().join("tmp");
        fs::create_dir_all(&parent).expect("cargo's folder is writable");
        clear_away(&parent);
        let folder = parent.join(format!("{PREFIX}{}", process::id()));
        fs::create_dir(&folder).expect("no other process has this number");
        let (file, board) = (folder.join("keys"), folder.join("board.bin"));
        ask(Command::new(collector::program()).args(["keys", "init", "--keys"]).arg(&file));
        let mut derive = Command::new(collector::program());
        derive.args(["keys", "derive", board::DEVICE, "--form", "bin", "--keys"]).arg(&file);
        ask(derive.arg("--output").arg(&board));
        let bytes = fs::read(&board).expect("the collector wrote it");
        let keys = KeySet::from_bytes(bytes.as_slice().try_into().expect("81 bytes")).expect("keys");
        Self { folder, keys }
    }
}

/// Removes what processes left that are no more.
fn clear_away(parent: &Path) {
    let entries = fs::read_dir(parent).expect("the folder was just made").flatten();
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let left = name.strip_prefix(PREFIX).is_some_and(|process| !Path::new("/proc").join(process).exists());
        if left {
            // Another test program may be at the same.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn ask(command: &mut Command) {
    let output = command.output().expect("the collector was just built");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
