//! Prints committed lines on standard output, on a thread of its own: a slow reader never holds up a device.
//!
//! Best effort. Lines that a stuck reader does not take are counted and left out: the log is the record.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

use super::say::say;
use crate::line;
use crate::store::LogLine;
use crate::terminal::Paint;

/// Lines that may wait for a slow reader; one batch may go past it.
const WAITING: usize = 65_536;

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
    lines: Sender<Vec<LogLine>>,
    waiting: Arc<AtomicUsize>,
    left_out: usize,
    closed: bool,
}

impl Printer {
    /// Starts to print.
    ///
    /// # Errors
    /// If no thread can be had.
    pub fn start(look: Look) -> io::Result<(Self, JoinHandle<()>)> {
        let (lines, arriving) = channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let printer = Self { lines, waiting: Arc::clone(&waiting), left_out: 0, closed: false };
        let work = move || print_all(&arriving, &waiting, look, &mut io::stdout().lock());
        Ok((printer, thread::Builder::new().name("printer".into()).spawn(work)?))
    }

    /// Hands lines over, or leaves them out if the reader is far behind.
    pub fn show(&mut self, lines: Vec<LogLine>) {
        let count = lines.len();
        if self.closed {
            return;
        }
        if self.waiting.load(Ordering::Relaxed) >= WAITING {
            self.left_out += count;
            return;
        }
        self.tell_left_out();
        self.waiting.fetch_add(count, Ordering::Relaxed);
        // The thread ends before this does only when standard output is closed, and has said so.
        self.closed = self.lines.send(lines).is_err();
    }

    fn tell_left_out(&mut self) {
        let left_out = std::mem::take(&mut self.left_out);
        if left_out > 0 {
            say(format_args!(
                "{left_out} lines were not printed, the reader was too slow; `changes` and `events` have them"
            ));
        }
    }
}

impl Drop for Printer {
    fn drop(&mut self) {
        self.tell_left_out();
    }
}

fn print_all(arriving: &Receiver<Vec<LogLine>>, waiting: &AtomicUsize, look: Look, out: &mut impl Write) {
    for lines in arriving {
        let text = lines.iter().map(|line| look.show(line) + "\n").collect::<String>();
        if out.write_all(text.as_bytes()).and_then(|()| out.flush()).is_err() {
            say(format_args!("standard output is closed; going on without printing"));
            waiting.store(0, Ordering::Relaxed);
            return;
        }
        waiting.fetch_sub(lines.len(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device_id::DeviceId;
    use crate::run::fleet::new_row;

    fn lines(count: usize) -> Vec<LogLine> {
        let device = new_row(DeviceId::new(b"d").expect("an id"), 0);
        (0..count).map(|_| LogLine::new(0, &device)).collect()
    }

    fn stuck() -> (Printer, Receiver<Vec<LogLine>>) {
        let (lines, arriving) = channel();
        (Printer { lines, waiting: Arc::default(), left_out: 0, closed: false }, arriving)
    }

    #[test]
    fn lines_wait_by_their_number_however_small_the_batches() {
        let (mut printer, arriving) = stuck();
        (0..1_000).for_each(|_| printer.show(lines(1)));
        assert_eq!((printer.left_out, arriving.try_iter().count()), (0, 1_000));
    }

    #[test]
    fn a_stuck_reader_is_passed_over_until_it_reads() {
        let (mut printer, arriving) = stuck();
        printer.show(lines(WAITING));
        printer.show(lines(3));
        assert_eq!((printer.left_out, arriving.try_iter().count()), (3, 1));
        printer.waiting.store(0, Ordering::Relaxed);
        printer.show(lines(1));
        assert_eq!((printer.left_out, arriving.try_iter().count()), (0, 1));
    }

    #[test]
    fn what_is_handed_over_is_printed_and_no_longer_waits() {
        let (mut printer, arriving) = stuck();
        printer.show(lines(2));
        let (waiting, mut out) = (Arc::clone(&printer.waiting), Vec::new());
        drop(printer);
        print_all(&arriving, &waiting, Look::Json, &mut out);
        assert_eq!((out.iter().filter(|byte| **byte == b'\n').count(), waiting.load(Ordering::Relaxed)), (2, 0));
    }
}
