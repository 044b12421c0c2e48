//! Scans: a source lists everything of a kind between begin and finish, and what it did not list is gone.
//!
//! Promise: a scan that never finishes removes nothing. Several kinds may be scanned at once; beginning again starts over.

use crate::agent::{Held, tidings_agent_t};
use crate::coverage::known;
use crate::handle::with;
use crate::status::{Outcome, Refusal, TIDINGS_E_NO_SCAN, TIDINGS_OK, tidings_status_t};
use tidings::{KindMask, Scan};

/// Begins a scan of `kind`: what is not recorded until `tidings_scan_finish` is removed by it.
///
/// Thread context. Bounded by the table. Fails with NULL, MISALIGNED, HANDLE, BUSY or KIND.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_scan_begin(agent: *mut tidings_agent_t, kind: u8) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe {
        with::<Held>(agent, |held| {
            let kind = known(kind)?;
            drop(held.agent.scan(kind));
            held.scans.insert(kind);
            Ok(TIDINGS_OK)
        })
    }
}

unsafe fn end(agent: *mut tidings_agent_t, kind: u8, how: fn(Scan<'_, 'static>)) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { with::<Held>(agent, |held| end_in(held, kind, how)) }
}

fn end_in(held: &mut Held, kind: u8, how: fn(Scan<'_, 'static>)) -> Outcome {
    let kind = known(kind)?;
    if held.scans.intersection(KindMask::of(kind)).is_empty() {
        return Err(Refusal::of(TIDINGS_E_NO_SCAN));
    }
    held.scans.remove(kind);
    how(held.agent.resume_scan(kind));
    Ok(TIDINGS_OK)
}

/// The source listed everything: facts that it did not list are removed, and the kind is complete.
///
/// Thread context. Bounded by the table. Fails with NULL, MISALIGNED, HANDLE, BUSY, KIND or NO_SCAN.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_scan_finish(agent: *mut tidings_agent_t, kind: u8) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { end(agent, kind, |scan| scan.finish()) }
}

/// The source listed what it could read of more: nothing is removed, and the kind is told as partial.
///
/// As `tidings_scan_finish`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_scan_partial(agent: *mut tidings_agent_t, kind: u8) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { end(agent, kind, |scan| scan.partial()) }
}

/// The source failed: nothing is removed, and the kind is told as failed.
///
/// As `tidings_scan_finish`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_scan_fail(agent: *mut tidings_agent_t, kind: u8) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { end(agent, kind, |scan| scan.fail()) }
}
