//! Time since boot in milliseconds from the system timer, and sleep until its next tick.
//!
//! Promise: a tick comes every 5 ms, in which the UART's buffer of 128 bytes is not half filled at 115200 baud. It knows no date.

use core::cell::RefCell;

use critical_section::Mutex;
use esp_hal::Blocking;
use esp_hal::handler;
use esp_hal::interrupt::wait_for_interrupt;
use esp_hal::peripherals::SYSTIMER;
use esp_hal::time::{Duration, Instant};
use esp_hal::timer::PeriodicTimer;
use esp_hal::timer::systimer::SystemTimer;

const TICK: Duration = Duration::from_millis(5);

static TICKS: Mutex<RefCell<Option<PeriodicTimer<'static, Blocking>>>> = Mutex::new(RefCell::new(None));

/// The clock. Have one of these.
pub struct Clock(());

impl Clock {
    /// Starts the ticks. `None` if the timer takes no such interval.
    pub fn start(timer: SYSTIMER<'static>) -> Option<Self> {
        let mut ticks = PeriodicTimer::new(SystemTimer::new(timer).alarm0);
        ticks.set_interrupt_handler(on_tick);
        ticks.listen();
        ticks.start(TICK).ok()?;
        critical_section::with(|cs| TICKS.borrow_ref_mut(cs).replace(ticks));
        Some(Self(()))
    }

    /// Milliseconds since boot; never goes back.
    pub fn now_ms(&self) -> u64 {
        Instant::now().duration_since_epoch().as_millis()
    }

    /// Sleeps until the next tick, unless `deadline_ms` has come.
    pub fn sleep_until(&self, deadline_ms: u64) {
        if deadline_ms > self.now_ms() {
            wait_for_interrupt();
        }
    }
}

#[handler]
fn on_tick() {
    critical_section::with(|cs| TICKS.borrow_ref_mut(cs).as_mut().map(PeriodicTimer::clear_interrupt));
}
