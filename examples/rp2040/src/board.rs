//! The board, a Raspberry Pi Pico, as one value: embassy-rp's drivers of what this port uses.
//!
//! It knows nothing of facts or of the collector.
#![allow(unsafe_code)] // linker symbols, the fault handler's signature

use cortex_m::peripheral::SCB;
use cortex_m_rt::exception;
use embassy_rp::flash::{Blocking, Flash};
use embassy_rp::peripherals::{FLASH, UART0, UART1};
use embassy_rp::uart::{BufferedInterruptHandler, BufferedUart, Config};
use embassy_rp::watchdog::{ResetReason, Watchdog};
use embassy_rp::{bind_interrupts, config};
use port_kit::stack::Stack;
use static_cell::ConstStaticCell;

const FLASH_START: usize = 0x1000_0000;
const FLASH_BYTES: usize = 2 * 1024 * 1024;

bind_interrupts!(struct Irqs {
    UART0_IRQ => BufferedInterruptHandler<UART0>;
    UART1_IRQ => BufferedInterruptHandler<UART1>;
});

unsafe extern "C" {
    static mut _stack_start: u32;
    static mut _stack_end: u32;
    /// Where `memory.x` puts the epoch; only its address means anything.
    static _epoch_start: u8;
}

/// The flash, all of it. The processor stands still while a sector is erased, 45 ms.
pub type BoardFlash = Flash<'static, FLASH, Blocking, FLASH_BYTES>;

/// Everything the tasks own of the hardware.
pub struct Board {
    /// To the collector: UART0, GPIO 0 and 1.
    pub link: BufferedUart,
    /// To a person: UART1, GPIO 4 and 5.
    pub console: BufferedUart,
    /// Where the epoch lives, besides the image.
    pub flash: BoardFlash,
    /// What the watchdog says of the reset.
    pub reset_reason: Option<ResetReason>,
    /// How much stack was used.
    pub stack: Stack,
}

impl Board {
    /// Brings the board up. Call it once, first: the second call finds its peripherals taken, and panics.
    pub fn start() -> Self {
        static LINK_IN: ConstStaticCell<[u8; 512]> = ConstStaticCell::new([0; 512]);
        static LINK_OUT: ConstStaticCell<[u8; 64]> = ConstStaticCell::new([0; 64]);
        static TYPED: ConstStaticCell<[u8; 64]> = ConstStaticCell::new([0; 64]);
        static SHOWN: ConstStaticCell<[u8; 64]> = ConstStaticCell::new([0; 64]);
        let chip = embassy_rp::init(config::Config::default());
        // SAFETY: the linker script's ends of the stack; this is the only painting, as the peripherals are taken once.
        let stack = unsafe { Stack::paint(&raw mut _stack_end, &raw mut _stack_start) };
        let baud_115200 = Config::default();
        let link =
            BufferedUart::new(chip.UART0, chip.PIN_0, chip.PIN_1, Irqs, LINK_OUT.take(), LINK_IN.take(), baud_115200);
        let console =
            BufferedUart::new(chip.UART1, chip.PIN_4, chip.PIN_5, Irqs, SHOWN.take(), TYPED.take(), baud_115200);
        Self {
            link,
            console,
            flash: Flash::new_blocking(chip.FLASH),
            reset_reason: Watchdog::new(chip.WATCHDOG).reset_reason(),
            stack,
        }
    }

    /// Where in flash the epoch lives.
    pub fn epoch_offset() -> u32 {
        (&raw const _epoch_start as usize - FLASH_START) as u32
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
