//! What the agent counted since it was initialised.

use crate::agent::{Held, answer, tidings_agent_t};
use crate::handle::with;
use crate::status::tidings_status_t;

/// Counters since `tidings_init`, wrapping.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tidings_stats_t {
    /// Packets built.
    pub sent: u32,
    /// Bytes of those packets, without framing.
    pub sent_bytes: u32,
    /// Of those, retransmissions.
    pub retries: u32,
    /// Answers that ended a step.
    pub answers: u32,
    /// Packets refused.
    pub refused: u32,
    /// Facts refused because the table was full, but for those of `TIDINGS_KIND_AGENT`.
    pub facts_dropped: u32,
    /// Events that found no room, or made room for others.
    pub events_dropped: u32,
    /// Times that tombstones were given up for a range-replace.
    pub tombstones_dropped: u32,
    /// Failures of the epoch store.
    pub epoch_faults: u32,
    /// Epochs skipped because the host knew newer ones.
    pub rollbacks: u32,
    /// Packets that did not fit the buffer given to `tidings_transmit`; nothing else is sent before them.
    pub too_small: u32,
}

/// Copies the counters to `*stats`.
///
/// Thread context. Bounded: constant. Fails with NULL, MISALIGNED, HANDLE, BUSY or OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_stats(agent: *mut tidings_agent_t, stats: *mut tidings_stats_t) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe {
        with::<Held>(agent, |held| {
            let now = held.agent.stats();
            let copy = tidings_stats_t {
                sent: now.sent,
                sent_bytes: now.sent_bytes,
                retries: now.retries,
                answers: now.answers,
                refused: now.refused,
                facts_dropped: now.facts_dropped,
                events_dropped: now.events_dropped,
                tombstones_dropped: now.tombstones_dropped,
                epoch_faults: now.epoch_faults,
                rollbacks: now.rollbacks,
                too_small: now.too_small,
            };
            answer(held, stats, copy)
        })
    }
}
