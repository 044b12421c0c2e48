//! A line editor for a terminal: bytes in, at most one line out for each, within a fixed buffer.
//!
//! A line that is too long, is not UTF-8, or holds a control character is refused as a whole, never cut or cleaned.
//! There is no history and no cursor movement: an arrow key sends Escape, so its line is refused.

use core::{fmt, str};

const BACKSPACE: u8 = 0x08;
const DELETE: u8 = 0x7F;

/// The line being typed, at most `N` bytes.
pub struct LineEditor<const N: usize> {
    bytes: heapless::Vec<u8, N>,
    fault: Option<BadLine>,
    ended: bool,
    after_cr: bool,
}

/// What one typed byte led to.
#[derive(Debug, PartialEq, Eq)]
pub enum Typed<'a> {
    /// Nothing to show.
    Nothing,
    /// The byte became part of the line: show it.
    Kept(u8),
    /// The last character was taken back: rub it out.
    Erased,
    /// The line ended; the next byte starts a new one.
    Line(Result<&'a str, BadLine>),
}

/// Why a line was refused; nothing of it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BadLine {
    /// More bytes than the editor holds, which is the number given: type a shorter line.
    TooLong(usize),
    /// A control character, tabs and escape sequences included: type printable text.
    Control(u32),
    /// Bytes that are not UTF-8: set the terminal to UTF-8.
    NotUtf8,
}

impl<const N: usize> LineEditor<N> {
    /// An empty line.
    pub const fn new() -> Self {
        Self { bytes: heapless::Vec::new(), fault: None, ended: false, after_cr: false }
    }

    /// Takes one byte as the terminal sent it. CR, LF and CR LF each end one line.
    pub fn push(&mut self, byte: u8) -> Typed<'_> {
        let second_half_of_crlf = self.after_cr && byte == b'\n';
        self.after_cr = byte == b'\r';
        if self.ended {
            self.start_over();
        }
        match byte {
            _ if second_half_of_crlf => Typed::Nothing,
            b'\r' | b'\n' => Typed::Line(self.finish()),
            BACKSPACE | DELETE => self.erase(),
            byte => self.keep(byte),
        }
    }

    fn start_over(&mut self) {
        self.bytes.clear();
        self.fault = None;
        self.ended = false;
    }

    fn keep(&mut self, byte: u8) -> Typed<'_> {
        if byte.is_ascii_control() {
            self.fault.get_or_insert(BadLine::Control(byte.into()));
        } else if self.bytes.push(byte).is_err() {
            self.fault.get_or_insert(BadLine::TooLong(N));
        }
        if self.fault.is_some() { Typed::Nothing } else { Typed::Kept(byte) }
    }

    fn erase(&mut self) -> Typed<'_> {
        if self.fault.is_some() || self.bytes.is_empty() {
            return Typed::Nothing;
        }
        while self.bytes.pop().is_some_and(is_utf8_continuation) {}
        Typed::Erased
    }

    fn finish(&mut self) -> Result<&str, BadLine> {
        self.ended = true;
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let line = str::from_utf8(&self.bytes).map_err(|_| BadLine::NotUtf8)?;
        match line.chars().find(|c| c.is_control()) {
            Some(c) => Err(BadLine::Control(c.into())),
            None => Ok(line),
        }
    }
}

impl<const N: usize> Default for LineEditor<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong(max) => write!(f, "line longer than {max} bytes, nothing done"),
            Self::Control(code) => write!(f, "control character U+{code:04X} refused, nothing done"),
            Self::NotUtf8 => f.write_str("line is not UTF-8, nothing done"),
        }
    }
}

impl core::error::Error for BadLine {}

fn is_utf8_continuation(byte: u8) -> bool {
    byte & 0xC0 == 0x80
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::{string::String, vec::Vec};

    fn type_in(bytes: &[u8]) -> Vec<Result<String, BadLine>> {
        let mut editor = LineEditor::<8>::new();
        let mut lines = Vec::new();
        for &byte in bytes {
            if let Typed::Line(line) = editor.push(byte) {
                lines.push(line.map(String::from));
            }
        }
        lines
    }

    #[test]
    fn cr_lf_and_crlf_each_end_one_line() {
        assert_eq!(type_in(b"a\rb\nc\r\nd"), [Ok("a".into()), Ok("b".into()), Ok("c".into())]);
        assert_eq!(type_in(b"\n\n"), [Ok("".into()), Ok("".into())]);
    }

    #[test]
    fn a_full_line_passes_and_one_byte_more_is_refused_without_touching_the_next() {
        assert_eq!(type_in(b"12345678\n"), [Ok("12345678".into())]);
        assert_eq!(type_in(b"123456789\nok\n"), [Err(BadLine::TooLong(8)), Ok("ok".into())]);
    }

    #[test]
    fn control_characters_refuse_the_whole_line() {
        assert_eq!(type_in(b"a\x1b[A\nb\n"), [Err(BadLine::Control(0x1B)), Ok("b".into())]);
        assert_eq!(type_in(b"a\tb\n"), [Err(BadLine::Control(9))]);
        assert_eq!(type_in(b"\xC2\x9B\n"), [Err(BadLine::Control(0x9B))]);
    }

    #[test]
    fn broken_utf8_is_refused() {
        assert_eq!(type_in(b"\xC3\n"), [Err(BadLine::NotUtf8)]);
    }

    #[test]
    fn backspace_takes_back_a_whole_character_and_stops_at_the_start() {
        assert_eq!(type_in("aé\u{8}b\n".as_bytes()), [Ok("ab".into())]);
        assert_eq!(type_in(b"\x7F\x7Fa\n"), [Ok("a".into())]);
    }
}
