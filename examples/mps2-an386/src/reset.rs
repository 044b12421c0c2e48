//! How this firmware ends: a real reset of the processor, after a word on the console and a note for the next start.
//!
//! Nothing here returns, and nothing here allocates, locks or waits for the main loop.
#![allow(unsafe_code)] // the fault handler's signature

use core::{fmt, fmt::Write, panic::PanicInfo};

use cortex_m::{peripheral::SCB, register};
use cortex_m_rt::{ExceptionFrame, exception};

use mps2_an386::device::Cause;

use crate::{retained, uart::CONSOLE};

/// Resets through SYSRESETREQ, leaving word for the next run. What retained RAM holds stays.
pub fn now(cause: Cause) -> ! {
    retained::leave_note(cause);
    SCB::sys_reset()
}

/// Says why on the console and resets.
fn crash(why: fmt::Arguments<'_>, pc: u32, lr: u32) -> ! {
    cortex_m::interrupt::disable();
    let _ = writeln!(LastWords, "\r\ncrash: {why}\r");
    now(Cause::Crash { pc, lr })
}

struct LastWords;

impl fmt::Write for LastWords {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.bytes().for_each(|byte| CONSOLE.send(byte));
        Ok(())
    }
}

#[panic_handler]
fn panicked(info: &PanicInfo<'_>) -> ! {
    crash(format_args!("{info}"), register::pc::read(), register::lr::read())
}

// SAFETY: it never returns to the faulting code, and uses nothing that the fault may have left half done.
#[exception]
unsafe fn HardFault(frame: &ExceptionFrame) -> ! {
    let (pc, lr) = (frame.pc(), frame.lr());
    crash(format_args!("processor fault at {pc:#010x}, called from {lr:#010x}"), pc, lr)
}
