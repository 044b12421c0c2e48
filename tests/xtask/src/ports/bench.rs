//! Board, cable and collector joined up: what each case starts from.
//!
//! Each port has a database of its own; the collector hears sealed devices only.

use super::cable::Cable;
use super::fleet::Fleet;
use super::list::{Change, Machine, Port, Reset};
use super::log::Log;
use super::machine::Running;
use crate::demo::children::{Guard, wait_for};
use crate::demo::ledger::Ledger;
use anyhow::{Context, Result};
use serde_json::Value;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

const UP_WITHIN: Duration = Duration::from_secs(60);

/// A board that reports to a collector. Dropping it takes everything down.
pub struct Bench {
    /// The wire between them.
    pub cable: Cable,
    /// The file with the device's keys.
    pub key: PathBuf,
    device: &'static str,
    machine: &'static Machine,
    image: PathBuf,
    board: Option<Running>,
    log: Log,
    ledger: Ledger,
    address: SocketAddr,
    changes: u32,
    _collector: Guard,
    folder: TempDir,
}

impl Bench {
    /// Starts a collector and switches the board on.
    pub fn set_up(port: &'static Port, machine: &'static Machine, image: &Path, fleet: &Fleet) -> Result<Self> {
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let ledger = Ledger { program: fleet.collector.clone(), database: folder.path().join("tidings.db") };
        let log = folder.path().join("collector.log");
        let mut command = Command::new(&ledger.program);
        command.args(["run", "--listen-tcp", "127.0.0.1:0", "--require-sealed", "--keys"]).arg(fleet.file());
        command.arg("--db").arg(&ledger.database);
        let collector = Guard::start("collector", &mut command, &log)?;
        let address = wait_for("collector", UP_WITHIN, || Ok(listening_at(&log)))?;
        let mut board = Running::power_on(machine, image, folder.path())?;
        let cable = Cable::lay(board.take_link()?, address)?;
        let mut log = Log::of(image);
        board.take_log().into_iter().for_each(|stream| log.take_up(stream));
        let (image, key) = (image.to_path_buf(), fleet.key_of(port.device())?);
        let (device, board) = (port.device(), Some(board));
        Ok(Self {
            cable,
            key,
            device,
            machine,
            image,
            board,
            log,
            ledger,
            address,
            changes: 0,
            _collector: collector,
            folder,
        })
    }

    fn board(&mut self) -> Result<&mut Running> {
        let board = self.board.as_mut().context("the board is off")?;
        board.still_runs()?;
        Ok(board)
    }

    /// Changes something at the board, each time another thing.
    pub fn change(&mut self) -> Result<()> {
        self.changes += 1;
        let turn = self.changes;
        match self.machine.change {
            Change::Typed => self.type_colour(turn),
            Change::Button { device, pin } => self.board()?.set_pin(device, pin, turn.is_multiple_of(2)),
            Change::TypedOrPulsed { device, pin } if turn.is_multiple_of(2) => {
                self.board()?.set_pin(device, pin, true)?;
                self.board()?.set_pin(device, pin, false)
            }
            Change::TypedOrPulsed { .. } => self.type_colour(turn.div_ceil(2)),
        }
    }

    /// Whether its events outlive power.
    pub fn keeps_events(&self) -> bool {
        self.machine.keeps_events
    }

    /// Somebody opens the case; the board says that it will not forget.
    pub fn alarm(&mut self) -> Result<()> {
        self.board()?.order("alarm")
    }

    /// The alarms that the collector was told of.
    pub fn alarms(&self) -> Result<Vec<Value>> {
        let lines = self.ledger.ask(&["events", "--json"])?;
        Ok(lines.into_iter().filter(|line| line["kind"] == "tamper").collect())
    }

    /// After so many changes all is as it was.
    pub const fn round(&self) -> u32 {
        self.machine.change.round()
    }

    /// Every second change undoes the one before: what is typed does not outlive a reset.
    fn type_colour(&mut self, turn: u32) -> Result<()> {
        let colour = if turn.is_multiple_of(2) { "none" } else { "blue" };
        self.board()?.order(&format!("set colour {colour}"))
    }

    /// Resets the board; what it sends from then on is a new record.
    pub fn reset(&mut self) -> Result<()> {
        self.cable.forget();
        match self.machine.reset {
            Reset::Pin => self.board()?.reset(),
            Reset::Power => {
                self.board = None;
                let mut board = Running::power_on(self.machine, &self.image, self.folder.path())?;
                self.cable = Cable::lay(board.take_link()?, self.address)?;
                board.take_log().into_iter().for_each(|stream| self.log.take_up(stream));
                self.board = Some(board);
                Ok(())
            }
        }
    }

    /// The collector's row on the device, `None` before it was heard.
    pub fn row(&mut self) -> Result<Option<Value>> {
        self.board()?;
        Ok(self.ledger.ask(&["devices", "--json"])?.into_iter().find(|row| row["device"] == self.device))
    }

    /// Everything that the collector holds of the device.
    pub fn facts(&self) -> Result<Vec<Value>> {
        self.ledger.ask(&["show", self.device, "--json"])
    }

    /// What the board logged so far, a line each; `None` if it logs nothing.
    pub fn logged(&self) -> Result<Option<String>> {
        self.log.is_kept().then(|| self.log.lines()).transpose()
    }

    /// The number of the log's last line.
    pub fn log_end(&self) -> Result<u64> {
        self.ledger.last()
    }

    /// The changes after that line that are no talk of the agent about itself.
    pub fn changes_after(&self, line: u64) -> Result<Vec<Value>> {
        let lines = self.ledger.ask(&["changes", "--json", "--after", &line.to_string()])?;
        Ok(lines.into_iter().filter(|line| line["type"] == "change" && !is_volatile(line)).collect())
    }

    /// Prints what collector and emulator said, for the search for a fault.
    pub fn show_words(&self) {
        for name in ["collector.log", "emulator.log"] {
            let said = fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
            eprintln!("── {name}\n{said}");
        }
    }
}

/// It is about health, or about the agent itself: told anew after each start.
pub fn is_volatile(line: &Value) -> bool {
    line["kind"] == "health" || line["kind"] == "agent"
}

/// The collector says where it listens, as it chose the port itself.
fn listening_at(log: &Path) -> Option<SocketAddr> {
    let said = fs::read_to_string(log).ok()?;
    let (whole, _) = said.rsplit_once('\n')?;
    let line = whole.lines().find(|line| line.contains("listening on tcp "))?;
    line.rsplit(' ').next()?.parse().ok()
}
