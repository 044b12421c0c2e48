//! The one number that must survive power loss, kept by two callbacks of the firmware.
//!
//! Promise: a number is stored and read back before the first packet of its epoch leaves. Not here: which memory keeps it, except RAM that outlives
//! a reset, which has its two callbacks here.

use crate::borrowed::Door;
use crate::status::{
    Refusal, TIDINGS_BLANK, TIDINGS_E_MISALIGNED, TIDINGS_E_NULL, TIDINGS_OK, number, tidings_status_t,
};
use core::ffi::c_void;
use core::sync::atomic::AtomicU32;
use tidings::EpochStore;
use tidings::epoch::{RetainedCell, RetainedEpoch};

/// Memory for one number, as two callbacks. They may block; they must not call anything of the same agent (it answers `TIDINGS_E_BUSY`).
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tidings_epoch_store_t {
    /// Handed to both callbacks.
    pub ctx: *mut c_void,
    /// Sets `*epoch` to the last number that was stored, or may have been, and returns `TIDINGS_OK`; returns `TIDINGS_BLANK` if there never was
    /// one, anything else if the memory failed.
    pub load: Option<unsafe extern "C" fn(ctx: *mut c_void, epoch: *mut u32) -> tidings_status_t>,
    /// Stores `epoch`, which is above all before, and returns `TIDINGS_OK` when it would survive a power cut; anything else: it failed.
    pub append: Option<unsafe extern "C" fn(ctx: *mut c_void, epoch: u32) -> tidings_status_t>,
}

type Load = unsafe extern "C" fn(*mut c_void, *mut u32) -> tidings_status_t;
type Append = unsafe extern "C" fn(*mut c_void, u32) -> tidings_status_t;

/// The callbacks, both there.
pub(crate) struct Callbacks {
    ctx: *mut c_void,
    load: Load,
    append: Append,
}

impl Callbacks {
    pub fn of(store: &tidings_epoch_store_t) -> Result<Self, Refusal> {
        match (store.load, store.append) {
            (Some(load), Some(append)) => Ok(Self { ctx: store.ctx, load, append }),
            _ => Err(Refusal::of(TIDINGS_E_NULL)),
        }
    }
}

impl EpochStore for Callbacks {
    type Error = tidings_status_t;

    fn load(&mut self) -> Result<Option<u32>, tidings_status_t> {
        let mut epoch = 0;
        // SAFETY: the caller's function, with the caller's own context and a place that is ours.
        match unsafe { (self.load)(self.ctx, &mut epoch) } {
            TIDINGS_OK => Ok(Some(epoch)),
            TIDINGS_BLANK => Ok(None),
            failed => Err(failed),
        }
    }

    fn store(&mut self, epoch: u32) -> Result<(), tidings_status_t> {
        // SAFETY: the caller's function, with the caller's own context.
        match unsafe { (self.append)(self.ctx, epoch) } {
            TIDINGS_OK => Ok(()),
            failed => Err(failed),
        }
    }
}

/// Writes the first epoch of a device that has keys: sealing starts above `floor`. A store that holds as much already is left alone.
///
/// Once, at the factory: a new device takes 0, one whose store was lost the epoch that the collector last saw of it, or new keys.
/// `store` is read during the call. Thread context; blocks as long as the callbacks do. Bounded: 2 loads and 1 append.
/// Fails with NULL, MISALIGNED, EPOCH_STORE or EPOCH_NOT_KEPT: the device is not provisioned.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_provision(floor: u32, store: *const tidings_epoch_store_t) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    number(unsafe { Door::clear_of(&[]).given(store) }.and_then(|store| {
        tidings::provision(floor, &mut Callbacks::of(store)?)?;
        Ok(TIDINGS_OK)
    }))
}

/// An epoch in RAM that keeps its contents over a reset: place it where start-up code leaves it alone; any contents are allowed.
///
/// After power loss it is blank: use it with the plain suite only.
#[repr(C)]
pub struct tidings_retained_t {
    _private: [u32; 2],
}

const _: () = assert!(size_of::<RetainedCell>() == size_of::<tidings_retained_t>());
const _: () = assert!(align_of::<AtomicU32>() <= align_of::<tidings_retained_t>());

unsafe fn cell<'c>(ctx: *mut c_void) -> Result<RetainedEpoch<'c>, Refusal> {
    if ctx.is_null() {
        return Err(Refusal::of(TIDINGS_E_NULL));
    }
    if !ctx.addr().is_multiple_of(align_of::<RetainedCell>()) {
        return Err(Refusal::of(TIDINGS_E_MISALIGNED));
    }
    // SAFETY: not NULL, aligned, the caller's `tidings_retained_t`; two atomics take any contents.
    Ok(RetainedEpoch::new(unsafe { &*ctx.cast_const().cast::<RetainedCell>() }))
}

/// `load` of an epoch store whose `ctx` is a `tidings_retained_t`.
///
/// Thread context. Bounded: constant. Fails with NULL or MISALIGNED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_retained_load(ctx: *mut c_void, epoch: *mut u32) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    number(unsafe { cell(ctx) }.and_then(|mut cell| {
        // SAFETY: as above.
        let place = unsafe { Door::clear_of(&[]).place(epoch)? };
        let Ok(kept) = cell.load();
        let Some(kept) = kept else { return Ok(TIDINGS_BLANK) };
        *place = kept;
        Ok(TIDINGS_OK)
    }))
}

/// `append` of an epoch store whose `ctx` is a `tidings_retained_t`.
///
/// Thread context. Bounded: constant. Fails with NULL or MISALIGNED.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_retained_append(ctx: *mut c_void, epoch: u32) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    number(unsafe { cell(ctx) }.map(|mut cell| {
        let Ok(()) = cell.store(epoch);
        TIDINGS_OK
    }))
}
