//! Events that survive power loss, from the flash of the device to the disk of the host, beside a plain list of what was recorded.
//!
//! The agent, its queue in flash, the ring of its epochs and the replica are those that ship; packets are sealed. The power goes at a step of the loop
//! or in the middle of a write or an erase of the queue, and the host crashes before it commits. Not here: other trouble of the link than loss
//! (`link`), and facts (`history`).

use crate::flash::{Chip, Fault, Flash};
use crate::keys::{DEVICE, HOST, KEYS};
use crate::rng::Rng;
use crate::scenario::ALL;
use std::collections::BTreeMap;
use tidings::kept::FlashEventsError;
use tidings::{Agent, Config, DeviceId, EventType, FlashEvents, KeepError, KeptEvents, Keys, Memory, Severity, config};
use tidings_collector::effects::{Effect, Effects, Event};
use tidings_collector::replica::{DeviceState, Fact, Opened, Replica, Settings};
use tidings_wire::cursor::Writer;
use tidings_wire::packet::{Direction, Envelope, NONCE, Unique, open, seal};

const PAGES: usize = 3;
const PAGE: u32 = 256;
/// The least severity that is kept.
const LEAST: Severity = Severity::Notice;
/// Ages are told to this many ms.
const TICK_MS: u64 = 64;
/// Host's clock minus the device's.
const AHEAD_MS: u64 = 1_700_000_000_000;
/// Steps in which all must have arrived once there is peace.
const PEACE: u64 = 2_000;

/// When the power goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// Not before the last step.
    AtTheEnd,
    /// Before this step.
    BeforeStep(u64),
    /// After so many bytes of the queue's flash have changed.
    AfterBytes(u64),
}

/// Chances in percent.
#[derive(Debug, Clone, Copy)]
pub struct Trouble {
    /// A datagram is lost.
    pub loss: u64,
    /// The host dies between receiving and committing.
    pub crash: u64,
    /// Something happens on the device in a step.
    pub event: u64,
}

/// None.
const NO_TROUBLE: Trouble = Trouble { loss: 0, crash: 0, event: 0 };

/// An event that was recorded.
#[derive(Debug, Clone, Copy)]
struct Recorded {
    severity: Severity,
    boot: u32,
    at: u64,
    /// The agent said that it is kept.
    sure: bool,
    told: u32,
}

/// What a history contained.
#[derive(Debug, Clone, Copy, Default)]
pub struct Totals {
    /// Events that the agent said were kept.
    pub kept: u64,
    /// Events that it said were not.
    pub refused: u64,
    /// Told by the host in another boot than that in which they happened.
    pub survived: u64,
    /// Cuts of the power.
    pub cuts: u64,
}

/// A device and its host.
pub struct World {
    rng: Rng,
    now: u64,
    boot: u32,
    epochs: Flash,
    chip: Chip,
    host: Host,
    recorded: Vec<Recorded>,
    trouble: Trouble,
    /// What happened.
    pub totals: Totals,
}

struct Host {
    replica: Replica,
    state: DeviceState,
    facts: BTreeMap<(u8, Vec<u8>), Fact>,
}

fn settings() -> Settings {
    Settings { max_facts: 100, instance: 1, digest_key: *KEYS[0].digest() }
}

impl World {
    /// A device that has its keys and was never switched on.
    #[must_use]
    pub fn new(seed: u64, trouble: Trouble) -> Self {
        let mut epochs = Flash::new(&ALL[0].device, seed);
        epochs.heal();
        let host = Host { replica: Replica::new(settings()), state: DeviceState::default(), facts: BTreeMap::new() };
        let chip = Chip::erased(PAGES, seed);
        let rng = Rng::new(seed);
        Self { rng, now: 0, boot: 0, epochs, chip, host, recorded: Vec::new(), trouble, totals: Totals::default() }
    }

    /// A boot of at most so many steps, until the power goes; whether it went before the last one.
    ///
    /// # Errors
    /// What the host told that is not so.
    pub fn live(&mut self, steps: u64, cut: Cut) -> Result<bool, String> {
        let mut chip = std::mem::replace(&mut self.chip, Chip::erased(0, 0));
        chip.power = if let Cut::AfterBytes(bytes) = cut { Some(bytes) } else { None };
        (chip.on, chip.exact) = (true, true);
        let went = self.live_with(&mut chip, steps, cut);
        self.chip = chip;
        self.boot += 1;
        self.totals.cuts += 1;
        self.now += 1 + self.rng.below(5_000);
        went
    }

    fn live_with(&mut self, chip: &mut Chip, steps: u64, cut: Cut) -> Result<bool, String> {
        let mut memory = Memory::<900, 200>::new();
        let id = DeviceId::new(b"sim").map_err(|error| error.to_string())?;
        let config = Config::new().profile(config::SERIAL);
        let mut agent = Agent::new(config, id, Keys::sealed(&DEVICE[0], &KEYS[0]), &mut memory);
        agent.start(self.now, &mut self.epochs).map_err(|error| format!("{error:?}"))?;
        let store = match FlashEvents::new(chip, 0..PAGES as u32 * PAGE, LEAST) {
            Ok(store) => store,
            Err(FlashEventsError::Flash(Fault::Power)) => return Ok(true),
            Err(error) => return Err(format!("{error:?}")),
        };
        let mut kept = KeptEvents::new(store);
        for step in 0..steps {
            if cut == Cut::BeforeStep(step) || self.step(&mut agent, &mut kept)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// True if the power went.
    fn step(&mut self, agent: &mut Agent<'_>, kept: &mut KeptEvents<FlashEvents<&mut Chip>>) -> Result<bool, String> {
        self.now += self.rng.below(400);
        agent.tick(self.now);
        if self.rng.percent(self.trouble.event) && self.record(agent, kept)? {
            return Ok(true);
        }
        let mut buffer = [0; 256];
        if let Some(len) = agent.poll_transmit(self.now, &mut buffer)
            && !self.rng.percent(self.trouble.loss)
            && let Some(mut answer) = self.hear(&mut buffer[..len])?
            && !self.rng.percent(self.trouble.loss)
        {
            agent.handle_input(self.now, &mut answer).map_err(|error| format!("an answer: {error}"))?;
        }
        match agent.maintain_events(kept) {
            Ok(()) => Ok(false),
            Err(FlashEventsError::Flash(Fault::Power)) => Ok(true),
            Err(error) => Err(format!("the queue: {error:?}")),
        }
    }

    fn record(&mut self, agent: &mut Agent<'_>, kept: &mut KeptEvents<FlashEvents<&mut Chip>>) -> Result<bool, String> {
        let severity = Severity::from_bits(self.rng.any() as u8);
        let name = self.recorded.len() as u32;
        let data = [&name.to_le_bytes()[..], &[7; 44][..self.rng.index(45)]].concat();
        let done = agent.event_kept(kept, severity, EventType(0x8001), b"mallory", &data);
        let sure = severity >= LEAST && done.is_ok();
        self.recorded.push(Recorded { severity, boot: self.boot, at: self.now, sure, told: 0 });
        self.totals.kept += u64::from(sure);
        match done {
            Ok(()) => Ok(false),
            Err(KeepError::Store(FlashEventsError::Flash(Fault::Power))) => Ok(true),
            Err(KeepError::Store(FlashEventsError::Full)) => {
                self.totals.refused += 1;
                Ok(false)
            }
            Err(error) => Err(format!("an event was not kept: {error:?}")),
        }
    }

    fn hear(&mut self, packet: &mut [u8]) -> Result<Option<Vec<u8>>, String> {
        let (envelope, body) = open(&HOST[0], Direction::Up, packet).map_err(|error| format!("{error:?}"))?;
        let Unique::Counter(ctr) = envelope.unique else { return Err("no counter".into()) };
        let (opened, mut effects) = (Opened { epoch: envelope.epoch, ctr, body }, Effects::new());
        let reply = self.host.replica.receive(opened, self.now + AHEAD_MS, &mut effects);
        let reply = reply.map_err(|_| "a malformed body")?;
        if self.rng.percent(self.trouble.crash) {
            self.host.restart();
            return Ok(None);
        }
        self.host.commit();
        for effect in effects.iter() {
            if let Effect::Event(event) = effect {
                self.judge(&event)?;
            }
        }
        let nonce: [u8; NONCE] = core::array::from_fn(|_| self.rng.any() as u8);
        Ok(reply.map(|reply| {
            let down = Envelope { epoch: reply.epoch, unique: Unique::Random(nonce), ..envelope };
            let mut bytes = [0; 256];
            let mut out = Writer::new(&mut bytes);
            down.write(&mut out);
            let clear = out.len();
            reply.body.write(&mut out);
            let body = out.len() - clear;
            let len = seal(&HOST[0], &down, &mut bytes, clear, body).unwrap_or_else(|| unreachable!("it fits"));
            bytes[..len].to_vec()
        }))
    }

    fn judge(&mut self, event: &Event<'_>) -> Result<(), String> {
        let name = event.data.first_chunk().map(|bytes| u32::from_le_bytes(*bytes)).ok_or("an event without name")?;
        let recorded = self.recorded.get_mut(name as usize).ok_or("an event that never happened")?;
        recorded.told += 1;
        let survived = recorded.boot != self.boot;
        self.totals.survived += u64::from(survived);
        let when = match event.at_ms {
            None => survived,
            Some(at) => !survived && (at - AHEAD_MS).abs_diff(recorded.at) < TICK_MS,
        };
        let what = format!("{name}, {recorded:?} in boot {}, told as {event:?}", self.boot);
        if recorded.told > 1 {
            Err(format!("told twice: {what}"))
        } else if event.severity != recorded.severity as u8 || !when || survived && event.origin.is_none() {
            Err(format!("told wrongly: {what}"))
        } else {
            Ok(())
        }
    }

    /// There is peace: all that was kept arrives, and the queue is empty.
    ///
    /// # Errors
    /// What did not arrive, or came twice.
    pub fn find_peace(&mut self) -> Result<(), String> {
        self.trouble = NO_TROUBLE;
        self.live(PEACE, Cut::AtTheEnd)?;
        let lost = self.recorded.iter().enumerate().find(|(_, event)| event.sure && event.told != 1);
        match lost {
            Some((name, event)) => Err(format!("{name}, {event:?}, was kept and never told")),
            None => self.is_empty(),
        }
    }

    fn is_empty(&mut self) -> Result<(), String> {
        let mut chip = self.chip.clone();
        let mut left = 0;
        let store = FlashEvents::new(&mut chip, 0..PAGES as u32 * PAGE, LEAST);
        let seen = store.and_then(|mut store| {
            tidings::EventStore::review(&mut store, &mut |_| {
                left += 1;
                false
            })
        });
        if seen.is_ok() && left == 0 { Ok(()) } else { Err(format!("{left} records are left: {seen:?}")) }
    }
}

impl Host {
    fn commit(&mut self) {
        self.state.clone_from(self.replica.state());
        self.facts = self.replica.facts().map(|(kind, key, fact)| ((kind, key.to_vec()), fact.clone())).collect();
    }

    fn restart(&mut self) {
        let facts = self.facts.iter().map(|((kind, key), fact)| (*kind, key.clone(), fact.clone()));
        self.replica = Replica::restore(settings(), self.state.clone(), facts);
    }
}
