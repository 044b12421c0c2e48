//! A Cortex-M4 that tells its collector what changes, on UART0, and lets a person change it, on UART1.
//!
//! The loop below only orders the steps; each is bounded. What a command means is in the library half, `lib.rs`.
#![no_std]
#![no_main]

mod board;
mod clock;
mod keys;
mod reset;
mod retained;
mod uart;

use board::Board;
use cortex_m_rt::entry;
use mps2_an386::{
    device::{AgentMemory, Cause, Device},
    shell::{Shell, Wish},
};
use port_kit::{factory, host_flash::HostFlash};
use tidings::{Serial, epoch::NorEpoch};

/// How long a reboot waits for the collector to have everything, in ms: events do not outlive it.
const LEAVE_WITHIN_MS: u64 = 2_000;

#[entry]
fn main() -> ! {
    let memory = cortex_m::singleton!(MEMORY: AgentMemory = AgentMemory::new());
    let (Some(board), Some(image), Some(memory)) = (Board::take(), retained::image(), memory) else {
        reset::now(Cause::Unknown)
    };
    let Board { link, mut console, mut clock } = board;
    let device = Device::new(image, retained::take_note(), memory, keys::take());
    let (Ok(mut device), Ok(mut epochs)) = (device, NorEpoch::new(HostFlash::open(c"flash.bin"), 0)) else {
        reset::now(Cause::Unknown)
    };
    let (mut link, mut shell) = (Serial::<_, 512>::new(link), Shell::new());
    // A store that fails is tried again by `maintain`; until it works nothing is sent.
    factory::provision_blank(&mut epochs).ok();
    let sending = device.start(clock.now_ms(), &mut epochs);
    shell.greet(&mut console, &device, sending);
    let mut leave_at = u64::MAX;
    loop {
        // 1 time comes in
        let now = clock.now_ms();
        // 2 what interrupts saw: only bytes, which wait in their rings
        // 3 bytes in, bytes out
        let Ok(()) = link.pump(device.agent(), now);
        match shell.serve(&mut console, &mut device) {
            Wish::Nothing => {}
            Wish::Reset => leave_at = now + LEAVE_WITHIN_MS,
            Wish::Provision(floor) => shell.answer(&mut console, Device::provision(floor, &mut epochs)),
        }
        // 4 the epoch, if the collector knows a newer one
        device.maintain(now, &mut epochs);
        // 5 when to come back, if at all
        if now >= leave_at || (leave_at < u64::MAX && device.agent().is_synced()) {
            reset::now(Cause::Commanded);
        }
        clock.sleep_until(device.agent().next_deadline().min(leave_at), uart::all_quiet);
    }
}
