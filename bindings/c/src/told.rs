//! Facts as C tells them, on their way to an agent or a mailbox: one path for all kinds.
//!
//! Promise: a fact that is refused for its contents (too long, no UTF-8) makes its kind partial, as in Rust, and an old value of it is not left as
//! the current one: the host is told that something is missing. A fact that is refused for a pointer or a number that no struct may hold changes nothing.

use crate::agent::{Held, tidings_agent_t};
use crate::form::{Form, Formed, Told};
use crate::handle::with;
use crate::mailbox::{post, tidings_mailbox_t};
use crate::status::{Outcome, TIDINGS_OK, recorded, tidings_status_t};
use core::ffi::c_void;
use tidings::facts::Part;

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
    // SAFETY: as the caller of this.
    unsafe { with::<Held>(agent, |held| record_in(held, fact, form)) }
}

/// Records it with an agent that is let in. What is refused for its contents is refused by the agent too, which tells the kind as partial.
///
/// # Safety
/// The contract at the head of the header.
#[inline(never)]
pub(crate) unsafe fn record_in(held: &mut Held, fact: *const c_void, form: &Form) -> Outcome {
    // SAFETY: as the caller of this.
    unsafe {
        let door = held.door();
        let mut told = Told::let_in(&door, fact, form)?;
        let mut checked = told.check(&door, Part::Key);
        if checked.is_ok() {
            checked = told.check(&door, Part::Value);
        }
        if checked.is_err() && !told.is_refused() {
            return checked.map(|()| TIDINGS_OK);
        }
        let done = held.agent.record(&told);
        checked?;
        Ok(recorded(done?))
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
            let door = held.door();
            let mut told = Told::let_in(&door, fact, form)?;
            told.check(&door, Part::Key)?;
            Ok(recorded(held.agent.remove(&told)?))
        })
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
        post(mailbox, |slots, door| {
            let mut told = Told::let_in(door, fact, form)?;
            told.check(door, Part::Key)?;
            if is_so {
                told.check(door, Part::Value)?;
            }
            if is_so {
                slots.record(&told)?
            } else {
                slots.remove(&told)?
            }
            Ok(TIDINGS_OK)
        })
    }
}
