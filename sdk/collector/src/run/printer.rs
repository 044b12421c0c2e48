//! Prints committed lines on standard output, on a thread of its own: a slow reader never holds up a device.
//!
//! Best effort. Lines that a stuck reader does not take are counted and left out: the log is the record.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::say::say;
use crate::line;
use crate::store::LogLine;
use crate::terminal::Paint;

/// Batches that may wait for a slow reader.
const WAITING: usize = 64;

/// How lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// For people.
    Human(Paint),
    /// One JSON object a line.
    Json,
}

impl Look {
    /// The line's text, without its end.
    #[must_use]
    pub fn show(self, line: &LogLine) -> String {
        match self {
            Self::Human(paint) => line::human(line, paint),
            Self::Json => line::json(line),
        }
    }
}

/// The committer's end.
#[derive(Debug)]
pub struct Printer {
    lines: SyncSender<Vec<LogLine>>,
    left_out: usize,
}

impl Printer {
    /// Starts to print.
    ///
    /// # Errors
    /// If no thread can be had.
    pub fn start(look: Look) -> io::Result<(Self, thread::JoinHandle<()>)> {
        let (lines, waiting) = sync_channel(WAITING);
        let thread = thread::Builder::new().name("printer".into()).spawn(move || print_all(&waiting, look))?;
        Ok((Self { lines, left_out: 0 }, thread))
    }

    /// Hands lines over, or leaves them out if the reader is far behind.
    pub fn show(&mut self, lines: Vec<LogLine>) {
        let count = lines.len();
        match self.lines.try_send(lines) {
            Ok(()) if self.left_out > 0 => {
                say(format_args!(
                    "{} lines were not printed, the reader was too slow; `changes` and `events` have them",
                    self.left_out
                ));
                self.left_out = 0;
            }
            Ok(()) => {}
            Err(_) => self.left_out += count,
        }
    }
}

fn print_all(waiting: &Receiver<Vec<LogLine>>, look: Look) {
    for lines in waiting {
        let mut text = lines.iter().map(|line| look.show(line) + "\n").collect::<String>();
        let mut out = io::stdout().lock();
        if out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err() {
            say(format_args!("standard output is closed; going on without printing"));
            return;
        }
        text.clear();
    }
}
