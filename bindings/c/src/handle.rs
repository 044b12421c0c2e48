//! Handles: things of ours in memory of the caller, and the guard at their door.
//!
//! Promise: a handle that is NULL, misaligned, of any fill (0x00, 0xA5, 0xFF), copied, moved, deinitialised or in use is refused before its contents
//! are looked at. Not here: threads. The guard is made of plain loads and stores, which an interrupt on the same core cannot get between: it runs
//! whole before or is refused. Two cores or threads need a lock of the caller.
//!
//! ```text
//! handle  | magic, with the version of the border | busy | own address | body … |     body: MaybeUninit, valid while the three before it are right
//! ```

use crate::status::{
    Outcome, Refusal, TIDINGS_E_BUSY, TIDINGS_E_HANDLE, TIDINGS_E_LIVE, TIDINGS_E_MISALIGNED, TIDINGS_E_NULL,
    TIDINGS_OK, number, tidings_status_t,
};
use crate::version::TIDINGS_ABI;
use core::cell::UnsafeCell;
use core::mem::MaybeUninit;
use core::sync::atomic::{AtomicU32, AtomicUsize, Ordering, compiler_fence};

/// What stands before every body.
#[repr(C)]
struct Head {
    magic: AtomicU32,
    busy: AtomicU32,
    own: AtomicUsize,
}

/// A handle as Rust sees it.
#[repr(C)]
pub(crate) struct Live<T> {
    head: Head,
    body: UnsafeCell<MaybeUninit<T>>,
}

/// What lives behind a handle.
pub(crate) trait Body: Sized {
    /// The handle as C sees it: words of `u64`.
    type Opaque;
    /// Tells one type of handle from another, and from noise.
    const TAG: [u8; 3];

    /// The tag and the version of the border.
    const MAGIC: u32 = u32::from_le_bytes([Self::TAG[0], Self::TAG[1], Self::TAG[2], TIDINGS_ABI as u8]);
    /// Fails to build when the body outgrows its storage.
    const FITS: () = {
        assert!(size_of::<Live<Self>>() <= size_of::<Self::Opaque>(), "the handle is too small: raise its words");
        assert!(align_of::<Live<Self>>() <= align_of::<Self::Opaque>(), "the handle is aligned too little");
    };
}

impl Head {
    fn is_live(&self, magic: u32) -> bool {
        let own = core::ptr::from_ref(self).addr();
        self.magic.load(Ordering::Relaxed) == magic && self.own.load(Ordering::Relaxed) == own
    }
}

/// What a caller wants of a handle.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Entry {
    /// That nothing lives in it yet.
    Vacant,
    /// To look, beside others.
    Shared,
    /// To be in it alone: it is busy from then on.
    Alone,
}

// One copy for all handles and calls.
#[inline(never)]
unsafe fn enter(at: *const Head, magic: u32, entry: Entry) -> Outcome<()> {
    if at.is_null() {
        return Err(Refusal::of(TIDINGS_E_NULL));
    }
    if !at.addr().is_multiple_of(align_of::<u64>()) {
        return Err(Refusal::of(TIDINGS_E_MISALIGNED));
    }
    // SAFETY: not NULL, aligned, and the caller promises memory of a handle's size; atomics take any contents, and nobody holds it exclusively.
    let head = unsafe { &*at };
    let is_live = head.is_live(magic);
    if entry == Entry::Vacant {
        return if is_live { Err(Refusal::of(TIDINGS_E_LIVE)) } else { Ok(()) };
    }
    if !is_live {
        return Err(Refusal::of(TIDINGS_E_HANDLE));
    }
    if entry == Entry::Alone {
        if head.busy.load(Ordering::Relaxed) != 0 {
            return Err(Refusal::of(TIDINGS_E_BUSY));
        }
        head.busy.store(1, Ordering::Relaxed);
        compiler_fence(Ordering::SeqCst);
    }
    Ok(())
}

/// Runs `call` on the body of a live handle that nobody else is in.
///
/// # Safety
/// `handle` is NULL, misaligned, or points to memory of `T::Opaque` that no other core or thread uses meanwhile.
pub(crate) unsafe fn with<T: Body>(handle: *const T::Opaque, call: impl FnOnce(&mut T) -> Outcome) -> tidings_status_t {
    const { T::FITS };
    let live = handle.cast::<Live<T>>();
    // SAFETY: the head is the first field.
    if let Err(refusal) = unsafe { enter(live.cast(), T::MAGIC, Entry::Alone) } {
        return refusal.status();
    }
    // SAFETY: a live handle has a valid body, and `busy` keeps everyone else out until it is cleared.
    let done = number(call(unsafe { (*(*live).body.get()).assume_init_mut() }));
    compiler_fence(Ordering::SeqCst);
    // SAFETY: still the same live handle.
    unsafe { (*live).head.busy.store(0, Ordering::Relaxed) };
    done
}

/// The body of a live handle, for what is shared with interrupts by itself.
///
/// # Safety
/// As for [`with`], and `T` is only ever used through shared references.
pub(crate) unsafe fn shared<'h, T: Body + Sync>(handle: *const T::Opaque) -> Outcome<&'h T> {
    const { T::FITS };
    let at = handle.cast::<Live<T>>();
    // SAFETY: the head is the first field; a live handle has a valid body.
    unsafe {
        enter(at.cast(), T::MAGIC, Entry::Shared)?;
        Ok((*(*at).body.get()).assume_init_ref())
    }
}

/// Makes a handle live; `make` builds the body where it will lie, so that it is not copied there, or refuses and leaves nothing there that lives.
///
/// # Safety
/// As for [`with`]; the memory may hold anything.
pub(crate) unsafe fn bring_up<T: Body>(
    handle: *mut T::Opaque,
    make: impl FnOnce(&mut MaybeUninit<T>) -> Outcome<()>,
) -> tidings_status_t {
    const { T::FITS };
    let at = handle.cast::<Live<T>>();
    // SAFETY: the head is the first field; then, the memory is the caller's, of the right size, and holds nothing that lives.
    let made = unsafe { enter(at.cast(), T::MAGIC, Entry::Vacant).and_then(|()| make(&mut *(*at).body.get())) };
    if let Err(refusal) = made {
        return refusal.status();
    }
    // SAFETY: as above.
    let head = unsafe { &(*at).head };
    head.busy.store(0, Ordering::Relaxed);
    head.own.store(at.addr(), Ordering::Relaxed);
    compiler_fence(Ordering::SeqCst);
    head.magic.store(T::MAGIC, Ordering::Relaxed);
    TIDINGS_OK
}

/// Ends a live handle: drops the body and clears all of its memory.
///
/// # Safety
/// As for [`with`].
pub(crate) unsafe fn take_down<T: Body>(
    handle: *mut T::Opaque,
    may_end: impl FnOnce(&T) -> Outcome,
) -> tidings_status_t {
    let at = handle.cast::<Live<T>>();
    // SAFETY: the head is the first field.
    if let Err(refusal) = unsafe { enter(at.cast(), T::MAGIC, Entry::Alone) } {
        return refusal.status();
    }
    // SAFETY: a live handle has a valid body, and nobody else is in it.
    let allowed = number(may_end(unsafe { (*(*at).body.get()).assume_init_ref() }));
    // SAFETY: as above; from here on nothing lives in it.
    unsafe {
        if allowed < 0 {
            (*at).head.busy.store(0, Ordering::Relaxed);
        } else {
            (*(*at).body.get()).assume_init_drop();
            handle.write_bytes(0, 1);
        }
    }
    allowed
}
