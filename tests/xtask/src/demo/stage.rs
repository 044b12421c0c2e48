//! The stage: everything built, the collector with a new database, and three devices connected to it.
//!
//! All of it lies in a temporary folder and ends when the stage is dropped.

use super::capture::{Capture, Passed};
use super::children::{Guard, wait_for};
use super::console::Console;
use super::fleet::Fleet;
use super::ledger::{GATEWAY, IN_C, Ledger};
use super::typewriter::Typewriter;
use crate::command::{expect, program};
use crate::house;
use anyhow::{Context, Result};
use serde_json::Value;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;
use tidings_c_abi::baremetal::MPS2_AN386;

const BUILD_LIMIT: Duration = Duration::from_secs(1800);
const UP_WITHIN: Duration = Duration::from_secs(60);
/// Names the device's keys to the build of a firmware.
const KEY_FILE: &str = "TIDINGS_KEY_FILE";
const LOGS: [&str; 4] = ["collector.log", "gateway.log", "board.log", "c-baremetal.log"];

/// What runs during the demo. Fields drop in this order: devices before the collector, the folder last.
pub struct Stage {
    /// The console of the microcontroller.
    pub console: Console,
    /// The console of the microcontroller in C, which only listens.
    pub keys_in_c: Typewriter,
    board: Guard,
    board_in_c: Guard,
    gateway: Guard,
    collector: Guard,
    captures: [Capture; 3],
    /// They seal nothing.
    pub plain: bool,
    /// What the collector wrote down.
    pub ledger: Ledger,
    folder: TempDir,
}

impl Stage {
    /// Builds the four programs and starts them.
    pub fn raise(plain: bool) -> Result<Self> {
        let root = house::root();
        let collector = build("collector", &root, &["--package", "tidings-collector"], None)?;
        let gateway = build("gateway", &root.join("examples/linux-gateway"), &[], None)?;
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let fleet = if plain { None } else { Some(Fleet::make(&collector, &gateway, folder.path())?) };
        let board = root.join("examples/mps2-an386");
        let firmware = match &fleet {
            Some(fleet) => build("firmware", &board, &["--release"], Some(&fleet.board_keys()))?,
            None => build("plain firmware", &board, &["--release", "--features", "plain"], None)?,
        };
        let firmware_in_c = build_in_c(folder.path(), plain)?;
        let ledger = Ledger { program: collector, database: folder.path().join("tidings.db") };
        Self::start(folder, fleet.as_ref(), ledger, [&gateway, &firmware, &firmware_in_c])
    }

    fn start(folder: TempDir, fleet: Option<&Fleet>, ledger: Ledger, images: [&Path; 3]) -> Result<Self> {
        let [gateway, firmware, firmware_in_c] = images;
        let [collector_log, gateway_log, board_log, in_c_log] = LOGS.map(|name| folder.path().join(name));
        let collector = Guard::start("collector", &mut collector_command(&ledger, fleet), &collector_log)?;
        let link = wait_for("collector", UP_WITHIN, || Ok(listening_at(&collector_log)))?;
        println!("the collector listens on {link}; its database is {}", ledger.database.display());
        let captures = [Capture::before(link)?, Capture::before(link)?, Capture::before(link)?];
        let mut gateway = gateway_command(gateway, captures[0].address(), &folder.path().join(GATEWAY));
        if fleet.is_none() {
            gateway.arg("--plain");
        }
        let gateway = Guard::start("gateway", &mut gateway, &gateway_log)?;
        let listener = TcpListener::bind("127.0.0.1:0").context("no free port on loopback")?;
        let mut board = board_command(firmware, captures[1].address(), listener.local_addr()?, folder.path());
        let board = Guard::start("microcontroller", &mut board, &board_log)?;
        let (keys_in_c, board_in_c) = start_in_c(firmware_in_c, captures[2].address(), fleet, &in_c_log)?;
        let mut console = Console::open(&listener)?;
        if fleet.is_some() {
            println!("the factory lets the microcontroller seal\n  > provision\n  {}", console.enter("provision")?);
        }
        let plain = fleet.is_none();
        Ok(Self { console, keys_in_c, board, board_in_c, gateway, collector, captures, plain, ledger, folder })
    }

    /// An error when one of the four has ended.
    pub fn still_stands(&mut self) -> Result<()> {
        self.collector.still_runs()?;
        self.gateway.still_runs()?;
        self.board.still_runs()?;
        self.board_in_c.still_runs()
    }

    /// What passed between the collector and the gateway, the microcontroller, and that in C.
    pub fn passed(&self) -> [Passed; 3] {
        self.captures.each_ref().map(Capture::passed)
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
        drop((self.board, self.board_in_c));
        self.gateway.end_politely()?;
        self.collector.end_politely()
    }
}

/// Builds one binary and returns where cargo put it.
fn build(what: &str, folder: &Path, arguments: &[&str], keys: Option<&Path>) -> Result<PathBuf> {
    println!("building the {what}");
    let mut cargo = program("cargo", folder);
    cargo.args(["build", "--bins", "--message-format=json-render-diagnostics"]).args(arguments);
    cargo.envs(keys.map(|file| (KEY_FILE, file)));
    let output = expect(&mut cargo, BUILD_LIMIT)?;
    let messages = output.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut built = messages.filter_map(|message| Some(PathBuf::from(message.get("executable")?.as_str()?)));
    built.next().with_context(|| format!("no binary was built in {}", folder.display()))
}

/// The factory's image of the firmware in C, which writes its first epoch; its keys are not in it.
fn build_in_c(folder: &Path, plain: bool) -> Result<PathBuf> {
    println!("building the firmware in C");
    MPS2_AN386.build(folder, if plain { &["-DPLAIN"] } else { &["-DFACTORY_FLOOR=0"] })
}

/// Starts it in a folder of its own, where its epoch is kept; the factory's tool writes its keys into their page.
fn start_in_c(image: &Path, link: SocketAddr, fleet: Option<&Fleet>, log: &Path) -> Result<(Typewriter, Guard)> {
    let folder = image.with_extension("folder");
    fs::create_dir(&folder)?;
    let listener = TcpListener::bind("127.0.0.1:0").context("no free port on loopback")?;
    let mut board = MPS2_AN386.emulator(image, &folder, fleet.map(Fleet::keys_in_c).as_deref());
    for address in [link, listener.local_addr()?] {
        board.arg("-serial").arg(format!("tcp:{address}"));
    }
    let board = Guard::start("microcontroller in C", &mut board, log)?;
    println!("the microcontroller in C is {IN_C}");
    Ok((Typewriter::open(&listener)?, board))
}

fn collector_command(ledger: &Ledger, fleet: Option<&Fleet>) -> Command {
    let mut command = Command::new(&ledger.program);
    command.args(["run", "--listen-tcp", "127.0.0.1:0", "--db"]).arg(&ledger.database);
    if let Some(fleet) = fleet {
        command.arg("--require-sealed").arg("--keys").arg(fleet.key_file());
    }
    command
}

/// The collector says where it listens, as it chose the port itself.
fn listening_at(log: &Path) -> Option<SocketAddr> {
    let said = fs::read_to_string(log).ok()?;
    let (whole, _) = said.rsplit_once('\n')?;
    let line = whole.lines().find(|line| line.contains("listening on tcp "))?;
    line.rsplit(' ').next()?.parse().ok()
}

fn gateway_command(gateway: &Path, link: SocketAddr, state: &Path) -> Command {
    let mut command = Command::new(gateway);
    command.args(["run", "--id", GATEWAY, "--collector", &format!("tcp:{link}"), "--state-dir"]);
    command.arg(state);
    command
}

/// UART0 is the link to the collector, UART1 the console; QEMU connects both before the processor runs. The flash is a file in `folder`.
fn board_command(firmware: &Path, link: SocketAddr, console: SocketAddr, folder: &Path) -> Command {
    let mut command = Command::new("qemu-system-arm");
    command.args(["-machine", "mps2-an386", "-display", "none", "-monitor", "none"]);
    command.args(["-semihosting-config", "enable=on,target=native"]).current_dir(folder);
    for (name, address) in [("link", link), ("console", console)] {
        let port = address.port();
        command.args(["-chardev", &format!("socket,id={name},host=127.0.0.1,port={port},nodelay=on")]);
        command.args(["-serial", &format!("chardev:{name}")]);
    }
    command.arg("-kernel").arg(firmware);
    command
}
