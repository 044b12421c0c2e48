//! RISC-V in machine mode with a CLINT and a PLIC at their usual addresses: entry, wake-up, interrupts, reset. FIXME on a chip that has them elsewhere.

use port_kit::clint::Clint;
use riscv::interrupt::{Interrupt, machine};
use riscv_rt::core_interrupt;

use crate::register::Register;

pub use port_kit::clint::Clock;
pub use riscv_rt::entry;

// SAFETY: the memory map has a CLINT there.
const CLINT: Clint = unsafe { Clint::at(0x0200_0000) };
/// The interrupt controller, and of it what concerns the first hart in machine mode.
const PLIC: usize = 0x0C00_0000;
const ENABLE: usize = 0x2000;
const THRESHOLD: Register = Register::at(PLIC, 0x20_0000);
const CLAIM: Register = Register::at(PLIC, 0x20_0004);

unsafe extern "C" {
    fn _start() -> !;
}

/// Starts the clock and lets these interrupts through.
pub fn start(clock_hz: u32, irqs: &[u16]) -> Option<Clock> {
    for irq in irqs.iter().copied().map(usize::from) {
        Register::at(PLIC, 4 * irq).write(1);
        let enable = Register::at(PLIC, ENABLE + irq / 32 * 4);
        enable.write(enable.read() | 1 << (irq % 32));
    }
    THRESHOLD.write(0);
    let clock = Clock::start(CLINT, clock_hz);
    // SAFETY: the handlers share with the main loop only rings and atomics.
    unsafe {
        machine::enable_interrupt(Interrupt::MachineExternal);
        machine::enable_interrupt(Interrupt::MachineTimer);
        machine::enable();
    }
    Some(clock)
}

/// Starts the firmware anew; what else the chip has stays as it is. FIXME if the chip can reset all of itself.
pub fn reset() -> ! {
    riscv::interrupt::machine::disable();
    // SAFETY: the runtime's entry, which takes nothing for given and sets up stack and statics.
    unsafe { _start() }
}

#[core_interrupt(Interrupt::MachineExternal)]
fn on_external() {
    let irq = CLAIM.read();
    if irq != 0 {
        super::on_interrupt(irq as u16);
        CLAIM.write(irq);
    }
}

#[core_interrupt(Interrupt::MachineTimer)]
fn on_timer() {
    CLINT.on_timer();
}

// SAFETY: the name is the runtime's for what no other handler takes; it returns to no code.
#[unsafe(export_name = "ExceptionHandler")]
fn fault(_: &riscv_rt::TrapFrame) -> ! {
    reset()
}
