//! Open ports (kind 3).

use crate::agent::tidings_agent_t;
use crate::borrowed::tidings_bytes_t;
use crate::form::form;
use crate::mailbox::tidings_mailbox_t;
use crate::status::tidings_status_t;
use crate::told::{post_record, post_remove, record, remove};
use tidings::Kind;

/// An open port.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tidings_listener_t {
    /// Key: IANA protocol number, `TIDINGS_PROTOCOL_…`.
    pub protocol: u8,
    /// Key: port number.
    pub port: u16,
    /// How it is guarded: `TIDINGS_LISTENER_FLAGS_…`.
    pub flags: u32,
    /// Key: local address, 4 or 16 bytes; empty: any, or not stated.
    pub address: tidings_bytes_t,
    /// Key: interface that it is bound to; empty: any.
    pub iface: tidings_bytes_t,
    /// The program that listens.
    pub owner: tidings_bytes_t,
    /// The account that it runs under.
    pub account: tidings_bytes_t,
}

form! {
    tidings_listener_t, Kind::LISTENER,
    [(number protocol) (number port) (bytes address) (text iface)], [(text owner) (number flags) (text account)]
}

/// Records an open port; the same value again does nothing (`TIDINGS_UNCHANGED`).
///
/// `fact` and what it points to are read during the call. Thread context. Bounded by the table.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, TOO_LONG, TEXT, FULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_record_listener(
    agent: *mut tidings_agent_t,
    fact: *const tidings_listener_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { record(agent, fact) }
}

/// Removes an open port with this key, if it is held (`TIDINGS_UNCHANGED` if not); only the fields of the key matter.
///
/// As `tidings_record_listener`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_remove_listener(
    agent: *mut tidings_agent_t,
    fact: *const tidings_listener_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { remove(agent, fact) }
}

/// Posts an open port for the agent to record at its next `tidings_drain`.
///
/// `fact` and what it points to are read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
/// `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, TOO_LONG, TEXT, MAILBOX_FULL or MAILBOX_TOO_LONG.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_post_listener(
    mailbox: *mut tidings_mailbox_t,
    fact: *const tidings_listener_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { post_record(mailbox, fact) }
}

/// Posts that an open port with this key is gone.
///
/// As `tidings_post_listener`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_post_remove_listener(
    mailbox: *mut tidings_mailbox_t,
    fact: *const tidings_listener_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { post_remove(mailbox, fact) }
}
