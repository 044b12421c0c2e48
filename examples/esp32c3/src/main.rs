//! An ESP32-C3 that tells its collector, sealed, what it is, how its fuses lock it, and when its button is pressed.
//!
//! The loop below only orders the steps; each is bounded. What a fact is stands in `facts.rs`, what belongs to the board in `board.rs` and `clock.rs`.
#![no_std]
#![no_main]

mod board;
mod clock;
mod facts;

use board::Board;
use esp_hal::main;
use esp_hal::system::software_reset;
use port_kit::factory;
use tidings::config::SERIAL;
use tidings::epoch::NorEpoch;
use tidings::suites::{ChaCha20Poly1305, KeySet};
use tidings::{Agent, Config, Keys, Memory, Serial, event_bytes, fact_bytes};

const CONFIG: Config = Config::new().profile(SERIAL).schema_rev(1);
/// Longest packet, in bytes.
const MTU: usize = SERIAL.mtu as usize;
const FACTS: usize = 64 * fact_bytes(16, 32);
const EVENTS: usize = 8 * event_bytes(16, 32);

esp_bootloader_esp_idf::esp_app_desc!();

#[main]
fn main() -> ! {
    let (Some(Board { clock, link, mut flash, button }), Ok(key_set), Ok(id)) =
        (Board::start(), KeySet::from_bytes(factory::KEY_SET), factory::device_id(facts::MODEL))
    else {
        software_reset()
    };
    let Some(offset) = board::epoch_offset(&mut flash) else { software_reset() };
    let Ok(mut epochs) = NorEpoch::new(flash, offset) else { software_reset() };
    let suite = ChaCha20Poly1305::device(&key_set);
    let mut memory = Memory::<FACTS, EVENTS>::new();
    let config = CONFIG.boot(facts::boot_reason(), 0);
    let mut agent = Agent::new(config, id, Keys::sealed(&suite, &key_set), &mut memory);
    facts::record(&mut agent);
    let mut link = Serial::<_, MTU>::new(link);
    // A store that fails is tried again by `maintain`; until it works nothing is sent.
    factory::provision_blank(&mut epochs).ok();
    agent.start(clock.now_ms(), &mut epochs).ok();
    loop {
        // 1 time comes in
        let now = clock.now_ms();
        // 2 what happened: the button, looked at each tick
        agent.tick(now);
        agent.record(&facts::button(button.is_low())).ok();
        // 3 bytes in, bytes out; what the UART lost is healed
        link.pump(&mut agent, now).ok();
        // 4 the epoch, if the collector knows a newer one
        agent.maintain(now, &mut epochs).ok();
        // 5 when to come back
        clock.sleep_until(agent.next_deadline());
    }
}
