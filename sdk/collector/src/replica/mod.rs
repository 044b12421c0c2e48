//! One device as the host sees it: packets in, effects and an answer out.
//!
//! A pure state machine: no clock, no I/O, no database. A packet is taken as a whole or not at all; the caller stores the effects and
//! [`Replica::state`] in one transaction and sends the answer after the commit. It does not open packets: check, suite and identity
//! are the caller's, as is the place of the return address.

mod state;

pub use state::{DeviceState, GRAVES, Grave, Healed};

use core::fmt;

use crate::effects::{Count, Effects};

/// What the caller decides for a replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// Most facts that the device may hold; reports beyond are refused.
    pub max_facts: usize,
    /// The id of this collector's database, told to devices.
    pub instance: u32,
    /// The device's digest key; all zero for the plain suite.
    pub digest_key: [u8; 16],
}

/// One device: its facts, and what is needed to keep them exact.
#[derive(Debug)]
pub struct Replica {
    settings: Settings,
    state: DeviceState,
}

/// A fact as held: the bytes that the device sent, never encoded again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Value bytes, 0–512.
    pub value: Vec<u8>,
    /// The change count as last seen.
    pub count: Count,
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

/// The answer to a packet: a downlink body, to be sent under `epoch` to where the packet came from, with the id if that had one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reply {
    /// The epoch of the packet that is answered (not always the known one).
    pub epoch: u32,
    /// The counter of the packet that is answered.
    pub echo: u64,
    /// What to say.
    pub answer: Answer,
}

/// What a [`Reply`] says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The whole truth on this device, whether the packet was applied or not.
    Ack(Ack),
    /// The packet is of an older life than `known`.
    Stale {
        /// The newest epoch that the host knows.
        known: u32,
    },
}

/// The fields of an Ack that the replica knows; the caller may add retry-after, a challenge or a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ack {
    /// Bits 0–3 of the flags.
    pub flags: u8,
    /// The highest change number held.
    pub applied: u32,
    /// The kinds wanted as Range.
    pub want: u32,
    /// The highest event number held, for each severity.
    pub marks: [u32; 4],
    /// The id of this collector, in answers to Hello.
    pub instance: Option<u32>,
}

/// The body says something that version 1 does not allow: it had no effect and gets no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

impl Replica {
    /// A device never heard of.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self::restore(settings, DeviceState::default(), core::iter::empty())
    }

    /// A device as it was stored; `facts` in any order, as (kind, key, fact).
    #[must_use]
    pub fn restore(
        settings: Settings,
        state: DeviceState,
        facts: impl IntoIterator<Item = (u8, Vec<u8>, Fact)>,
    ) -> Self {
        drop(facts.into_iter());
        Self { settings, state }
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
        let _ = (packet, at_ms, effects, self.settings);
        Err(Malformed)
    }

    /// Asks the device for a comparison with its next answer, as an operator's `resync` does.
    pub fn ask(&mut self, effects: &mut Effects) {
        let _ = effects;
    }

    /// What is to be stored besides the facts.
    #[must_use]
    pub fn state(&self) -> &DeviceState {
        &self.state
    }

    /// The facts in order of kind and key, as (kind, key, fact).
    pub fn facts(&self) -> impl Iterator<Item = (u8, &[u8], &Fact)> {
        core::iter::empty()
    }

    /// How many facts are held.
    #[must_use]
    pub fn fact_count(&self) -> usize {
        0
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("malformed body")
    }
}

impl core::error::Error for Malformed {}
