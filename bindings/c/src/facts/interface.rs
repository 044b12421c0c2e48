//! Network interfaces (kind 10).

use crate::agent::tidings_agent_t;
use crate::borrowed::tidings_bytes_t;
use crate::form::form;
use crate::mailbox::tidings_mailbox_t;
use crate::status::tidings_status_t;
use crate::told::{post_record, post_remove, record, remove};
use tidings::Kind;

/// A network interface.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tidings_interface_t {
    /// What it is: `TIDINGS_INTERFACE_TYPE_…`.
    pub interface_type: u8,
    /// Radio technology: `TIDINGS_RADIO_…`.
    pub radio: u8,
    /// Addresses left out of the list.
    pub more_addresses: u16,
    /// Whether it is up: `TIDINGS_INTERFACE_FLAGS_…`.
    pub flags: u32,
    /// Key: its name.
    pub name: tidings_bytes_t,
    /// Its link address.
    pub link: tidings_bytes_t,
    /// Its IP addresses, 4 or 16 bytes each; NULL if there is none.
    pub addresses: *const tidings_bytes_t,
    /// How many there are, at most `TIDINGS_MAX_ADDRESSES`.
    pub address_count: usize,
    /// Name of the network that it joined: an SSID, an operator.
    pub network: tidings_bytes_t,
    /// Cell or access point.
    pub cell: tidings_bytes_t,
}

form! {
    tidings_interface_t, Kind::INTERFACE,
    [(text name)],
    [(number interface_type) (bytes link) (number flags) (addresses addresses address_count) (number more_addresses)
        (text network) (text cell) (number radio)]
}

/// Records a network interface; the same value again does nothing (`TIDINGS_UNCHANGED`).
///
/// `fact` and what it points to are read during the call. Thread context. Bounded by the table.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, TOO_LONG, TEXT, FULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_record_interface(
    agent: *mut tidings_agent_t,
    fact: *const tidings_interface_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { record(agent, fact) }
}

/// Removes a network interface with this key, if it is held (`TIDINGS_UNCHANGED` if not); only the fields of the key matter.
///
/// As `tidings_record_interface`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_remove_interface(
    agent: *mut tidings_agent_t,
    fact: *const tidings_interface_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { remove(agent, fact) }
}

/// Posts a network interface for the agent to record at its next `tidings_drain`.
///
/// `fact` and what it points to are read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
/// `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, TOO_LONG, TEXT, MAILBOX_FULL or MAILBOX_TOO_LONG.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_post_interface(
    mailbox: *mut tidings_mailbox_t,
    fact: *const tidings_interface_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { post_record(mailbox, fact) }
}

/// Posts that a network interface with this key is gone.
///
/// As `tidings_post_interface`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_post_remove_interface(
    mailbox: *mut tidings_mailbox_t,
    fact: *const tidings_interface_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { post_remove(mailbox, fact) }
}
