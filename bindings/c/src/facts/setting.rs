//! How the device is configured (kind 6): a setting and its value.

use crate::agent::tidings_agent_t;
use crate::borrowed::tidings_bytes_t;
use crate::facts::scalar::tidings_scalar_t;
use crate::form::form;
use crate::mailbox::tidings_mailbox_t;
use crate::status::tidings_status_t;
use crate::told::{post_record, post_remove, record, remove};
use tidings::Kind;

/// A setting: configuration and posture.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tidings_setting_t {
    /// Key: which one, `TIDINGS_SETTING_…`; `TIDINGS_SETTING_NAMED` for the vendor's own.
    pub id: u16,
    /// Key: a vendor setting's name; else the instance, for example an interface.
    pub name: tidings_bytes_t,
    /// What it is.
    pub value: tidings_scalar_t,
}

form! {
    tidings_setting_t, Kind::SETTING,
    [(number id) (text name)], [(number value)]
}

/// Records a setting; the same value again does nothing (`TIDINGS_UNCHANGED`).
///
/// `fact` and what it points to are read during the call. Thread context. Bounded by the table.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, VALUE, TOO_LONG, TEXT, FULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_record_setting(
    agent: *mut tidings_agent_t,
    fact: *const tidings_setting_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { record(agent, fact) }
}

/// Removes a setting with this key, if it is held (`TIDINGS_UNCHANGED` if not); only the fields of the key matter.
///
/// As `tidings_record_setting`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_remove_setting(
    agent: *mut tidings_agent_t,
    fact: *const tidings_setting_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { remove(agent, fact) }
}

/// Posts a setting for the agent to record at its next `tidings_drain`.
///
/// `fact` and what it points to are read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
/// `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, VALUE, TOO_LONG, TEXT, MAILBOX_FULL or MAILBOX_TOO_LONG.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_post_setting(
    mailbox: *mut tidings_mailbox_t,
    fact: *const tidings_setting_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { post_record(mailbox, fact) }
}

/// Posts that a setting with this key is gone.
///
/// As `tidings_post_setting`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_post_remove_setting(
    mailbox: *mut tidings_mailbox_t,
    fact: *const tidings_setting_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { post_remove(mailbox, fact) }
}
