//! Time since boot in milliseconds from the CLINT's 10 MHz counter, and sleep until a moment or an interrupt.
//!
//! It knows no date.

use crate::register::Register;

const CLINT: usize = 0x0200_0000;
const COMPARE_LOW: Register = Register::at(CLINT, 0x4000);
const COMPARE_HIGH: Register = Register::at(CLINT, 0x4004);
const TIME_LOW: Register = Register::at(CLINT, 0xBFF8);
const TIME_HIGH: Register = Register::at(CLINT, 0xBFFC);
const TICKS_PER_MS: u64 = 10_000;

/// The clock; it starts at 0 ms.
pub struct Clock {
    begun: u64,
}

impl Clock {
    /// Starts at 0 ms, with no wake-up set.
    pub fn start() -> Self {
        wake_at(u64::MAX);
        Self { begun: ticks() }
    }

    /// Milliseconds since [`Clock::start`]; never goes back.
    pub fn now_ms(&self) -> u64 {
        (ticks() - self.begun) / TICKS_PER_MS
    }

    /// Sleeps until `deadline_ms` or an interrupt; not at all if `quiet` says that work waits.
    pub fn sleep_until(&self, deadline_ms: u64, quiet: impl FnOnce() -> bool) {
        wake_at(deadline_ms.saturating_mul(TICKS_PER_MS).saturating_add(self.begun));
        // An interrupt that arrives between the question and the sleep stays pending, and a pending one ends the sleep.
        critical_section::with(|_| {
            if quiet() {
                riscv::asm::wfi();
            }
        });
    }
}

/// Ends the timer's interrupt.
pub fn on_timer() {
    wake_at(u64::MAX);
}

/// In an order in which no half of it is an earlier moment.
fn wake_at(ticks: u64) {
    COMPARE_HIGH.write(u32::MAX);
    COMPARE_LOW.write(ticks as u32);
    COMPARE_HIGH.write((ticks >> 32) as u32);
}

/// The counter's halves are read until the upper one did not move meanwhile.
fn ticks() -> u64 {
    loop {
        let (high, low) = (TIME_HIGH.read(), TIME_LOW.read());
        if TIME_HIGH.read() == high {
            return u64::from(high) << 32 | u64::from(low);
        }
    }
}
