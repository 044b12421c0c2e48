//! A RISC-V board that tells its collector what changes, sealed; its epoch lies in flash that outlives power.
//!
//! The loop below only orders the steps; each is bounded. What a fact is stands in `facts.rs`, what a register does in the files of the hardware.
#![no_std]
#![no_main]

mod board;
mod facts;
mod flash;
mod register;
mod serial;

use board::Board;
use port_kit::console::{Console, Wish};
use port_kit::{check, factory};
use riscv_rt::entry;
use serial::{CONSOLE, LINK};
use tidings::config::SERIAL;
use tidings::epoch::NorEpoch;
use tidings::suites::{ChaCha20Poly1305, KeySet};
use tidings::wire::message::BootReason;
use tidings::{Agent, Config, Keys, Memory, Serial, event_bytes, fact_bytes};

const CONFIG: Config = Config::new().profile(SERIAL).schema_rev(1);
/// Longest packet, in bytes.
const MTU: usize = SERIAL.mtu as usize;
const FACTS: usize = 64 * fact_bytes(16, 32);
const EVENTS: usize = 8 * event_bytes(16, 32);

#[entry]
fn main() -> ! {
    let Board { mut clock, epoch_sectors, stack } = Board::start();
    let (Ok(key_set), Ok(id), Ok(mut epochs)) =
        (KeySet::from_bytes(factory::KEY_SET), factory::device_id(facts::MODEL), NorEpoch::new(epoch_sectors, 0))
    else {
        board::reset()
    };
    if cfg!(feature = "port-check") {
        check::run(&LINK, || clock.now_ms(), &mut epochs, &stack);
    }
    let suite = ChaCha20Poly1305::device(&key_set);
    let mut memory = Memory::<FACTS, EVENTS>::new();
    let config = CONFIG.boot(BootReason::UNKNOWN, 0);
    let mut agent = Agent::new(config, id, Keys::sealed(&suite, &key_set), &mut memory);
    facts::record(&mut agent);
    let (mut link, mut console) = (Serial::<_, MTU>::new(&LINK), Console::new(&CONSOLE));
    // A store that fails is tried again by `maintain`; until it works nothing is sent.
    factory::provision_blank(&mut epochs).ok();
    agent.start(clock.now_ms(), &mut epochs).ok();
    defmt::info!("{=str} starts, epoch {=u32}", facts::MODEL, agent.epoch());
    console.greet();
    let mut had_everything = false;
    loop {
        // 1 time comes in
        let now = clock.now_ms();
        // 2 what interrupts saw: only bytes, which wait in their rings
        // 3 bytes in, bytes out
        let Ok(()) = link.pump(&mut agent, now);
        if console.serve(&mut agent) == Wish::Reset {
            defmt::warn!("reset from the console");
            board::reset();
        }
        // 4 the epoch, if the collector knows a newer one
        agent.maintain(now, &mut epochs).ok();
        // 5 when to come back
        if agent.is_synced() {
            agent.record(&stack.fact()).ok();
            if !had_everything {
                defmt::info!("the collector has everything");
                had_everything = true;
            }
        }
        clock.sleep_until(agent.next_deadline(), serial::all_quiet);
    }
}
