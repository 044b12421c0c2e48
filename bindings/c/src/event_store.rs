//! Where events wait out a loss of power, kept by three callbacks of the firmware.
//!
//! Promise: an event counts as kept once its record was read back as the last one, so that a store that loses, mangles or turns round what it takes is
//! found at the first events, and a broken one never holds a call for ever. Not here: which memory keeps it, and which events are kept (`kept`).
//!
//! The firmware is asked for a record by its place instead of being handed a function: nothing of ours can be kept or called too late.

use crate::status::{
    Outcome, Refusal, TIDINGS_E_EVENT_NOT_KEPT, TIDINGS_E_EVENT_STORE, TIDINGS_E_EVENT_STORE_FULL, TIDINGS_E_FULL,
    TIDINGS_E_NULL, TIDINGS_E_VALUE, TIDINGS_NOTHING, TIDINGS_OK, tidings_status_t,
};
use core::ffi::c_void;
use tidings::kept::MAX_RECORD;
use tidings::{EventStore, Severity};

/// Longest record of a kept event in bytes; the shortest has 21.
pub const TIDINGS_MAX_RECORD: usize = 85;
/// Most records of an event store.
pub const TIDINGS_MAX_RECORDS: usize = 4096;

const _: () = assert!(TIDINGS_MAX_RECORD == MAX_RECORD);

/// Begins every record and differs between any two: severity and origin.
const DISTINCT: usize = 13;

/// Memory for events that must survive power loss, as three callbacks: a queue of records of at most `TIDINGS_MAX_RECORD` bytes, `TIDINGS_MAX_RECORDS` at
/// most. They may block; they must not call anything of the same agent or of the same kept events (both answer `TIDINGS_E_BUSY`).
///
/// A record is there whole or not at all, and no other is lost for it, also when the power goes in the middle of a callback: a check sum of yours tells. After
/// a callback that failed the store may hold what it held before or what it was asked to hold.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tidings_event_store_t {
    /// Handed to all callbacks.
    pub ctx: *mut c_void,
    /// Puts a record behind all others and returns `TIDINGS_OK` when it would survive a power cut; `TIDINGS_E_FULL` if there is no room, and nothing may be
    /// pushed out for it; anything else: the memory failed.
    pub append: Option<unsafe extern "C" fn(ctx: *mut c_void, record: *const u8, len: usize) -> tidings_status_t>,
    /// Copies the record of this index to `record`, sets `*len` to its bytes, and returns `TIDINGS_OK`; returns `TIDINGS_NOTHING` if there are no more than
    /// `index` records; anything else: the memory failed. The oldest has index 0, in the order of `append`. `record` has room for `TIDINGS_MAX_RECORD` bytes.
    pub read: Option<
        unsafe extern "C" fn(ctx: *mut c_void, index: usize, record: *mut u8, len: *mut usize) -> tidings_status_t,
    >,
    /// Removes the record of this index, just read, so that each one behind it has an index less, and returns `TIDINGS_OK`; anything else: the memory
    /// failed. It need not survive a power cut: an event that comes back is told again, and counted once.
    pub remove: Option<unsafe extern "C" fn(ctx: *mut c_void, index: usize) -> tidings_status_t>,
    /// The least severity that is kept, `TIDINGS_SEVERITY_…`; zero keeps all.
    pub least: u8,
}

type Append = unsafe extern "C" fn(*mut c_void, *const u8, usize) -> tidings_status_t;
type Read = unsafe extern "C" fn(*mut c_void, usize, *mut u8, *mut usize) -> tidings_status_t;
type Remove = unsafe extern "C" fn(*mut c_void, usize) -> tidings_status_t;

/// The callbacks, all there.
pub(crate) struct Records {
    ctx: *mut c_void,
    append: Append,
    read: Read,
    remove: Remove,
    least: Severity,
}

impl Records {
    pub fn of(store: &tidings_event_store_t) -> Outcome<Self> {
        let (Some(append), Some(read), Some(remove)) = (store.append, store.read, store.remove) else {
            return Err(Refusal::of(TIDINGS_E_NULL));
        };
        if store.least > Severity::Critical as u8 {
            return Err(Refusal::of(TIDINGS_E_VALUE));
        }
        Ok(Self { ctx: store.ctx, append, read, remove, least: Severity::from_bits(store.least) })
    }

    /// The record of this index, if there is one.
    fn record<'r>(&self, index: usize, room: &'r mut [u8; MAX_RECORD]) -> Outcome<Option<&'r [u8]>> {
        let mut len = 0;
        // SAFETY: the caller's function, with the caller's own context and places that are ours.
        match unsafe { (self.read)(self.ctx, index, room.as_mut_ptr(), &mut len) } {
            TIDINGS_OK => room.get(..len).map(Some).ok_or(Refusal::of(TIDINGS_E_EVENT_STORE)),
            TIDINGS_NOTHING => Ok(None),
            _ => Err(Refusal::of(TIDINGS_E_EVENT_STORE)),
        }
    }

    fn ends_with(&self, wanted: &[u8]) -> Outcome<bool> {
        let (mut is_last, mut room) = (false, [0; MAX_RECORD]);
        for index in 0..=TIDINGS_MAX_RECORDS {
            let Some(record) = self.record(index, &mut room)? else { return Ok(is_last) };
            is_last = record.iter().eq(wanted); // `==` would need `bcmp` of libc
        }
        Err(Refusal::of(TIDINGS_E_EVENT_STORE))
    }
}

impl EventStore for Records {
    type Error = Refusal;

    fn least(&self) -> Severity {
        self.least
    }

    fn append(&mut self, record: &[u8]) -> Outcome<()> {
        // SAFETY: the caller's function, with the caller's own context and bytes that are ours.
        match unsafe { (self.append)(self.ctx, record.as_ptr(), record.len()) } {
            TIDINGS_OK if self.ends_with(record)? => Ok(()),
            TIDINGS_OK => Err(Refusal::of(TIDINGS_E_EVENT_NOT_KEPT)),
            TIDINGS_E_FULL => Err(Refusal::of(TIDINGS_E_EVENT_STORE_FULL)),
            _ => Err(Refusal::of(TIDINGS_E_EVENT_STORE)),
        }
    }

    fn review(&mut self, is_done: &mut dyn FnMut(&[u8]) -> bool) -> Outcome<()> {
        let (mut index, mut room) = (0, [0; MAX_RECORD]);
        let mut removed: Option<[u8; DISTINCT]> = None;
        for _ in 0..=TIDINGS_MAX_RECORDS {
            let Some(record) = self.record(index, &mut room)? else { return Ok(()) };
            let distinct = record.first_chunk().copied();
            if removed.is_some() && removed == distinct {
                break; // it is still there
            }
            if !is_done(record) {
                index += 1;
                continue;
            }
            // SAFETY: the caller's function, with the caller's own context.
            if unsafe { (self.remove)(self.ctx, index) } != TIDINGS_OK {
                break;
            }
            removed = distinct;
        }
        Err(Refusal::of(TIDINGS_E_EVENT_STORE))
    }
}
