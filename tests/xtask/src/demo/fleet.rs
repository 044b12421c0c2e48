//! The fleet of the demo: fresh keys for the three devices, and what the factory writes into the gateway.
//!
//! It lies in the demo's folder and goes with it. The microcontroller gets its first epoch on its console.

use super::ledger::{BOARD, GATEWAY, IN_C};
use crate::command::{expect, program};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(60);

/// Where keys lie.
pub struct Fleet {
    folder: PathBuf,
}

impl Fleet {
    /// Makes keys with the collector's own commands, and provisions the gateway.
    pub fn make(collector: &Path, gateway: &Path, folder: &Path) -> Result<Self> {
        let fleet = Self { folder: folder.to_owned() };
        fs::create_dir(fleet.gateway_state()).context("the demo's folder is not writable")?;
        let keys = |arguments: &[&str]| {
            let mut command = tool(collector, folder);
            command.arg("keys").args(arguments).arg("--keys").arg(fleet.key_file());
            command
        };
        expect(&mut keys(&["init"]), LIMIT)?;
        expect(keys(&["derive", BOARD, "--form", "bin"]).arg("--output").arg(fleet.board_keys()), LIMIT)?;
        expect(keys(&["derive", IN_C, "--form", "bin"]).arg("--output").arg(fleet.keys_in_c()), LIMIT)?;
        let gateway_keys = fleet.gateway_state().join("keys");
        expect(keys(&["derive", GATEWAY]).arg("--output").arg(gateway_keys), LIMIT)?;
        expect(tool(gateway, folder).args(["provision", "--state-dir"]).arg(fleet.gateway_state()), LIMIT)?;
        println!("each of the three devices has keys of its own; what they say is sealed");
        Ok(fleet)
    }

    /// The collector's key file.
    pub fn key_file(&self) -> PathBuf {
        self.folder.join("fleet.keys")
    }

    /// The microcontroller's keys, for its firmware to take in.
    pub fn board_keys(&self) -> PathBuf {
        self.folder.join("board.bin")
    }

    /// The keys of the microcontroller in C, for the factory to write into their page.
    pub fn keys_in_c(&self) -> PathBuf {
        self.folder.join("c-baremetal.bin")
    }

    /// The gateway's folder, with its keys and its boot number.
    pub fn gateway_state(&self) -> PathBuf {
        self.folder.join(GATEWAY)
    }
}

fn tool(path: &Path, folder: &Path) -> Command {
    program(&path.to_string_lossy(), folder)
}
