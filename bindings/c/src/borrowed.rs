//! Pointers of the caller: checked, bounded, and borrowed for one call.
//!
//! Promise: NULL, misaligned, overlong and overlapping arguments are refused before they are read, text that is not UTF-8 before it is used.
//! Not here: whether the memory is there at all, which no library can tell.

use crate::status::{
    Outcome, Refusal, TIDINGS_E_MISALIGNED, TIDINGS_E_NULL, TIDINGS_E_OVERLAP, TIDINGS_E_TEXT, TIDINGS_E_TOO_LONG,
    TIDINGS_E_VALUE,
};
use core::ffi::c_void;
use core::ptr::NonNull;
use tidings::wire::MAX_VALUE;
use tidings::wire::fields::List;

/// Longest text or byte field of any fact, in bytes.
pub const TIDINGS_MAX_VALUE: usize = 512;
/// Longest key of a fact in bytes; the shortest is 1.
pub const TIDINGS_MAX_KEY: usize = 64;
/// Most entries of a list of texts.
pub const TIDINGS_MAX_LIST: usize = 16;
/// Most entries of a list of addresses.
pub const TIDINGS_MAX_ADDRESSES: usize = 4;

const _: () = assert!(TIDINGS_MAX_VALUE == MAX_VALUE && TIDINGS_MAX_KEY == tidings::wire::MAX_KEY);
const _: () = assert!(TIDINGS_MAX_LIST == List::<&str>::MAX);

/// Bytes or UTF-8 text of the caller, read during the call and never kept. No terminating NUL is needed or counted; zero is the empty one.
///
/// `tidings_text` makes one of a NUL-terminated string, `tidings_bytes` of anything else.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tidings_bytes_t {
    /// The first byte; may be NULL if `len` is 0.
    pub ptr: *const c_void,
    /// How many there are.
    pub len: usize,
}

impl tidings_bytes_t {
    /// The bytes.
    ///
    /// # Safety
    /// A door let them in.
    pub(crate) unsafe fn get<'g>(&self) -> &'g [u8] {
        // SAFETY: as the caller of this.
        unsafe { bytes_at(self.ptr.cast_mut(), self.len).as_ref() }
    }
}

/// Memory that arguments must not overlap: first address and length.
#[derive(Clone, Copy)]
pub(crate) struct Region {
    start: usize,
    len: usize,
}

impl Region {
    pub fn of<T>(ptr: *const T, count: usize) -> Self {
        Self { start: ptr.addr(), len: count.saturating_mul(size_of::<T>()) }
    }

    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.start.saturating_add(other.len) && other.start < self.start.saturating_add(self.len)
    }
}

/// Lets pointers in for one call, if they keep off the memory that the call may change.
#[derive(Clone, Copy)]
pub(crate) struct Door<'a> {
    off: &'a [Region],
    /// Most bytes of a field, and of the key or the value that it is a part of.
    most: usize,
    /// What more than that is.
    over: Refusal,
}

impl<'a> Door<'a> {
    /// One that lets in what a fact may hold.
    pub const fn clear_of(off: &'a [Region]) -> Self {
        Self { off, most: MAX_VALUE, over: Refusal::of(TIDINGS_E_TOO_LONG) }
    }

    /// One that lets in less.
    pub const fn at_most(self, most: usize, over: Refusal) -> Self {
        Self { most, over, ..self }
    }

    /// Refuses more bytes than it lets in.
    pub fn measure(&self, len: usize) -> Outcome<()> {
        if len > self.most { Err(self.over) } else { Ok(()) }
    }

    /// Refuses an argument that lies where the call may write.
    #[inline(never)]
    pub fn keep_off(&self, argument: Region) -> Outcome<()> {
        let clear = self.off.iter().all(|region| !region.overlaps(argument));
        if clear { Ok(()) } else { Err(Refusal::of(TIDINGS_E_OVERLAP)) }
    }

    /// Lets a pointer in: not NULL, aligned, clear of what the call may change.
    #[inline(never)]
    pub fn pass(&self, at: *const c_void, size: usize, align: usize) -> Outcome<()> {
        if at.is_null() {
            return Err(Refusal::of(TIDINGS_E_NULL));
        }
        // An alignment is a power of two; a remainder would be a division on cores that have none.
        if at.addr() & (align - 1) != 0 {
            return Err(Refusal::of(TIDINGS_E_MISALIGNED));
        }
        self.keep_off(Region { start: at.addr(), len: size })
    }

    /// A struct that the caller gives.
    ///
    /// # Safety
    /// `at` is NULL, misaligned, or points to a `T` that nobody changes during the call.
    pub unsafe fn given<'g, T>(&self, at: *const T) -> Outcome<&'g T> {
        self.pass(at.cast(), size_of::<T>(), align_of::<T>())?;
        // SAFETY: not NULL, aligned, and the caller's for the call.
        Ok(unsafe { &*at })
    }

    /// A place for an answer. It may hold anything: it is only written.
    ///
    /// # Safety
    /// `at` is NULL, misaligned, or points to memory for a `T` that nobody uses during the call.
    pub unsafe fn place<'g, T: Copy>(&self, at: *mut T) -> Outcome<&'g mut T> {
        self.pass(at.cast_const().cast(), size_of::<T>(), align_of::<T>())?;
        // SAFETY: not NULL, aligned, and the caller's for the call; `T` is made of plain numbers, which may be anything.
        Ok(unsafe { &mut *at })
    }

    /// `len` bytes that the caller gives to be read.
    ///
    /// # Safety
    /// They are there and nobody changes them during the call.
    #[inline(always)]
    pub unsafe fn slice<'g>(&self, at: *const c_void, len: usize, most: usize) -> Outcome<&'g [u8]> {
        self.pass_bytes(at, len, most)?;
        // SAFETY: as the caller of this.
        Ok(unsafe { bytes_at(at.cast_mut(), len).as_ref() })
    }

    /// `len` bytes that the caller gives to be read and written.
    ///
    /// # Safety
    /// They are there and nobody uses them during the call.
    #[inline(always)]
    pub unsafe fn slice_mut<'g>(&self, at: *mut c_void, len: usize, most: usize) -> Outcome<&'g mut [u8]> {
        self.pass_bytes(at, len, most)?;
        // SAFETY: as the caller of this.
        Ok(unsafe { bytes_at(at, len).as_mut() })
    }

    /// Lets `len` bytes in: none, or as [`Door::pass`] says and no more than `most`.
    #[inline(never)]
    fn pass_bytes(&self, at: *const c_void, len: usize, most: usize) -> Outcome<()> {
        if len > most {
            return Err(Refusal::of(TIDINGS_E_TOO_LONG));
        }
        if len == 0 { Ok(()) } else { self.pass(at, len, 1) }
    }

    /// Lets in what a field points to: no more than this door lets in, and if it is text no other than UTF-8.
    ///
    /// # Safety
    /// As for [`Door::slice`].
    #[inline(never)]
    pub unsafe fn check(&self, field: &tidings_bytes_t, is_text: bool) -> Outcome<()> {
        self.measure(field.len)?;
        self.pass_bytes(field.ptr, field.len, field.len)?;
        // SAFETY: it was just let in.
        if is_text && !is_utf8(unsafe { field.get() }) { Err(Refusal::of(TIDINGS_E_TEXT)) } else { Ok(()) }
    }

    /// # Safety
    /// As for [`Door::slice`].
    pub unsafe fn text<'g>(&self, field: &tidings_bytes_t) -> Outcome<&'g str> {
        // SAFETY: as the caller of this; then, it was looked at.
        unsafe { self.check(field, true).map(|()| core::str::from_utf8_unchecked(field.get())) }
    }

    /// The entries of a list; what they point to is not looked at.
    pub fn entries(&self, first: *const tidings_bytes_t, count: usize, most: usize) -> Outcome<()> {
        if count > most {
            return Err(Refusal::of(TIDINGS_E_TOO_LONG));
        }
        if count == 0 {
            return Ok(());
        }
        self.pass(first.cast(), count * size_of::<tidings_bytes_t>(), align_of::<tidings_bytes_t>())
    }
}

// Where `len` bytes lie that were let in: none, or they are not NULL, few enough, and the caller's for the call.
#[inline(always)]
unsafe fn bytes_at(at: *mut c_void, len: usize) -> NonNull<[u8]> {
    // SAFETY: as the caller of this.
    let at = if len == 0 { NonNull::dangling() } else { unsafe { NonNull::new_unchecked(at.cast()) } };
    NonNull::slice_from_raw_parts(at, len)
}

/// Whether this is UTF-8: RFC 3629, §4. The look of `core` takes half a kilobyte, most of it for speed.
pub fn is_utf8(bytes: &[u8]) -> bool {
    // Of the character at hand: its first byte until the second came, and how many are to come.
    let (mut first, mut to_come) = (0, 0);
    for &byte in bytes {
        let is_tail = byte & 0xC0 == 0x80;
        if is_tail != (to_come > 0) {
            return false;
        }
        if !is_tail {
            first = u32::from(byte);
            to_come = u8::from(byte >= 0xC0) + u8::from(byte >= 0xE0) + u8::from(byte >= 0xF0);
            continue;
        }
        to_come -= 1;
        if first > 0 {
            // What is longer than needed, a surrogate, or past U+10FFFF shows in the first two bytes.
            let both = first << 8 | u32::from(byte);
            if !(0xC280..0xF490).contains(&both) || both >> 4 == 0xF08 || matches!(both >> 5, 0x704 | 0x76D) {
                return false;
            }
            first = 0;
        }
    }
    to_come == 0
}

/// A flag of C: 0 or 1.
///
/// # Errors
/// `TIDINGS_E_VALUE` for any other number.
pub(crate) fn flag(number: u8) -> Outcome<bool> {
    match number {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Refusal::of(TIDINGS_E_VALUE)),
    }
}
