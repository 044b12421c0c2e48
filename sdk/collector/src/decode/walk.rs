//! Walks over a packet with the wire crate's reader and writes down each field as it passes.
//!
//! It knows no format: what comes next is said by the caller.

use tidings_wire::Malformed;
use tidings_wire::cursor::Reader;
use tidings_wire::facts::Bytes;

use super::Field;
use crate::terminal::visible;

/// A place within a packet, and the fields passed so far.
pub(super) struct Walk<'a> {
    pub(super) fields: Vec<Field>,
    pub(super) depth: u8,
    from: Reader<'a>,
    end: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn over(bytes: &'a [u8]) -> Self {
        Self { fields: Vec::new(), depth: 0, from: Reader::new(bytes), end: bytes.len() }
    }

    /// Bytes from the start of the packet.
    pub(super) fn offset(&self) -> usize {
        self.end - self.from.rest().len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.from.is_empty()
    }

    /// What has not been passed yet.
    pub(super) fn ahead(&self) -> &'a [u8] {
        self.from.rest()
    }

    /// Passes a field; one that cannot be read is written down with all that follows it.
    pub(super) fn field<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Malformed>,
        say: impl FnOnce(&T) -> String,
    ) -> Result<T, Malformed> {
        let (offset, before) = (self.offset(), self.from.rest());
        let colon = if name.is_empty() { "" } else { ": " };
        match read(&mut self.from) {
            Ok(value) => {
                let bytes = &before[..before.len() - self.from.rest().len()];
                let meaning = format!("{name}{colon}{}", visible(&say(&value)));
                self.fields.push(Field::new(offset, bytes, self.depth, meaning));
                Ok(value)
            }
            Err(malformed) => {
                self.from = Reader::new(before);
                self.rest(&format!("{name}{colon}malformed or cut short"));
                Err(malformed)
            }
        }
    }

    /// Passes a field that is a number.
    pub(super) fn number<T: ToString>(
        &mut self,
        name: &str,
        read: impl FnOnce(&mut Reader<'a>) -> Result<T, Malformed>,
    ) -> Result<T, Malformed> {
        self.field(name, read, T::to_string)
    }

    /// Passes everything that is left as one field, if there is anything.
    pub(super) fn rest(&mut self, meaning: &str) {
        if !self.from.is_empty() {
            let (offset, bytes) = (self.offset(), self.from.rest());
            self.from = Reader::new(&[]);
            self.fields.push(Field::new(offset, bytes, self.depth, meaning.to_owned()));
        }
    }

    /// Sets the last `len` bytes aside.
    pub(super) fn split_off(&mut self, len: usize) -> Result<&'a [u8], Malformed> {
        let rest = self.from.rest();
        let at = rest.len().checked_sub(len).ok_or(Malformed)?;
        let (front, back) = rest.split_at(at);
        self.from = Reader::new(front);
        self.end -= len;
        Ok(back)
    }

    /// Goes on with bytes that were set aside, all before them having been passed.
    pub(super) fn join(&mut self, back: &'a [u8]) {
        self.from = Reader::new(back);
        self.end += back.len();
    }

    /// Passes fields one level deeper.
    pub(super) fn deeper(&mut self, fields: impl FnOnce(&mut Self) -> Result<(), Malformed>) -> Result<(), Malformed> {
        self.depth += 1;
        let done = fields(self);
        self.depth -= 1;
        done
    }
}

/// Names and texts as they are, other bytes as hex.
pub(super) fn text_or_hex(bytes: &[u8]) -> String {
    match core::str::from_utf8(bytes) {
        Ok(text) if !text.is_empty() && !text.chars().any(char::is_control) => format!("\"{text}\""),
        _ => Bytes(bytes).to_string(),
    }
}
