//! Time since boot in milliseconds, and sleep until a moment or an interrupt, whichever comes first.
//!
//! Time is the FPGAIO cycle counter, extended to 64 bits; SysTick only wakes the processor. It knows no date.
#![allow(unsafe_code)] // one register

use core::ptr;

use cortex_m::peripheral::{SYST, syst::SystClkSource};
use cortex_m_rt::exception;

const COUNTER: *const u32 = 0x4002_8018 as *const u32;
const CYCLES_PER_MS: u32 = 25_000;
/// SysTick counts 24 bits, 671 ms at most; well below the 171 s after which the counter wraps unseen.
const LONGEST_SLEEP_MS: u64 = 600;

/// The board's clock. Ask it at least every 171 s, as any loop that sleeps with [`Clock::sleep_until`] does.
pub struct Clock {
    syst: SYST,
    seen: u32,
    cycles: u64,
}

impl Clock {
    /// Starts at 0 ms.
    pub fn new(mut syst: SYST) -> Self {
        syst.set_clock_source(SystClkSource::Core);
        syst.enable_interrupt();
        Self { syst, seen: counter(), cycles: 0 }
    }

    /// Milliseconds since [`Clock::new`]; never goes back.
    pub fn now_ms(&mut self) -> u64 {
        let counter = counter();
        self.cycles += u64::from(counter.wrapping_sub(self.seen));
        self.seen = counter;
        self.cycles / u64::from(CYCLES_PER_MS)
    }

    /// Sleeps until `deadline_ms`, an interrupt, or 600 ms have passed; not at all if `quiet` says that work waits.
    pub fn sleep_until(&mut self, deadline_ms: u64, quiet: impl FnOnce() -> bool) {
        let wait_ms = deadline_ms.saturating_sub(self.now_ms()).min(LONGEST_SLEEP_MS) as u32;
        if wait_ms == 0 {
            return;
        }
        self.syst.set_reload(wait_ms * CYCLES_PER_MS - 1);
        self.syst.clear_current();
        self.syst.enable_counter();
        // An interrupt that arrives between the question and the sleep stays pending, and a pending one ends the sleep.
        critical_section::with(|_| {
            if quiet() {
                cortex_m::asm::wfi();
            }
        });
        self.syst.disable_counter();
    }
}

#[exception]
fn SysTick() {}

fn counter() -> u32 {
    // SAFETY: a 32-bit read-only register of the board, always mapped; reading has no side effect.
    unsafe { ptr::read_volatile(COUNTER) }
}
