//! A console for a person or a script: `set NAME VALUE`, `alarm` and `reboot`, one line of answer each.
//!
//! Promise: bounded per call, nothing waits for the terminal but its answer. Not here: editing of lines, histories, quoting; `mps2-an386` shows more.

use embedded_io::{Read, ReadReady, Write};
use tidings::facts::{Scalar, Setting};
use tidings::{Agent, Recorded};

/// Longest line, in bytes.
pub const LINE_MAX: usize = 64;

/// The line being typed.
#[derive(Debug)]
pub struct Console<T> {
    terminal: T,
    line: [u8; LINE_MAX],
    len: usize,
}

/// What the main loop must do after a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Nothing.
    Nothing,
    /// Reset the processor; the answer is out.
    Reset,
    /// Record that the case was opened, and answer.
    Alarm,
}

impl<T: Read + ReadReady + Write> Console<T> {
    /// A console on this terminal.
    pub const fn new(terminal: T) -> Self {
        Self { terminal, line: [0; LINE_MAX], len: 0 }
    }

    /// The terminal.
    pub const fn terminal(&mut self) -> &mut T {
        &mut self.terminal
    }

    /// Says that the device is there.
    pub fn greet(&mut self) {
        self.say("ready\r\n");
    }

    /// Takes what was typed, at most a line, and carries it out.
    pub fn serve(&mut self, agent: &mut Agent<'_>) -> Wish {
        for _ in 0..LINE_MAX {
            let mut byte = [0];
            let typed =
                matches!(self.terminal.read_ready(), Ok(true)) && matches!(self.terminal.read(&mut byte), Ok(1));
            match byte {
                _ if !typed => return Wish::Nothing,
                [b'\r' | b'\n'] => return self.obey(agent),
                [byte] => self.keep(byte),
            }
        }
        Wish::Nothing
    }

    fn keep(&mut self, byte: u8) {
        if let Some(slot) = self.line.get_mut(self.len) {
            *slot = byte;
        }
        self.len = (self.len + 1).min(LINE_MAX + 1);
    }

    fn obey(&mut self, agent: &mut Agent<'_>) -> Wish {
        let len = core::mem::take(&mut self.len);
        let line = self.line.get(..len).and_then(|line| str::from_utf8(line).ok());
        let mut words = line.unwrap_or("?").splitn(3, ' ');
        let (answer, wish) = match (words.next(), words.next(), words.next()) {
            (Some(""), None, None) => ("", Wish::Nothing),
            (Some("reboot"), None, None) => ("ok rebooting\r\n", Wish::Reset),
            (Some("alarm"), None, None) => ("", Wish::Alarm),
            (Some("set"), Some(name), Some(value)) => (set(agent, name, value), Wish::Nothing),
            _ => ("error: set NAME VALUE | alarm | reboot\r\n", Wish::Nothing),
        };
        self.say(answer);
        wish
    }

    /// What a terminal's driver fails to show is lost: there is nobody else to tell.
    pub fn say(&mut self, text: &str) {
        let mut rest = text.as_bytes();
        while let Ok(taken @ 1..) = self.terminal.write(rest) {
            rest = rest.get(taken..).unwrap_or_default();
        }
    }
}

fn set(agent: &mut Agent<'_>, name: &str, value: &str) -> &'static str {
    match agent.record(&Setting::named(name, Scalar::Text(value))) {
        Ok(Recorded::Unchanged | Recorded::SwitchedOff) => "ok unchanged\r\n",
        Ok(Recorded::Changed) => "ok changed\r\n",
        Err(_) => "error: too long, or no room\r\n",
    }
}
