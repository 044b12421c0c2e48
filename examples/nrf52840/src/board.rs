//! The board, an nRF52840 DK (PCA10056), as one value: embassy-nrf's drivers of what this port uses.
//!
//! It knows nothing of facts or of the collector.
#![allow(unsafe_code)] // linker symbols, the fault handler's signature

use cortex_m::peripheral::SCB;
use cortex_m_rt::exception;
use embassy_nrf::buffered_uarte::{self, BufferedUarte, BufferedUarteRx, BufferedUarteTx};
use embassy_nrf::config::Config;
use embassy_nrf::gpio::{Input, Pull};
use embassy_nrf::nvmc::Nvmc;
use embassy_nrf::{bind_interrupts, peripherals, uarte};
use port_kit::stack::Stack;
use static_cell::ConstStaticCell;

bind_interrupts!(struct Irqs {
    UARTE0 => buffered_uarte::InterruptHandler<peripherals::UARTE0>;
});

unsafe extern "C" {
    static mut _stack_start: u32;
    static mut _stack_end: u32;
    /// Where `memory.x` puts the epoch; only its address means anything.
    static _epoch_start: u8;
}

/// Everything the tasks own of the hardware.
pub struct Board {
    /// From the collector.
    pub reader: BufferedUarteRx<'static>,
    /// To the collector.
    pub writer: BufferedUarteTx<'static>,
    /// The chip's flash. The processor stands still while a page is erased, 85 ms.
    pub flash: Nvmc<'static>,
    /// The buttons, which pull low, and their names.
    pub buttons: [(&'static str, Input<'static>); 4],
    /// How much stack was used.
    pub stack: Stack,
}

impl Board {
    /// Brings the board up. Call it once, first: the second call finds its peripherals taken, and panics.
    pub fn start() -> Self {
        static RECEIVED: ConstStaticCell<[u8; 512]> = ConstStaticCell::new([0; 512]);
        static TO_SEND: ConstStaticCell<[u8; 64]> = ConstStaticCell::new([0; 64]);
        let chip = embassy_nrf::init(Config::default());
        // SAFETY: the linker script's ends of the stack; this is the only painting, as the peripherals are taken once.
        let stack = unsafe { Stack::paint(&raw mut _stack_end, &raw mut _stack_start) };
        let mut config = uarte::Config::default();
        config.baudrate = uarte::Baudrate::Baud115200;
        let uart = BufferedUarte::new(
            chip.UARTE0,
            chip.TIMER1,
            chip.PPI_CH0,
            chip.PPI_CH1,
            chip.PPI_GROUP0,
            chip.P0_08,
            chip.P0_06,
            Irqs,
            config,
            RECEIVED.take(),
            TO_SEND.take(),
        );
        let (reader, writer) = uart.split();
        let buttons = [
            ("button 1", Input::new(chip.P0_11, Pull::Up)),
            ("button 2", Input::new(chip.P0_12, Pull::Up)),
            ("button 3", Input::new(chip.P0_24, Pull::Up)),
            ("button 4", Input::new(chip.P0_25, Pull::Up)),
        ];
        Self { reader, writer, flash: Nvmc::new(chip.NVMC), buttons, stack }
    }

    /// Where in flash the epoch lives.
    pub fn epoch_offset() -> u32 {
        &raw const _epoch_start as u32
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
