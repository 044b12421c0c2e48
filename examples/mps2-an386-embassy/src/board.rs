//! The board as one value, and where its interrupts arrive.
//!
//! It knows nothing of facts or of the collector.
#![allow(unsafe_code)] // the interrupt controller and its handlers, linker symbols

use cortex_m::interrupt::InterruptNumber;
use cortex_m::peripheral::{NVIC, SCB};
use cortex_m_rt::exception;
use port_kit::host_flash::HostFlash;
use port_kit::stack::Stack;

use crate::serial::{LinkReader, LinkWriter};
use crate::{button, serial, time};

/// Everything the tasks own of the hardware.
pub struct Board {
    /// From the collector.
    pub reader: LinkReader,
    /// To the collector.
    pub writer: LinkWriter,
    /// Where the epoch lives.
    pub epoch_pages: HostFlash,
    /// How much stack was used.
    pub stack: Stack,
}

/// The number of an interrupt, of the board's manual.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Irq(u16);

const LINK_RX: Irq = Irq(0);
const LINK_TX: Irq = Irq(1);
const CONSOLE_RX: Irq = Irq(2);
const ALARM: Irq = Irq(8);
/// The first pin of GPIO 0.
pub const BUTTON: Irq = Irq(16);

// SAFETY: the numbers are of the board's manual (AN386, interrupt map), below the controller's 32.
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
        serial::open();
        button::open();
        time::start();
        [LINK_RX, LINK_TX, CONSOLE_RX, ALARM, BUTTON].into_iter().for_each(unmask);
        Some(Self { reader: LinkReader, writer: LinkWriter, epoch_pages: HostFlash::open(c"flash.bin"), stack })
    }
}

/// Lets an interrupt happen.
pub fn unmask(irq: Irq) {
    // SAFETY: the handlers share with the tasks only rings, wakers, mailboxes, and what is behind a critical section.
    unsafe { NVIC::unmask(irq) };
}

// SAFETY: handlers run between any two instructions of the tasks and share with them what is said above.
#[exception]
unsafe fn DefaultHandler(irq: i16) {
    match u16::try_from(irq).map(Irq) {
        Ok(LINK_RX) => serial::on_link_received(),
        Ok(LINK_TX) => serial::on_link_sent(),
        Ok(CONSOLE_RX) => serial::on_typed(),
        Ok(ALARM) => time::on_alarm(),
        Ok(BUTTON) => button::on_press(),
        _ => SCB::sys_reset(),
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
