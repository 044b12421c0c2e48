//! A fleet of one run: a fresh secret, the keys of each port's device, and the collector's program that made them.
//!
//! All of it goes when the fleet is dropped; no key outlives a run.

use crate::command::{expect, program};
use crate::house;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

const BUILD_LIMIT: Duration = Duration::from_secs(1800);
const LIMIT: Duration = Duration::from_secs(60);

/// The key file and the program that serves it.
pub struct Fleet {
    /// The collector's executable.
    pub collector: PathBuf,
    folder: TempDir,
}

impl Fleet {
    /// Builds the collector and makes a new fleet secret.
    pub fn raise() -> Result<Self> {
        println!("── the collector builds, and makes the secret of a fleet");
        let root = house::root();
        let collector = super::image::executable(
            program("cargo", &root).args(["build", "--package", "tidings-collector"]),
            BUILD_LIMIT,
        )?;
        let fleet = Self { collector, folder: tempfile::tempdir().context("no temporary folder")? };
        fleet.ask(&["keys", "init"])?;
        Ok(fleet)
    }

    /// The key file.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("fleet.keys")
    }

    /// The file with the keys of one device; made on the first call.
    pub fn key_of(&self, device: &str) -> Result<PathBuf> {
        let path = self.folder.path().join(format!("{device}.key"));
        if !path.exists() {
            self.ask(&["keys", "derive", device, "--form", "bin", "--output", text(&path)?])?;
        }
        Ok(path)
    }

    fn ask(&self, arguments: &[&str]) -> Result<()> {
        let mut command = Command::new(&self.collector);
        command.args(arguments).arg("--keys").arg(self.file());
        expect(&mut command, LIMIT).map(drop)
    }
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().context("the temporary folder has a strange name")
}
