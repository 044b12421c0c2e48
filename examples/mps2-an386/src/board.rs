//! The board as one value: link, console and clock. Also where interrupts arrive.
//!
//! It knows nothing of facts or of the collector; what outlives a reset is in `retained.rs`.
#![allow(unsafe_code)] // the interrupt handler's signature

use cortex_m_rt::exception;
use mps2_an386::device::Cause;

use crate::{
    clock::Clock,
    reset,
    uart::{CONSOLE, LINK, Uart},
};

/// Everything the main loop owns of the hardware.
pub struct Board {
    /// To the collector.
    pub link: Uart,
    /// To a person.
    pub console: Uart,
    /// Time and sleep.
    pub clock: Clock,
}

impl Board {
    /// Brings the board up. `None` if it was taken before.
    pub fn take() -> Option<Self> {
        let core = cortex_m::Peripherals::take()?;
        Some(Self { link: LINK.open(), console: CONSOLE.open(), clock: Clock::new(core.SYST) })
    }
}

// SAFETY: handlers run between any two instructions of the main loop and share with it only what is behind a critical section.
#[exception]
unsafe fn DefaultHandler(irq: i16) {
    match [&LINK, &CONSOLE].into_iter().find(|port| port.has_irq(irq)) {
        Some(port) => port.on_interrupt(),
        None => reset::now(Cause::Unknown),
    }
}
