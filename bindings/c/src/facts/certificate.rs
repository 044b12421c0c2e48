//! Certificates and keys (kind 5).

use crate::agent::tidings_agent_t;
use crate::borrowed::tidings_bytes_t;
use crate::form::form;
use crate::mailbox::tidings_mailbox_t;
use crate::status::tidings_status_t;
use crate::told::{post_record, post_remove, record, remove};
use tidings::Kind;

/// The key is a numbered slot.
pub const TIDINGS_CERTIFICATE_SLOT: u8 = 0;
/// The key is a name, for example a path.
pub const TIDINGS_CERTIFICATE_NAME: u8 = 1;
/// The key is the first 16 bytes of the SHA-256 of a name that does not fit a key.
pub const TIDINGS_CERTIFICATE_HASHED: u8 = 2;

/// A certificate or key.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tidings_certificate_t {
    /// Key: `TIDINGS_CERTIFICATE_SLOT`, `_NAME` or `_HASHED`, which says which fields of the key count.
    pub key_form: u8,
    /// What it is: `TIDINGS_CERTIFICATE_TYPE_…`.
    pub certificate_type: u8,
    /// Key, by number: the slot.
    pub key_slot: u16,
    /// Key: which one in a bundle.
    pub key_index: u16,
    /// Size of its key in bits.
    pub key_bits: u16,
    /// Key, by name: the name; hashed: 16 bytes.
    pub key_name: tidings_bytes_t,
    /// Prefix of the SHA-256 of its DER, 0 to 32 bytes.
    pub fingerprint: tidings_bytes_t,
    /// End of validity, Unix time in s.
    pub not_after: i64,
    /// Start of validity, Unix time in s.
    pub not_before: i64,
    /// Whose it is.
    pub subject: tidings_bytes_t,
    /// Who issued it.
    pub issuer: tidings_bytes_t,
    /// Serial number, big-endian.
    pub serial: tidings_bytes_t,
    /// What it may be used for: `TIDINGS_KEY_USAGE_…`.
    pub usage: u32,
    /// Algorithm of its key: `TIDINGS_KEY_KIND_…`.
    pub key_kind: u8,
    /// Its role as a device identity: `TIDINGS_CERTIFICATE_ROLE_…`.
    pub role: u8,
    /// A label, or the name behind a hashed key.
    pub label: tidings_bytes_t,
}

form! {
    tidings_certificate_t, Kind::CERTIFICATE,
    [(tag key_form) (when TIDINGS_CERTIFICATE_SLOT) (number key_slot) (when TIDINGS_CERTIFICATE_NAME) (text key_name)
        (when TIDINGS_CERTIFICATE_HASHED) (bytes key_name) (always) (number key_index)],
    [(number certificate_type) (bytes fingerprint) (number not_after) (number not_before) (text subject) (text issuer)
        (bytes serial) (number usage) (number key_kind) (number key_bits) (number role) (text label)]
}

/// Records a certificate or key; the same value again does nothing (`TIDINGS_UNCHANGED`).
///
/// `fact` and what it points to are read during the call. Thread context. Bounded by the table.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, VALUE, TOO_LONG, TEXT, FULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_record_certificate(
    agent: *mut tidings_agent_t,
    fact: *const tidings_certificate_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { record(agent, fact) }
}

/// Removes a certificate or key with this key, if it is held (`TIDINGS_UNCHANGED` if not); only the fields of the key matter.
///
/// As `tidings_record_certificate`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_remove_certificate(
    agent: *mut tidings_agent_t,
    fact: *const tidings_certificate_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { remove(agent, fact) }
}

/// Posts a certificate or key for the agent to record at its next `tidings_drain`.
///
/// `fact` and what it points to are read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
/// `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, VALUE, TOO_LONG, TEXT, MAILBOX_FULL or MAILBOX_TOO_LONG.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_post_certificate(
    mailbox: *mut tidings_mailbox_t,
    fact: *const tidings_certificate_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { post_record(mailbox, fact) }
}

/// Posts that a certificate or key with this key is gone.
///
/// As `tidings_post_certificate`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_post_remove_certificate(
    mailbox: *mut tidings_mailbox_t,
    fact: *const tidings_certificate_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { post_remove(mailbox, fact) }
}
