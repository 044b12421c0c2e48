//! The board as one value, and where its interrupts arrive. Everything runs in the secure state, as the board starts.
//!
//! It knows nothing of facts or of the collector.
#![allow(unsafe_code)] // the interrupt controller and its handlers, linker symbols, the stack's limit

use cortex_m::interrupt::InterruptNumber;
use cortex_m::peripheral::{NVIC, SCB};
use cortex_m::register::msplim;
use cortex_m_rt::exception;
use port_kit::host_flash::HostFlash;
use port_kit::stack::Stack;
use port_kit::systick::{self, Clock};

use crate::serial::{CONSOLE, LINK};

/// What the FPGA image's clock gives processor and UARTs.
pub const CORE_HZ: u32 = 20_000_000;

/// Everything the main loop owns of the hardware.
pub struct Board {
    /// Time and sleep.
    pub clock: Clock,
    /// Where the epoch lives.
    pub epoch_pages: HostFlash,
    /// Where the rollback counter lives.
    pub rollback_pages: HostFlash,
    /// How much stack was used.
    pub stack: Stack,
}

#[derive(Clone, Copy)]
struct Irq(u16);

const LINK_RX: Irq = Irq(32);
const CONSOLE_RX: Irq = Irq(34);

// SAFETY: the numbers are of the board's manual (AN505, interrupt map).
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
        let core = cortex_m::Peripherals::take()?;
        // SAFETY: the linker script's end of the stack: what goes below is a fault, and that a reset.
        unsafe { msplim::write(&raw const _stack_end as u32) };
        // SAFETY: the linker script's ends of the stack; this is the only painting, as the peripherals are taken once.
        let stack = unsafe { Stack::paint(&raw mut _stack_end, &raw mut _stack_start) };
        LINK.registers().open();
        CONSOLE.registers().open();
        for irq in [LINK_RX, CONSOLE_RX] {
            // SAFETY: the handlers share with the main loop only rings and atomics.
            unsafe { NVIC::unmask(irq) };
        }
        Some(Self {
            clock: Clock::start(core.SYST, CORE_HZ),
            epoch_pages: HostFlash::open(c"flash.bin"),
            rollback_pages: HostFlash::open(c"rollback.bin"),
            stack,
        })
    }
}

// SAFETY: handlers run between any two instructions of the main loop and share with it only rings and atomics.
#[exception]
unsafe fn DefaultHandler(irq: i16) {
    match irq {
        systick::IRQ => systick::on_tick(),
        irq if irq == LINK_RX.0 as i16 => LINK.on_interrupt(),
        irq if irq == CONSOLE_RX.0 as i16 => CONSOLE.on_interrupt(),
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
