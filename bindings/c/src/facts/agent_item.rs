//! The agent about itself (kind 8), for what only the firmware knows: its stack high water.

use crate::agent::tidings_agent_t;
use crate::form::form;
use crate::mailbox::tidings_mailbox_t;
use crate::status::tidings_status_t;
use crate::told::{post_record, post_remove, record, remove};
use tidings::Kind;

/// A number about the agent.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tidings_agent_item_t {
    /// Key: which one, `TIDINGS_AGENT_ITEM_…`.
    pub item: u8,
    /// Key: a kind or a severity, where the item has one for each.
    pub arg: u8,
    /// How many, or which state.
    pub value: u64,
}

form! {
    tidings_agent_item_t, Kind::AGENT,
    [(number item) (number arg)], [(number value)]
}

/// Records a number about the agent; the same value again does nothing (`TIDINGS_UNCHANGED`).
///
/// `fact` and what it points to are read during the call. Thread context. Bounded by the table.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, TOO_LONG, TEXT, FULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_record_agent_item(
    agent: *mut tidings_agent_t,
    fact: *const tidings_agent_item_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { record(agent, fact) }
}

/// Removes a number about the agent with this key, if it is held (`TIDINGS_UNCHANGED` if not); only the fields of the key matter.
///
/// As `tidings_record_agent_item`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_remove_agent_item(
    agent: *mut tidings_agent_t,
    fact: *const tidings_agent_item_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { remove(agent, fact) }
}

/// Posts a number about the agent for the agent to record at its next `tidings_drain`.
///
/// `fact` and what it points to are read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
/// `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, TOO_LONG, TEXT, MAILBOX_FULL or MAILBOX_TOO_LONG.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_post_agent_item(
    mailbox: *mut tidings_mailbox_t,
    fact: *const tidings_agent_item_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { post_record(mailbox, fact) }
}

/// Posts that a number about the agent with this key is gone.
///
/// As `tidings_post_agent_item`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_post_remove_agent_item(
    mailbox: *mut tidings_mailbox_t,
    fact: *const tidings_agent_item_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { post_remove(mailbox, fact) }
}
