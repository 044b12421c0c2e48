//! Facts of a vendor's own kinds (kind 15).

use crate::agent::tidings_agent_t;
use crate::borrowed::tidings_bytes_t;
use crate::fields::Fields;
use crate::mailbox::tidings_mailbox_t;
use crate::status::{Outcome, tidings_status_t};
use crate::told::{Told, post_record, post_remove, record, remove};
use tidings::facts::VendorFact;
use tidings::{Fact, Kind};

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

impl Told for tidings_vendor_t {
    fn kind(&self) -> Kind {
        Kind::VENDOR
    }

    unsafe fn tell(&self, fields: &Fields<'_>, take: &mut dyn FnMut(&dyn Fact) -> Outcome) -> Outcome {
        // SAFETY: as the caller of this.
        let (key, value) = unsafe { (fields.bytes(&self.key), fields.bytes(&self.value)) };
        take(&VendorFact { vendor_kind: self.vendor_kind, key, value })
    }
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
/// `fact` and what it points to are read during the call. Interrupt or thread, one producer a box. Bounded: one copy of 32 bytes.
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
