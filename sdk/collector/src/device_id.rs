//! The id of a device: 1–16 opaque bytes, written `hex:…`.
//!
//! Not its name: names are given by people and change.

use std::fmt;
use std::str::FromStr;

use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
use serde::{Serialize, Serializer};
use tidings_wire::facts::Bytes;

use crate::decode::parse_hex;

const MAX: usize = tidings_wire::MAX_ID;

/// A device id, compared and hashed as its bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId {
    len: u8,
    bytes: [u8; MAX],
}

impl DeviceId {
    /// The id of these bytes, if there are 1–16.
    #[must_use]
    pub fn new(id: &[u8]) -> Option<Self> {
        if id.is_empty() {
            return None;
        }
        let mut bytes = [0; MAX];
        bytes.get_mut(..id.len())?.copy_from_slice(id);
        Some(Self { len: id.len() as u8, bytes })
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    /// The id as a name, if its bytes are letters, digits, and `.-_` alone.
    #[must_use]
    pub fn readable(&self) -> Option<&str> {
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b".-_".contains(byte);
        std::str::from_utf8(self.as_bytes()).ok().filter(|text| text.bytes().all(|byte| plain(&byte)))
    }

    /// The id for people: as text too, if it can be read.
    #[must_use]
    pub fn in_words(&self) -> String {
        self.readable().map_or_else(|| self.to_string(), |text| format!("{text} ({self})"))
    }
}

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("hex:{}", Bytes(self.as_bytes())))
    }
}

impl fmt::Debug for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for DeviceId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let id =
            text.strip_prefix("hex:").and_then(|digits| parse_hex(digits).ok()).and_then(|bytes| Self::new(&bytes));
        id.ok_or_else(|| format!("expected hex: and 1 to {MAX} bytes, two digits each"))
    }
}

impl Serialize for DeviceId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl ToSql for DeviceId {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.as_bytes().to_sql()
    }
}

impl FromSql for DeviceId {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Self::new(value.as_blob()?).ok_or(FromSqlError::InvalidType)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_they_are_written() {
        let id = DeviceId::new(b"gw\x00\xff").expect("4 bytes");
        assert_eq!(id.to_string(), "hex:677700ff");
        assert_eq!("hex:677700FF".parse(), Ok(id));
    }

    #[test]
    fn impossible_ids_are_refused() {
        for text in ["", "gw", "hex:", "hex:1", "hex:1g", "hex:0102030405060708090a0b0c0d0e0f1011"] {
            assert!(text.parse::<DeviceId>().is_err(), "{text}");
        }
    }
}
