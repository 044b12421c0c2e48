//! Facts as C tells them, on their way to an agent or a mailbox: one path for all kinds.
//!
//! Promise: a fact that is refused for its contents (too long, no UTF-8) makes its kind partial, as in Rust, and an old value of it is not left as
//! the current one: the host is told that something is missing. A fact that is refused for a pointer or a number that no struct may hold changes nothing.

use crate::agent::{Held, tidings_agent_t};
use crate::borrowed::Door;
use crate::form::{Form, Formed, Told};
use crate::handle::with;
use crate::mailbox::{post, tidings_mailbox_t};
use crate::status::{Outcome, TIDINGS_OK, recorded, tidings_status_t};
use core::ffi::c_void;
use tidings::facts::Part;

/// What becomes of a fact.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Fate {
    /// It is so: key and value matter.
    IsSo,
    /// It is gone: its key alone matters, and nothing else of the struct is looked at.
    IsGone,
}

impl Told<'_> {
    // Lets in what matters.
    unsafe fn check_for(&mut self, door: &Door<'_>, fate: Fate) -> Outcome<()> {
        // SAFETY: as the caller of this.
        unsafe {
            self.check(door, Part::Key)?;
            if fate == Fate::IsSo { self.check(door, Part::Value) } else { Ok(()) }
        }
    }
}

/// Records it.
///
/// # Safety
/// The contract at the head of the header.
pub(crate) unsafe fn record<T: Formed>(agent: *mut tidings_agent_t, fact: *const T) -> tidings_status_t {
    // SAFETY: as the caller of this.
    unsafe { tell_as(agent, fact.cast(), T::FORM, Fate::IsSo) }
}

/// Removes the fact of its key.
///
/// # Safety
/// The contract at the head of the header.
pub(crate) unsafe fn remove<T: Formed>(agent: *mut tidings_agent_t, fact: *const T) -> tidings_status_t {
    // SAFETY: as the caller of this.
    unsafe { tell_as(agent, fact.cast(), T::FORM, Fate::IsGone) }
}

#[inline(never)]
unsafe fn tell_as(agent: *mut tidings_agent_t, fact: *const c_void, form: &Form, fate: Fate) -> tidings_status_t {
    // SAFETY: as the caller of this.
    unsafe { with::<Held>(agent, |held| tell(held, fact, form, fate)) }
}

/// Tells an agent that is let in. What is recorded and refused for its contents is refused by the agent too, which tells the kind as partial.
///
/// # Safety
/// The contract at the head of the header.
#[inline(never)]
pub(crate) unsafe fn tell(held: &mut Held, fact: *const c_void, form: &Form, fate: Fate) -> Outcome {
    // SAFETY: as the caller of this.
    unsafe {
        let door = held.door();
        let mut told = Told::let_in(&door, fact, form)?;
        let checked = told.check_for(&door, fate);
        if checked.is_err() && (fate == Fate::IsGone || !told.is_refused()) {
            return checked.map(|()| TIDINGS_OK);
        }
        let done = if fate == Fate::IsSo { held.agent.record(&told) } else { held.agent.remove(&told) };
        checked?;
        Ok(recorded(done?))
    }
}

/// Posts that it is so.
///
/// # Safety
/// The contract at the head of the header.
pub(crate) unsafe fn post_record<T: Formed>(mailbox: *mut tidings_mailbox_t, fact: *const T) -> tidings_status_t {
    // SAFETY: as the caller of this.
    unsafe { post_as(mailbox, fact.cast(), T::FORM, Fate::IsSo) }
}

/// Posts that the fact of its key is gone.
///
/// # Safety
/// The contract at the head of the header.
pub(crate) unsafe fn post_remove<T: Formed>(mailbox: *mut tidings_mailbox_t, fact: *const T) -> tidings_status_t {
    // SAFETY: as the caller of this.
    unsafe { post_as(mailbox, fact.cast(), T::FORM, Fate::IsGone) }
}

#[inline(never)]
unsafe fn post_as(mailbox: *mut tidings_mailbox_t, fact: *const c_void, form: &Form, fate: Fate) -> tidings_status_t {
    // SAFETY: as the caller of this.
    unsafe {
        post(mailbox, |slot, door| {
            let mut told = Told::let_in(door, fact, form)?;
            told.check_for(door, fate)?;
            if fate == Fate::IsSo {
                slot.record(&told)?
            } else {
                slot.remove(&told)?
            }
            Ok(TIDINGS_OK)
        })
    }
}
