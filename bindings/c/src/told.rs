//! Facts as C tells them, on their way to an agent or a mailbox: one path for all kinds.
//!
//! Promise: a fact that is refused for its contents (too long, no UTF-8) makes its kind partial, as in Rust: the host is told that something is
//! missing. A fact that is refused for a pointer or a number that no struct may hold changes nothing.

use crate::agent::{Held, tidings_agent_t};
use crate::borrowed::Door;
use crate::fields::Fields;
use crate::handle::with;
use crate::mailbox::{Slot, post, tidings_mailbox_t};
use crate::status::{Outcome, Refusal, TIDINGS_E_TEXT, TIDINGS_E_TOO_LONG, TIDINGS_OK, recorded, tidings_status_t};
use core::ffi::c_void;
use tidings::facts::RawFact;
use tidings::mailbox::PostError;
use tidings::wire::MAX_KEY;
use tidings::{Agent, Fact, Kind};

/// A fact in a struct of C.
pub(crate) trait Told {
    /// Its kind.
    fn kind(&self) -> Kind;

    /// Hands it over as a fact of Rust, which borrows what the struct points to.
    ///
    /// # Safety
    /// Every pointer in it may be followed, as [`Door`](crate::borrowed::Door) says.
    unsafe fn tell(&self, fields: &Fields<'_>, take: &mut dyn FnMut(&dyn Fact) -> Outcome) -> Outcome;
}

/// What is done with a fact that was let in.
type Take<'t> = &'t mut dyn FnMut(&dyn Fact) -> Outcome;

/// What the one path must know of a struct: how much of memory it is, and how it is read.
struct Form {
    size: usize,
    align: usize,
    kind: unsafe fn(*const c_void) -> Kind,
    tell: unsafe fn(*const c_void, &Fields<'_>, Take<'_>) -> Outcome,
}

impl Form {
    const fn of<T: Told>() -> Self {
        Self {
            size: size_of::<T>(),
            align: align_of::<T>(),
            // SAFETY: both are called with pointers to a `T` only, which were let in.
            kind: |fact| unsafe { (*fact.cast::<T>()).kind() },
            // SAFETY: as above.
            tell: |fact, fields, take| unsafe { (*fact.cast::<T>()).tell(fields, take) },
        }
    }

    // Nothing is taken if a field was refused; of several refusals the first one counts.
    unsafe fn hand(&self, fact: *const c_void, door: Door<'_>, take: &mut dyn FnMut(&dyn Fact) -> Outcome) -> Outcome {
        let fields = Fields::through(door);
        // SAFETY: as the caller of this, who let the struct in.
        let done = unsafe {
            (self.tell)(fact, &fields, &mut |fact| {
                fields.sound()?;
                take(fact)
            })
        };
        fields.sound()?;
        done
    }
}

/// The form of a struct, once for all calls that take it.
trait Formed: Told {
    const FORM: &'static Form;
}

impl<T: Told> Formed for T {
    const FORM: &'static Form = &Form::of::<T>();
}

/// Records it.
///
/// # Safety
/// The contract at the head of the header.
pub(crate) unsafe fn record<T: Told>(agent: *mut tidings_agent_t, fact: *const T) -> tidings_status_t {
    // SAFETY: as the caller of this.
    unsafe { record_as(agent, fact.cast(), T::FORM) }
}

#[inline(never)]
unsafe fn record_as(agent: *mut tidings_agent_t, fact: *const c_void, form: &Form) -> tidings_status_t {
    // SAFETY: as the caller of this.
    unsafe {
        with::<Held>(agent, |held| {
            let door = Door(&held.memory);
            door.pass(fact, form.size, form.align)?;
            let agent = &mut held.agent;
            let done = form.hand(fact, door, &mut |fact| Ok(recorded(agent.record(fact)?)));
            done.inspect_err(|why| note_missing(agent, (form.kind)(fact), *why))
        })
    }
}

/// Removes the fact of its key.
///
/// # Safety
/// The contract at the head of the header.
pub(crate) unsafe fn remove<T: Told>(agent: *mut tidings_agent_t, fact: *const T) -> tidings_status_t {
    // SAFETY: as the caller of this.
    unsafe { remove_as(agent, fact.cast(), T::FORM) }
}

#[inline(never)]
unsafe fn remove_as(agent: *mut tidings_agent_t, fact: *const c_void, form: &Form) -> tidings_status_t {
    // SAFETY: as the caller of this.
    unsafe {
        with::<Held>(agent, |held| {
            let door = Door(&held.memory);
            door.pass(fact, form.size, form.align)?;
            let agent = &mut held.agent;
            form.hand(fact, door, &mut |fact| Ok(recorded(agent.remove(fact)?)))
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
    unsafe { post_as(mailbox, fact.cast(), T::FORM, |slot, fact| slot.record(fact)) }
}

/// Posts that the fact of its key is gone.
///
/// # Safety
/// The contract at the head of the header.
pub(crate) unsafe fn post_remove<T: Told>(mailbox: *mut tidings_mailbox_t, fact: *const T) -> tidings_status_t {
    // SAFETY: as the caller of this.
    unsafe { post_as(mailbox, fact.cast(), T::FORM, |slot, fact| slot.remove(fact)) }
}

#[inline(never)]
unsafe fn post_as(
    mailbox: *mut tidings_mailbox_t,
    fact: *const c_void,
    form: &Form,
    put: fn(&Slot, &dyn Fact) -> Result<(), PostError>,
) -> tidings_status_t {
    // SAFETY: as the caller of this.
    unsafe {
        post(mailbox, |slot, door| {
            door.pass(fact, form.size, form.align)?;
            form.hand(fact, door, &mut |fact| put(slot, fact).map(|()| TIDINGS_OK).map_err(Refusal::from))
        })
    }
}
