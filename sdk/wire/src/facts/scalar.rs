//! A value of one of several simple types: settings and identity claims.

use super::{Bytes, Value};
use crate::Malformed;
use crate::fields::{Decoder, Encoder, Field};

/// One simple value with its type (SPEC §7, "scalar").
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Scalar<'a> {
    /// The device cannot tell.
    #[default]
    Unknown,
    /// The device has no such thing.
    Unsupported,
    /// On or off.
    Bool(bool),
    /// A number.
    Int(i64),
    /// One of a list that the key implies.
    Enum(u32),
    /// Text.
    Text(&'a str),
    /// Opaque bytes.
    Bytes(Bytes<'a>),
    /// [`crate::digest::keyed_hash`] of a secret: tells that it changed, not what it is.
    Hash(Bytes<'a>),
    /// A type of a later revision: its tag and everything after it.
    Other(u8, Bytes<'a>),
}

impl<'a> Value<'a> for Scalar<'a> {
    fn write(&self, out: &mut Encoder<'_>) {
        out.byte(self.tag());
        match self {
            Self::Unknown | Self::Unsupported => out,
            Self::Bool(on) => out.byte(u8::from(*on)),
            Self::Int(n) => out.int(*n),
            Self::Enum(n) => out.word(*n),
            Self::Text(text) => out.bytes(text.as_bytes()),
            Self::Bytes(bytes) | Self::Hash(bytes) => out.bytes(bytes.0),
            Self::Other(_, rest) => out.raw(rest.0),
        };
    }

    fn read(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let mut from = Decoder::new(bytes);
        Ok(match from.byte() {
            0 => Self::Unknown,
            1 => Self::Unsupported,
            2 => Self::Bool(bool_of(from.byte())?),
            3 => Self::Int(from.int()?),
            4 => Self::Enum(u32::try_from(from.uint()?).map_err(|_| Malformed)?),
            5 => Self::Text(Field::read(&mut from)?),
            6 => Self::Bytes(Field::read(&mut from)?),
            7 => Self::Hash(Field::read(&mut from)?),
            other => Self::Other(other, Bytes(from.rest())),
        })
    }
}

fn bool_of(byte: u8) -> Result<bool, Malformed> {
    if byte > 1 { Err(Malformed) } else { Ok(byte == 1) }
}

impl Scalar<'_> {
    /// The tag on the wire.
    pub const fn tag(&self) -> u8 {
        match self {
            Self::Unknown => 0,
            Self::Unsupported => 1,
            Self::Bool(_) => 2,
            Self::Int(_) => 3,
            Self::Enum(_) => 4,
            Self::Text(_) => 5,
            Self::Bytes(_) => 6,
            Self::Hash(_) => 7,
            Self::Other(tag, _) => *tag,
        }
    }
}

impl serde::Serialize for Scalar<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { self.plain(serializer) } else { self.tagged(serializer) }
    }
}

impl Scalar<'_> {
    fn plain<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Unknown => serializer.serialize_none(),
            Self::Unsupported => serializer.serialize_str("unsupported"),
            Self::Bool(on) => serializer.serialize_bool(*on),
            Self::Int(n) => serializer.serialize_i64(*n),
            Self::Enum(n) => serializer.serialize_u32(*n),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Bytes(bytes) | Self::Hash(bytes) | Self::Other(_, bytes) => serializer.collect_str(bytes),
        }
    }

    // To postcard, an enum is its tag and payload; only what follows a later tag cannot go without its length there.
    fn tagged<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (name, tag) = ("Scalar", u32::from(self.tag()));
        match self {
            Self::Unknown | Self::Unsupported => serializer.serialize_unit_variant(name, tag, "none"),
            Self::Bool(on) => serializer.serialize_newtype_variant(name, tag, "bool", on),
            Self::Int(n) => serializer.serialize_newtype_variant(name, tag, "int", n),
            Self::Enum(n) => serializer.serialize_newtype_variant(name, tag, "enum", n),
            Self::Text(text) => serializer.serialize_newtype_variant(name, tag, "str", text),
            Self::Bytes(bytes) | Self::Hash(bytes) | Self::Other(_, bytes) => {
                serializer.serialize_newtype_variant(name, tag, "bytes", bytes)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bool_is_0_or_1() {
        for (bytes, read) in
            [(&[2u8][..], Ok(false)), (&[2, 0], Ok(false)), (&[2, 1], Ok(true)), (&[2, 2], Err(Malformed))]
        {
            assert_eq!(Scalar::read(bytes), read.map(Scalar::Bool));
        }
    }
}
