//! Who may use the device (kind 2).

use crate::agent::tidings_agent_t;
use crate::borrowed::tidings_bytes_t;
use crate::form::form;
use crate::mailbox::tidings_mailbox_t;
use crate::status::tidings_status_t;
use crate::told::{post_record, post_remove, record, remove};
use tidings::Kind;

/// The key is a name.
pub const TIDINGS_ACCOUNT_NAME: u8 = 0;
/// The key is a number.
pub const TIDINGS_ACCOUNT_UID: u8 = 1;
/// The key is the keyed hash of a name, where names must not leave the device; 8 bytes.
pub const TIDINGS_ACCOUNT_HASHED: u8 = 2;

/// An account.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tidings_account_t {
    /// Key: `TIDINGS_ACCOUNT_NAME`, `_UID` or `_HASHED`, which says which fields of the key count.
    pub key_form: u8,
    /// What opens it: `TIDINGS_CREDENTIAL_…`.
    pub credential: u8,
    /// Groups left out of the list.
    pub more_groups: u16,
    /// Key, by number: its number.
    pub key_uid: u32,
    /// Key, by name: its name; hashed: 8 bytes.
    pub key_name: tidings_bytes_t,
    /// Key: where it is defined; empty: the operating system, or the device's only place.
    pub key_realm: tidings_bytes_t,
    /// What it may do: `TIDINGS_ROLES_…`.
    pub roles: u32,
    /// How it is secured: `TIDINGS_ACCOUNT_FLAGS_…`.
    pub flags: u32,
    /// Its number; 0: root, or not stated.
    pub uid: u32,
    /// Groups that it belongs to; NULL if there is none.
    pub groups: *const tidings_bytes_t,
    /// How many there are, at most `TIDINGS_MAX_LIST`.
    pub group_count: usize,
    /// Its login shell.
    pub shell: tidings_bytes_t,
    /// A label, where the key is not its name.
    pub name: tidings_bytes_t,
}

form! {
    tidings_account_t, Kind::ACCOUNT,
    [(tag key_form) (when TIDINGS_ACCOUNT_NAME) (text key_name) (when TIDINGS_ACCOUNT_UID) (number key_uid)
        (when TIDINGS_ACCOUNT_HASHED) (bytes key_name) (always) (text key_realm)],
    [(number roles) (number flags) (number credential) (number uid) (texts groups group_count) (number more_groups)
        (text shell) (text name)]
}

/// Records an account; the same value again does nothing (`TIDINGS_UNCHANGED`).
///
/// `fact` and what it points to are read during the call. Thread context. Bounded by the table.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, VALUE, TOO_LONG, TEXT, FULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_record_account(
    agent: *mut tidings_agent_t,
    fact: *const tidings_account_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { record(agent, fact) }
}

/// Removes an account with this key, if it is held (`TIDINGS_UNCHANGED` if not); only the fields of the key matter.
///
/// As `tidings_record_account`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_remove_account(
    agent: *mut tidings_agent_t,
    fact: *const tidings_account_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { remove(agent, fact) }
}

/// Posts an account for the agent to record at its next `tidings_drain`.
///
/// `fact` and what it points to are read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
/// `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, VALUE, TOO_LONG, TEXT, MAILBOX_FULL or MAILBOX_TOO_LONG.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_post_account(
    mailbox: *mut tidings_mailbox_t,
    fact: *const tidings_account_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { post_record(mailbox, fact) }
}

/// Posts that an account with this key is gone.
///
/// As `tidings_post_account`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_post_remove_account(
    mailbox: *mut tidings_mailbox_t,
    fact: *const tidings_account_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { post_remove(mailbox, fact) }
}
