//! Facts of a vendor's own kinds (kind 15).

use crate::agent::tidings_agent_t;
use crate::borrowed::tidings_bytes_t;
use crate::form::form;
use crate::mailbox::tidings_mailbox_t;
use crate::status::tidings_status_t;
use crate::told::{post_record, post_remove, record, remove};
use tidings::Kind;

/// A fact of a vendor's own kind; the collector keeps its bytes as they are.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tidings_vendor_t {
    /// Key: the vendor's kind.
    pub vendor_kind: u16,
    /// Key: 1 to 62 bytes.
    pub key: tidings_bytes_t,
    /// 0 to 512 bytes.
    pub value: tidings_bytes_t,
}

form! {
    tidings_vendor_t, Kind::VENDOR,
    [(big_endian vendor_kind) (raw key)], [(raw value)]
}

/// Records a fact of a vendor's own kind; the same value again does nothing (`TIDINGS_UNCHANGED`).
///
/// `fact` and what it points to are read during the call. Thread context. Bounded by the table.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, TOO_LONG, TEXT, FULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_record_vendor(
    agent: *mut tidings_agent_t,
    fact: *const tidings_vendor_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { record(agent, fact) }
}

/// Removes a fact of a vendor's own kind with this key, if it is held (`TIDINGS_UNCHANGED` if not); only the fields of the key matter.
///
/// As `tidings_record_vendor`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_remove_vendor(
    agent: *mut tidings_agent_t,
    fact: *const tidings_vendor_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { remove(agent, fact) }
}

/// Posts a fact of a vendor's own kind for the agent to record at its next `tidings_drain`.
///
/// `fact` and what it points to are read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
/// `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, TOO_LONG, TEXT, MAILBOX_FULL or MAILBOX_TOO_LONG.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_post_vendor(
    mailbox: *mut tidings_mailbox_t,
    fact: *const tidings_vendor_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { post_record(mailbox, fact) }
}

/// Posts that a fact of a vendor's own kind with this key is gone.
///
/// As `tidings_post_vendor`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_post_remove_vendor(
    mailbox: *mut tidings_mailbox_t,
    fact: *const tidings_vendor_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { post_remove(mailbox, fact) }
}
