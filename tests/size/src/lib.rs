//! What all measured images share: the panic handler that loops, and inputs that the optimiser cannot foresee.
//!
//! It holds nothing of the SDK, so the baseline image costs what an empty firmware costs.

#![no_std]
#![forbid(unsafe_code)]

use core::hint::black_box;
use core::panic::PanicInfo;

#[panic_handler]
fn stop(_: &PanicInfo) -> ! {
    loop {
        core::hint::spin_loop();
    }
}

/// A value that no optimiser knows, so that nothing that depends on it is folded away.
#[inline(always)]
pub fn unknown<T>(value: T) -> T {
    black_box(value)
}

/// Uses a result, so that what made it is not removed, and never returns.
#[inline(always)]
pub fn keep<T>(result: T) -> ! {
    black_box(result);
    loop {
        core::hint::spin_loop();
    }
}
