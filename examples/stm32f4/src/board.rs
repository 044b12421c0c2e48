//! The board as one value, brought up by the HAL, and where its interrupts arrive.
//!
//! It knows nothing of facts or of the collector. The emulator has no clock tree and no flash controller: their registers read 0, which the chip's never do.
#![allow(unsafe_code)] // interrupts are let through, the fault handler, linker symbols

use cortex_m::peripheral::{NVIC, SCB};
use cortex_m_rt::exception;
use port_kit::stack::Stack;
use port_kit::systick::{self, Clock};
use stm32f4xx_hal::pac::{self, Interrupt, Peripherals, interrupt};
use stm32f4xx_hal::prelude::*;
use stm32f4xx_hal::rcc::Config;
use stm32f4xx_hal::serial::{self, Event};
use tidings::wire::message::BootReason;

use crate::epochs::Epochs;
use crate::serial::{CONSOLE, LINK};

/// What the PLL makes of the internal oscillator, and what the emulator's SysTick counts.
const CORE_HZ: u32 = 168_000_000;
/// Read-out protection that protects nothing.
const UNPROTECTED: u8 = 0xAA;

/// Everything the main loop owns of the hardware.
pub struct Board {
    /// Time and sleep.
    pub clock: Clock,
    /// Where the epoch lives.
    pub epochs: Epochs,
    /// How much stack was used.
    pub stack: Stack,
    /// Why this run began.
    pub reason: BootReason,
    /// Whether the debug port cannot read flash; `None` if this is the emulator.
    pub is_protected: Option<bool>,
}

unsafe extern "C" {
    static mut _stack_start: u32;
    static mut _stack_end: u32;
}

impl Board {
    /// Brings the board up. `None` if it was taken before, or is another chip.
    pub fn take() -> Option<Self> {
        let (core, chip) = (cortex_m::Peripherals::take()?, Peripherals::take()?);
        // SAFETY: the linker script's ends of the stack; this is the only painting, as the peripherals are taken once.
        let stack = unsafe { Stack::paint(&raw mut _stack_end, &raw mut _stack_start) };
        let is_emulated = chip.RCC.cr().read().hsirdy().bit_is_clear();
        let reason = reason(&chip.RCC);
        let config = if is_emulated { Config::hsi() } else { Config::hsi().sysclk(CORE_HZ.Hz()) };
        let mut rcc = chip.RCC.freeze(config);
        let pins = chip.GPIOA.split(&mut rcc);
        let baud = || serial::Config::default().baudrate(115_200.bps());
        let mut link = chip.USART1.serial::<u8>((pins.pa9, pins.pa10), baud(), &mut rcc).ok()?;
        let mut console = chip.USART2.serial::<u8>((pins.pa2, pins.pa3), baud(), &mut rcc).ok()?;
        link.listen(Event::RxNotEmpty);
        console.listen(Event::RxNotEmpty);
        for irq in [Interrupt::USART1, Interrupt::USART2] {
            // SAFETY: the handlers share with the main loop only rings and atomics.
            unsafe { NVIC::unmask(irq) };
        }
        let protection = chip.FLASH.optcr().read().rdp().bits();
        let epochs = if is_emulated { Epochs::of_host() } else { Epochs::of_chip(chip.FLASH) };
        Some(Self {
            clock: Clock::start(core.SYST, CORE_HZ),
            epochs: epochs?,
            stack,
            reason,
            is_protected: (!is_emulated).then_some(protection != UNPROTECTED),
        })
    }
}

/// The chip's own word, which is then cleared for the next run.
fn reason(rcc: &pac::RCC) -> BootReason {
    let flags = rcc.csr().read();
    rcc.csr().modify(|_, flags| flags.rmvf().set_bit());
    if flags.porrstf().bit_is_set() {
        BootReason::POWER_ON
    } else if flags.wdgrstf().bit_is_set() || flags.wwdgrstf().bit_is_set() {
        BootReason::WATCHDOG
    } else if flags.sftrstf().bit_is_set() {
        BootReason::SOFTWARE
    } else if flags.padrstf().bit_is_set() {
        BootReason::RESET_PIN
    } else {
        BootReason::UNKNOWN
    }
}

#[interrupt]
fn USART1() {
    LINK.on_interrupt();
}

#[interrupt]
fn USART2() {
    CONSOLE.on_interrupt();
}

#[exception]
fn SysTick() {
    systick::on_tick();
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
