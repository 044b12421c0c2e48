//! Time since boot in milliseconds, as ticks of the Cortex-M's own SysTick, and sleep until the next interrupt.
//!
//! Promise: one clock for every Cortex-M whose core clock the port knows; ask it at least once in 497 days. Not here: tickless sleep, dates, low-power
//! modes that stop the core clock.

use core::sync::atomic::{AtomicU32, Ordering};

use cortex_m::peripheral::SYST;
use cortex_m::peripheral::syst::SystClkSource;

/// The exception's number, as a `DefaultHandler` gets it.
pub const IRQ: i16 = -1;
/// Time between two ticks, the longest that a deadline is overslept.
pub const TICK_MS: u32 = 10;

/// Written by the tick's interrupt only.
static TICKS: AtomicU32 = AtomicU32::new(0);

/// The clock; it starts at 0 ms. Have one of these.
#[derive(Debug)]
pub struct Clock {
    seen: u32,
    now_ms: u64,
}

impl Clock {
    /// Starts the ticks of a core that runs at `core_hz`, up to 1.6 GHz.
    pub fn start(mut syst: SYST, core_hz: u32) -> Self {
        syst.set_clock_source(SystClkSource::Core);
        syst.set_reload((core_hz / 1000 * TICK_MS).saturating_sub(1));
        syst.clear_current();
        syst.enable_interrupt();
        syst.enable_counter();
        Self { seen: TICKS.load(Ordering::Relaxed), now_ms: 0 }
    }

    /// Milliseconds since [`Clock::start`], in whole ticks; never goes back.
    pub fn now_ms(&mut self) -> u64 {
        let ticks = TICKS.load(Ordering::Relaxed);
        self.now_ms += u64::from(ticks.wrapping_sub(self.seen)) * u64::from(TICK_MS);
        self.seen = ticks;
        self.now_ms
    }

    /// Sleeps until the next interrupt, unless `deadline_ms` has come or `quiet` says that work waits.
    pub fn sleep_until(&mut self, deadline_ms: u64, quiet: impl FnOnce() -> bool) {
        if deadline_ms <= self.now_ms() {
            return;
        }
        // An interrupt that arrives between the question and the sleep stays pending, and a pending one ends the sleep.
        cortex_m::interrupt::free(|_| {
            if quiet() {
                cortex_m::asm::wfi();
            }
        });
    }
}

/// Counts a tick. Called by the SysTick exception only.
pub fn on_tick() {
    TICKS.store(TICKS.load(Ordering::Relaxed).wrapping_add(1), Ordering::Relaxed);
}
