//! Events: what happened, as opposed to what is.
//!
//! Promise: if the ring is full, the oldest of the lowest severity goes, and what went is counted for the host. Not here: events that survive power loss (`kept`).

use crate::agent::{Held, tidings_agent_t};
use crate::borrowed::{Door, tidings_bytes_t};
use crate::handle::with;
use crate::status::{Outcome, Refusal, TIDINGS_E_VALUE, TIDINGS_OK, tidings_status_t};
use tidings::{EventType, Severity};

/// Something that happened.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tidings_event_t {
    /// What: `TIDINGS_EVENT_…`, or the vendor's from 0x8000 up.
    pub event_type: u16,
    /// How much it matters: `TIDINGS_SEVERITY_…`.
    pub severity: u8,
    /// Who caused it: at most 16 bytes.
    pub actor: tidings_bytes_t,
    /// Details: at most 48 bytes.
    pub data: tidings_bytes_t,
}

impl tidings_event_t {
    /// Lets in what it points to, and its severity.
    ///
    /// # Safety
    /// As for [`Door::slice`].
    pub(crate) unsafe fn check(&self, door: &Door<'_>) -> Outcome<()> {
        // SAFETY: as the caller of this.
        unsafe { door.check(&self.actor, false).and_then(|()| door.check(&self.data, false))? };
        if self.severity > Severity::Critical as u8 { Err(Refusal::of(TIDINGS_E_VALUE)) } else { Ok(()) }
    }

    /// How much it matters, as the agent has it.
    pub(crate) fn severity(&self) -> Severity {
        Severity::from_bits(self.severity)
    }
}

/// Records that something happened.
///
/// `event` and what it points to are read during the call. Thread context. Bounded by the ring.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, VALUE (severity) or TOO_LONG.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_event(agent: *mut tidings_agent_t, event: *const tidings_event_t) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe {
        with::<Held>(agent, |held| {
            let door = held.door();
            let event = door.given(event)?;
            event.check(&door)?;
            let (actor, data) = (event.actor.get(), event.data.get());
            held.agent.event(event.severity(), EventType(event.event_type), actor, data)?;
            Ok(TIDINGS_OK)
        })
    }
}
