//! A RISC-V board that tells its collector what changes, sealed; its epoch and its alarms lie in flash that outlives power.
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
use tidings::{
    Agent, Config, EventType, FlashEvents, KeptEvents, Keys, Memory, Serial, Severity, fact_bytes, kept_event_bytes,
};

const CONFIG: Config = Config::new().profile(SERIAL).schema_rev(1);
/// Longest packet, in bytes.
const MTU: usize = SERIAL.mtu as usize;
const FACTS: usize = 64 * fact_bytes(16, 32);
const EVENTS: usize = 8 * kept_event_bytes(16, 32);

#[entry]
fn main() -> ! {
    let Board { mut clock, epoch_sectors, event_sectors, stack } = Board::start();
    let (Ok(key_set), Ok(id), Ok(mut epochs), Ok(events)) = (
        KeySet::from_bytes(factory::KEY_SET),
        factory::device_id(facts::MODEL),
        NorEpoch::new(epoch_sectors, 0),
        FlashEvents::new(event_sectors, 0..flash::PART, Severity::Critical),
    ) else {
        board::reset()
    };
    let mut events = KeptEvents::new(events);
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
        match console.serve(&mut agent) {
            Wish::Nothing => {}
            Wish::Reset => {
                defmt::warn!("reset from the console");
                board::reset();
            }
            Wish::Alarm => {
                let kept = agent.event_kept(&mut events, Severity::Critical, EventType::TAMPER, b"", b"");
                console.say(if kept.is_ok() { "ok kept\r\n" } else { "error: not kept\r\n" });
            }
        }
        // 4 the epoch, if the collector knows a newer one; and events that it has, or that wait for room
        agent.maintain(now, &mut epochs).ok();
        agent.maintain_events(&mut events).ok();
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
