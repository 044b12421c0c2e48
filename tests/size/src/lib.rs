//! What the measured images share: a panic handler that loops, inputs that no optimiser foresees, and a device that
//! uses all of the engine.
//!
//! Nothing here runs. An image costs what it calls of this and no more: the baseline calls nothing of the SDK.

#![no_std]
#![forbid(unsafe_code)]

pub mod answer;
pub mod device;
mod entry;
pub mod facts;
pub mod kinds;
pub mod sdk;

/// The start-up code of the target.
#[cfg(target_arch = "arm")]
pub use cortex_m_rt as rt;
#[cfg(target_arch = "riscv32")]
pub use riscv_rt as rt;

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

/// Something that an application may have made somewhere; making it is not measured.
#[inline(always)]
pub fn given<T>() -> Option<&'static T> {
    black_box(None)
}

/// A buffer that an application may have somewhere.
#[inline(always)]
pub fn lent() -> Option<&'static mut [u8]> {
    black_box(None)
}

/// Uses an outcome, so that what made it is not removed.
#[inline(always)]
pub fn keep(outcome: bool) {
    black_box(outcome);
}
