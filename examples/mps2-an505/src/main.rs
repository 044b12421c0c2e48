//! The secure side of a Cortex-M33: it tells its collector, sealed, how the device is locked, and what a console changes.
//!
//! The loop below only orders the steps; each is bounded. What a fact is stands in `facts.rs` and `posture.rs`, what a register does in the files of the hardware.
#![no_std]
#![no_main]

mod board;
mod facts;
mod posture;
mod register;
mod serial;

use board::Board;
use cortex_m::peripheral::SCB;
use cortex_m_rt::entry;
use port_kit::console::{Console, Wish};
use port_kit::{check, factory};
use posture::Posture;
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
    let (Some(board), Ok(key_set), Ok(id)) =
        (Board::take(), KeySet::from_bytes(factory::KEY_SET), factory::device_id(facts::MODEL))
    else {
        SCB::sys_reset()
    };
    let Board { mut clock, epoch_pages, rollback_pages, stack } = board;
    let (Ok(mut epochs), Ok(mut rollback)) = (NorEpoch::new(epoch_pages, 0), NorEpoch::new(rollback_pages, 0)) else {
        SCB::sys_reset()
    };
    if cfg!(feature = "port-check") {
        check::run(&LINK, || clock.now_ms(), &mut epochs, &stack);
    }
    let suite = ChaCha20Poly1305::device(&key_set);
    let mut memory = Memory::<FACTS, EVENTS>::new();
    let config = CONFIG.boot(BootReason::UNKNOWN, 0);
    let mut agent = Agent::new(config, id, Keys::sealed(&suite, &key_set), &mut memory);
    let mut posture = Posture::take(&mut agent, &mut rollback);
    posture.look(&mut agent);
    facts::record(&mut agent);
    let (mut link, mut console) = (Serial::<_, MTU>::new(&LINK), Console::new(&CONSOLE));
    // A store that fails is tried again by `maintain`; until it works nothing is sent.
    factory::provision_blank(&mut epochs).ok();
    agent.start(clock.now_ms(), &mut epochs).ok();
    console.greet();
    loop {
        // 1 time comes in
        let now = clock.now_ms();
        // 2 what interrupts saw: only bytes, which wait in their rings; and how the device is locked
        posture.look(&mut agent);
        // 3 bytes in, bytes out
        let Ok(()) = link.pump(&mut agent, now);
        if console.serve(&mut agent) == Wish::Reset {
            SCB::sys_reset();
        }
        // 4 the epoch, if the collector knows a newer one
        agent.maintain(now, &mut epochs).ok();
        // 5 when to come back
        if agent.is_synced() {
            agent.record(&stack.fact()).ok();
        }
        clock.sleep_until(agent.next_deadline(), serial::all_quiet);
    }
}
