//! Facts as C tells them, on their way to an agent or a mailbox: one path for all kinds.
//!
//! Promise: a fact that is refused for its contents (too long, no UTF-8) makes its kind partial, as in Rust: the host is told that something is
//! missing. A fact that is refused for a pointer or a number that no struct may hold changes nothing.

use crate::agent::{Held, tidings_agent_t};
use crate::form::{Form, Formed, Told};
use crate::handle::with;
use crate::mailbox::{post, tidings_mailbox_t};
use crate::status::{Refusal, TIDINGS_E_TEXT, TIDINGS_E_TOO_LONG, TIDINGS_OK, recorded, tidings_status_t};
use core::ffi::c_void;
use tidings::facts::RawFact;
use tidings::wire::MAX_KEY;
use tidings::{Agent, Kind};

/// Records it.
///
/// # Safety
/// The contract at the head of the header.
pub(crate) unsafe fn record<T: Formed>(agent: *mut tidings_agent_t, fact: *const T) -> tidings_status_t {
    // SAFETY: as the caller of this.
    unsafe { record_as(agent, fact.cast(), T::FORM) }
}

#[inline(never)]
unsafe fn record_as(agent: *mut tidings_agent_t, fact: *const c_void, form: &Form) -> tidings_status_t {
    // SAFETY: as the caller of this; a text or length can only be refused in a struct that was let in.
    unsafe {
        with::<Held>(agent, |held| match Told::let_in(&held.door(), fact, form, true) {
            Ok(told) => Ok(recorded(held.agent.record(&told)?)),
            Err(why) => {
                note_missing(&mut held.agent, || Told::kind_of(fact, form), why);
                Err(why)
            }
        })
    }
}

/// Removes the fact of its key.
///
/// # Safety
/// The contract at the head of the header.
pub(crate) unsafe fn remove<T: Formed>(agent: *mut tidings_agent_t, fact: *const T) -> tidings_status_t {
    // SAFETY: as the caller of this.
    unsafe { remove_as(agent, fact.cast(), T::FORM) }
}

#[inline(never)]
unsafe fn remove_as(agent: *mut tidings_agent_t, fact: *const c_void, form: &Form) -> tidings_status_t {
    // SAFETY: as the caller of this.
    unsafe {
        with::<Held>(agent, |held| {
            let told = Told::let_in(&held.door(), fact, form, false)?;
            Ok(recorded(held.agent.remove(&told)?))
        })
    }
}

// A key past its bound is refused by the agent, which then tells the kind as partial; refusing twice is as refusing once.
#[inline(never)]
pub(crate) fn note_missing(agent: &mut Agent<'_>, kind: impl FnOnce() -> Kind, Refusal(why): Refusal) {
    if why == TIDINGS_E_TOO_LONG || why == TIDINGS_E_TEXT {
        agent.record(&RawFact { kind: kind(), key: &[0; MAX_KEY + 1], value: &[] }).ok();
    }
}

/// Posts that it is so.
///
/// # Safety
/// The contract at the head of the header.
pub(crate) unsafe fn post_record<T: Formed>(mailbox: *mut tidings_mailbox_t, fact: *const T) -> tidings_status_t {
    // SAFETY: as the caller of this.
    unsafe { post_as(mailbox, fact.cast(), T::FORM, true) }
}

/// Posts that the fact of its key is gone.
///
/// # Safety
/// The contract at the head of the header.
pub(crate) unsafe fn post_remove<T: Formed>(mailbox: *mut tidings_mailbox_t, fact: *const T) -> tidings_status_t {
    // SAFETY: as the caller of this.
    unsafe { post_as(mailbox, fact.cast(), T::FORM, false) }
}

#[inline(never)]
unsafe fn post_as(mailbox: *mut tidings_mailbox_t, fact: *const c_void, form: &Form, is_so: bool) -> tidings_status_t {
    // SAFETY: as the caller of this.
    unsafe {
        post(mailbox, |slot, door| {
            let told = Told::let_in(door, fact, form, is_so)?;
            if is_so {
                slot.record(&told)?
            } else {
                slot.remove(&told)?
            }
            Ok(TIDINGS_OK)
        })
    }
}
