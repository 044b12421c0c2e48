//! Tells a person at a terminal how far a long command is, after its first second.

use std::fmt;
use std::io::{IsTerminal, Write};
use std::time::{Duration, Instant};

const EVERY: Duration = Duration::from_secs(1);

/// The last time something was said.
pub struct Progress {
    last: Instant,
    shown: bool,
}

impl Progress {
    /// Begins now.
    pub fn new() -> Self {
        Self { last: Instant::now(), shown: false }
    }

    /// Says how far it is, at most once a second; on a terminal in place.
    pub fn tell(&mut self, state: fmt::Arguments<'_>) {
        if self.last.elapsed() < EVERY {
            return;
        }
        self.last = Instant::now();
        self.shown = true;
        let mut out = std::io::stderr().lock();
        let _ = if out.is_terminal() {
            write!(out, "\r{state}\x1b[K").and_then(|()| out.flush())
        } else {
            writeln!(out, "{state}")
        };
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown && std::io::stderr().is_terminal() {
            eprintln!();
        }
    }
}
