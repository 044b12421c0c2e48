//! The stage: everything built, the collector with a new database, and both devices connected to it.
//!
//! All of it lies in a temporary folder and ends when the stage is dropped.

use super::children::{Guard, free_port, wait_for};
use super::console::Console;
use super::ledger::{GATEWAY, Ledger};
use crate::command::{expect, program};
use crate::house;
use anyhow::{Context, Result};
use serde_json::Value;
use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

const BUILD_LIMIT: Duration = Duration::from_secs(1800);
const UP_WITHIN: Duration = Duration::from_secs(60);
const LOGS: [&str; 3] = ["collector.log", "gateway.log", "board.log"];

/// What runs during the demo. Fields drop in this order: devices before the collector, the folder last.
pub struct Stage {
    /// The console of the microcontroller.
    pub console: Console,
    board: Guard,
    gateway: Guard,
    collector: Guard,
    /// What the collector wrote down.
    pub ledger: Ledger,
    folder: TempDir,
}

impl Stage {
    /// Builds the three programs and starts them.
    pub fn raise() -> Result<Self> {
        let root = house::root();
        let collector = build("collector", &root, &["--package", "tidings-collector"])?;
        let gateway = build("gateway", &root.join("examples/linux-gateway"), &[])?;
        let firmware = build("firmware", &root.join("examples/mps2-an386"), &["--release"])?;
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let ledger = Ledger { program: collector, database: folder.path().join("tidings.db") };
        Self::start(folder, ledger, &gateway, &firmware)
    }

    fn start(folder: TempDir, ledger: Ledger, gateway: &Path, firmware: &Path) -> Result<Self> {
        let [collector_log, gateway_log, board_log] = LOGS.map(|name| folder.path().join(name));
        let link = free_port()?;
        let collector = Guard::start("collector", &mut collector_command(&ledger, link), &collector_log)?;
        wait_for("collector", UP_WITHIN, || Ok(TcpStream::connect(("127.0.0.1", link)).ok()))?;
        let gateway = Guard::start("gateway", &mut gateway_command(gateway, link, &folder), &gateway_log)?;
        let port = free_port()?;
        let board = Guard::start("microcontroller", &mut board_command(firmware, link, port), &board_log)?;
        let console = Console::open(port)?;
        println!("collector on 127.0.0.1:{link}, database {}", ledger.database.display());
        Ok(Self { console, board, gateway, collector, ledger, folder })
    }

    /// An error when one of the three has ended.
    pub fn still_stands(&mut self) -> Result<()> {
        self.collector.still_runs()?;
        self.gateway.still_runs()?;
        self.board.still_runs()
    }

    /// Prints what the programs said, for the search for a fault.
    pub fn show_logs(&self) {
        for name in LOGS {
            let text = fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
            let lines: Vec<&str> = text.lines().collect();
            eprintln!("── {name}\n{}", lines[lines.len().saturating_sub(30)..].join("\n"));
        }
    }

    /// Ends all; an error when the collector or the gateway do not end cleanly.
    pub fn lower(self) -> Result<()> {
        drop(self.board);
        self.gateway.end_politely()?;
        self.collector.end_politely()
    }
}

/// Builds one binary and returns where cargo put it.
fn build(what: &str, folder: &Path, arguments: &[&str]) -> Result<PathBuf> {
    println!("building the {what}");
    let mut cargo = program("cargo", folder);
    cargo.args(["build", "--bins", "--message-format=json-render-diagnostics"]).args(arguments);
    let output = expect(&mut cargo, BUILD_LIMIT)?;
    let messages = output.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut built = messages.filter_map(|message| Some(PathBuf::from(message.get("executable")?.as_str()?)));
    built.next().with_context(|| format!("no binary was built in {}", folder.display()))
}

fn collector_command(ledger: &Ledger, link: u16) -> Command {
    let mut command = Command::new(&ledger.program);
    command.args(["run", "--listen-tcp", &format!("127.0.0.1:{link}"), "--db"]).arg(&ledger.database);
    command
}

fn gateway_command(gateway: &Path, link: u16, folder: &TempDir) -> Command {
    let mut command = Command::new(gateway);
    command.args(["run", "--id", GATEWAY, "--collector", &format!("tcp:127.0.0.1:{link}"), "--state-dir"]);
    command.arg(folder.path().join("gateway"));
    command
}

/// UART0 is the link to the collector, UART1 the console; both are sockets.
fn board_command(firmware: &Path, link: u16, console: u16) -> Command {
    let mut command = Command::new("qemu-system-arm");
    command.args(["-machine", "mps2-an386", "-display", "none", "-monitor", "none"]);
    command.args(["-chardev", &format!("socket,id=link,host=127.0.0.1,port={link},nodelay=on,reconnect=1")]);
    let console = format!("socket,id=console,host=127.0.0.1,port={console},server=on,wait=off,nodelay=on");
    command.args(["-serial", "chardev:link", "-chardev", &console, "-serial", "chardev:console"]);
    command.arg("-kernel").arg(firmware);
    command
}
