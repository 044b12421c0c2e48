//! The agent's memory, owned by the caller: one named thing for a `static`.

use tidings_wire::MAX_KEY;

/// Bytes for one key: here rather than in the agent, so that nobody has to clear or move them.
pub(crate) const ROOMS: usize = MAX_KEY;

/// Room for facts and for events, in bytes; all zero at first, so that it costs no flash.
///
/// A fact takes [`fact_bytes`](crate::fact_bytes), an event [`event_bytes`](crate::event_bytes). Removed facts keep their key until the host knows.
#[derive(Debug)]
pub struct Memory<const FACTS: usize, const EVENTS: usize> {
    pub(crate) facts: [u8; FACTS],
    pub(crate) events: [u8; EVENTS],
    pub(crate) rooms: [u8; ROOMS],
}

impl<const FACTS: usize, const EVENTS: usize> Memory<FACTS, EVENTS> {
    /// Empty memory.
    pub const fn new() -> Self {
        Self { facts: [0; FACTS], events: [0; EVENTS], rooms: [0; ROOMS] }
    }
}

impl<const FACTS: usize, const EVENTS: usize> Default for Memory<FACTS, EVENTS> {
    fn default() -> Self {
        Self::new()
    }
}
