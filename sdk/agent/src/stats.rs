//! What the agent counted since boot.

/// Counters since boot, wrapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub struct Stats {
    /// Packets built.
    pub sent: u32,
    /// Bytes of those packets, without framing.
    pub sent_bytes: u32,
    /// Of those, retransmissions.
    pub retries: u32,
    /// Answers that ended a step.
    pub answers: u32,
    /// Packets refused: see [`InputError`](crate::InputError).
    pub refused: u32,
    /// Facts refused because the table was full, but for those of [`Kind::AGENT`](crate::Kind::AGENT).
    pub facts_dropped: u32,
    /// Events that found no room, or made room for others.
    pub events_dropped: u32,
    /// Times that tombstones were given up for a range-replace.
    pub tombstones_dropped: u32,
    /// Failures of the epoch store.
    pub epoch_faults: u32,
    /// Epochs skipped because the host knew newer ones.
    pub rollbacks: u32,
    /// Packets that did not fit the buffer given to [`Agent::poll_transmit`](crate::Agent::poll_transmit); nothing else is sent before them.
    pub too_small: u32,
}

#[inline(never)]
pub(crate) fn bump(counter: &mut u32) {
    *counter = counter.wrapping_add(1);
}
