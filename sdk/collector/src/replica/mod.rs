//! One device as the host sees it: packets in, effects and an answer out.
//!
//! A pure state machine: no clock, no I/O, no database. A packet is taken as a whole or not at all; the caller stores the effects and
//! [`Replica::state`] in one transaction and sends the answer after the commit. It does not open packets: check, suite and identity
//! are the caller's, as is the place of the return address.
//!
//! | file | rule of SPEC §10 |
//! |---|---|
//! | `epoch` | 2, 3: older lives, new lives |
//! | `events` | 5 |
//! | `hello`, `buckets` | 6: comparing states |
//! | `delta` | 7 |
//! | `range` | 8 |
//! | `beat` | 9: comparing digests |
//! | `resync` | when a comparison is asked for, and when it is over |
//! | `change` | one fact: what to tell of it |
//! | `limit` | the most facts that a device may hold |
//! | `answer` | 10 |

mod answer;
mod beat;
mod buckets;
mod change;
mod delta;
mod epoch;
mod events;
mod facts;
mod hello;
mod limit;
mod range;
mod resync;
mod state;

pub use answer::Reply;
pub use facts::Fact;
pub use state::{DeviceState, GRAVES, Grave, Healed};

use core::cmp::Ordering;

use tidings_wire::message::{Downlink, Message, Uplink};
use tidings_wire::{DigestKey, KindMask, Malformed};

use crate::effects::{Effects, Why};
use epoch::Lives;
use facts::Facts;

/// What the caller decides for a replica.
#[derive(Clone, Copy)]
pub struct Settings {
    /// Most facts that the device may hold; reports beyond are refused.
    pub max_facts: usize,
    /// The id of this collector's database, told to devices.
    pub instance: u32,
    /// The device's digest key; all zero for the plain suite.
    pub digest_key: DigestKey,
}

/// One device: its facts, and what is needed to keep them exact.
pub struct Replica {
    settings: Settings,
    state: DeviceState,
    facts: Facts,
    lives: Lives,
    limit_told: bool,
}

/// An uplink packet whose check or seal was found right.
#[derive(Debug, Clone, Copy)]
pub struct Opened<'a> {
    /// Boot number, not 0.
    pub epoch: u32,
    /// Packet number within the epoch.
    pub ctr: u64,
    /// The body in clear.
    pub body: &'a [u8],
}

/// The packet at hand, for the rules.
struct Arrival<'e> {
    epoch: u32,
    ctr: u64,
    at_ms: u64,
    one_way: bool,
    effects: &'e mut Effects,
}

/// A body that is not applied; its sender is told.
enum Refused {
    /// It does not fit what is held.
    NotApplied,
    /// Its type is not known.
    Unsupported,
}

impl Replica {
    /// A device never heard of.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self::restore(settings, DeviceState::default(), core::iter::empty())
    }

    /// A device as it was stored; `stored` in any order, as (kind, key, fact).
    #[must_use]
    pub fn restore(
        settings: Settings,
        state: DeviceState,
        stored: impl IntoIterator<Item = (u8, Vec<u8>, Fact)>,
    ) -> Self {
        let mut facts = Facts::new(settings.digest_key);
        for (kind, key, fact) in stored {
            facts.put(kind, &key, &fact.value, fact.count);
        }
        Self { settings, state, facts, lives: Lives::default(), limit_told: false }
    }

    /// Takes a packet that arrived at `at_ms` (Unix milliseconds of the host's clock, which may step), appends what it did to `effects`,
    /// and gives the answer, if there is to be one.
    ///
    /// # Errors
    ///
    /// [`Malformed`] if any part of the body is: nothing changed then.
    pub fn receive(
        &mut self,
        packet: Opened<'_>,
        at_ms: u64,
        effects: &mut Effects,
    ) -> Result<Option<Reply>, Malformed> {
        let uplink = Uplink::read(packet.body)?;
        let Opened { epoch, ctr, .. } = packet;
        let mut arrival = Arrival { epoch, ctr, at_ms, one_way: uplink.one_way, effects };
        let body = self.follow_rules(&mut arrival, &uplink);
        Ok(body.filter(|_| !uplink.one_way).map(|body| Reply { epoch, body }))
    }

    /// Asks the device for a comparison with its next answer, as an operator's `resync` does.
    pub fn ask(&mut self, effects: &mut Effects) {
        if self.state.one_way {
            self.want_all(Why::Operator, effects);
        } else {
            self.ask_for_buckets(Why::Operator, effects);
        }
    }

    /// What is to be stored besides the facts.
    #[must_use]
    pub fn state(&self) -> &DeviceState {
        &self.state
    }

    /// The facts in order of kind and key, as (kind, key, fact).
    pub fn facts(&self) -> impl Iterator<Item = (u8, &[u8], &Fact)> {
        self.facts.iter()
    }

    /// How many facts are held.
    #[must_use]
    pub fn fact_count(&self) -> usize {
        self.facts.len()
    }

    /// Rules 2 to 4, then the rest.
    fn follow_rules(&mut self, arrival: &mut Arrival<'_>, uplink: &Uplink<'_>) -> Option<Downlink<'static>> {
        let message = &uplink.message;
        if self.is_old_life(arrival, message) {
            return self.answer_old_life(arrival);
        }
        if arrival.epoch > self.state.epoch && !self.begin_epoch(arrival, message) {
            return Some(answer::need_hello(arrival.ctr));
        }
        let taken = match self.state.last_ctr.map_or(Ordering::Greater, |last| arrival.ctr.cmp(&last)) {
            Ordering::Less => return None,
            Ordering::Equal => Ok(()),
            Ordering::Greater => self.take(uplink, arrival),
        };
        Some(self.ack(arrival, message, taken))
    }

    /// Rules 5 to 9.
    fn take(&mut self, uplink: &Uplink<'_>, arrival: &mut Arrival<'_>) -> Result<(), Refused> {
        self.take_events(&uplink.events, arrival);
        let taken = match &uplink.message {
            Message::Hello(hello) => self.hello(hello, arrival),
            Message::Delta { base, upto, digest, records } => self.delta(*base..*upto, *digest, *records, arrival),
            Message::Range { as_of, segments } => self.range(*as_of, *segments, arrival),
            Message::Beat { seq, digest } => self.beat(*seq, *digest, arrival),
            Message::Buckets { standing, digests } => self.buckets(standing, digests, arrival),
            Message::Unknown(_) => Err(Refused::Unsupported),
        };
        if taken.is_ok() {
            self.state.last_ctr = Some(arrival.ctr);
            self.state.run_seen |= !matches!(uplink.message, Message::Hello(_));
            arrival.effects.touch();
            self.end_resync(arrival.effects);
        }
        taken
    }

    fn pending(&self) -> KindMask {
        KindMask(self.state.pending)
    }

    fn compared(&self) -> KindMask {
        KindMask(self.state.compared)
    }
}
