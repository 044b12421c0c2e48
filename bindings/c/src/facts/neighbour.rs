//! Who is seen on the networks of the device (kind 4).

use crate::agent::tidings_agent_t;
use crate::borrowed::tidings_bytes_t;
use crate::form::form;
use crate::mailbox::tidings_mailbox_t;
use crate::status::tidings_status_t;
use crate::told::{post_record, post_remove, record, remove};
use tidings::Kind;

/// A device seen on a network.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tidings_neighbour_t {
    /// Key: what the address is, `TIDINGS_LINK_KIND_…`.
    pub link: u8,
    /// How it is known: `TIDINGS_NEIGHBOUR_STATE_…`.
    pub state: u8,
    /// How the link to it is secured: `TIDINGS_LINK_SECURITY_…`.
    pub security: u8,
    /// Addresses left out of the list.
    pub more_addresses: u16,
    /// Key: the link address.
    pub address: tidings_bytes_t,
    /// Key: the interface that it is seen on.
    pub iface: tidings_bytes_t,
    /// Its IP addresses, 4 or 16 bytes each; NULL if there is none.
    pub addresses: *const tidings_bytes_t,
    /// How many there are, at most `TIDINGS_MAX_ADDRESSES`.
    pub address_count: usize,
    /// Its name.
    pub name: tidings_bytes_t,
    /// When it was first seen, Unix time in s; 0: not known.
    pub first_seen: u64,
}

form! {
    tidings_neighbour_t, Kind::NEIGHBOUR,
    [(number link) (bytes address) (text iface)],
    [(addresses addresses address_count) (number more_addresses) (text name) (number state) (number security)
        (number first_seen)]
}

/// Records a device seen on a network; the same value again does nothing (`TIDINGS_UNCHANGED`).
///
/// `fact` and what it points to are read during the call. Thread context. Bounded by the table.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, TOO_LONG, TEXT, FULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_record_neighbour(
    agent: *mut tidings_agent_t,
    fact: *const tidings_neighbour_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { record(agent, fact) }
}

/// Removes a device seen on a network with this key, if it is held (`TIDINGS_UNCHANGED` if not); only the fields of the key matter.
///
/// As `tidings_record_neighbour`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_remove_neighbour(
    agent: *mut tidings_agent_t,
    fact: *const tidings_neighbour_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { remove(agent, fact) }
}

/// Posts a device seen on a network for the agent to record at its next `tidings_drain`.
///
/// `fact` and what it points to are read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
/// `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, TOO_LONG, TEXT, MAILBOX_FULL or MAILBOX_TOO_LONG.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_post_neighbour(
    mailbox: *mut tidings_mailbox_t,
    fact: *const tidings_neighbour_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { post_record(mailbox, fact) }
}

/// Posts that a device seen on a network with this key is gone.
///
/// As `tidings_post_neighbour`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_post_remove_neighbour(
    mailbox: *mut tidings_mailbox_t,
    fact: *const tidings_neighbour_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { post_remove(mailbox, fact) }
}
