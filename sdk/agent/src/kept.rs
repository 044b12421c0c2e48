//! Events that survive a loss of power: written to a store before anything else happens to them, and given up once the host has them.
//!
//! Promise: an event that [`Agent::event_kept`] took with `Ok` reaches the host, however often the power goes, and the host counts it once: it bears
//! the same [`Origin`] each time that it is told. What does not fit the store is refused, never pushed out: the oldest stay. Not here: flash
//! ([`FlashEvents`]), and events of which the store was not told, which end with the power.
//!
//! The store is the queue, the agent's memory a window on it: records move in, oldest first, as there is room, and wait there to be sent.

mod blocking;
mod flash;
mod record;
mod ring;

pub use flash::{FlashEvents, FlashEventsError};
pub use record::MAX_RECORD;

use crate::events::{Ring, kept_event_bytes};
use crate::log::log;
use crate::{Agent, RecordError};
use core::fmt;
pub(crate) use record::Record;
use tidings_wire::event::{MAX_ACTOR, MAX_DATA, Origin};
use tidings_wire::{EventType, Severity};

/// Where events wait out a loss of power: a queue of records.
pub trait EventStore {
    /// Why it failed.
    type Error;

    /// The least severity that is kept.
    fn least(&self) -> Severity;

    /// Puts a record of at most [`MAX_RECORD`] bytes behind all others.
    ///
    /// # Errors
    /// What the store reports, also if it is full. Once this is `Ok` the record survives a loss of power.
    fn append(&mut self, record: &[u8]) -> Result<(), Self::Error>;

    /// Shows each record, in the order in which they came, and removes those for which `is_done` says true.
    ///
    /// # Errors
    /// What the store reports. A record that was to be removed may then still be there.
    fn review(&mut self, is_done: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), Self::Error>;
}

/// Why an event is not kept. With all but [`KeepError::Event`] it was recorded all the same, and reaches the host if the power lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum KeepError<E> {
    /// It was not recorded at all.
    Event(RecordError),
    /// No epoch is open to tell its origin by: call [`Agent::start`] first.
    NoEpoch,
    /// The agent's memory for events is smaller than this one: give it [`kept_event_bytes`](crate::kept_event_bytes).
    Memory,
    /// The store failed or is full.
    Store(E),
}

impl<E: fmt::Display> fmt::Display for KeepError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Event(error) => error.fmt(f),
            Self::NoEpoch => f.write_str("no epoch is open"),
            Self::Memory => f.write_str("memory for events is too small"),
            Self::Store(error) => error.fmt(f),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> core::error::Error for KeepError<E> {}

/// What distinguishes an origin: it grows with each event that is kept.
type Place = (u32, u32);

const fn place(origin: &Origin) -> Place {
    (origin.epoch, origin.number)
}

/// How far the store's records have come; all zero at first.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    /// Nothing in the store is to be moved or removed.
    settled: bool,
    /// The first epoch in which this boot kept something or looked: older records are of earlier boots.
    boot_epoch: u32,
    /// Events kept in this boot.
    number: u32,
    /// The last one that moved into memory, by severity.
    taken_up: [Place; Severity::COUNT],
    /// The last one that the host has, by severity.
    told: [Place; Severity::COUNT],
}

impl Kept {
    /// Entries were acknowledged: there is room, and perhaps something to be given up.
    pub fn unsettle(&mut self) {
        self.settled = false;
    }

    /// The host has this one, and so those before it.
    pub fn note_told(&mut self, severity: Severity, origin: &Origin) {
        if let Some(told) = self.told.get_mut(severity as usize) {
            *told = place(origin).max(*told);
        }
    }
}

impl Agent<'_> {
    /// Records an event as [`Agent::event`] does, and if it is severe enough for the store keeps it through a loss of power.
    ///
    /// Bounded by a pass over the store. The store's memory of epochs must outlive power too, or origins repeat and events are lost.
    ///
    /// # Errors
    /// [`KeepError`] if it is not kept.
    pub fn event_kept<S: EventStore>(
        &mut self,
        store: &mut S,
        severity: Severity,
        event_type: EventType,
        actor: &[u8],
        data: &[u8],
    ) -> Result<(), KeepError<S::Error>> {
        if actor.len() > MAX_ACTOR || data.len() > MAX_DATA {
            return Err(KeepError::Event(RecordError::TooLong));
        }
        let kept = if severity < store.least() {
            self.event(severity, event_type, actor, data).map_err(KeepError::Event)
        } else {
            self.keep(store, severity, event_type, actor, data).inspect_err(|_| {
                log!(error, "an event is not kept through a loss of power");
                self.event(severity, event_type, actor, data).ok();
            })
        };
        // What it took up is in memory; what could not be taken up is in the store, and tried again.
        self.maintain_events(store).ok();
        kept
    }

    fn keep<S: EventStore>(
        &mut self,
        store: &mut S,
        severity: Severity,
        event_type: EventType,
        actor: &[u8],
        data: &[u8],
    ) -> Result<(), KeepError<S::Error>> {
        if !self.session.epoch_open {
            return Err(KeepError::NoEpoch);
        }
        if kept_event_bytes(actor.len(), data.len()) > self.events.capacity() {
            return Err(KeepError::Memory);
        }
        let epoch = self.session.epoch;
        let kept = &mut self.events.kept;
        kept.begin(epoch);
        // Also if the store fails: it may hold the record all the same, and then no other bears its number.
        kept.number = kept.number.saturating_add(1);
        let uptime_s = u32::try_from((self.now - self.started_at) / 1000).unwrap_or(u32::MAX);
        let origin = Origin { epoch, number: kept.number, uptime_s };
        let record = Record { severity, origin, at: self.now, event_type, actor, data };
        let mut bytes = [0; MAX_RECORD];
        store.append(record.write(&mut bytes)).map_err(KeepError::Store)?;
        self.events.kept.unsettle();
        Ok(())
    }

    /// Moves kept events into memory as there is room, and gives up those that the host has. Call it in the main loop, after input; it does nothing
    /// if nothing changed. Bounded by a pass over the store.
    ///
    /// # Errors
    /// What the store reports; it is tried again at the next call.
    pub fn maintain_events<S: EventStore>(&mut self, store: &mut S) -> Result<(), S::Error> {
        if !self.session.epoch_open || self.events.kept.settled {
            return Ok(());
        }
        self.events.kept.begin(self.session.epoch);
        let (ring, mut full) = (&mut self.events, [false; Severity::COUNT]);
        store.review(&mut |record| match Record::read(record) {
            Some(record) => ring.review(&record, &mut full),
            // Nothing that was ever kept.
            None => true,
        })?;
        self.events.kept.settled = true;
        Ok(())
    }
}

impl Kept {
    fn begin(&mut self, epoch: u32) {
        if self.boot_epoch == 0 {
            self.boot_epoch = epoch;
        }
    }
}

impl Ring<'_> {
    /// Takes a record up if it is its turn and there is room; true if the host has it.
    fn review(&mut self, record: &Record<'_>, full: &mut [bool; Severity::COUNT]) -> bool {
        let (at, place) = (record.severity as usize, place(&record.origin));
        let [taken_up, told] = [&self.kept.taken_up, &self.kept.told].map(|list| list.get(at).copied());
        let (Some(taken_up), Some(told), Some(full)) = (taken_up, told, full.get_mut(at)) else { return false };
        if place > taken_up && !*full {
            // Of one severity none overtakes another: the host takes a lower origin for one that it has.
            *full = !self.take_up(record, record.origin.epoch < self.kept.boot_epoch);
            if let Some(taken_up) = self.kept.taken_up.get_mut(at).filter(|_| !*full) {
                *taken_up = place;
            }
        }
        place <= told
    }
}
