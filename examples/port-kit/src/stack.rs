//! How much of the stack was ever used: painted at the start, looked at while running.
//!
//! Promise: the figure is the deepest use since boot, interrupts included. Not here: where the stack lies; the linker script knows, the port tells.
#![allow(unsafe_code)] // reads and writes RAM below the stack pointer

use core::ptr;

use tidings::facts::{AgentFact, AgentItem, AgentKey};

const PAINT: u32 = 0xA5C3_5A3C;
/// Bytes below the caller's frame that painting itself may use.
const OWN: usize = 256;
/// Figures are rounded up to this, so that a byte more sends nothing.
const STEP: usize = 32;

/// The painted stack of one board.
#[derive(Debug)]
pub struct Stack {
    lowest: usize,
    top: usize,
}

impl Stack {
    /// Paints from `lowest` up to a little below the caller's frame; `top` is where the stack began.
    ///
    /// # Safety
    /// Both are word-aligned ends of the memory that is this processor's stack, and nothing else lies between them.
    #[inline(never)]
    pub unsafe fn paint(lowest: *mut u32, top: *mut u32) -> Self {
        let here = 0_u32;
        let end = (ptr::from_ref(&here) as usize).saturating_sub(OWN);
        for at in (lowest as usize..end).step_by(size_of::<u32>()) {
            // SAFETY: stack that is not in use yet, as the caller promised and `OWN` leaves room for this frame.
            unsafe { ptr::write_volatile(at as *mut u32, PAINT) };
        }
        Self { lowest: lowest as usize, top: top as usize }
    }

    /// Most bytes ever used, rounded up to 32.
    pub fn used_bytes(&self) -> usize {
        // SAFETY: the words that `paint` was promised; a word in use is read as whatever it is.
        let is_painted = |at: &usize| unsafe { ptr::read_volatile(*at as *const u32) } == PAINT;
        let untouched = (self.lowest..self.top).step_by(size_of::<u32>()).take_while(is_painted).count();
        (self.top - self.lowest - untouched * size_of::<u32>()).next_multiple_of(STEP)
    }

    /// Bytes that it has.
    pub const fn size_bytes(&self) -> usize {
        self.top - self.lowest
    }

    /// [`Stack::used_bytes`] as a fact about the agent, for [`tidings::Agent::record`].
    pub fn fact(&self) -> AgentFact {
        let key = AgentKey { item: AgentItem::STACK_HIGH_WATER, arg: 0 };
        AgentFact { key, value: self.used_bytes() as u64 }
    }
}
