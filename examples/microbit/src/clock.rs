//! Time since boot in milliseconds from TIMER0, and a tick from TIMER1 that ends sleeps and looks at the buttons.
//!
//! The chip has no SysTick. Ask for the time at least every 71 minutes, as a loop that wakes each tick does.

use crate::register::Register;

const TIMER0: usize = 0x4000_8000;
const TIMER1: usize = 0x4000_9000;
const START: usize = 0x000;
const CAPTURE: usize = 0x040;
const COMPARE_EVENT: usize = 0x140;
const SHORTS: usize = 0x200;
const INTERRUPTS: usize = 0x304;
const BIT_MODE: usize = 0x508;
const PRESCALER: usize = 0x510;
const COMPARE: usize = 0x540;

const BITS_16: u32 = 0;
const BITS_32: u32 = 3;
/// 16 MHz by 2^4: one count a microsecond.
const MICROSECONDS: u32 = 4;
const CLEAR_ON_COMPARE: u32 = 1;
const COMPARE_INTERRUPT: u32 = 1 << 16;
/// Twice this is how long a button must be held to count, and the longest that a deadline is overslept.
const TICK_US: u32 = 10_000;

/// The clock; it starts at 0 ms.
pub struct Clock {
    /// The counter at the last whole millisecond.
    seen_us: u32,
    now_ms: u64,
}

impl Clock {
    /// Starts both timers.
    pub fn start() -> Self {
        for (timer, bits) in [(TIMER0, BITS_32), (TIMER1, BITS_16)] {
            Register::at(timer, BIT_MODE).write(bits);
            Register::at(timer, PRESCALER).write(MICROSECONDS);
        }
        Register::at(TIMER1, COMPARE).write(TICK_US);
        Register::at(TIMER1, SHORTS).write(CLEAR_ON_COMPARE);
        Register::at(TIMER1, INTERRUPTS).write(COMPARE_INTERRUPT);
        for timer in [TIMER0, TIMER1] {
            Register::at(timer, START).write(1);
        }
        Self { seen_us: 0, now_ms: 0 }
    }

    /// Milliseconds since [`Clock::start`]; never goes back.
    pub fn now_ms(&mut self) -> u64 {
        Register::at(TIMER0, CAPTURE).write(1);
        let passed_ms = Register::at(TIMER0, COMPARE).read().wrapping_sub(self.seen_us) / 1000;
        self.seen_us = self.seen_us.wrapping_add(passed_ms * 1000);
        self.now_ms += u64::from(passed_ms);
        self.now_ms
    }

    /// Sleeps until the next interrupt, unless `deadline_ms` is near or `quiet` says that work waits.
    pub fn sleep_until(&mut self, deadline_ms: u64, quiet: impl FnOnce() -> bool) {
        if deadline_ms <= self.now_ms() {
            return;
        }
        // An interrupt that arrives between the question and the sleep stays pending, and a pending one ends the sleep.
        critical_section::with(|_| {
            if quiet() {
                cortex_m::asm::wfi();
            }
        });
    }
}

/// Ends the tick's interrupt.
pub fn on_tick() {
    Register::at(TIMER1, COMPARE_EVENT).write(0);
}
