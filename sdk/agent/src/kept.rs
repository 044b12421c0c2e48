//! Events that survive a loss of power: written to a store before anything else happens to them, and given up once the host has them.
//!
//! Promise: an event that [`Agent::event_kept`] took with `Ok` reaches the host, however often the power goes, and the host counts it once: it bears
//! the same [`Origin`] each time that it is told. What does not fit the store is refused, never pushed out: the oldest stay. Not here: flash
//! ([`FlashEvents`]), and events of which the store was not told, which end with the power.
//!
//! The store is the queue, the agent's memory a window on it: records move in, oldest first, as there is room, and wait there to be sent.

#[cfg(feature = "persistent-events")]
mod blocking;
#[cfg(feature = "persistent-events")]
mod flash;
mod record;
#[cfg(feature = "persistent-events")]
mod ring;

#[cfg(feature = "persistent-events")]
pub use flash::{FlashEvents, FlashEventsError};
pub use record::MAX_RECORD;

use crate::events::{Marks, Ring, kept_event_bytes};
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
    /// The agent's memory for events is smaller than this one: give it [`kept_event_bytes`].
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

/// So long ago happened what is of an earlier boot, for its age to be told as that or more.
const EARLIER_MS: u64 = 1 << 32;

/// What distinguishes an origin: it grows with each event that is kept.
type Place = (u32, u32);

/// A store of events and how far its records have come: one for each life of an agent, beside it.
#[derive(Debug)]
pub struct KeptEvents<S> {
    store: S,
    /// The first epoch in which this boot kept something or looked, 0 before: older records are of earlier boots.
    boot_epoch: u32,
    /// Events kept in this boot.
    number: u32,
    /// The last one that moved into the agent's memory, by severity.
    taken_up: [Place; Severity::COUNT],
    /// What the host had when all was moved and removed that could be; none if that is to be done.
    settled_at: Option<Marks>,
}

impl<S: EventStore> KeptEvents<S> {
    /// The events in `store`, which the host is still to get.
    pub const fn new(store: S) -> Self {
        Self { store, boot_epoch: 0, number: 0, taken_up: [(0, 0); Severity::COUNT], settled_at: None }
    }

    /// Gives the store back.
    pub fn release(self) -> S {
        self.store
    }

    fn begin(&mut self, epoch: u32) {
        if self.boot_epoch == 0 {
            self.boot_epoch = epoch;
        }
    }
}

impl Agent<'_> {
    /// Records an event as [`Agent::event`] does, and if it is severe enough for the store keeps it through a loss of power.
    ///
    /// Bounded by a pass over the store. The agent's epoch must outlive power too, or origins repeat and events are lost.
    ///
    /// # Errors
    /// [`KeepError`] if it is not kept.
    pub fn event_kept<S: EventStore>(
        &mut self,
        kept: &mut KeptEvents<S>,
        severity: Severity,
        event_type: EventType,
        actor: &[u8],
        data: &[u8],
    ) -> Result<(), KeepError<S::Error>> {
        if actor.len() > MAX_ACTOR || data.len() > MAX_DATA {
            return Err(KeepError::Event(RecordError::TooLong));
        }
        if severity < kept.store.least() {
            return self.event(severity, event_type, actor, data).map_err(KeepError::Event);
        }
        let kept_it = self.keep(kept, severity, event_type, actor, data).inspect_err(|_| {
            log!(error, "an event is not kept through a loss of power");
            self.event(severity, event_type, actor, data).ok();
        });
        // What cannot be moved into memory now is tried again later.
        self.maintain_events(kept).ok();
        kept_it
    }

    fn keep<S: EventStore>(
        &mut self,
        kept: &mut KeptEvents<S>,
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
        kept.begin(epoch);
        // Also if the store fails: it may hold the record all the same, and then no other bears its number.
        kept.number = kept.number.saturating_add(1);
        let uptime_s = u32::try_from(self.now.saturating_sub(self.started_at) / 1000).unwrap_or(u32::MAX);
        let origin = Origin { epoch, number: kept.number, uptime_s };
        let record = Record { severity, origin, at: self.now, event_type, actor, data };
        kept.settled_at = None;
        kept.store.append(record.write(&mut [0; MAX_RECORD])).map_err(KeepError::Store)
    }

    /// Moves kept events into memory as there is room, and gives up those that the host has. Call it in the main loop, after input; it does nothing
    /// if nothing changed. Bounded by a pass over the store.
    ///
    /// # Errors
    /// What the store reports; it is tried again at the next call.
    pub fn maintain_events<S: EventStore>(&mut self, kept: &mut KeptEvents<S>) -> Result<(), S::Error> {
        let acked = self.events.acked();
        if !self.session.epoch_open || kept.settled_at == Some(acked) {
            return Ok(());
        }
        kept.begin(self.session.epoch);
        let KeptEvents { store, boot_epoch, taken_up, .. } = kept;
        let (boot_epoch, now) = (*boot_epoch, self.now);
        let mut window = Window { ring: &mut self.events, boot_epoch, now, taken_up, full: [false; 4] };
        // What cannot be read was never kept.
        store.review(&mut |record| Record::read(record).is_none_or(|record| window.is_done_with(&record)))?;
        kept.settled_at = Some(acked);
        Ok(())
    }
}

/// The agent's memory during a pass over the store.
struct Window<'w, 'a> {
    ring: &'w mut Ring<'a>,
    boot_epoch: u32,
    now: u64,
    taken_up: &'w mut [Place; Severity::COUNT],
    /// There was no room for a record of this severity.
    full: [bool; Severity::COUNT],
}

impl Window<'_, '_> {
    /// Takes a record up if it is its turn and there is room; true if the host has it.
    fn is_done_with(&mut self, record: &Record<'_>) -> bool {
        let (at, Origin { epoch, number, .. }) = (record.severity as usize, record.origin);
        let (Some(taken_up), Some(full)) = (self.taken_up.get_mut(at), self.full.get_mut(at)) else { return false };
        if (epoch, number) <= *taken_up {
            // It went into memory, and leaves it only when the host has it.
            return !self.ring.holds(&record.origin);
        }
        // Of one severity none overtakes another: the host takes a lower origin for one that it has.
        let at_ms = if epoch < self.boot_epoch { self.now.wrapping_sub(EARLIER_MS) } else { record.at };
        *full = *full || !self.ring.take_up(&Record { at: at_ms, ..*record });
        if !*full {
            *taken_up = (epoch, number);
        }
        false
    }
}
