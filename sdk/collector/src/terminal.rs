//! Text that a device chose never commands the terminal that shows it; colour only where a person looks.
//!
//! Does not decide what is said, only how it looks.

use std::borrow::Cow;
use std::fmt::Write;
use std::io::IsTerminal;

/// Makes control characters, and those that turn the direction of writing, visible as `\u{1b}`.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    escape(text, |c, out| {
        let _ = write!(out, "\\u{{{:x}}}", c as u32);
    })
}

/// The same for JSON that is already encoded: `\u001b`, so that a reader gets the character back.
#[must_use]
pub fn visible_json(text: &str) -> Cow<'_, str> {
    escape(text, |c, out| {
        let _ = write!(out, "\\u{:04x}", c as u32);
    })
}

fn escape(text: &str, show: impl Fn(char, &mut String)) -> Cow<'_, str> {
    // Most text is plain, and told so at once.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) || !text.chars().any(is_unruly) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_unruly(c) { show(c, &mut out) } else { out.push(c) }
    }
    Cow::Owned(out)
}

/// All of them lie in the basic plane, so that four hex digits name each.
fn is_unruly(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Whether lines are coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// Plain text, for pipes and files.
    Plain,
    /// ANSI colours, for a person at a terminal.
    Coloured,
}

/// The colours in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Something came.
    Green,
    /// Something went, or is critical.
    Red,
    /// Something changed, or is a warning.
    Yellow,
    /// Less important.
    Grey,
    /// As it is.
    Normal,
}

impl Paint {
    /// Coloured if standard output is a terminal and `NO_COLOR` is not set.
    #[must_use]
    pub fn of_stdout() -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        if wanted && std::io::stdout().is_terminal() { Self::Coloured } else { Self::Plain }
    }

    /// The text in a colour.
    #[must_use]
    pub fn paint(self, colour: Colour, text: &str) -> String {
        let code = match colour {
            Colour::Green => "32",
            Colour::Red => "31",
            Colour::Yellow => "33",
            Colour::Grey => "90",
            Colour::Normal => "",
        };
        if self == Self::Plain || code.is_empty() { text.to_owned() } else { format!("\x1b[{code}m{text}\x1b[0m") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_shown_not_sent() {
        assert_eq!(visible("a\x1b[2Jb\u{9b}c\u{202e}"), "a\\u{1b}[2Jb\\u{9b}c\\u{202e}");
        assert_eq!(visible_json("\"\u{9b}\u{7f}\""), "\"\\u009b\\u007f\"");
        assert_eq!(visible("Zürich 東京"), "Zürich 東京");
    }
}
