//! What is installed (kind 1).

use crate::agent::tidings_agent_t;
use crate::borrowed::tidings_bytes_t;
use crate::form::form;
use crate::mailbox::tidings_mailbox_t;
use crate::status::tidings_status_t;
use crate::told::{post_record, post_remove, record, remove};
use tidings::Kind;

/// The key is a numbered slot.
pub const TIDINGS_SOFTWARE_SLOT: u8 = 0;
/// The key is a name in an ecosystem.
pub const TIDINGS_SOFTWARE_NAMED: u8 = 1;
/// The key is the hash of a name that does not fit a key; name and architecture are in the value.
pub const TIDINGS_SOFTWARE_HASHED: u8 = 2;

/// Something installed; all zero is slot 0, active, version empty.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tidings_software_t {
    /// Key: `TIDINGS_SOFTWARE_SLOT`, `_NAMED` or `_HASHED`, which says which fields of the key count.
    pub key_form: u8,
    /// Key, named and hashed: where the name is defined, `TIDINGS_ECOSYSTEM_…`.
    pub key_ecosystem: u8,
    /// Key, slot: its number.
    pub key_slot: u16,
    /// Key, named: the package's name.
    pub key_name: tidings_bytes_t,
    /// Key, named: its architecture, or empty.
    pub key_architecture: tidings_bytes_t,
    /// Key, hashed: first 16 bytes of SHA-256(ecosystem, name, 0x00, architecture).
    pub key_hash: tidings_bytes_t,
    /// Version, as its ecosystem writes it.
    pub version: tidings_bytes_t,
    /// What it is doing: `TIDINGS_SOFTWARE_STATE_…`.
    pub state: u8,
    /// What it is: `TIDINGS_SOFTWARE_CLASS_…`.
    pub software_class: u8,
    /// Version scheme: CoSWID (RFC 9393) numbers, 16384 for semver, 0 not stated.
    pub scheme: u16,
    /// Prefix of the image's SHA-256, 0 to 32 bytes.
    pub digest: tidings_bytes_t,
    /// Build id of the linker.
    pub build_id: tidings_bytes_t,
    /// Source package, for matching advisories.
    pub source: tidings_bytes_t,
    /// Version of the source package, if it differs.
    pub source_version: tidings_bytes_t,
    /// First 8 bytes of the SBOM's SHA-256.
    pub sbom: tidings_bytes_t,
    /// Label of a slot, or the name behind a hashed key.
    pub name: tidings_bytes_t,
    /// Architecture behind a hashed key.
    pub architecture: tidings_bytes_t,
}

form! {
    tidings_software_t, Kind::SOFTWARE,
    [(choose key_form) (when TIDINGS_SOFTWARE_SLOT) (number key_form) (number key_slot)
        (when TIDINGS_SOFTWARE_NAMED) (number key_ecosystem) (text key_name) (text key_architecture)
        (when TIDINGS_SOFTWARE_HASHED) (hashed key_ecosystem) (bytes key_hash)],
    [(text version) (number state) (number software_class) (number scheme) (bytes digest) (bytes build_id)
        (text source) (text source_version) (bytes sbom) (text name) (text architecture)]
}

/// Records something installed; the same value again does nothing (`TIDINGS_UNCHANGED`).
///
/// `fact` and what it points to are read during the call. Thread context. Bounded by the table.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, VALUE, TOO_LONG, TEXT, FULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_record_software(
    agent: *mut tidings_agent_t,
    fact: *const tidings_software_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { record(agent, fact) }
}

/// Removes something installed with this key, if it is held (`TIDINGS_UNCHANGED` if not); only the fields of the key matter.
///
/// As `tidings_record_software`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_remove_software(
    agent: *mut tidings_agent_t,
    fact: *const tidings_software_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { remove(agent, fact) }
}

/// Posts something installed for the agent to record at its next `tidings_drain`.
///
/// `fact` and what it points to are read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
/// `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, VALUE, TOO_LONG, TEXT, MAILBOX_FULL or MAILBOX_TOO_LONG.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_post_software(
    mailbox: *mut tidings_mailbox_t,
    fact: *const tidings_software_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { post_record(mailbox, fact) }
}

/// Posts that something installed with this key is gone.
///
/// As `tidings_post_software`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_post_remove_software(
    mailbox: *mut tidings_mailbox_t,
    fact: *const tidings_software_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { post_remove(mailbox, fact) }
}
