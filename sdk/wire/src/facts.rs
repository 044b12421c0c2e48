//! The vocabulary: typed keys and values of each kind (SPEC §7), one file a group of kinds.
//!
//! Every value type is written and read field by field as trimmed postcard; its `Serialize` gives the same fields untrimmed to postcard, and names
//! instead of numbers to readable formats. A new field goes to the end of its list and nowhere else.

mod access;
mod device;
mod network;
mod registry;
mod scalar;
mod software;
mod text;

pub use access::*;
pub use device::*;
pub use network::*;
pub use scalar::Scalar;
pub use software::*;
pub use text::{Address, Bytes, LinkAddress};

use crate::fields::{Decoder, Encoder};
use crate::{Kind, Malformed};

/// The two parts of a fact that are bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What tells it from others of its kind.
    Key,
    /// How it is.
    Value,
}

/// Something that can be recorded: a kind, a key, and a value.
// One method, because each costs a device a word and a prologue for every kind.
pub trait Fact {
    /// Writes one part; gives what it is about.
    fn encode(&self, part: Part, out: &mut Encoder<'_>) -> Kind;

    /// What it is about.
    fn kind(&self) -> Kind
    where
        Self: Sized,
    {
        self.encode(Part::Key, &mut Encoder::compare(&[]))
    }
}

/// A fact whose key and value are already bytes: unknown kinds, forwarding, other languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawFact<'a> {
    /// What it is about.
    pub kind: Kind,
    /// 1–64 bytes.
    pub key: &'a [u8],
    /// 0–512 bytes.
    pub value: &'a [u8],
}

impl Fact for RawFact<'_> {
    fn encode(&self, part: Part, out: &mut Encoder<'_>) -> Kind {
        out.raw(match part {
            Part::Key => self.key,
            Part::Value => self.value,
        });
        self.kind
    }
}

/// A fact of a vendor's own kind; all vendor facts share [`Kind::VENDOR`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VendorFact<'a> {
    /// The vendor's kind.
    pub vendor_kind: u16,
    /// 1–62 bytes.
    pub key: &'a [u8],
    /// 0–512 bytes.
    pub value: &'a [u8],
}

impl Fact for VendorFact<'_> {
    fn encode(&self, part: Part, out: &mut Encoder<'_>) -> Kind {
        match part {
            Part::Key => out.raw(&self.vendor_kind.to_be_bytes()).raw(self.key),
            Part::Value => out.raw(self.value),
        };
        Kind::VENDOR
    }
}

/// A key type of SPEC §7.
pub trait Key<'a>: Sized {
    /// Writes the key's fields.
    fn write(&self, out: &mut Encoder<'_>);
    /// Reads a key.
    ///
    /// # Errors
    /// [`Malformed`] if the bytes are no key of this kind.
    fn read(bytes: &'a [u8]) -> Result<Self, Malformed>;
}

/// A value type of SPEC §7.
pub trait Value<'a>: Sized {
    /// Writes the value's fields.
    fn write(&self, out: &mut Encoder<'_>);
    /// Reads a value; missing fields are defaults, later ones are ignored.
    ///
    /// # Errors
    /// [`Malformed`] if a known field is not of its type.
    fn read(bytes: &'a [u8]) -> Result<Self, Malformed>;
}

/// Declares a fact: its struct, its value's struct, a setter per field, and the codec.
macro_rules! fact {
    (
        $(#[$doc:meta])* $name:ident[$key:ty], $(#[$vdoc:meta])* $value:ident $(<$vl:lifetime>)?: $kind:ident {
            $($(#[$fdoc:meta])* $field:ident: $t:ty,)*
        }
    ) => {
        $(#[$vdoc])*
        #[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize)]
        pub struct $value $(<$vl>)? {
            $($(#[$fdoc])* pub $field: $t,)*
        }

        impl<'a> $crate::facts::Value<'a> for $value $(<$vl>)? {
            fn write(&self, out: &mut $crate::fields::Encoder<'_>) {
                $($crate::fields::Field::write(&self.$field, out);)*
            }
            fn read(bytes: &'a [u8]) -> Result<Self, $crate::Malformed> {
                let mut from = $crate::fields::Decoder::new(bytes);
                Ok(Self { $($field: $crate::fields::Field::read(&mut from)?,)* })
            }
        }

        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub struct $name<'a> {
            /// Which one.
            pub key: $key,
            /// How it is.
            pub value: $value $(<$vl>)?,
        }

        impl<'a> $name<'a> {
            /// The fact of this key, every field of its value at its default.
            pub fn of(key: $key) -> Self {
                Self { key, value: $value::default() }
            }
            $(
                $(#[$fdoc])*
                #[must_use]
                pub fn $field(mut self, $field: $t) -> Self {
                    self.value.$field = $field;
                    self
                }
            )*
        }

        impl $crate::facts::Fact for $name<'_> {
            fn encode(&self, part: $crate::facts::Part, out: &mut $crate::fields::Encoder<'_>) -> $crate::Kind {
                match part {
                    $crate::facts::Part::Key => $crate::facts::Key::write(&self.key, out),
                    $crate::facts::Part::Value => $crate::facts::Value::write(&self.value, out),
                }
                $crate::Kind::$kind
            }
        }
    };
}

/// Declares a key that is a plain list of fields.
macro_rules! key {
    ($(#[$doc:meta])* $name:ident $(<$l:lifetime>)? { $($(#[$fdoc:meta])* $field:ident: $t:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
        pub struct $name $(<$l>)? {
            $($(#[$fdoc])* pub $field: $t,)*
        }

        impl<'a> $crate::facts::Key<'a> for $name $(<$l>)? {
            fn write(&self, out: &mut $crate::fields::Encoder<'_>) {
                $($crate::fields::Field::write(&self.$field, out);)*
            }
            fn read(bytes: &'a [u8]) -> Result<Self, $crate::Malformed> {
                let mut from = $crate::facts::start(bytes)?;
                Ok(Self { $($field: $crate::fields::Field::read(&mut from)?,)* })
            }
        }
    };
}

pub(crate) use {fact, key};

/// A decoder at the start of a key, which is never empty.
pub(crate) fn start(bytes: &[u8]) -> Result<Decoder<'_>, Malformed> {
    if bytes.is_empty() { Err(Malformed) } else { Ok(Decoder::new(bytes)) }
}
