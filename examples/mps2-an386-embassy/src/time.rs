//! embassy's clock and alarm: the FPGAIO cycle counter, extended to 64 bits, and CMSDK timer 0.
//!
//! Promise: a microsecond a tick, never back; the alarm rings at least once a minute, so that no wrap of the counter (171 s) goes unseen. It knows no date.

use core::cell::RefCell;
use core::task::Waker;

use critical_section::Mutex;
use embassy_time_driver::{Driver, time_driver_impl};
use embassy_time_queue_utils::Queue;

use crate::register::Register;

const COUNTER: Register = Register::at(0x4002_8000, 0x18);

const TIMER0: usize = 0x4000_0000;
const CONTROL: Register = Register::at(TIMER0, 0x00);
const VALUE: Register = Register::at(TIMER0, 0x04);
const RELOAD: Register = Register::at(TIMER0, 0x08);
const INT_CLEAR: Register = Register::at(TIMER0, 0x0C);
const OFF: u32 = 0;
const ON_WITH_INTERRUPT: u32 = 1 << 0 | 1 << 3;

const CYCLES_PER_US: u32 = 25;
const LONGEST_ALARM_US: u64 = 60_000_000;

time_driver_impl!(static TIME: Time = Time(Mutex::new(RefCell::new(State { seen: 0, cycles: 0, queue: Queue::new() }))));

struct Time(Mutex<RefCell<State>>);

struct State {
    seen: u32,
    cycles: u64,
    queue: Queue,
}

impl State {
    fn now(&mut self) -> u64 {
        let counter = COUNTER.read();
        self.cycles += u64::from(counter.wrapping_sub(self.seen));
        self.seen = counter;
        self.cycles / u64::from(CYCLES_PER_US)
    }

    /// Wakes what is due and sets the alarm for the next.
    fn set_alarm(&mut self) {
        let now = self.now();
        let wait_us = self.queue.next_expiration(now).saturating_sub(now).clamp(1, LONGEST_ALARM_US) as u32;
        CONTROL.write(OFF);
        VALUE.write(wait_us * CYCLES_PER_US);
        RELOAD.write(wait_us * CYCLES_PER_US);
        CONTROL.write(ON_WITH_INTERRUPT);
    }
}

impl Driver for Time {
    fn now(&self) -> u64 {
        critical_section::with(|cs| self.0.borrow_ref_mut(cs).now())
    }

    fn schedule_wake(&self, at: u64, waker: &Waker) {
        critical_section::with(|cs| {
            let mut state = self.0.borrow_ref_mut(cs);
            if state.queue.schedule_wake(at, waker) {
                state.set_alarm();
            }
        });
    }
}

/// Starts the alarms. The time is 0 when the processor is reset.
pub fn start() {
    critical_section::with(|cs| TIME.0.borrow_ref_mut(cs).set_alarm());
}

/// Takes up an alarm. Called by the timer's interrupt only.
pub fn on_alarm() {
    INT_CLEAR.write(1);
    start();
}
