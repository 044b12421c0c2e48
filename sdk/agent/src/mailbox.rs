//! Small changes from an interrupt to the agent: one producer, one consumer, no lock, no compare-and-swap (a Cortex-M0 has none).
//!
//! Promise: posting is a bounded copy that never waits; a full box refuses and counts. Not here: several producers; give each interrupt level its own.
//!
//! ```text
//! slot  | what | kind or severity | key or type len | value or data len | bytes … |      32 bytes
//! ```

mod ring;

use crate::{Agent, EventType, Kind, Severity};
use atomic::{AtomicU32, Ordering};
use core::fmt;
use core::sync::atomic;
pub use ring::Slot;
use ring::{BYTES, Ring};
use tidings_wire::Fact;
use tidings_wire::facts::{Part, RawFact};
use tidings_wire::fields::Encoder;

const WORDS: usize = 8;
const HEAD: usize = 4;
/// Bytes of key and value, or of event data, that one message carries.
pub const ROOM: usize = BYTES - HEAD;

const PUT: u8 = 1;
const REMOVE: u8 = 2;
const EVENT: u8 = 3;

/// Why a message was not posted; it is counted either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum PostError {
    /// The agent has not drained the box; make it larger or drain more often.
    Full,
    /// Key and value together are over [`ROOM`] bytes; record it from the main loop instead.
    TooLong,
}

impl fmt::Display for PostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "mailbox full",
            Self::TooLong => "message over its bound",
        })
    }
}

impl core::error::Error for PostError {}

/// A box of `N` messages for a `static`; all zero at first.
pub struct Mailbox<const N: usize> {
    ring: Ring<[Slot; N]>,
    refused: AtomicU32,
}

impl<const N: usize> Mailbox<N> {
    /// An empty box.
    pub const fn new() -> Self {
        Self { ring: Ring::over([const { Slot::new() }; N]), refused: AtomicU32::new(0) }
    }

    /// Posts that a fact is so. One producer at a time: call it from one interrupt level only.
    ///
    /// # Errors
    /// [`PostError`]; nothing was posted.
    pub fn record(&self, fact: &dyn Fact) -> Result<(), PostError> {
        self.counted(self.ring.post(PUT, fact, true))
    }

    /// Posts that the fact with this one's key is gone.
    ///
    /// # Errors
    /// [`PostError`]; nothing was posted.
    pub fn remove(&self, fact: &dyn Fact) -> Result<(), PostError> {
        self.counted(self.ring.post(REMOVE, fact, false))
    }

    /// Posts that something happened.
    ///
    /// # Errors
    /// [`PostError`]; nothing was posted.
    pub fn event(&self, severity: Severity, event_type: EventType, data: &[u8]) -> Result<(), PostError> {
        self.counted(self.ring.post_event(severity, event_type, data))
    }

    /// Messages refused since boot.
    pub fn refused(&self) -> u32 {
        self.refused.load(Ordering::Relaxed)
    }

    fn counted(&self, posted: Result<(), PostError>) -> Result<(), PostError> {
        if posted.is_err() {
            self.refused.store(self.refused.load(Ordering::Relaxed).saturating_add(1), Ordering::Relaxed);
        }
        posted
    }
}

/// A box whose slots are lent, as many as there are; who made it counts what it refuses.
pub struct SliceMailbox<'a>(Ring<&'a [Slot]>);

impl<'a> SliceMailbox<'a> {
    /// An empty box; `slots` may hold anything.
    pub const fn new(slots: &'a [Slot]) -> Self {
        Self(Ring::over(slots))
    }

    /// The slots that it was made of.
    pub const fn slots(&self) -> &'a [Slot] {
        self.0.slots
    }

    /// Posts that a fact is so. One producer at a time.
    ///
    /// # Errors
    /// [`PostError`]; nothing was posted.
    pub fn record(&self, fact: &dyn Fact) -> Result<(), PostError> {
        self.0.post(PUT, fact, true)
    }

    /// Posts that the fact with this one's key is gone.
    ///
    /// # Errors
    /// [`PostError`]; nothing was posted.
    pub fn remove(&self, fact: &dyn Fact) -> Result<(), PostError> {
        self.0.post(REMOVE, fact, false)
    }

    /// Posts that something happened.
    ///
    /// # Errors
    /// [`PostError`]; nothing was posted.
    pub fn event(&self, severity: Severity, event_type: EventType, data: &[u8]) -> Result<(), PostError> {
        self.0.post_event(severity, event_type, data)
    }
}

impl Slot {
    /// An empty one.
    pub const fn new() -> Self {
        Self([const { AtomicU32::new(0) }; WORDS])
    }
}

impl Default for Slot {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> Ring<S> {
    const fn over(slots: S) -> Self {
        Self { slots, posted: AtomicU32::new(0), taken: AtomicU32::new(0) }
    }
}

impl<S: AsRef<[Slot]>> Ring<S> {
    fn post(&self, what: u8, fact: &dyn Fact, with_value: bool) -> Result<(), PostError> {
        let mut bytes = [0; BYTES];
        let body = bytes.get_mut(HEAD..).unwrap_or(&mut []);
        let mut key = Encoder::into(body);
        let kind = fact.encode(Part::Key, &mut key);
        let Ok(klen) = key.key() else { return Err(PostError::TooLong) };
        let Some(rest) = body.get_mut(klen..) else { return Err(PostError::TooLong) };
        let mut value = Encoder::into(rest);
        if with_value {
            fact.encode(Part::Value, &mut value);
        }
        let vlen = value.finish().len;
        self.post_bytes(&mut bytes, [what, kind.0, klen as u8], vlen)
    }

    fn post_event(&self, severity: Severity, event_type: EventType, data: &[u8]) -> Result<(), PostError> {
        let mut bytes = [0; BYTES];
        let [t0, t1] = event_type.0.to_le_bytes();
        let body = bytes.get_mut(HEAD..).unwrap_or(&mut []);
        body.iter_mut().zip([t0, t1].iter().chain(data)).for_each(|(to, from)| *to = *from);
        self.post_bytes(&mut bytes, [EVENT, severity as u8, 2], data.len())
    }

    fn post_bytes(&self, bytes: &mut [u8; BYTES], head: [u8; 3], second: usize) -> Result<(), PostError> {
        let [what, who, first] = head;
        if usize::from(first) + second > ROOM {
            return Err(PostError::TooLong);
        }
        bytes.iter_mut().zip([what, who, first, second as u8]).for_each(|(to, from)| *to = from);
        if self.put(bytes) { Ok(()) } else { Err(PostError::Full) }
    }
}

impl<const N: usize> Default for Mailbox<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> fmt::Debug for Mailbox<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailbox").field("capacity", &N).field("refused", &self.refused()).finish_non_exhaustive()
    }
}

impl fmt::Debug for SliceMailbox<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SliceMailbox").field("capacity", &self.0.len()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").finish_non_exhaustive()
    }
}

impl Agent<'_> {
    /// Takes in what an interrupt posted; at most the box's `N` messages a call.
    ///
    /// A fact that the table refuses is counted in [`Stats`](crate::Stats), and its kind is told as partial.
    pub fn drain<const N: usize>(&mut self, now_ms: u64, mailbox: &Mailbox<N>) {
        self.drain_ring(now_ms, &mailbox.ring);
    }

    /// Takes in what an interrupt posted into slots that were lent; as [`Agent::drain`].
    pub fn drain_slice(&mut self, now_ms: u64, mailbox: &SliceMailbox<'_>) {
        self.drain_ring(now_ms, &mailbox.0);
    }

    fn drain_ring(&mut self, now_ms: u64, ring: &Ring<impl AsRef<[Slot]>>) {
        self.tick(now_ms);
        for _ in 0..ring.len() {
            let Some(bytes) = ring.take() else { return };
            self.deliver(&bytes);
        }
    }

    fn deliver(&mut self, bytes: &[u8; BYTES]) {
        let ([what, who, first, second], body) = match bytes.split_first_chunk() {
            Some((head, body)) => (*head, body),
            None => return,
        };
        let (key, rest) = body.split_at_checked(usize::from(first)).unwrap_or((&[], &[]));
        let value = rest.get(..usize::from(second)).unwrap_or(&[]);
        let fact = RawFact { kind: Kind(who), key, value };
        // The agent tells the kind of a fact that it refused as partial; what it was posted with was within every bound.
        let taken = match what {
            PUT => self.record(&fact).map(drop),
            REMOVE => self.remove(&fact).map(drop),
            _ => {
                let number = key.try_into().map_or(0, u16::from_le_bytes);
                self.event(Severity::from_bits(who), EventType(number), b"", value)
            }
        };
        taken.ok();
    }
}
