//! The console: a prompt, an echo, and one line of answer, `ok …` or `error: …`, for each line typed.
//!
//! `state` answers with a line for each fact, `KIND KEYHEX VALUEHEX` (`-` for an empty value), then `end N`. What a terminal's driver fails to show is lost:
//! nobody is told, as there is nobody else to tell.

use core::fmt;

use embedded_io::{Read, ReadReady, Write};

use crate::{
    command::{Command, USAGES, parse},
    device::{Device, Done, Refusal, Sending},
    line::{LineEditor, Typed},
};

/// Longest line, in bytes.
pub const LINE_MAX: usize = 120;
/// Most bytes read in one [`Shell::serve`].
pub const BYTES_A_STEP: usize = 64;

const PROMPT: &[u8] = b"> ";

/// The state of the conversation: the line being typed.
pub struct Shell {
    editor: LineEditor<LINE_MAX>,
}

/// What the main loop must do after a step of the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Nothing.
    Nothing,
    /// Reset the processor; the answer is out.
    Reset,
    /// Let the device seal from above this epoch on, and [`Shell::answer`].
    Provision(u32),
}

impl Shell {
    /// A shell that waits for its first line.
    pub const fn new() -> Self {
        Self { editor: LineEditor::new() }
    }

    /// Says that the device is there.
    pub fn greet(&mut self, terminal: &mut impl Write, device: &Device, sending: Sending) {
        let (cause, facts) = (device.cause(), device.facts().count());
        say(terminal, format_args!("\r\n{sending}\r\nready: {cause} reset, {facts} facts, type help\r\n"));
        show(terminal, PROMPT);
    }

    /// Takes what was typed, at most [`BYTES_A_STEP`] bytes, and answers each line that it ends.
    pub fn serve<T: Read + ReadReady + Write>(&mut self, terminal: &mut T, device: &mut Device) -> Wish {
        for _ in 0..BYTES_A_STEP {
            let mut byte = [0];
            let typed = matches!(terminal.read_ready(), Ok(true)) && matches!(terminal.read(&mut byte), Ok(1));
            if !typed {
                break;
            }
            match self.take(byte[0], terminal, device) {
                Wish::Nothing => {}
                wish => return wish,
            }
        }
        Wish::Nothing
    }

    /// Says how a wish went.
    pub fn answer(&mut self, terminal: &mut impl Write, went: Result<Done, Refusal>) {
        tell(terminal, went);
        show(terminal, PROMPT);
    }

    fn take(&mut self, byte: u8, terminal: &mut impl Write, device: &mut Device) -> Wish {
        match self.editor.push(byte) {
            Typed::Nothing => {}
            Typed::Kept(byte) => show(terminal, &[byte]),
            Typed::Erased => show(terminal, b"\x08 \x08"),
            Typed::Line(line) => {
                show(terminal, b"\r\n");
                let wish = match line {
                    Ok("") => Wish::Nothing,
                    Ok(line) => obey(line, terminal, device),
                    Err(bad) => refuse(terminal, bad),
                };
                if wish == Wish::Nothing {
                    show(terminal, PROMPT);
                }
                return wish;
            }
        }
        Wish::Nothing
    }
}

impl Default for Shell {
    fn default() -> Self {
        Self::new()
    }
}

fn obey(line: &str, terminal: &mut impl Write, device: &mut Device) -> Wish {
    match parse(line) {
        Err(none) => refuse(terminal, none),
        Ok(Command::Help) => accept(terminal, format_args!("{}", Help)),
        Ok(Command::State) => list(terminal, device),
        Ok(Command::Reboot) => {
            accept(terminal, format_args!("rebooting"));
            Wish::Reset
        }
        Ok(Command::Provision { floor }) => Wish::Provision(floor),
        Ok(change) => tell(terminal, device.obey(change)),
    }
}

fn tell(terminal: &mut impl Write, went: Result<Done, Refusal>) -> Wish {
    match went {
        Ok(done) => accept(terminal, format_args!("{done}")),
        Err(refusal) => refuse(terminal, refusal),
    }
}

fn list(terminal: &mut impl Write, device: &Device) -> Wish {
    for (kind, key, value) in device.facts() {
        say(terminal, format_args!("{} {} {}\r\n", kind.0, Hex(key), Hex(value)));
    }
    say(terminal, format_args!("end {}\r\n", device.facts().count()));
    Wish::Nothing
}

fn accept(terminal: &mut impl Write, what: fmt::Arguments<'_>) -> Wish {
    say(terminal, format_args!("ok {what}\r\n"));
    Wish::Nothing
}

fn refuse(terminal: &mut impl Write, why: impl fmt::Display) -> Wish {
    say(terminal, format_args!("error: {why}\r\n"));
    Wish::Nothing
}

fn say(terminal: &mut impl Write, text: fmt::Arguments<'_>) {
    let _ = terminal.write_fmt(text);
}

fn show(terminal: &mut impl Write, bytes: &[u8]) {
    let _ = terminal.write_all(bytes);
}

/// Every usage on one line.
struct Help;

impl fmt::Display for Help {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, rest @ ..] = USAGES;
        f.write_str(first)?;
        rest.iter().try_for_each(|usage| write!(f, " | {usage}"))
    }
}

struct Hex<'a>(&'a [u8]);

impl fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("-");
        }
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
