//! The board as one value, and where its interrupts arrive.
//!
//! It knows nothing of facts or of the collector.
#![allow(unsafe_code)] // the interrupt controller and its handlers, linker symbols

use cortex_m::interrupt::InterruptNumber;
use cortex_m::peripheral::{NVIC, SCB};
use cortex_m_rt::exception;
use port_kit::stack::Stack;

use crate::clock::{self, Clock};
use crate::flash::EpochPages;
use crate::pins;
use crate::register::Register;
use crate::serial::LINK;

/// The reset reason, cleared by writing ones.
const RESET_REASON: Register = Register::at(0x4000_0000, 0x400);
/// Readback protection: 0 in a byte is "on".
const PROTECTION: Register = Register::at(0x1000_1000, 0x004);

/// Everything the main loop owns of the hardware.
pub struct Board {
    /// Time and sleep.
    pub clock: Clock,
    /// Where the epoch lives.
    pub epoch_pages: EpochPages,
    /// How much stack was used.
    pub stack: Stack,
}

#[derive(Clone, Copy)]
struct Irq(u16);

const UART0: Irq = Irq(2);
const TIMER1: Irq = Irq(9);

// SAFETY: the numbers are of the chip's reference manual, below the controller's 32.
unsafe impl InterruptNumber for Irq {
    fn number(self) -> u16 {
        self.0
    }
}

unsafe extern "C" {
    static mut _stack_start: u32;
    static mut _stack_end: u32;
}

impl Board {
    /// Brings the board up. `None` if it was taken before.
    pub fn take() -> Option<Self> {
        cortex_m::Peripherals::take()?;
        // SAFETY: the linker script's ends of the stack; this is the only painting, as the peripherals are taken once.
        let stack = unsafe { Stack::paint(&raw mut _stack_end, &raw mut _stack_start) };
        pins::open();
        LINK.registers().open();
        let clock = Clock::start();
        for irq in [UART0, TIMER1] {
            // SAFETY: the handlers share with the main loop only rings, mailboxes and atomics.
            unsafe { NVIC::unmask(irq) };
        }
        Some(Self { clock, epoch_pages: EpochPages::new(), stack })
    }

    /// Whether the debug port cannot read flash.
    pub fn is_protected() -> bool {
        PROTECTION.read() & 0xFF00 == 0
    }

    /// The bits of the reset reason since the last call: 1 pin, 2 watchdog, 4 software, 8 lock-up.
    pub fn reset_reason() -> u32 {
        let reason = RESET_REASON.read();
        RESET_REASON.write(reason);
        reason
    }
}

// SAFETY: handlers run between any two instructions of the main loop and share with it only rings, mailboxes and atomics.
#[exception]
unsafe fn DefaultHandler(irq: i16) {
    if irq == UART0.0 as i16 {
        LINK.on_interrupt();
    } else if irq == TIMER1.0 as i16 {
        clock::on_tick();
        pins::on_tick();
    } else {
        SCB::sys_reset();
    }
}

// SAFETY: it returns to no code.
#[exception]
unsafe fn HardFault(_: &cortex_m_rt::ExceptionFrame) -> ! {
    SCB::sys_reset()
}

#[panic_handler]
fn panicked(_: &core::panic::PanicInfo<'_>) -> ! {
    SCB::sys_reset()
}
