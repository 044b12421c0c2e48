//! A Cortex-M4 that tells its collector what changes, on UART0, and lets a person change it, on UART1.
//!
//! The loop below only orders the steps; each is bounded. What a command means is in the library half, `lib.rs`.
#![no_std]
#![no_main]

mod board;
mod clock;
mod reset;
mod retained;
mod uart;

use cortex_m_rt::entry;
use mps2_an386::{
    device::{Cause, Device},
    shell::{Shell, Wish},
};

#[entry]
fn main() -> ! {
    let (Some(mut board), Some(image)) = (board::Board::take(), retained::image()) else { reset::now(Cause::Unknown) };
    let mut device = Device::new(image, retained::take_note());
    let mut shell = Shell::new();
    shell.greet(&mut board.console, &device);
    loop {
        let now = board.clock.now_ms(); // 1 time comes in
        // 2 what interrupts saw: only bytes, in their rings
        if shell.serve(&mut board.console, &mut device) == Wish::Reset {
            reset::now(Cause::Commanded); // 3 bytes in, bytes out, bounded
        }
        board.sleep_until(now + 1000); // 4 when to come back
    }
}
