//! The pointers in a struct of C, let in one after the other; the first refusal is kept until all were read.
//!
//! Promise: a field that is refused reads as empty, and `sound` says so before anything is made of it. So a struct with a dozen fields has one branch
//! for them, not a dozen. Not here: what is let in (`borrowed`).

use crate::borrowed::{Door, TIDINGS_MAX_ADDRESSES, TIDINGS_MAX_LIST, tidings_bytes_t};
use crate::status::{Outcome, Refusal, TIDINGS_OK, tidings_status_t};
use core::cell::Cell;
use tidings::facts::{Address, Bytes, LinkAddress};
use tidings::wire::fields::List;

/// A door, and what it refused first.
pub(crate) struct Fields<'a> {
    door: Door<'a>,
    refused: Cell<tidings_status_t>,
}

impl<'a> Fields<'a> {
    pub fn through(door: Door<'a>) -> Self {
        Self { door, refused: Cell::new(TIDINGS_OK) }
    }

    /// The first refusal, if there was one.
    pub fn sound(&self) -> Outcome<()> {
        match self.refused.get() {
            TIDINGS_OK => Ok(()),
            why => Err(Refusal(why)),
        }
    }

    // Notes a refusal, unless there was one before.
    fn or_empty<T: Default>(&self, read: Outcome<T>) -> T {
        read.unwrap_or_else(|Refusal(why)| {
            if self.refused.get() == TIDINGS_OK {
                self.refused.set(why);
            }
            T::default()
        })
    }

    /// # Safety
    /// As for [`Door::bytes`].
    #[inline(never)]
    pub unsafe fn bytes<'g>(&self, given: &tidings_bytes_t) -> &'g [u8] {
        // SAFETY: as the caller of this.
        self.or_empty(unsafe { self.door.bytes(*given) })
    }

    /// # Safety
    /// As for [`Door::text`].
    #[inline(never)]
    pub unsafe fn text<'g>(&self, given: &tidings_bytes_t) -> &'g str {
        // SAFETY: as the caller of this.
        self.or_empty(unsafe { self.door.text(*given) })
    }

    /// # Safety
    /// As for [`Door::bytes`].
    pub unsafe fn blob<'g>(&self, given: &tidings_bytes_t) -> Bytes<'g> {
        // SAFETY: as the caller of this.
        Bytes(unsafe { self.bytes(given) })
    }

    /// # Safety
    /// As for [`Door::bytes`].
    pub unsafe fn address<'g>(&self, given: &tidings_bytes_t) -> Address<'g> {
        // SAFETY: as the caller of this.
        Address(unsafe { self.bytes(given) })
    }

    /// # Safety
    /// As for [`Door::bytes`].
    pub unsafe fn link_address<'g>(&self, given: &tidings_bytes_t) -> LinkAddress<'g> {
        // SAFETY: as the caller of this.
        LinkAddress(unsafe { self.bytes(given) })
    }

    /// A list of texts, kept in `room` for the call.
    ///
    /// # Safety
    /// As for [`Door::entries`], and for each entry.
    #[inline(never)]
    pub unsafe fn texts<'r>(
        &self,
        first: *const tidings_bytes_t,
        count: usize,
        room: &'r mut [&'r str; TIDINGS_MAX_LIST],
    ) -> List<'r, &'r str> {
        // SAFETY: as the caller of this.
        let entries = self.or_empty(unsafe { self.door.entries(first, count, TIDINGS_MAX_LIST) });
        for (slot, entry) in room.iter_mut().zip(entries) {
            // SAFETY: as the caller of this.
            *slot = unsafe { self.text(entry) };
        }
        List::new(room.get(..entries.len()).unwrap_or(&[]))
    }

    /// A list of addresses, kept in `room` for the call.
    ///
    /// # Safety
    /// As for [`Fields::texts`].
    #[inline(never)]
    pub unsafe fn addresses<'r>(
        &self,
        first: *const tidings_bytes_t,
        count: usize,
        room: &'r mut [Address<'r>; TIDINGS_MAX_ADDRESSES],
    ) -> List<'r, Address<'r>> {
        // SAFETY: as the caller of this.
        let entries = self.or_empty(unsafe { self.door.entries(first, count, TIDINGS_MAX_ADDRESSES) });
        for (slot, entry) in room.iter_mut().zip(entries) {
            // SAFETY: as the caller of this.
            *slot = unsafe { self.address(entry) };
        }
        List::new(room.get(..entries.len()).unwrap_or(&[]))
    }
}
