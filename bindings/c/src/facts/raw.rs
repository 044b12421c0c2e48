//! Facts whose key and value are bytes already: forwarding, other languages.

use crate::agent::tidings_agent_t;
use crate::borrowed::tidings_bytes_t;
use crate::form::{OWN_KIND, form};
use crate::mailbox::tidings_mailbox_t;
use crate::status::tidings_status_t;
use crate::told::{post_record, post_remove, record, remove};

/// A fact whose key and value are bytes already, as SPEC §7 writes them.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tidings_raw_t {
    /// Its kind: `TIDINGS_KIND_…`.
    pub kind: u8,
    /// Key: 1 to 64 bytes.
    pub key: tidings_bytes_t,
    /// 0 to 512 bytes.
    pub value: tidings_bytes_t,
}

form! {
    tidings_raw_t, OWN_KIND,
    [(raw key)], [(raw value)]
}

/// Records a fact whose key and value are bytes already; the same value again does nothing (`TIDINGS_UNCHANGED`).
///
/// `fact` and what it points to are read during the call. Thread context. Bounded by the table.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, TOO_LONG, TEXT, FULL, KIND.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_record_raw(
    agent: *mut tidings_agent_t,
    fact: *const tidings_raw_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { record(agent, fact) }
}

/// Removes a fact whose key and value are bytes already with this key, if it is held (`TIDINGS_UNCHANGED` if not); only the fields of the key matter.
///
/// As `tidings_record_raw`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_remove_raw(
    agent: *mut tidings_agent_t,
    fact: *const tidings_raw_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { remove(agent, fact) }
}

/// Posts a fact whose key and value are bytes already for the agent to record at its next `tidings_drain`.
///
/// `fact` and what it points to are read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
/// `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, TOO_LONG, TEXT, MAILBOX_FULL or MAILBOX_TOO_LONG.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_post_raw(
    mailbox: *mut tidings_mailbox_t,
    fact: *const tidings_raw_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { post_record(mailbox, fact) }
}

/// Posts that a fact whose key and value are bytes already with this key is gone.
///
/// As `tidings_post_raw`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_post_remove_raw(
    mailbox: *mut tidings_mailbox_t,
    fact: *const tidings_raw_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { post_remove(mailbox, fact) }
}
