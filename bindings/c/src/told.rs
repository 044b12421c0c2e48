//! Facts as C tells them, on their way to an agent or a mailbox: one path for all kinds.
//!
//! Promise: a fact that is refused for its contents (too long, no UTF-8) makes its kind partial, as in Rust: the host is told that something is
//! missing. A fact that is refused for a pointer or a number that no struct may hold changes nothing.

use crate::agent::{Held, tidings_agent_t};
use crate::borrowed::Door;
use crate::handle::with;
use crate::mailbox::{post, tidings_mailbox_t};
use crate::status::{Outcome, Refusal, TIDINGS_E_TEXT, TIDINGS_E_TOO_LONG, TIDINGS_OK, recorded, tidings_status_t};
use tidings::facts::RawFact;
use tidings::wire::MAX_KEY;
use tidings::{Agent, Fact, Kind};

/// A fact in a struct of C.
pub(crate) trait Told {
    /// Its kind.
    fn kind(&self) -> Kind;

    /// Hands it over as a fact of Rust, which borrows what the struct points to.
    ///
    /// # Safety
    /// Every pointer in it may be followed, as [`Door`] says.
    unsafe fn tell(&self, door: Door<'_>, take: &mut dyn FnMut(&dyn Fact) -> Outcome) -> Outcome;
}

/// Records it.
///
/// # Safety
/// The contract at the head of the header.
pub(crate) unsafe fn record<T: Told>(agent: *mut tidings_agent_t, fact: *const T) -> tidings_status_t {
    // SAFETY: as the caller of this.
    unsafe { hand_over(agent, fact, &mut |agent, fact| Ok(recorded(agent.record(fact)?))) }
}

/// Removes the fact of its key.
///
/// # Safety
/// The contract at the head of the header.
pub(crate) unsafe fn remove<T: Told>(agent: *mut tidings_agent_t, fact: *const T) -> tidings_status_t {
    // SAFETY: as the caller of this.
    unsafe {
        with::<Held>(agent, |held| {
            let door = Door(&held.memory);
            let agent = &mut held.agent;
            door.given(fact)?.tell(door, &mut |fact| Ok(recorded(agent.remove(fact)?)))
        })
    }
}

/// Hands it to `take`, and tells the kind as partial if it cannot even be handed over.
///
/// # Safety
/// The contract at the head of the header.
pub(crate) unsafe fn hand_over<T: Told>(
    agent: *mut tidings_agent_t,
    fact: *const T,
    take: &mut dyn FnMut(&mut Agent<'static>, &dyn Fact) -> Outcome,
) -> tidings_status_t {
    // SAFETY: as the caller of this.
    unsafe {
        with::<Held>(agent, |held| {
            let door = Door(&held.memory);
            let agent = &mut held.agent;
            let told = door.given(fact)?;
            told.tell(door, &mut |fact| take(agent, fact)).inspect_err(|why| note_missing(agent, told.kind(), *why))
        })
    }
}

// A key past its bound is refused by the agent, which then tells the kind as partial; refusing twice is as refusing once.
#[inline(never)]
pub(crate) fn note_missing(agent: &mut Agent<'_>, kind: Kind, Refusal(why): Refusal) {
    if why == TIDINGS_E_TOO_LONG || why == TIDINGS_E_TEXT {
        agent.record(&RawFact { kind, key: &[0; MAX_KEY + 1], value: &[] }).ok();
    }
}

/// Posts that it is so.
///
/// # Safety
/// The contract at the head of the header.
pub(crate) unsafe fn post_record<T: Told>(mailbox: *mut tidings_mailbox_t, fact: *const T) -> tidings_status_t {
    // SAFETY: as the caller of this.
    unsafe {
        post(mailbox, |slot, door| {
            door.given(fact)?.tell(door, &mut |fact| slot.record(fact).map(|()| TIDINGS_OK).map_err(Refusal::from))
        })
    }
}

/// Posts that the fact of its key is gone.
///
/// # Safety
/// The contract at the head of the header.
pub(crate) unsafe fn post_remove<T: Told>(mailbox: *mut tidings_mailbox_t, fact: *const T) -> tidings_status_t {
    // SAFETY: as the caller of this.
    unsafe {
        post(mailbox, |slot, door| {
            door.given(fact)?.tell(door, &mut |fact| slot.remove(fact).map(|()| TIDINGS_OK).map_err(Refusal::from))
        })
    }
}
