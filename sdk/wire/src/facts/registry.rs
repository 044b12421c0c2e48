//! How open registries look in Rust: numbers with names, never closed enums, so that a later number is kept and shown.

/// Declares a `u8` registry: constants, names, field codec; readable formats see the name.
macro_rules! registry {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $n:literal $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
        pub struct $name(pub u8);

        impl $name {
            $($(#[$vdoc])* pub const $variant: Self = Self($n);)*

            /// The name in SPEC §7, if the number has one.
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($n => Some($text),)*
                    _ => None,
                }
            }
        }

        impl<'a> $crate::fields::Field<'a> for $name {
            fn write(&self, out: &mut $crate::fields::Encoder<'_>) {
                out.byte(self.0);
            }
            fn read(from: &mut $crate::fields::Decoder<'a>) -> Result<Self, $crate::Malformed> {
                Ok(Self(from.byte()))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self.name().filter(|_| serializer.is_human_readable()) {
                    Some(name) => serializer.serialize_str(name),
                    None => serializer.serialize_u8(self.0),
                }
            }
        }
    };
}

/// Declares a `u32` set of flags: constants, names, field codec; readable formats see a list of names.
macro_rules! flags {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $bit:literal $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
        pub struct $name(pub u32);

        impl $name {
            $($(#[$vdoc])* pub const $variant: Self = Self(1 << $bit);)*

            /// True if all of `flags` are set.
            pub const fn has(self, flags: Self) -> bool {
                self.0 & flags.0 == flags.0
            }

            /// With `flags` set if `on`.
            #[must_use]
            pub const fn with(self, flags: Self, on: bool) -> Self {
                if on { Self(self.0 | flags.0) } else { self }
            }

            /// The names of the flags that are set, then one `None` for each bit that has no name.
            pub fn names(self) -> impl Iterator<Item = Option<&'static str>> {
                let name = |bit: u32| match bit {
                    $($bit => Some($text),)*
                    _ => None,
                };
                (0..u32::BITS).filter(move |bit| self.0 >> bit & 1 == 1).map(name)
            }
        }

        impl core::ops::BitOr for $name {
            type Output = Self;
            fn bitor(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }
        }

        impl<'a> $crate::fields::Field<'a> for $name {
            fn write(&self, out: &mut $crate::fields::Encoder<'_>) {
                out.word(self.0);
            }
            fn read(from: &mut $crate::fields::Decoder<'a>) -> Result<Self, $crate::Malformed> {
                $crate::fields::Field::read(from).map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                if serializer.is_human_readable() {
                    serializer.collect_seq(self.names().map(|name| name.unwrap_or("?")))
                } else {
                    serializer.serialize_u32(self.0)
                }
            }
        }
    };
}

pub(super) use {flags, registry};
