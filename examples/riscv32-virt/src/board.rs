//! The board as one value, where its interrupts arrive, and how it is reset.
//!
//! It knows nothing of facts or of the collector.
#![allow(unsafe_code)] // interrupts are switched on, linker symbols

use port_kit::clint::{Clint, Clock};
use port_kit::stack::Stack;
use riscv::interrupt::{Interrupt, machine};
use riscv_rt::core_interrupt;

use crate::flash::Sectors;
use crate::register::Register;
use crate::serial::{self, CONSOLE, LINK};

// SAFETY: the board's memory map has a CLINT there.
const CLINT: Clint = unsafe { Clint::at(0x0200_0000) };
const CLINT_HZ: u32 = 10_000_000;

/// The interrupt controller, and of it what concerns the first hart in machine mode.
const PLIC: usize = 0x0C00_0000;
const ENABLE: usize = 0x2000;
const THRESHOLD: Register = Register::at(PLIC, 0x20_0000);
const CLAIM: Register = Register::at(PLIC, 0x20_0004);
const LINK_IRQ: u32 = 10;
/// Slot 1 of the PCI bus, first pin.
const CONSOLE_IRQ: u32 = 33;

/// The device that ends or resets the machine.
const FINISHER: Register = Register::at(0x0010_0000, 0);
const RESET: u32 = 0x7777;

/// Everything the main loop owns of the hardware.
pub struct Board {
    /// Time and sleep.
    pub clock: Clock,
    /// Where the epoch lives.
    pub epoch_sectors: Sectors,
    /// Where events wait for power and for the collector.
    pub event_sectors: Sectors,
    /// How much stack was used.
    pub stack: Stack,
}

unsafe extern "C" {
    static mut _stack_start: u32;
    static mut _stack_end: u32;
}

impl Board {
    /// Brings the board up. Call it once, first.
    pub fn start() -> Self {
        // SAFETY: the linker script's ends of the stack; `start` is called once.
        let stack = unsafe { Stack::paint(&raw mut _stack_end, &raw mut _stack_start) };
        serial::open();
        let clock = Clock::start(CLINT, CLINT_HZ);
        for irq in [LINK_IRQ, CONSOLE_IRQ] {
            Register::at(PLIC, 4 * irq as usize).write(1);
            Register::at(PLIC, ENABLE + 4 * (irq / 32) as usize).write(1 << (irq % 32));
        }
        THRESHOLD.write(0);
        // SAFETY: the handlers share with the main loop only rings.
        unsafe {
            machine::enable_interrupt(Interrupt::MachineExternal);
            machine::enable_interrupt(Interrupt::MachineTimer);
            machine::enable();
        }
        let (epoch_sectors, event_sectors) = Sectors::of_epoch_and_events();
        Self { clock, epoch_sectors, event_sectors, stack }
    }
}

/// Resets the machine.
pub fn reset() -> ! {
    FINISHER.write(RESET);
    loop {
        riscv::asm::wfi();
    }
}

#[core_interrupt(Interrupt::MachineExternal)]
fn on_external() {
    let irq = CLAIM.read();
    match irq {
        LINK_IRQ => LINK.on_interrupt(),
        CONSOLE_IRQ => CONSOLE.on_interrupt(),
        _ => {}
    }
    CLAIM.write(irq);
}

#[core_interrupt(Interrupt::MachineTimer)]
fn on_timer() {
    CLINT.on_timer();
}

#[panic_handler]
fn panicked(_: &core::panic::PanicInfo<'_>) -> ! {
    reset()
}

// SAFETY: the name is the runtime's for what no other handler takes; it returns to no code.
#[unsafe(export_name = "ExceptionHandler")]
fn fault(_: &riscv_rt::TrapFrame) -> ! {
    reset()
}
