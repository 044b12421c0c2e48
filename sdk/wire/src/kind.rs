//! Kinds of facts and sets of kinds (SPEC §7).

use core::fmt;

/// What a fact is about; an open registry of 32 numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind(pub u8);

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $n:literal $text:literal;)*) => {
        impl Kind {
            $($(#[$doc])* pub const $name: Self = Self($n);)*

            /// The name in SPEC §7, if the number has one.
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($n => Some($text),)*
                    _ => None,
                }
            }

            /// The kind that is called `name` in SPEC §7.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $($text => Some(Self($n)),)*
                    _ => None,
                }
            }
        }
    };
}

kinds! {
    /// Who the device is: EAT claims, MUD URL, host name.
    IDENTITY = 0 "identity";
    /// What is installed.
    SOFTWARE = 1 "software";
    /// Who may use it.
    ACCOUNT = 2 "account";
    /// Open ports.
    LISTENER = 3 "listener";
    /// Who is seen on its networks.
    NEIGHBOUR = 4 "neighbour";
    /// Certificates and keys.
    CERTIFICATE = 5 "certificate";
    /// Configuration and posture.
    SETTING = 6 "setting";
    /// Measurements with thresholds; volatile.
    HEALTH = 7 "health";
    /// The agent about itself; volatile.
    AGENT = 8 "agent";
    /// Updates under way.
    UPDATE = 9 "update";
    /// Network interfaces.
    INTERFACE = 10 "interface";
    /// All vendor kinds together; the key starts with the vendor kind, 2 bytes big-endian.
    VENDOR = 15 "vendor";
}

impl Kind {
    /// How many kinds the wire can tell apart.
    pub const COUNT: u8 = 32;

    /// True for kinds that are registered only after Hello is acknowledged and forgotten at each boot.
    pub const fn is_volatile(self) -> bool {
        KindMask::VOLATILE.has(self)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.write_str(name),
            None => write!(f, "kind {}", self.0),
        }
    }
}

/// A set of kinds: bit k stands for kind k.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct KindMask(pub u32);

impl KindMask {
    /// No kind.
    pub const NONE: Self = Self(0);
    /// Every kind.
    pub const ALL: Self = Self(u32::MAX);
    /// See [`Kind::is_volatile`].
    pub const VOLATILE: Self = Self(1 << Kind::HEALTH.0 | 1 << Kind::AGENT.0);

    /// The set that holds `kind` alone; empty for a number past 31.
    pub const fn of(kind: Kind) -> Self {
        Self(match 1u32.checked_shl(kind.0 as u32) {
            Some(bit) => bit,
            None => 0,
        })
    }

    /// True if `kind` is in the set.
    pub const fn has(self, kind: Kind) -> bool {
        self.intersection(Self::of(kind)).0 != 0
    }

    /// True if no kind is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The kinds in either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The kinds in both sets.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The kinds in this set but not in `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Adds `kind`.
    pub fn insert(&mut self, kind: Kind) {
        *self = self.union(Self::of(kind));
    }

    /// Takes `kind` out.
    pub fn remove(&mut self, kind: Kind) {
        *self = self.without(Self::of(kind));
    }

    /// Adds `kind` if `member`, takes it out otherwise.
    pub fn set(&mut self, kind: Kind, member: bool) {
        if member { self.insert(kind) } else { self.remove(kind) }
    }

    /// The kinds in the set that are at least `kind`.
    #[must_use]
    pub const fn at_least(self, kind: Kind) -> Self {
        match u32::MAX.checked_shl(kind.0 as u32) {
            Some(high) => Self(self.0 & high),
            None => Self::NONE,
        }
    }

    /// The lowest kind in the set.
    pub const fn first(self) -> Option<Kind> {
        if self.0 == 0 { None } else { Some(Kind(self.0.trailing_zeros() as u8)) }
    }

    /// The kinds in ascending order.
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        let mut rest = self;
        core::iter::from_fn(move || {
            let kind = rest.first()?;
            rest.0 &= rest.0 - 1;
            Some(kind)
        })
    }
}
