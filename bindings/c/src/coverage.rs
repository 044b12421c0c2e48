//! How complete each kind is: said by the firmware, told to the host, so that a slow or failed source or an opt-out never looks like a removal.

use crate::agent::{Held, answer, tidings_agent_t};
use crate::handle::with;
use crate::status::{Outcome, Refusal, TIDINGS_E_KIND, TIDINGS_NOTHING, TIDINGS_OK, tidings_status_t};
use tidings::{Agent, Kind};

/// Kinds that a device can record: 0 to 14 and the vendor kind.
const KINDS: u8 = 16;

/// The kind of this number, if a device can record it.
pub(crate) fn known(kind: u8) -> Outcome<Kind> {
    if kind < KINDS { Ok(Kind(kind)) } else { Err(Refusal::of(TIDINGS_E_KIND)) }
}

unsafe fn tell(agent: *mut tidings_agent_t, kind: u8, what: fn(&mut Agent<'static>, Kind)) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe {
        with::<Held>(agent, |held| {
            what(&mut held.agent, known(kind)?);
            Ok(TIDINGS_OK)
        })
    }
}

/// Says that everything of `kind` is recorded, for sources that tell changes one by one instead of scanning.
///
/// Thread context. Bounded by the table. Fails with NULL, MISALIGNED, HANDLE, BUSY or KIND.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_complete(agent: *mut tidings_agent_t, kind: u8) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { tell(agent, kind, Agent::complete) }
}

/// Says that the source of `kind` failed: nothing is removed, changes still travel, and the kind is told as failed.
///
/// As `tidings_complete`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_fail(agent: *mut tidings_agent_t, kind: u8) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { tell(agent, kind, Agent::fail) }
}

/// Switches a kind off, as the user of the device may ask: its facts are withdrawn, which does not look like their removal.
///
/// As `tidings_complete`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_switch_off(agent: *mut tidings_agent_t, kind: u8) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { tell(agent, kind, Agent::switch_off) }
}

/// Switches a kind on again; it is incomplete until its source finishes a scan.
///
/// As `tidings_complete`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_switch_on(agent: *mut tidings_agent_t, kind: u8) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { tell(agent, kind, Agent::switch_on) }
}

/// Sets `*state` to the state of a kind's source, `TIDINGS_COVERAGE_…`; `TIDINGS_NOTHING`, and nothing set, if nothing of it was ever recorded.
///
/// Thread context. Bounded: constant. Fails with NULL, MISALIGNED, HANDLE, BUSY, KIND or OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_coverage(agent: *mut tidings_agent_t, kind: u8, state: *mut u8) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe {
        with::<Held>(agent, |held| match held.agent.coverage(known(kind)?) {
            Some(coverage) => answer(held, state, coverage.0),
            None => Ok(TIDINGS_NOTHING),
        })
    }
}
