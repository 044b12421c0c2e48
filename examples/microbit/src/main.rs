//! The smallest port: a micro:bit that tells its collector, sealed, what it is, how its pins are set, and when a button is pressed.
//!
//! The loop below only orders the steps; each is bounded. What a fact is stands in `facts.rs`, what a register does in the files of the hardware.
#![no_std]
#![no_main]

mod board;
mod clock;
mod facts;
mod flash;
mod pins;
mod register;
mod serial;

use board::Board;
use cortex_m::peripheral::SCB;
use cortex_m_rt::entry;
use port_kit::{check, factory};
use serial::LINK;
use tidings::config::{Profile, SERIAL};
use tidings::epoch::NorEpoch;
use tidings::suites::{ChaCha20Poly1305, KeySet};
use tidings::{Agent, Config, Keys, Memory, Serial, event_bytes, fact_bytes};

/// Longest packet, in bytes.
const MTU: usize = 192;
const CONFIG: Config = Config::new().profile(Profile { mtu: MTU as u16, ..SERIAL }).schema_rev(1);
/// 32 facts, two that are gone but not yet acknowledged, and what the agent says of itself.
const FACTS: usize = 36 * fact_bytes(6, 8);
const EVENTS: usize = 4 * event_bytes(8, 12);

#[entry]
fn main() -> ! {
    let (Some(Board { mut clock, epoch_pages, stack }), Ok(key_set), Ok(id)) =
        (Board::take(), KeySet::from_bytes(factory::KEY_SET), factory::device_id(facts::MODEL))
    else {
        SCB::sys_reset()
    };
    let Ok(mut epochs) = NorEpoch::new(epoch_pages, 0) else { SCB::sys_reset() };
    if cfg!(feature = "port-check") {
        check::run(&LINK, || clock.now_ms(), &mut epochs, &stack);
    }
    let suite = ChaCha20Poly1305::device(&key_set);
    let mut memory = Memory::<FACTS, EVENTS>::new();
    let config = CONFIG.boot(facts::boot_reason(), 0);
    let mut agent = Agent::new(config, id, Keys::sealed(&suite, &key_set), &mut memory);
    facts::record(&mut agent);
    let mut link = Serial::<_, MTU>::new(&LINK);
    // A store that fails is tried again by `maintain`; until it works nothing is sent.
    factory::provision_blank(&mut epochs).ok();
    agent.start(clock.now_ms(), &mut epochs).ok();
    loop {
        // 1 time comes in
        let now = clock.now_ms();
        // 2 what interrupts saw
        agent.drain(now, &pins::SEEN);
        // 3 bytes in, bytes out
        let Ok(()) = link.pump(&mut agent, now);
        // 4 the epoch, if the collector knows a newer one
        agent.maintain(now, &mut epochs).ok();
        // 5 when to come back
        if agent.is_synced() {
            agent.record(&stack.fact()).ok();
        }
        clock.sleep_until(agent.next_deadline(), || LINK.is_quiet());
    }
}
