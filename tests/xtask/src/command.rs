//! Runs other programs with a deadline, and keeps what they print.
//!
//! A program that outlives its deadline is killed together with its descendants. Standard input is closed: nothing here
//! waits for a person.

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

/// Whether the lines of a program are shown while it runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Echo {
    /// Shown as they come.
    Live,
    /// Kept, for the caller to show on failure.
    Quiet,
}

/// How a program ended.
pub struct Finished {
    /// It exited by itself, with status 0.
    pub ok: bool,
    /// Both of its streams, line by line in order of arrival.
    pub output: String,
}

/// A program in a folder, ready to run: `program("cargo", &root).args([..])`.
pub fn program(name: &str, folder: &Path) -> Command {
    let mut command = Command::new(name);
    command.current_dir(folder);
    command
}

/// Runs to the end, or to the deadline; both count as finished. `Err` only when it cannot be started or watched.
pub fn finish(command: &mut Command, limit: Duration, echo: Echo) -> Result<Finished> {
    let name = command.get_program().to_string_lossy().into_owned();
    let deadline = Instant::now() + limit;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{name}`"))?;
    let mut output = collect(lines_of(&mut child), deadline, echo);
    let ok = match wait_until(&mut child, deadline)? {
        Some(status) => status.success(),
        None => {
            kill_tree(&mut child);
            output.push_str(&format!("`{name}` was stopped after {} s\n", limit.as_secs()));
            false
        }
    };
    Ok(Finished { ok, output })
}

/// Runs quietly; a failure carries all that was printed.
pub fn expect(command: &mut Command, limit: Duration) -> Result<String> {
    let shown = format!("{command:?}").replace('"', "");
    let finished = finish(command, limit, Echo::Quiet)?;
    if !finished.ok {
        bail!("`{shown}` failed\n{}", finished.output);
    }
    Ok(finished.output)
}

fn lines_of(child: &mut Child) -> Receiver<String> {
    let (sender, lines) = channel();
    if let Some(stream) = child.stdout.take() {
        read_lines(stream, sender.clone());
    }
    if let Some(stream) = child.stderr.take() {
        read_lines(stream, sender);
    }
    lines
}

fn read_lines(stream: impl Read + Send + 'static, lines: Sender<String>) {
    thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        let mut line = Vec::new();
        while matches!(reader.read_until(b'\n', &mut line), Ok(1..)) {
            if lines.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                return;
            }
            line.clear();
        }
    });
}

fn collect(lines: Receiver<String>, deadline: Instant, echo: Echo) -> String {
    let mut output = String::new();
    while let Ok(line) = lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
        if echo == Echo::Live {
            print!("{line}");
        }
        output.push_str(&line);
    }
    output
}

/// Polls for the end of `child`; `None` when the deadline comes first.
pub fn wait_until(child: &mut Child, deadline: Instant) -> Result<Option<std::process::ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait().context("cannot wait for a child")? {
            return Ok(Some(status));
        }
        if Instant::now() >= deadline {
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Kills a child and all that it started, children before parents are reaped, so that none is adopted and forgotten.
pub fn kill_tree(child: &mut Child) {
    for pid in descendants(child.id()) {
        let _ = kill(pid, Signal::SIGKILL); // gone already: as wished
    }
    let _ = child.wait();
}

fn descendants(root: u32) -> Vec<Pid> {
    let mut found = vec![root];
    let mut next = 0;
    while let Some(&pid) = found.get(next) {
        let listed = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
        found.extend(listed.split_whitespace().filter_map(|pid| pid.parse::<u32>().ok()));
        next += 1;
    }
    found.into_iter().filter_map(|pid| i32::try_from(pid).ok()).map(Pid::from_raw).collect()
}
