//! One running board: an emulator with its UARTs joined to sockets, under an outer time limit, gone when dropped. It runs in a folder of the caller.
//!
//! The emulator connects before the processor runs, so nothing is lost. Sockets and memory without power lie in a folder of the caller.

use super::list::{Machine, OUTPUT};
use crate::demo::children::{Guard, wait_for};
use anyhow::{Context, Result, bail};
use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// The outer limit, in seconds: a board that nobody stops, stops itself.
const LIMIT_S: &str = "300";
const UP_WITHIN: Duration = Duration::from_secs(30);
const ANSWER_WITHIN: Duration = Duration::from_secs(30);
/// Sockets to the emulator itself, besides the UARTs.
const MONITOR: &str = "monitor";
const PINS: &str = "pins";
/// What flash holds that was never written.
const ERASED: u8 = 0xFF;
const UARTS: [&str; 3] = ["link", "console", "log"];

/// Where a log comes from.
pub type Heard = Box<dyn Read + Send>;

/// An emulator at work.
pub struct Running {
    link: Option<UnixStream>,
    console: Option<BufReader<UnixStream>>,
    log: Option<Heard>,
    monitor: Option<UnixStream>,
    pins: Option<BufReader<UnixStream>>,
    emulator: Guard,
}

impl Running {
    /// Switches a board on with this image.
    pub fn power_on(machine: &Machine, image: &Path, folder: &Path) -> Result<Self> {
        let names: Vec<&str> = uarts(machine).chain([MONITOR, PINS].into_iter().filter(|_| is_qemu(machine))).collect();
        let listeners: Vec<UnixListener> =
            names.iter().map(|name| listen(&folder.join(name))).collect::<Result<_>>()?;
        let (emulator, log) = start(machine, &mut command(machine, image, folder)?, &folder.join("emulator.log"))?;
        let mut running = Self { link: None, console: None, log, monitor: None, pins: None, emulator };
        for (name, listener) in names.iter().zip(&listeners) {
            let stream = running.accept(listener)?;
            match *name {
                "link" => running.link = Some(stream),
                "console" => running.console = Some(reader(stream)?),
                "log" => running.log = Some(Box::new(stream)),
                MONITOR => running.monitor = Some(stream),
                _ => running.pins = Some(reader(stream)?),
            }
        }
        Ok(running)
    }

    fn accept(&mut self, listener: &UnixListener) -> Result<UnixStream> {
        let stream = wait_for("connection of the emulator", UP_WITHIN, || {
            self.emulator.still_runs()?;
            match listener.accept() {
                Ok((stream, _)) => Ok(Some(stream)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
                Err(error) => Err(error.into()),
            }
        })?;
        stream.set_nonblocking(false)?;
        Ok(stream)
    }

    /// The link to the collector; it can be taken once.
    pub fn take_link(&mut self) -> Result<UnixStream> {
        self.link.take().context("the link was taken")
    }

    /// What the board logs; it can be taken once, and is `None` if it logs nothing.
    pub fn take_log(&mut self) -> Option<Heard> {
        self.log.take()
    }

    /// An error when the emulator has ended.
    pub fn still_runs(&mut self) -> Result<()> {
        self.emulator.still_runs()
    }

    /// Types a line on the console and waits for an answer that begins with `ok`.
    pub fn order(&mut self, line: &str) -> Result<()> {
        let console = self.console.as_mut().context("this board has no console")?;
        console.get_mut().write_all(format!("{line}\r").as_bytes())?;
        let answer = line_of(console, |heard| heard.contains("ok") || heard.contains("error"))?;
        if answer.starts_with("ok") { Ok(()) } else { bail!("`{line}` was answered with `{answer}`") }
    }

    /// Pulls the reset pin.
    pub fn reset(&mut self) -> Result<()> {
        let monitor = self.monitor.as_mut().context("this emulator has no monitor")?;
        Ok(monitor.write_all(b"system_reset\n")?)
    }

    /// Sets the level of an input pin.
    pub fn set_pin(&mut self, device: &str, pin: u32, high: bool) -> Result<()> {
        let pins = self.pins.as_mut().context("this emulator has no pins")?;
        let level = u8::from(high);
        pins.get_mut().write_all(format!("set_irq_in {device} unnamed-gpio-in {pin} {level}\n").as_bytes())?;
        let answer = line_of(pins, |_| true)?;
        if answer.starts_with("OK") { Ok(()) } else { bail!("the emulator said `{answer}` of pin {pin}") }
    }
}

/// The emulator, and what it prints if that is the board's log.
fn start(machine: &Machine, command: &mut Command, words: &Path) -> Result<(Guard, Option<Heard>)> {
    if !machine.uarts.contains(&OUTPUT) {
        return Ok((Guard::start("emulator", command, words)?, None));
    }
    let (emulator, output) = Guard::start_and_hear("emulator", command, words)?;
    Ok((emulator, Some(Box::new(output))))
}

fn reader(stream: UnixStream) -> Result<BufReader<UnixStream>> {
    stream.set_read_timeout(Some(ANSWER_WITHIN))?;
    Ok(BufReader::new(stream))
}

/// The first line that `is_wanted`, trimmed; an error when it does not come in time.
fn line_of(stream: &mut BufReader<UnixStream>, is_wanted: impl Fn(&str) -> bool) -> Result<String> {
    loop {
        let mut line = Vec::new();
        if stream.read_until(b'\n', &mut line).context("no answer in time")? == 0 {
            bail!("the emulator hung up");
        }
        let line = String::from_utf8_lossy(&line).trim().to_owned();
        if is_wanted(&line) {
            return Ok(line);
        }
    }
}

/// The names of its UARTs that are joined to sockets.
fn uarts(machine: &Machine) -> impl Iterator<Item = &'static str> {
    UARTS.into_iter().zip(machine.uarts).filter(|(_, arguments)| **arguments != OUTPUT).map(|(name, _)| name)
}

fn is_qemu(machine: &Machine) -> bool {
    machine.command.first().is_some_and(|program| program.starts_with("qemu"))
}

fn listen(path: &Path) -> Result<UnixListener> {
    let _ = fs::remove_file(path); // of the last run
    let listener = UnixListener::bind(path).with_context(|| format!("cannot listen at {}", path.display()))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn command(machine: &Machine, image: &Path, folder: &Path) -> Result<Command> {
    let mut command = Command::new("timeout");
    command.args(["--kill-after=5", LIMIT_S]).args(machine.command).current_dir(folder);
    if is_qemu(machine) {
        command.args(["-display", "none"]);
        for name in uarts(machine).chain([MONITOR]) {
            command.args(["-chardev", &format!("socket,id={name},path={}", folder.join(name).display())]);
        }
        command.args(["-mon", "chardev=monitor,mode=readline", "-qtest"]);
        command.arg(format!("unix:{}", folder.join(PINS).display())).args(["-qtest-log", "none"]);
    }
    command.args(machine.uarts.concat());
    if let Some(bytes) = machine.flash_bytes {
        let path = folder.join("flash");
        if !path.exists() {
            fs::write(&path, vec![ERASED; bytes.try_into()?])?;
        }
        command.args(["-drive", &format!("if=pflash,unit=1,format=raw,file={}", path.display())]);
    }
    command.arg(machine.image).arg(image);
    Ok(command)
}
