//! The RAM that start-up code leaves alone: the state's image, and a note that tells the next run why this one ended.
//!
//! Whether the bytes mean anything is for `image.rs` to say; this file only hands them out.
#![allow(unsafe_code)] // statics without an initial value

use core::{
    cell::UnsafeCell,
    hint,
    mem::MaybeUninit,
    ptr,
    sync::atomic::{AtomicBool, Ordering},
};

use mps2_an386::{device::Cause, image::Image};

/// A static that holds what the last run left in it.
struct Kept<T>(UnsafeCell<MaybeUninit<T>>);

// SAFETY: each static below says how its one accessor keeps two users apart.
unsafe impl<T: Send> Sync for Kept<T> {}

// The name is how a test finds the bytes to damage.
// SAFETY: `.uninit` is the runtime's section for statics without an initial value, and the name is unique.
#[unsafe(no_mangle)]
#[unsafe(link_section = ".uninit.IMAGE")]
static RETAINED_IMAGE: Kept<Image> = Kept::new();

// SAFETY: as above; and only ever read and written whole, by the one run there is.
#[unsafe(link_section = ".uninit.NOTE")]
static NOTE: Kept<[u32; 3]> = Kept::new();

impl<T> Kept<T> {
    const fn new() -> Self {
        Self(UnsafeCell::new(MaybeUninit::uninit()))
    }

    /// `black_box` keeps from the optimiser that nobody wrote these bytes in this run.
    fn get(&self) -> *mut T {
        hint::black_box(self.0.get()).cast()
    }
}

/// The image, as the last run left it; `None` from the second call on.
pub fn image() -> Option<&'static mut Image> {
    static TAKEN: AtomicBool = AtomicBool::new(false);
    if TAKEN.swap(true, Ordering::Relaxed) {
        return None;
    }
    // SAFETY: the flag makes this the only reference ever, and any bytes make an `Image`.
    Some(unsafe { &mut *RETAINED_IMAGE.get() })
}

/// Leaves word for the next run.
pub fn leave_note(cause: Cause) {
    // SAFETY: the cell is valid for writes; a fault handler that interrupts this one resets, so no half of a note is read.
    unsafe { ptr::write_volatile(NOTE.get(), cause.to_note()) }
}

/// Reads the last run's word and wipes it, so that a reset without one is told apart.
pub fn take_note() -> Cause {
    // SAFETY: the cell is valid for reads, and any bits make three `u32`.
    let note = unsafe { ptr::read_volatile(NOTE.get()) };
    leave_note(Cause::Unknown);
    Cause::from_note(note)
}
