//! What calls return: 0 and positive numbers are success, negative ones say why nothing was done.
//!
//! Promise: a number is never given to another meaning, and none is taken away; `statuses.txt` keeps the list. Every error of the Rust crates has
//! a number of its own here, written by hand, so that no order of variants leaks out.

use core::ffi::c_char;
use core::num::NonZeroI32;
use tidings::mailbox::PostError;
use tidings::suites::KeyError;
use tidings::wire::packet::PacketError;
use tidings::{EpochError, IdError, InputError, KeepError, KeyChangeError, RecordError, Recorded};

/// What a call did: `TIDINGS_OK`, another number from 0 up that says more, or a negative number: nothing was done.
pub type tidings_status_t = i32;

/// Done.
pub const TIDINGS_OK: tidings_status_t = 0;
/// It was so already: nothing will be sent.
pub const TIDINGS_UNCHANGED: tidings_status_t = 1;
/// The kind is switched off: the fact was not kept.
pub const TIDINGS_SWITCHED_OFF: tidings_status_t = 2;
/// There is nothing: no packet is due, no fact of that number is held.
pub const TIDINGS_NOTHING: tidings_status_t = 3;
/// What `load` of an epoch store returns while nothing was ever stored.
pub const TIDINGS_BLANK: tidings_status_t = 4;

/// A pointer that must not be NULL is NULL.
pub const TIDINGS_E_NULL: tidings_status_t = -1;
/// A pointer is not aligned for its type.
pub const TIDINGS_E_MISALIGNED: tidings_status_t = -2;
/// The handle was never initialised, was deinitialised, or was copied or moved: it lives at one address.
pub const TIDINGS_E_HANDLE: tidings_status_t = -3;
/// The handle is in use: a call from a callback or an interrupt while another call of the same handle runs, or keys that an agent still uses.
pub const TIDINGS_E_BUSY: tidings_status_t = -4;
/// The handle is live already: deinitialise it first.
pub const TIDINGS_E_LIVE: tidings_status_t = -5;
/// Header and library are of different versions: `struct_size` or `abi` of the configuration is not this library's.
pub const TIDINGS_E_ABI: tidings_status_t = -6;
/// A number has no meaning here: a severity, a form, a profile, a flag that is neither 0 nor 1.
pub const TIDINGS_E_VALUE: tidings_status_t = -7;
/// A buffer overlaps memory that the agent owns, or another argument.
pub const TIDINGS_E_OVERLAP: tidings_status_t = -8;
/// A text is not UTF-8.
pub const TIDINGS_E_TEXT: tidings_status_t = -9;
/// Key, value, list or message is over its bound; shorten it, nothing is ever cut. A kind whose fact was refused is told as partial.
pub const TIDINGS_E_TOO_LONG: tidings_status_t = -10;
/// The table is full: give it more bytes. The kind is told as partial, and an old value of the fact was taken out.
pub const TIDINGS_E_FULL: tidings_status_t = -11;
/// This library knows no such kind; use kinds 0 to 14 or the vendor kind.
pub const TIDINGS_E_KIND: tidings_status_t = -12;
/// No scan of this kind was begun.
pub const TIDINGS_E_NO_SCAN: tidings_status_t = -13;
/// A device id has 1 to 16 bytes.
pub const TIDINGS_E_ID: tidings_status_t = -14;
/// The MTU is under `TIDINGS_MIN_MTU` or over `TIDINGS_MAX_PACKET`.
pub const TIDINGS_E_MTU: tidings_status_t = -15;
/// The buffer is too small.
pub const TIDINGS_E_BUFFER: tidings_status_t = -16;
/// This library was built without it.
pub const TIDINGS_E_UNSUPPORTED: tidings_status_t = -17;
/// A key id is over 127.
pub const TIDINGS_E_KID: tidings_status_t = -18;
/// The up and the down key begin with the same 16 bytes: packets could be turned round.
pub const TIDINGS_E_SAME_KEYS: tidings_status_t = -19;
/// The epoch store failed; it is tried again at the next `tidings_maintain`, and nothing is sent before.
pub const TIDINGS_E_EPOCH_STORE: tidings_status_t = -20;
/// The epoch store does not give back what it took: worn out or misaddressed. Nothing is sent.
pub const TIDINGS_E_EPOCH_NOT_KEPT: tidings_status_t = -21;
/// Every epoch was used. Nothing is sent.
pub const TIDINGS_E_EPOCH_EXHAUSTED: tidings_status_t = -22;
/// There are keys, but no epoch is stored: call `tidings_provision` once, at the factory. Nothing is sent.
pub const TIDINGS_E_NOT_PROVISIONED: tidings_status_t = -23;
/// The packet is malformed.
pub const TIDINGS_E_PACKET_MALFORMED: tidings_status_t = -30;
/// The packet is of another wire version.
pub const TIDINGS_E_PACKET_VERSION: tidings_status_t = -31;
/// The packet travels the wrong way.
pub const TIDINGS_E_PACKET_DIRECTION: tidings_status_t = -32;
/// The packet is of another suite.
pub const TIDINGS_E_PACKET_SUITE: tidings_status_t = -33;
/// The packet is no answer to this device in this epoch: another device's, or an echo of one's own.
pub const TIDINGS_E_PACKET_UNASKED: tidings_status_t = -34;
/// The packet's CRC or tag is wrong: noise, a wrong key, or tampering.
pub const TIDINGS_E_PACKET_CHECK: tidings_status_t = -35;
/// The packet answers nothing that is open: late, repeated, or replayed.
pub const TIDINGS_E_NOT_EXPECTED: tidings_status_t = -36;
/// The packet's body does not follow the specification.
pub const TIDINGS_E_BODY_MALFORMED: tidings_status_t = -37;
/// The new keys do not seal: a device never goes back to plain.
pub const TIDINGS_E_KEYS_PLAIN: tidings_status_t = -40;
/// The new keys have the key id of the old ones.
pub const TIDINGS_E_KEYS_SAME_KID: tidings_status_t = -41;
/// The new keys have another digest key, which does not rotate.
pub const TIDINGS_E_KEYS_OTHER_DIGEST: tidings_status_t = -42;
/// The suite in hardware did not seal a packet: nothing is to be sent, and it is built again later, as one that was lost.
pub const TIDINGS_E_SEAL: tidings_status_t = -43;
/// The mailbox is full: make it larger or drain more often. Counted.
pub const TIDINGS_E_MAILBOX_FULL: tidings_status_t = -50;
/// The message is over the 28 bytes of a mailbox slot: record it from the main loop instead. Counted.
pub const TIDINGS_E_MAILBOX_TOO_LONG: tidings_status_t = -51;
/// The event store failed. An event is recorded all the same, and not kept: it may come again after a power loss, and reaches the host if the power lasts.
pub const TIDINGS_E_EVENT_STORE: tidings_status_t = -60;
/// The event store is full until the host has older events. The event is recorded all the same, and not kept.
pub const TIDINGS_E_EVENT_STORE_FULL: tidings_status_t = -61;
/// The event store does not give back last what it took last: worn out, misaddressed, out of order. The event is recorded all the same, and not kept.
pub const TIDINGS_E_EVENT_NOT_KEPT: tidings_status_t = -62;
/// The agent's memory for events is under `TIDINGS_KEPT_EVENT_BYTES`. The event is recorded all the same if it fits, and not kept.
pub const TIDINGS_E_EVENT_MEMORY: tidings_status_t = -63;
/// No epoch is open: call `tidings_start` first. The event is recorded all the same, and not kept.
pub const TIDINGS_E_NO_EPOCH: tidings_status_t = -64;
/// An error without a number in this list; report it as a defect.
pub const TIDINGS_E_UNKNOWN: tidings_status_t = -127;

/// Says what a status means, in a few words of English; never NULL.
///
/// The text is static and NUL-terminated. Any context, interrupts included. Bounded: one look-up. An unknown number gives "unknown status".
#[unsafe(no_mangle)]
pub extern "C" fn tidings_status_str(status: tidings_status_t) -> *const c_char {
    let wanted = i8::try_from(status).unwrap_or(i8::MIN).cast_unsigned();
    let mut rest = TEXTS.as_slice();
    while let [number, after @ ..] = rest {
        let (text, next) =
            after.split_at_checked(after.iter().position(|byte| *byte == 0).unwrap_or(0) + 1).unwrap_or_default();
        if *number == wanted || next.is_empty() {
            return text.as_ptr().cast();
        }
        rest = next;
    }
    c"".as_ptr()
}

/// What each status means.
const MEANINGS: [(tidings_status_t, &str); 48] = [
    (TIDINGS_OK, "ok"),
    (TIDINGS_UNCHANGED, "unchanged"),
    (TIDINGS_SWITCHED_OFF, "kind is switched off"),
    (TIDINGS_NOTHING, "nothing there"),
    (TIDINGS_BLANK, "store is blank"),
    (TIDINGS_E_NULL, "pointer is NULL"),
    (TIDINGS_E_MISALIGNED, "pointer is misaligned"),
    (TIDINGS_E_HANDLE, "handle is not initialised"),
    (TIDINGS_E_BUSY, "handle is in use"),
    (TIDINGS_E_LIVE, "handle is initialised already"),
    (TIDINGS_E_ABI, "header and library differ"),
    (TIDINGS_E_VALUE, "number out of range"),
    (TIDINGS_E_OVERLAP, "buffers overlap"),
    (TIDINGS_E_TEXT, "text is not UTF-8"),
    (TIDINGS_E_TOO_LONG, "over its bound"),
    (TIDINGS_E_FULL, "table full"),
    (TIDINGS_E_KIND, "unknown kind"),
    (TIDINGS_E_NO_SCAN, "no scan was begun"),
    (TIDINGS_E_ID, "device id is not 1 to 16 bytes"),
    (TIDINGS_E_MTU, "MTU out of bounds"),
    (TIDINGS_E_BUFFER, "buffer too small"),
    (TIDINGS_E_UNSUPPORTED, "not in this build"),
    (TIDINGS_E_KID, "key id over 127"),
    (TIDINGS_E_SAME_KEYS, "up and down key are the same"),
    (TIDINGS_E_EPOCH_STORE, "epoch store failed"),
    (TIDINGS_E_EPOCH_NOT_KEPT, "epoch store does not keep what it is given"),
    (TIDINGS_E_EPOCH_EXHAUSTED, "no epoch left"),
    (TIDINGS_E_NOT_PROVISIONED, "keys, but no epoch stored"),
    (TIDINGS_E_PACKET_MALFORMED, "malformed packet"),
    (TIDINGS_E_PACKET_VERSION, "packet of another wire version"),
    (TIDINGS_E_PACKET_DIRECTION, "packet travels the wrong way"),
    (TIDINGS_E_PACKET_SUITE, "packet of another suite"),
    (TIDINGS_E_PACKET_UNASKED, "not an answer to this device in this epoch"),
    (TIDINGS_E_PACKET_CHECK, "check failed: noise, wrong key, or tampering"),
    (TIDINGS_E_NOT_EXPECTED, "packet answers nothing that is open"),
    (TIDINGS_E_BODY_MALFORMED, "malformed body"),
    (TIDINGS_E_KEYS_PLAIN, "the new keys do not seal"),
    (TIDINGS_E_KEYS_SAME_KID, "the new keys have the same key id"),
    (TIDINGS_E_KEYS_OTHER_DIGEST, "the new keys have another digest key"),
    (TIDINGS_E_SEAL, "the suite in hardware did not seal"),
    (TIDINGS_E_MAILBOX_FULL, "mailbox full"),
    (TIDINGS_E_MAILBOX_TOO_LONG, "message over its bound"),
    (TIDINGS_E_EVENT_STORE, "event store failed"),
    (TIDINGS_E_EVENT_STORE_FULL, "event store full"),
    (TIDINGS_E_EVENT_NOT_KEPT, "event store does not keep what it is given"),
    (TIDINGS_E_EVENT_MEMORY, "memory for events too small to keep one"),
    (TIDINGS_E_NO_EPOCH, "no epoch is open"),
    (TIDINGS_E_UNKNOWN, "unknown error"),
];
/// What all others mean.
const UNKNOWN: &str = "unknown status";

#[allow(clippy::indexing_slicing)] // the compiler does it
const TEXTS_LEN: usize = {
    let (mut len, mut at) = (UNKNOWN.len() + 2, 0);
    while at < MEANINGS.len() {
        len += MEANINGS[at].1.len() + 2;
        at += 1;
    }
    len
};

// One object, which the linker drops unless `tidings_status_str` is called: strings of their own would lie with those of all other code.
/// Number, text, NUL of each, and at the end of those that have no number.
#[allow(clippy::indexing_slicing)] // the compiler does it
static TEXTS: [u8; TEXTS_LEN] = {
    let (mut texts, mut len, mut at) = ([0; TEXTS_LEN], 0, 0);
    while at <= MEANINGS.len() {
        let (number, text) = if at < MEANINGS.len() { MEANINGS[at] } else { (i8::MIN as i32, UNKNOWN) };
        texts[len] = number as u8;
        let (bytes, mut byte) = (text.as_bytes(), 0);
        while byte < bytes.len() {
            texts[len + 1 + byte] = bytes[byte];
            byte += 1;
        }
        len += bytes.len() + 2;
        at += 1;
    }
    texts
};

/// Why a call did nothing: a negative status, for `?`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Refusal(NonZeroI32); // never TIDINGS_OK: an outcome without a value then takes one register

impl Refusal {
    /// For this reason; TIDINGS_OK is none.
    pub const fn of(status: tidings_status_t) -> Self {
        const UNKNOWN: NonZeroI32 = NonZeroI32::new(TIDINGS_E_UNKNOWN).unwrap();
        match NonZeroI32::new(status) {
            Some(status) => Self(status),
            None => Self(UNKNOWN),
        }
    }

    /// The reason.
    pub const fn status(self) -> tidings_status_t {
        self.0.get()
    }
}

/// What a call comes to inside.
pub type Outcome<T = tidings_status_t> = Result<T, Refusal>;

/// The number of an outcome.
pub(crate) fn number(outcome: Outcome) -> tidings_status_t {
    match outcome {
        Ok(status) => status,
        Err(refusal) => refusal.status(),
    }
}

/// The number of what recording did.
pub const fn recorded(recorded: Recorded) -> tidings_status_t {
    match recorded {
        Recorded::Changed => TIDINGS_OK,
        Recorded::Unchanged => TIDINGS_UNCHANGED,
        Recorded::SwitchedOff => TIDINGS_SWITCHED_OFF,
    }
}

impl From<RecordError> for Refusal {
    fn from(error: RecordError) -> Self {
        Self::of(match error {
            RecordError::TooLong => TIDINGS_E_TOO_LONG,
            RecordError::Full => TIDINGS_E_FULL,
            RecordError::UnknownKind => TIDINGS_E_KIND,
            _ => TIDINGS_E_UNKNOWN,
        })
    }
}

impl From<InputError> for Refusal {
    fn from(error: InputError) -> Self {
        match error {
            InputError::Packet(packet) => packet.into(),
            InputError::NotExpected => Self::of(TIDINGS_E_NOT_EXPECTED),
            InputError::Malformed => Self::of(TIDINGS_E_BODY_MALFORMED),
            _ => Self::of(TIDINGS_E_UNKNOWN),
        }
    }
}

impl From<PacketError> for Refusal {
    fn from(error: PacketError) -> Self {
        Self::of(match error {
            PacketError::Malformed => TIDINGS_E_PACKET_MALFORMED,
            PacketError::Version(_) => TIDINGS_E_PACKET_VERSION,
            PacketError::Direction => TIDINGS_E_PACKET_DIRECTION,
            PacketError::Suite(_) => TIDINGS_E_PACKET_SUITE,
            PacketError::Unasked => TIDINGS_E_PACKET_UNASKED,
            PacketError::Check => TIDINGS_E_PACKET_CHECK,
            _ => TIDINGS_E_UNKNOWN,
        })
    }
}

impl<E> From<EpochError<E>> for Refusal {
    fn from(error: EpochError<E>) -> Self {
        Self::of(match error {
            EpochError::Store(_) => TIDINGS_E_EPOCH_STORE,
            EpochError::NotKept => TIDINGS_E_EPOCH_NOT_KEPT,
            EpochError::Exhausted => TIDINGS_E_EPOCH_EXHAUSTED,
            EpochError::NotProvisioned => TIDINGS_E_NOT_PROVISIONED,
            _ => TIDINGS_E_UNKNOWN,
        })
    }
}

impl From<KeepError<Refusal>> for Refusal {
    fn from(error: KeepError<Refusal>) -> Self {
        match error {
            KeepError::Event(refused) => refused.into(),
            KeepError::NoEpoch => Self::of(TIDINGS_E_NO_EPOCH),
            KeepError::Memory => Self::of(TIDINGS_E_EVENT_MEMORY),
            KeepError::Store(failed) => failed, // EVENT_STORE, EVENT_STORE_FULL or EVENT_NOT_KEPT
            _ => Self::of(TIDINGS_E_UNKNOWN),
        }
    }
}

impl From<KeyChangeError> for Refusal {
    fn from(error: KeyChangeError) -> Self {
        Self::of(match error {
            KeyChangeError::Plain => TIDINGS_E_KEYS_PLAIN,
            KeyChangeError::SameKid => TIDINGS_E_KEYS_SAME_KID,
            KeyChangeError::OtherDigestKey => TIDINGS_E_KEYS_OTHER_DIGEST,
            _ => TIDINGS_E_UNKNOWN,
        })
    }
}

impl From<KeyError> for Refusal {
    fn from(error: KeyError) -> Self {
        Self::of(match error {
            KeyError::Kid => TIDINGS_E_KID,
            KeyError::SameKeys => TIDINGS_E_SAME_KEYS,
            _ => TIDINGS_E_UNKNOWN,
        })
    }
}

impl From<PostError> for Refusal {
    fn from(error: PostError) -> Self {
        Self::of(match error {
            PostError::Full => TIDINGS_E_MAILBOX_FULL,
            PostError::TooLong => TIDINGS_E_MAILBOX_TOO_LONG,
        })
    }
}

impl From<IdError> for Refusal {
    fn from(IdError: IdError) -> Self {
        Self::of(TIDINGS_E_ID)
    }
}
