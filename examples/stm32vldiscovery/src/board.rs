//! The board as one value, and where its interrupts arrive.
//!
//! It knows nothing of facts or of the collector.
#![allow(unsafe_code)] // linker symbols

#[path = "arm.rs"]
pub mod arch;

use arch::Clock;
use port_kit::host_flash::HostFlash;
use port_kit::stack::Stack;
use port_kit::uart::Uart;

use crate::register::Register;
use crate::uart::Port;

/// The core clock.
const CLOCK_HZ: u32 = 24_000_000;
/// USART1 and USART2 (RM0041, tables 1 and 50).
const LINK_AT: usize = 0x4001_3800;
const LINK_IRQ: u16 = 37;
const CONSOLE_AT: usize = 0x4000_4400;
const CONSOLE_IRQ: u16 = 38;

/// The link to the collector; so many bytes wait for the main loop.
pub static LINK: Uart<Port, 256> = Uart::new(Port::at(LINK_AT));
/// The console.
pub static CONSOLE: Uart<Port, 64> = Uart::new(Port::at(CONSOLE_AT));

/// Everything the main loop owns of the hardware.
pub struct Board {
    /// Time and sleep.
    pub clock: Clock,
    /// Where the epoch lives: a file of the emulator's host.
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
        clocks_and_pins();
        LINK.registers().open();
        CONSOLE.registers().open();
        let clock = arch::start(CLOCK_HZ, &[LINK_IRQ, CONSOLE_IRQ])?;
        Some(Self { clock, epoch_flash: HostFlash::open(c"flash.bin"), stack })
    }
}

const RCC: usize = 0x4002_1000;
const GPIO_A: usize = 0x4001_0800;

/// 24 MHz from the PLL; USART1 on PA9 and PA10, USART2 on PA2 and PA3.
fn clocks_and_pins() {
    Register::at(RCC, 0x04).write(4 << 18); // PLL: half of 8 MHz, times 6
    Register::at(RCC, 0x00).write(1 << 24 | 1); // on
    (0..10_000).find(|_| Register::at(RCC, 0x00).read() & 1 << 25 != 0); // ready, or an emulator
    Register::at(RCC, 0x04).write(4 << 18 | 2); // the core runs on it
    Register::at(RCC, 0x18).write(1 << 14 | 1 << 2); // USART1, GPIO A
    Register::at(RCC, 0x1C).write(1 << 17); // USART2
    Register::at(GPIO_A, 0x00).write(0x4444_4A44); // PA2 is an output
    Register::at(GPIO_A, 0x04).write(0x4444_44A4); // PA9 is an output
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
