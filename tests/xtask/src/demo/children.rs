//! Programs that run beside the demo and end with it, and waiting with a deadline.
//!
//! A child is killed when its guard is dropped, on an error as well as at the end. Nothing here knows what runs.

use crate::command::kill_tree;
use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use std::fs::File;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Between two looks at what may have happened.
pub const PAUSE: Duration = Duration::from_millis(50);
const POLITE: Duration = Duration::from_secs(10);

/// A running program.
pub struct Guard {
    name: &'static str,
    child: Child,
}

impl Guard {
    /// Starts a program; what it prints goes to a file, so that it can be shown when something goes wrong.
    pub fn start(name: &'static str, command: &mut Command, log: &Path) -> Result<Self> {
        let log = File::create(log).with_context(|| format!("cannot create {}", log.display()))?;
        command.stdin(Stdio::null()).stderr(log.try_clone()?).stdout(log);
        Self::spawn(name, command)
    }

    /// The same, but for what it prints on its standard output, which is given to the caller.
    pub fn start_and_hear(name: &'static str, command: &mut Command, log: &Path) -> Result<(Self, ChildStdout)> {
        let log = File::create(log).with_context(|| format!("cannot create {}", log.display()))?;
        command.stdin(Stdio::null()).stderr(log).stdout(Stdio::piped());
        let mut guard = Self::spawn(name, command)?;
        let output = guard.child.stdout.take().with_context(|| format!("the {name} has no output"))?;
        Ok((guard, output))
    }

    /// Starts a program that prints to this terminal.
    pub fn start_in_view(name: &'static str, command: &mut Command) -> Result<Self> {
        command.stdin(Stdio::null());
        Self::spawn(name, command)
    }

    fn spawn(name: &'static str, command: &mut Command) -> Result<Self> {
        let child = command.spawn().with_context(|| format!("cannot start the {name}"))?;
        Ok(Self { name, child })
    }

    /// An error when the program has ended: for now nothing should.
    pub fn still_runs(&mut self) -> Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("the {} ended early: {status}", self.name),
        }
    }

    /// Asks the program to end with SIGTERM; an error when it does not, or not with status 0.
    pub fn end_politely(mut self) -> Result<()> {
        kill(Pid::from_raw(self.child.id().try_into()?), Signal::SIGTERM)?;
        let deadline = Instant::now() + POLITE;
        match crate::command::wait_until(&mut self.child, deadline)? {
            Some(status) if status.success() => Ok(()),
            Some(status) => bail!("the {} ended with {status}", self.name),
            None => bail!("the {} does not end on SIGTERM", self.name),
        }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(Some(_))) {
            kill_tree(&mut self.child);
        }
    }
}

/// Looks again and again until there is something, or `limit` has passed: then an error that says what was missing.
pub fn wait_for<T>(what: &str, limit: Duration, mut look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(found) = look()? {
            return Ok(found);
        }
        if Instant::now() >= deadline {
            bail!("no {what} within {} s", limit.as_secs());
        }
        thread::sleep(PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sleeper() -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 600 & wait"]);
        command
    }

    #[test]
    fn a_dropped_guard_leaves_no_child_behind() {
        let guard = Guard::start_in_view("sleeper", &mut sleeper()).expect("sh");
        let pid = Pid::from_raw(guard.child.id().try_into().expect("a pid"));
        drop(guard);
        assert!(kill(pid, None).is_err());
    }

    #[test]
    fn a_child_that_ended_is_noticed() {
        let mut guard = Guard::start_in_view("true", &mut Command::new("true")).expect("true");
        let ended = wait_for("end", Duration::from_secs(30), || Ok(guard.still_runs().is_err().then_some(())));
        assert!(ended.is_ok());
    }

    #[test]
    fn waiting_ends_at_the_deadline_with_the_name_of_what_is_missing() {
        let never: Result<()> = wait_for("rain", Duration::ZERO, || Ok(None));
        assert!(never.expect_err("nothing comes").to_string().contains("rain"));
    }
}
