//! A person at the console: types lines, reads answers, loses patience at a deadline.

use std::{
    io::{ErrorKind, Read as _, Write as _},
    os::unix::net::UnixStream,
    time::{Duration, Instant},
};

use crate::PATIENCE;

/// The terminal side of a board's console.
pub struct Console {
    socket: UnixStream,
    unread: Vec<u8>,
    transcript: String,
}

impl Console {
    /// Takes over a connected console.
    pub fn new(socket: UnixStream) -> Self {
        Self { socket, unread: Vec::new(), transcript: String::new() }
    }

    /// Types a line and returns its answer, which begins with `ok` or `error:`.
    ///
    /// # Panics
    /// If no answer comes.
    pub fn ask(&mut self, line: &str) -> String {
        self.type_line(line);
        self.expect_line("an answer", is_answer)
    }

    /// Types a line that must be answered with `ok`.
    ///
    /// # Panics
    /// If it is refused or not answered.
    pub fn order(&mut self, line: &str) {
        let answer = self.ask(line);
        assert!(answer.starts_with("ok"), "{line}: {answer}");
    }

    /// The device's own list of its facts, a `KIND KEYHEX VALUEHEX` each.
    ///
    /// # Panics
    /// If the list does not come, or its end states another number.
    pub fn state(&mut self) -> Vec<String> {
        self.type_line("state");
        let mut facts = Vec::new();
        loop {
            let line = self.expect_line("a fact or the end", |line| {
                line.starts_with("end ") || line.starts_with(|c: char| c.is_ascii_digit())
            });
            match line.strip_prefix("end ") {
                None => facts.push(line),
                Some(count) => {
                    assert_eq!(count.parse(), Ok(facts.len()), "{facts:#?}");
                    return facts;
                }
            }
        }
    }

    /// Resets the board by its own command and returns the greeting of the next run.
    ///
    /// # Panics
    /// If the board does not come back.
    pub fn reboot(&mut self) -> String {
        self.order("reboot");
        self.expect_greeting()
    }

    /// The line with which a run of the firmware begins.
    ///
    /// # Panics
    /// If it does not come.
    pub fn expect_greeting(&mut self) -> String {
        self.expect_line("a greeting", |line| line.starts_with("ready: "))
    }

    /// Reads on until a line is as wanted, and returns it.
    ///
    /// # Panics
    /// If none comes in time, or the firmware crashes.
    pub fn expect_line(&mut self, wanted: &str, is_it: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let Some(line) = self.next_line(deadline) else {
                panic!("{wanted} did not come within {PATIENCE:?}; the console said:\n{}", self.transcript);
            };
            if is_it(&line) {
                return line;
            }
            assert!(!line.starts_with("crash:"), "the firmware crashed; the console said:\n{}", self.transcript);
        }
    }

    /// Types raw bytes and waits for nothing.
    ///
    /// # Panics
    /// If the board is gone.
    pub fn type_bytes(&mut self, bytes: &[u8]) {
        self.socket.write_all(bytes).expect("the board runs");
    }

    fn type_line(&mut self, line: &str) {
        self.type_bytes(format!("{line}\r").as_bytes());
    }

    /// The next whole line without its end and the prompts before it; `None` at the deadline.
    fn next_line(&mut self, deadline: Instant) -> Option<String> {
        loop {
            if let Some(end) = self.unread.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.unread.drain(..=end).collect();
                let line = String::from_utf8_lossy(&line).trim_end().to_owned();
                self.transcript.push_str(&line);
                self.transcript.push('\n');
                return Some(line);
            }
            self.hear(deadline)?;
        }
    }

    fn hear(&mut self, deadline: Instant) -> Option<()> {
        let left = deadline.checked_duration_since(Instant::now()).filter(|left| *left > Duration::ZERO)?;
        self.socket.set_read_timeout(Some(left)).expect("a positive time-out is valid");
        let mut bytes = [0; 4096];
        match self.socket.read(&mut bytes) {
            Ok(0) => panic!("QEMU closed the console; it said:\n{}", self.transcript),
            Ok(n) => self.unread.extend_from_slice(&bytes[..n]),
            Err(error)
                if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted) => {}
            Err(error) => panic!("the console broke: {error}"),
        }
        Some(())
    }
}

fn is_answer(line: &str) -> bool {
    line.starts_with("ok") || line.starts_with("error: ")
}
