//! Why a packet is refused before its body is looked at, in words, with what a person can do about it.

use tidings_wire::packet::PacketError;

/// Why a packet is refused. `stats` counts each kind, and `devices` shows the last of each device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is no packet of this wire version for this side.
    Packet(PacketError),
    /// It bears no device id, and its link names none.
    NoId,
    /// It is sealed, and the key file does not know its device.
    NoKeys,
    /// It is plain, and the key file says that its device seals.
    Downgrade,
    /// It is plain, and only sealed devices are heard.
    Plain,
    /// It is of another suite than its device's.
    Suite,
    /// It bears a key id that its device does not have.
    Kid,
    /// The keys of its device were revoked.
    Revoked,
    /// Its check does not hold.
    Check,
}

const PREFIX: &str = "refused_";

/// Counter, reason, remedy.
const WORDS: [(Refusal, &str, &str, &str); 8] = [
    (
        Refusal::NoId,
        "refused_no_id",
        "the packet bears no device id, and this link names none",
        "let the device tell its id",
    ),
    (
        Refusal::NoKeys,
        "refused_no_keys",
        "it seals, and the key file does not know it",
        "`keys derive` or `keys import` it",
    ),
    (
        Refusal::Downgrade,
        "refused_downgrade",
        "it reports in plain, and the key file says that it seals",
        "give it its keys: `keys export`",
    ),
    (
        Refusal::Plain,
        "refused_plain",
        "it reports in plain, and --require-sealed is set",
        "`keys derive` it and give it its keys",
    ),
    (
        Refusal::Suite,
        "refused_suite",
        "it seals with another suite than the key file says",
        "build it with that suite, or import its keys with its own",
    ),
    (Refusal::Kid, "refused_kid", "its key id is not in the key file", "give it the newest keys: `keys export`"),
    (Refusal::Revoked, "refused_revoked", "its keys were revoked", "`keys rotate` it and give it the new keys"),
    (
        Refusal::Check,
        "refused_check",
        "the check fails: noise, forgery, or keys that are not those of the key file",
        "if it stays, give it its keys: `keys export`",
    ),
];

impl Refusal {
    /// What `stats` counts it as.
    #[must_use]
    pub fn counter(self) -> &'static str {
        match self {
            Self::Packet(PacketError::Malformed) => "refused_malformed",
            Self::Packet(PacketError::Version(_)) => "refused_version",
            Self::Packet(PacketError::Direction) => "refused_direction",
            other => other.entry().map_or("refused_check", |entry| entry.1),
        }
    }

    /// Whether it is only met by a device that stands in the key file.
    #[must_use]
    pub fn is_of_key_file(self) -> bool {
        matches!(self, Self::Downgrade | Self::Suite | Self::Kid | Self::Revoked | Self::Check)
    }

    /// The word that the database keeps.
    #[must_use]
    pub fn word(self) -> &'static str {
        let counter = self.counter();
        counter.strip_prefix(PREFIX).unwrap_or(counter)
    }

    /// The reason, in words.
    #[must_use]
    pub fn reason(self) -> String {
        match self {
            Self::Packet(error) => error.to_string(),
            other => other.entry().map_or_else(String::new, |entry| entry.2.to_owned()),
        }
    }

    /// What a person can do about it; empty if nothing.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        self.entry().map_or("", |entry| entry.3)
    }

    /// The refusal of a word, if it concerns one device.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        WORDS.iter().map(|entry| entry.0).find(|refusal| refusal.word() == word)
    }

    fn entry(self) -> Option<&'static (Self, &'static str, &'static str, &'static str)> {
        WORDS.iter().find(|entry| entry.0 == self)
    }
}
