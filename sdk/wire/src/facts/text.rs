//! Byte fields that read as text: digests as hex, addresses in their usual notation.

use crate::Malformed;
use crate::fields::{Decoder, Encoder, Field, Item};
use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};

/// Opaque bytes; shown as hex.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Bytes<'a>(pub &'a [u8]);

/// An IPv4 (4 bytes) or IPv6 (16 bytes) address, or none (empty); other lengths are shown as hex.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Address<'a>(pub &'a [u8]);

/// A link address, usually EUI-48; shown as `00:11:22:33:44:55`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct LinkAddress<'a>(pub &'a [u8]);

impl fmt::Display for Bytes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Display for Address<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Ok(v4) = <[u8; 4]>::try_from(self.0) {
            fmt::Display::fmt(&Ipv4Addr::from(v4), f)
        } else if let Ok(v6) = <[u8; 16]>::try_from(self.0) {
            fmt::Display::fmt(&Ipv6Addr::from(v6), f)
        } else {
            Bytes(self.0).fmt(f)
        }
    }
}

impl fmt::Display for LinkAddress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        self.0.iter().try_for_each(|byte| {
            write!(f, "{separator}{byte:02x}")?;
            separator = ":";
            Ok(())
        })
    }
}

macro_rules! byte_field {
    ($($name:ident)*) => {$(
        impl<'a> Field<'a> for $name<'a> {
            fn write(&self, out: &mut Encoder<'_>) {
                out.bytes(self.0);
            }
            fn read(from: &mut Decoder<'a>) -> Result<Self, Malformed> {
                from.bytes().map(Self)
            }
        }

        impl<'a> Item<'a> for $name<'a> {
            fn bytes(self) -> &'a [u8] {
                self.0
            }
            fn of(bytes: &'a [u8]) -> Option<Self> {
                Some(Self(bytes))
            }
        }

        impl serde::Serialize for $name<'_> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_str(self)
                } else {
                    serializer.serialize_bytes(self.0)
                }
            }
        }
    )*};
}

byte_field! { Bytes Address LinkAddress }
