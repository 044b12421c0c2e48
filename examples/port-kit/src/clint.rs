//! Time since boot in milliseconds from the counter of a RISC-V CLINT, and sleep until a moment or an interrupt.
//!
//! Promise: one clock for every 32-bit hart with a CLINT at a known address, in machine mode. Not here: dates, harts but the first.
#![allow(unsafe_code)] // registers

use core::ptr;

const COMPARE_LOW: usize = 0x4000;
const COMPARE_HIGH: usize = 0x4004;
const TIME_LOW: usize = 0xBFF8;
const TIME_HIGH: usize = 0xBFFC;

/// The registers.
#[derive(Debug, Clone, Copy)]
pub struct Clint(usize);

impl Clint {
    /// The CLINT at this address.
    ///
    /// # Safety
    /// There is one, and it is always mapped.
    pub const unsafe fn at(base: usize) -> Self {
        Self(base)
    }

    /// Ends the timer's interrupt. Called by the machine timer's handler.
    pub fn on_timer(self) {
        self.wake_at(u64::MAX);
    }

    /// In an order in which no half of it is an earlier moment.
    fn wake_at(self, ticks: u64) {
        self.write(COMPARE_HIGH, u32::MAX);
        self.write(COMPARE_LOW, ticks as u32);
        self.write(COMPARE_HIGH, (ticks >> 32) as u32);
    }

    /// The counter's halves are read until the upper one did not move meanwhile.
    fn ticks(self) -> u64 {
        loop {
            let (high, low) = (self.read(TIME_HIGH), self.read(TIME_LOW));
            if self.read(TIME_HIGH) == high {
                return u64::from(high) << 32 | u64::from(low);
            }
        }
    }

    fn read(self, offset: usize) -> u32 {
        // SAFETY: a mapped, aligned register, as `at` was promised; reading has no side effect.
        unsafe { ptr::read_volatile((self.0 + offset) as *const u32) }
    }

    fn write(self, offset: usize, value: u32) {
        // SAFETY: as for `read`; a comparator only raises an interrupt.
        unsafe { ptr::write_volatile((self.0 + offset) as *mut u32, value) }
    }
}

/// The clock; it starts at 0 ms.
#[derive(Debug)]
pub struct Clock {
    clint: Clint,
    ticks_per_ms: u64,
    begun: u64,
}

impl Clock {
    /// Starts a clock on a counter that counts `hz` a second, at least 1,000; no wake-up is set.
    pub fn start(clint: Clint, hz: u32) -> Self {
        clint.wake_at(u64::MAX);
        Self { clint, ticks_per_ms: u64::from(hz / 1000).max(1), begun: clint.ticks() }
    }

    /// Milliseconds since [`Clock::start`]; never goes back.
    pub fn now_ms(&mut self) -> u64 {
        (self.clint.ticks() - self.begun) / self.ticks_per_ms
    }

    /// Sleeps until `deadline_ms` or an interrupt; not at all if `quiet` says that work waits.
    pub fn sleep_until(&mut self, deadline_ms: u64, quiet: impl FnOnce() -> bool) {
        let deadline = deadline_ms.saturating_mul(self.ticks_per_ms).saturating_add(self.begun);
        // An interrupt that arrives before the sleep stays pending, and a pending one ends the sleep. The timer's must not have been served by then: its
        // handler takes the wake-up back.
        riscv::interrupt::free(|| {
            self.clint.wake_at(deadline);
            if quiet() {
                riscv::asm::wfi();
            }
        });
    }
}
