//! Reads and writes of 32-bit registers of the AN505, by address. Which address means what is said where it is used.
#![allow(unsafe_code)] // registers

use core::ptr;

/// A register of the processor or of a peripheral of this board.
#[derive(Debug, Clone, Copy)]
pub struct Register(usize);

impl Register {
    /// The register at `offset` of the peripheral at `base`; both are of the manuals, so that the address is always mapped.
    pub const fn at(base: usize, offset: usize) -> Self {
        Self(base + offset)
    }

    /// Its value.
    pub fn read(self) -> u32 {
        // SAFETY: a mapped, aligned register; none of those used here has a side effect on memory.
        unsafe { ptr::read_volatile(self.0 as *const u32) }
    }

    /// Gives it a value.
    pub fn write(self, value: u32) {
        // SAFETY: as for `read`; no register used here makes the hardware write memory.
        unsafe { ptr::write_volatile(self.0 as *mut u32, value) }
    }
}
