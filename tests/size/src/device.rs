//! A device that uses all of the engine: memory of the size that the budgets name, and a main loop that calls everything.

use crate::sdk::{Nothing, Sdk};
use crate::{given, keep, lent, unknown};
use core::mem::MaybeUninit;
use tidings::epoch::{RetainedCell, RetainedEpoch};
use tidings::facts::{Health, Software};
use tidings::{Agent, Config, DeviceId, EventType, Keys, Kind, Limits, Memory, Severity, event_bytes, fact_bytes};

/// 32 facts of the average size of the byte table's fixture: 12.3 bytes of key and value.
pub const FACTS: usize = 32 * fact_bytes(4, 9);
/// 8 events with a name and a few words.
pub const EVENTS: usize = 8 * event_bytes(8, 12);
/// Received bytes wait here for the end of their packet.
const RECEIVED: usize = 128;
/// The shortest packet to be sent; it lies in a buffer of the caller for as long as it takes to send it.
pub const PACKET: usize = tidings::config::MIN_MTU;

/// A device without extras.
pub const CONFIG: Config = Config::new();

/// All memory of one device, for a `static`.
#[repr(C)] // the agent first, so that its address is a symbol's, as that of a firmware's `static` agent is
pub struct Device {
    agent: MaybeUninit<Agent<'static>>,
    memory: Memory<FACTS, EVENTS>,
    epoch: RetainedCell,
    received: [u8; RECEIVED],
}

impl Device {
    /// All zero, so that it costs no flash.
    pub const fn new() -> Self {
        Self {
            memory: Memory::new(),
            agent: MaybeUninit::uninit(),
            epoch: RetainedCell::new(),
            received: [0; RECEIVED],
        }
    }

    /// Starts the agent under the plain suite, then calls `turn` for ever.
    pub fn run(&'static mut self, turn: impl FnMut(&mut Agent<'static>, &mut [u8], u64)) -> ! {
        self.run_with(Keys::PLAIN, turn)
    }

    /// Starts the agent with these keys, then calls `turn` for ever.
    #[inline(always)]
    pub fn run_with(
        &'static mut self,
        keys: Keys<'static>,
        mut turn: impl FnMut(&mut Agent<'static>, &mut [u8], u64),
    ) -> ! {
        let Ok(id) = DeviceId::new(unknown(b"device")) else { stop() };
        let agent = self.agent.write(Agent::new(CONFIG, id, keys, &mut self.memory));
        let mut epoch = RetainedEpoch::new(&self.epoch);
        keep(agent.start(unknown(0), &mut epoch).is_ok());
        loop {
            let now_ms = unknown(0);
            keep(agent.maintain(now_ms, &mut epoch).is_ok());
            use_runtime();
            turn(agent, &mut self.received, now_ms);
            keep(agent.next_deadline() == now_ms);
        }
    }
}

impl Default for Device {
    fn default() -> Self {
        Self::new()
    }
}

/// The end of a device that cannot go on.
pub fn stop() -> ! {
    loop {
        core::hint::spin_loop();
    }
}

/// What an application tells besides plain records: a scan, a removal, an event, a switch.
pub fn tell_everything(agent: &mut impl Sdk) {
    let kind = unknown(Kind::SOFTWARE);
    agent.begin_scan(kind);
    if let Some(fact) = given::<Software<'_>>() {
        keep(agent.record(fact));
        agent.finish_scan(kind);
        keep(agent.remove(fact));
    }
    keep(agent.event(unknown(Severity::Warning), unknown(EventType::TAMPER), unknown(b"who"), unknown(b"what")));
    agent.complete(unknown(kind));
    agent.fail(unknown(kind));
    agent.switch_off(unknown(kind));
    agent.switch_on(unknown(kind));
}

/// Records a measurement if it is no noise.
pub fn sample(agent: &mut impl Sdk) {
    if let (Some(health), Some(limits)) = (given::<Health<'_>>(), given::<Limits>()) {
        keep(agent.sample(health, limits));
    }
}

/// One packet out and one in, as on a datagram link.
pub fn exchange(agent: &mut impl Sdk, received: &mut [u8], now_ms: u64) {
    if let Some(packet) = lent() {
        keep(agent.poll_transmit(now_ms, packet));
    }
    keep(agent.handle_input(now_ms, unknown(received)));
    keep(agent.is_synced());
}

/// Clears and copies memory and divides, as every firmware does somewhere: the functions of the compiler's runtime for it are not the SDK's.
pub fn use_runtime() {
    keep(unknown(1000u32).checked_div(unknown(3)) == Some(unknown(333)));
    let words = unknown([0u32; 32]);
    let copy = unknown(words);
    let longs = unknown([0u64; 16]);
    let copies = unknown(longs);
    keep(copy.len() == copies.len());
}

/// The main loop of the device, without an agent in it.
#[inline(always)]
pub fn run_nothing(mut turn: impl FnMut(&mut Nothing, &mut [u8], u64)) -> ! {
    let mut received = unknown([0; 1]);
    loop {
        let now_ms = unknown(0);
        use_runtime();
        turn(&mut Nothing, &mut received, now_ms);
        keep(Nothing.next_deadline() == now_ms);
    }
}
