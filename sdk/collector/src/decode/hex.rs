//! Hex as people paste it: with spaces, line ends, colons, commas, or `0x` before bytes.
//!
//! Anything else is an error that says where: a byte is never guessed.

use core::fmt;

/// Why a text is not hex.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BadHex {
    /// A character that is no hex digit; `at` counts characters from 0.
    Digit {
        /// Its place.
        at: usize,
        /// The character.
        found: char,
    },
    /// The last byte has one digit only.
    Odd,
}

impl fmt::Display for BadHex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Digit { at, found } => write!(f, "{found:?} at character {at} is no hex digit"),
            Self::Odd => f.write_str("a hex digit is missing at the end"),
        }
    }
}

impl core::error::Error for BadHex {}

/// The bytes of a hex text.
///
/// # Errors
///
/// [`BadHex`].
pub fn parse_hex(text: &str) -> Result<Vec<u8>, BadHex> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut high = None;
    for (at, found) in text.chars().enumerate() {
        let digit = found.to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        high = match (high.take(), digit) {
            (Some(high), Some(low)) => {
                bytes.push(high << 4 | low);
                None
            }
            (None, Some(digit)) => Some(digit),
            (Some(0), None) if matches!(found, 'x' | 'X') => None,
            (None, None) if found.is_whitespace() || matches!(found, ':' | ',' | '-') => None,
            _ => return Err(BadHex::Digit { at, found }),
        };
    }
    if high.is_some() { Err(BadHex::Odd) } else { Ok(bytes) }
}
