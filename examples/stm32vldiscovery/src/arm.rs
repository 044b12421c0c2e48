//! Cortex-M: entry, ticks, interrupts, reset. Nothing here is the board's.

use cortex_m::interrupt::InterruptNumber;
use cortex_m::peripheral::{NVIC, SCB};
use cortex_m_rt::exception;
use port_kit::systick;

pub use cortex_m_rt::entry;
pub use port_kit::systick::Clock;

#[derive(Clone, Copy)]
struct Irq(u16);

// SAFETY: the numbers come from the chip's reference manual, through `start`.
unsafe impl InterruptNumber for Irq {
    fn number(self) -> u16 {
        self.0
    }
}

/// Starts the ticks and lets these interrupts through. `None` if it was called before.
pub fn start(clock_hz: u32, irqs: &[u16]) -> Option<Clock> {
    let core = cortex_m::Peripherals::take()?;
    for irq in irqs {
        // SAFETY: the handlers share with the main loop only rings and atomics.
        unsafe { NVIC::unmask(Irq(*irq)) };
    }
    Some(Clock::start(core.SYST, clock_hz))
}

/// Resets the chip.
pub fn reset() -> ! {
    SCB::sys_reset()
}

// SAFETY: handlers run between any two instructions of the main loop and share with it only rings and atomics.
#[exception]
unsafe fn DefaultHandler(irq: i16) {
    match irq {
        systick::IRQ => systick::on_tick(),
        irq => super::on_interrupt(irq as u16),
    }
}

// SAFETY: it returns to no code.
#[exception]
unsafe fn HardFault(_: &cortex_m_rt::ExceptionFrame) -> ! {
    reset()
}
