//! ST's STM32VLDISCOVERY, the template filled in. It tells its collector, sealed, what changes.
//!
//! The loop below only orders the steps; each is bounded. What a fact is stands in `facts.rs`, what a register does in `board.rs` and `uart.rs`.
#![no_std]
#![no_main]

mod board;
mod facts;
mod register;
mod uart;

use board::{Board, CONSOLE, LINK, arch};
use port_kit::console::{Console, Wish};
use port_kit::factory;
use tidings::config::{Profile, SERIAL};
use tidings::epoch::NorEpoch;
use tidings::suites::{ChaCha20Poly1305, KeySet};
use tidings::wire::message::BootReason;
use tidings::{Agent, Config, Keys, Memory, Serial, event_bytes, fact_bytes};

const MTU: usize = 192; // the longest packet, in bytes
const CONFIG: Config = Config::new().profile(Profile { mtu: MTU as u16, ..SERIAL }).schema_rev(1);
const FACTS: usize = 24 * fact_bytes(6, 16); // how many, with keys and values of how many bytes
const EVENTS: usize = 4 * event_bytes(8, 12);

#[arch::entry]
fn main() -> ! {
    let (Some(Board { mut clock, epoch_flash, stack }), Ok(key_set), Ok(id)) =
        (Board::take(), KeySet::from_bytes(factory::KEY_SET), factory::device_id(facts::MODEL))
    else {
        arch::reset()
    };
    let Ok(mut epochs) = NorEpoch::new(epoch_flash, 0) else { arch::reset() };
    if cfg!(feature = "port-check") {
        port_kit::check::run(&LINK, || clock.now_ms(), &mut epochs, &stack);
    }
    let suite = ChaCha20Poly1305::device(&key_set);
    let mut memory = Memory::<FACTS, EVENTS>::new();
    let config = CONFIG.boot(BootReason::UNKNOWN, 0);
    let mut agent = Agent::new(config, id, Keys::sealed(&suite, &key_set), &mut memory);
    facts::record(&mut agent);
    let (mut link, mut console) = (Serial::<_, MTU>::new(&LINK), Console::new(&CONSOLE));
    factory::provision_blank(&mut epochs).ok(); // a store that fails is tried again by `maintain`
    agent.start(clock.now_ms(), &mut epochs).ok();
    console.greet();
    loop {
        let now = clock.now_ms(); // 1 time comes in
        // 2 what interrupts saw: only bytes, which wait in their rings
        let Ok(()) = link.pump(&mut agent, now); // 3 bytes in, bytes out
        if console.serve(&mut agent) == Wish::Reset {
            arch::reset();
        }
        agent.maintain(now, &mut epochs).ok(); // 4 the epoch, if the collector knows a newer one
        if agent.is_synced() {
            agent.record(&stack.fact()).ok();
        }
        clock.sleep_until(agent.next_deadline(), board::all_quiet); // 5 when to come back
    }
}
