//! The board as one value, and where its interrupts arrive. FIXME marks what differs from board to board.
//!
//! It knows nothing of facts or of the collector.
#![allow(unsafe_code)] // linker symbols

#[cfg_attr(target_arch = "arm", path = "arm.rs")]
#[cfg_attr(target_arch = "riscv32", path = "riscv.rs")]
pub mod arch;

use arch::Clock;
use port_kit::host_flash::HostFlash;
use port_kit::stack::Stack;
use port_kit::uart::Uart;

use crate::uart::Port;

/// FIXME what the clock counts in a second: the core clock on a Cortex-M, the CLINT's counter on RISC-V.
const CLOCK_HZ: u32 = 16_000_000;
/// FIXME the UARTs' addresses and the numbers of their interrupts, all of the reference manual.
const LINK_AT: usize = 0x4000_0000;
const LINK_IRQ: u16 = 1;
const CONSOLE_AT: usize = 0x4000_1000;
const CONSOLE_IRQ: u16 = 2;

/// The link to the collector; so many bytes wait for the main loop.
pub static LINK: Uart<Port, 256> = Uart::new(Port::at(LINK_AT));
/// The console. A board with one UART has none: strike it out here and in `main.rs`.
pub static CONSOLE: Uart<Port, 64> = Uart::new(Port::at(CONSOLE_AT));

/// Everything the main loop owns of the hardware.
pub struct Board {
    /// Time and sleep.
    pub clock: Clock,
    /// Where the epoch lives: a file of the emulator's host. FIXME two pages of the chip's own flash, before a device leaves the desk.
    pub epoch_flash: HostFlash,
    /// How much stack was used.
    pub stack: Stack,
}

unsafe extern "C" {
    static mut _stack_start: u32;
    static mut _stack_end: u32;
}

impl Board {
    /// Brings the board up. `None` if it was taken before.
    pub fn take() -> Option<Self> {
        // SAFETY: the linker script's ends of the stack; `main` calls this once, first.
        let stack = unsafe { Stack::paint(&raw mut _stack_end, &raw mut _stack_start) };
        // FIXME clocks and pins that the UARTs need.
        LINK.registers().open();
        CONSOLE.registers().open();
        let clock = arch::start(CLOCK_HZ, &[LINK_IRQ, CONSOLE_IRQ])?;
        Some(Self { clock, epoch_flash: HostFlash::open(c"flash.bin"), stack })
    }
}

/// Whether neither UART has anything for the main loop to do.
pub fn all_quiet() -> bool {
    LINK.is_quiet() && CONSOLE.is_quiet()
}

/// An interrupt of this number arrived; `arch` calls it.
pub fn on_interrupt(irq: u16) {
    match irq {
        LINK_IRQ => LINK.on_interrupt(),
        CONSOLE_IRQ => CONSOLE.on_interrupt(),
        _ => arch::reset(),
    }
}

#[panic_handler]
fn panicked(_: &core::panic::PanicInfo<'_>) -> ! {
    arch::reset()
}
