//! Events that survive a loss of power: the handle beside an agent, and the two calls that use it.
//!
//! Promise: what `tidings_event_kept` took with `TIDINGS_OK` reaches the host, however often the power goes, and is counted once. A handle serves one life of
//! one agent: with another it would take records for delivered that are not, so it is refused. Not here: the memory (`event_store`).

use crate::agent::{Held, tidings_agent_t};
use crate::borrowed::{Door, Region};
use crate::event::tidings_event_t;
use crate::event_store::{Records, tidings_event_store_t};
use crate::handle::{Body, bring_up, take_down, with};
use crate::status::{Outcome, Refusal, TIDINGS_E_HANDLE, TIDINGS_OK, tidings_status_t};
use tidings::{EventType, KeptEvents};

/// Words of the handle of kept events.
#[cfg(target_pointer_width = "64")]
pub const TIDINGS_KEPT_EVENTS_WORDS: usize = 16;
/// Words of the handle of kept events.
#[cfg(not(target_pointer_width = "64"))]
pub const TIDINGS_KEPT_EVENTS_WORDS: usize = 12;

/// Events that survive power loss, in memory of the caller: one beside each agent that keeps any. Its contents are private.
#[repr(C)]
pub struct tidings_kept_events_t {
    _private: [u64; TIDINGS_KEPT_EVENTS_WORDS],
}

/// What the handle of kept events holds.
pub(crate) struct Kept {
    events: KeptEvents<Records>,
    /// Whose they are, or NULL before their first use.
    agent: *const tidings_agent_t,
}

impl Body for Kept {
    type Opaque = tidings_kept_events_t;
    const TAG: [u8; 3] = *b"TiE";
}

/// Makes the handle of the events in `store`, which the host is still to get.
///
/// `store` is copied, its `ctx` must stay live until `tidings_kept_events_deinit`. The handle is for one agent, from its first use to the agent's
/// `tidings_deinit`; for another, and for a new life of the same one, end it and make it again: the store is the truth. Thread context. Bounded: constant.
/// Fails with NULL (a callback, too), MISALIGNED, LIVE, OVERLAP or VALUE (`least`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_kept_events_init(
    kept: *mut tidings_kept_events_t,
    store: *const tidings_event_store_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe {
        bring_up::<Kept>(kept, |place| {
            let store = Door::clear_of(&[Region::of(kept, 1)]).given(store)?;
            place.write(Kept { events: KeptEvents::new(Records::of(store)?), agent: core::ptr::null() });
            Ok(())
        })
    }
}

/// Ends the handle; the records stay in the store.
///
/// Thread context. Bounded: constant. Fails with NULL, MISALIGNED, HANDLE or BUSY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_kept_events_deinit(kept: *mut tidings_kept_events_t) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { take_down::<Kept>(kept, |_| Ok(TIDINGS_OK)) }
}

/// Runs `call` on an agent and the kept events that are its own.
///
/// # Safety
/// The contract at the head of the header.
unsafe fn with_both(
    agent: *mut tidings_agent_t,
    kept: *mut tidings_kept_events_t,
    call: impl FnOnce(&mut Held, &mut KeptEvents<Records>) -> Outcome,
) -> tidings_status_t {
    // SAFETY: as the caller of this.
    unsafe {
        with::<Held>(agent, |held| {
            Ok(with::<Kept>(kept, |own| {
                if own.agent.is_null() {
                    held.door().keep_off(Region::of(kept, 1))?;
                    (own.agent, held.kept) = (agent, kept);
                } else if own.agent != agent.cast_const() || held.kept != kept.cast_const() {
                    return Err(Refusal::of(TIDINGS_E_HANDLE));
                }
                call(held, &mut own.events)
            }))
        })
    }
}

/// Records that something happened, as `tidings_event` does; if it is as severe as the store's `least`, keeps it through a loss of power first.
///
/// The epoch store must survive power too: the plain suite's `tidings_retained_t` does not. `event` and what it points to are read during the call. Thread
/// context; blocks as the callbacks of the event store do. Bounded by two passes over the store and 1 append.
/// Fails as `tidings_event`, with HANDLE also if `kept` began with another agent or another life of this one; then nothing is recorded. With NO_EPOCH,
/// EVENT_MEMORY, EVENT_STORE, EVENT_STORE_FULL or EVENT_NOT_KEPT it is recorded all the same, and reaches the host if the power lasts.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_event_kept(
    agent: *mut tidings_agent_t,
    kept: *mut tidings_kept_events_t,
    event: *const tidings_event_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe {
        with_both(agent, kept, |held, events| {
            let [own, table, ring, keys] = held.memory;
            let memory = [own, table, ring, keys, Region::of(kept, 1)];
            let door = Door::clear_of(&memory);
            let event = door.given(event)?;
            event.check(&door)?;
            let (actor, data) = (event.actor.get(), event.data.get());
            held.agent.event_kept(events, event.severity(), EventType(event.event_type), actor, data)?;
            Ok(TIDINGS_OK)
        })
    }
}

/// Takes kept events up into memory as there is room, and removes from the store those that the host has. Call it in the main loop, after what was
/// received; mostly it returns at once. It does nothing before `tidings_start`.
///
/// Thread context; blocks as the callbacks of the event store do. Bounded by a pass over the store: each record is read, and removed at most once.
/// Fails with NULL, MISALIGNED, HANDLE (of either, or as `tidings_event_kept`), BUSY, OVERLAP or EVENT_STORE: it is tried again at the next call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_maintain_events(
    agent: *mut tidings_agent_t,
    kept: *mut tidings_kept_events_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe {
        with_both(agent, kept, |held, events| {
            held.agent.maintain_events(events)?;
            Ok(TIDINGS_OK)
        })
    }
}
