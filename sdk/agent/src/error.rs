//! What can go wrong at each border, and what to do about it.

use core::fmt;
use tidings_wire::packet::PacketError;

/// Why a fact or an event was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum RecordError {
    /// The key or the value is over its bound, or a packet of the profile's MTU cannot carry the longest fact behind the longest key recorded so
    /// far: shorten it or raise the MTU ([`mtu_for`](crate::mtu_for)); nothing is ever cut. An old value was taken out.
    TooLong,
    /// The table is full: give it more bytes. The kind is told as partial and the refusal is counted; an old value was taken out.
    Full,
    /// This build knows no such kind: use kinds 0–14 or the vendor kind. Or the scan is of another kind.
    UnknownKind,
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "key, value or record over its bound",
            Self::Full => "table full",
            Self::UnknownKind => "unknown kind",
        })
    }
}

impl core::error::Error for RecordError {}

/// Why a received packet was refused; nothing changed, and refusals are counted in [`Stats`](crate::Stats).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InputError {
    /// Its envelope is not that of an answer to this device in this epoch, or its check does not hold.
    Packet(PacketError),
    /// It answers nothing that is open: late, repeated, or replayed.
    NotExpected,
    /// Its body does not follow the specification.
    Malformed,
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Packet(error) => error.fmt(f),
            Self::NotExpected => f.write_str("packet answers nothing that is open"),
            Self::Malformed => f.write_str("malformed body"),
        }
    }
}

impl core::error::Error for InputError {}

/// Why no epoch could be opened; nothing is sent until one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EpochError<E> {
    /// The store failed; it is tried again after a second, or at the next [`Agent::start`](crate::Agent::start).
    Store(E),
    /// The store took the epoch but does not give it back; it is worn out or misaddressed.
    NotKept,
    /// Every epoch was used.
    Exhausted,
    /// There are keys, but the store holds no epoch: starting at 1 might repeat a nonce. Write the first with [`provision`](crate::provision).
    NotProvisioned,
}

impl<E: fmt::Debug> fmt::Display for EpochError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => write!(f, "epoch store failed: {error:?}"),
            Self::NotKept => f.write_str("epoch store does not keep what it is given"),
            Self::Exhausted => f.write_str("no epoch left"),
            Self::NotProvisioned => f.write_str("keys, but no epoch stored: provision the device"),
        }
    }
}

impl<E: fmt::Debug> core::error::Error for EpochError<E> {}

/// Why keys were not changed; the old ones stay in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum KeyChangeError {
    /// The new suite is plain: a device never goes back from sealing.
    Plain,
    /// Both have the same key id: take the next one.
    SameKid,
    /// The digest key does not rotate; keep it in the new set.
    OtherDigestKey,
}

impl fmt::Display for KeyChangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plain => "the new keys do not seal",
            Self::SameKid => "the new keys have the same key id",
            Self::OtherDigestKey => "the new keys have another digest key",
        })
    }
}

impl core::error::Error for KeyChangeError {}

/// A device id must be 1–16 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdError;

impl fmt::Display for IdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a device id has 1 to 16 bytes")
    }
}

impl core::error::Error for IdError {}
