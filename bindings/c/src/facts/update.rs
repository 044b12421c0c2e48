//! Updates under way (kind 9).

use crate::agent::tidings_agent_t;
use crate::borrowed::tidings_bytes_t;
use crate::form::form;
use crate::mailbox::tidings_mailbox_t;
use crate::status::tidings_status_t;
use crate::told::{post_record, post_remove, record, remove};
use tidings::Kind;

/// An update under way.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tidings_update_t {
    /// Key: a numbered slot.
    pub slot: u16,
    /// Where it stands: `TIDINGS_UPDATE_STATE_…`.
    pub state: u8,
    /// Progress of the present state, 0 to 100.
    pub percent: u8,
    /// The vendor's error number, 0 for none.
    pub error: i32,
    /// Key: a component's name; empty, with slot 0: the whole device.
    pub name: tidings_bytes_t,
    /// The version that it leads to.
    pub target: tidings_bytes_t,
}

form! {
    tidings_update_t, Kind::UPDATE,
    [(number slot) (text name)], [(number state) (text target) (number percent) (number error)]
}

/// Records an update under way; the same value again does nothing (`TIDINGS_UNCHANGED`).
///
/// `fact` and what it points to are read during the call. Thread context. Bounded by the table.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, TOO_LONG, TEXT, FULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_record_update(
    agent: *mut tidings_agent_t,
    fact: *const tidings_update_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { record(agent, fact) }
}

/// Removes an update under way with this key, if it is held (`TIDINGS_UNCHANGED` if not); only the fields of the key matter.
///
/// As `tidings_record_update`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_remove_update(
    agent: *mut tidings_agent_t,
    fact: *const tidings_update_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { remove(agent, fact) }
}

/// Posts an update under way for the agent to record at its next `tidings_drain`.
///
/// `fact` and what it points to are read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
/// `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, TOO_LONG, TEXT, MAILBOX_FULL or MAILBOX_TOO_LONG.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_post_update(
    mailbox: *mut tidings_mailbox_t,
    fact: *const tidings_update_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { post_record(mailbox, fact) }
}

/// Posts that an update under way with this key is gone.
///
/// As `tidings_post_update`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_post_remove_update(
    mailbox: *mut tidings_mailbox_t,
    fact: *const tidings_update_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { post_remove(mailbox, fact) }
}
