//! Events waiting to be delivered, in memory that the caller owns.
//!
//! Promise: one dense sequence a severity; when full, the oldest of the lowest severity goes, or the new one if it is lower; what went is told
//! exactly, by the gap in its sequence. Not here: how events survive power loss (`kept.rs`), and how entries lie in memory: they are a table's, as facts are,
//! sorted by severity and within it by age.
//!
//! ```text
//! kind      | key      | stamp  | changed_at       | value
//! severity  | of kept: | number | when it happened | type u16 | actor len u8 | actor | data len u8 | data | of kept: origin
//! ```
//!
//! From the actor on it lies as it travels, a kept event's origin too, so that an image that keeps none has next to nothing of that. A kept one has a key
//! and never has to go: its store would give it up.

use crate::fact_bytes;
use crate::kept::Record;
use crate::moment::Moment;
use crate::table::{Head, Table};
use tidings_wire::Kind;
use tidings_wire::cursor::{Reader, Writer};
use tidings_wire::event::{Event, EventType, Group, MAX_ACTOR, MAX_DATA, MAX_IN_GROUP, Origin, Severity};

/// Bytes of a value besides actor and data: the type, and two lengths.
const FIXED: usize = 4;
/// The key of every kept event, and of no other.
const KEPT: [u8; 1] = [0];

/// Bytes that an event of this actor and data length takes, for sizing.
pub const fn event_bytes(actor: usize, data: usize) -> usize {
    fact_bytes(0, FIXED + actor + data)
}

/// Bytes of the agent's memory for events without which no kept event of this actor and data length is taken, for sizing: its own, and as many as
/// any other event takes, which must never find the memory full of those that are kept anyway.
pub const fn kept_event_bytes(actor: usize, data: usize) -> usize {
    fact_bytes(KEPT.len(), FIXED + actor + data + Origin::MAX) + event_bytes(MAX_ACTOR, MAX_DATA)
}

/// A number for each severity.
pub(crate) type Marks = [u32; Severity::COUNT];

/// The waiting events and their four sequences.
#[derive(Debug)]
#[repr(C)] // zero at first first: see `Agent`
pub(crate) struct Ring<'a> {
    /// Not zero if something was not acknowledged yet.
    pending: u32,
    head: Marks,
    acked: Marks,
    #[cfg(feature = "one-way")]
    shown: Marks,
    waiting: Table<'a>,
}

impl<'a> Ring<'a> {
    #[inline(always)]
    pub fn new(arena: &'a mut [u8]) -> Self {
        Self {
            pending: 0,
            head: [0; 4],
            acked: [0; 4],
            #[cfg(feature = "one-way")]
            shown: [0; 4],
            waiting: Table::new(arena),
        }
    }

    /// Adds an event; gives how many went: older ones, or this one.
    pub fn push(&mut self, severity: Severity, event_type: EventType, at: Moment, actor: &[u8], data: &[u8]) -> u32 {
        let number = of(&self.head, severity).wrapping_add(1);
        set(&mut self.head, severity, number);
        self.pending = 1;
        let mut head = Head::new(kind_of(severity), 0, FIXED + actor.len() + data.len());
        (head.stamp, head.changed_at) = (number, at);
        let mut dropped = 0;
        loop {
            let newest = self.waiting.start_of(severity as u8 + 1);
            if let Ok(room) = self.waiting.lay(Err(newest), &head, &[]) {
                Writer::new(room).raw(&event_type.0.to_le_bytes()).bytes(actor).bytes(data);
                return dropped;
            }
            dropped += 1;
            let Some(oldest) = self.least_dear(severity) else { return dropped };
            self.waiting.remove(oldest);
        }
    }

    // The oldest of the lowest severity that no store keeps, if that is no higher than this one.
    fn least_dear(&self, severity: Severity) -> Option<usize> {
        let mut oldest = 0;
        while !self.waiting.key(oldest).is_empty() {
            oldest = self.waiting.next(oldest);
        }
        // Past the last entry comes a kind after all others, and no key.
        (self.waiting.kind(oldest) <= kind_of(severity)).then_some(oldest)
    }

    /// Takes in a kept event under the next number; false if there is no room, or none would be left for another event: nothing goes for one that can
    /// wait in its store.
    pub fn take_up(&mut self, record: &Record<'_>) -> bool {
        let Record { severity, origin, at, event_type, actor, data } = *record;
        if self.waiting.used() + kept_event_bytes(actor.len(), data.len()) > self.capacity() {
            return false;
        }
        let mut room = [0; Origin::MAX];
        let origin = origin.write(&mut room);
        let number = of(&self.head, severity).wrapping_add(1);
        let mut head = Head::new(kind_of(severity), KEPT.len(), FIXED + actor.len() + data.len() + origin.len());
        (head.stamp, head.changed_at) = (number, Moment::of(at));
        let newest = self.waiting.start_of(severity as u8 + 1);
        let Ok(room) = self.waiting.lay(Err(newest), &head, &KEPT) else { return false };
        Writer::new(room).raw(&event_type.0.to_le_bytes()).bytes(actor).bytes(data).raw(origin);
        set(&mut self.head, severity, number);
        self.pending = 1;
        true
    }

    /// Bytes of memory.
    pub fn capacity(&self) -> usize {
        self.waiting.capacity()
    }

    /// Whether a kept event waits here.
    pub fn holds(&self, wanted: &Origin) -> bool {
        let mut room = [0; Origin::MAX];
        let wanted = wanted.write(&mut room);
        let mut at = 0;
        while at < self.waiting.used() {
            if origin(self.waiting.value(at)).is_some_and(|held| held.iter().eq(wanted)) {
                return true;
            }
            at = self.waiting.next(at);
        }
        false
    }

    /// What the host holds.
    pub const fn acked(&self) -> Marks {
        self.acked
    }

    /// Takes note of what the host holds.
    #[inline(never)]
    pub fn acknowledge(&mut self, marks: &Marks) {
        self.pending = 0;
        for severity in Severity::ALL {
            let head = of(&self.head, severity);
            let acked = of(marks, severity).min(head).max(of(&self.acked, severity));
            set(&mut self.acked, severity, acked);
            self.pending |= head ^ acked;
        }
        let mut at = 0;
        while at < self.waiting.used() {
            if self.waiting.stamp(at) <= of(&self.acked, Severity::from_bits(self.waiting.kind(at).0)) {
                self.waiting.remove(at);
            } else {
                at = self.waiting.next(at);
            }
        }
    }

    /// True if something was not acknowledged yet.
    pub fn pending(&self) -> bool {
        self.pending != 0
    }

    /// Highest number shown by the last section, by severity.
    #[cfg(feature = "one-way")]
    pub const fn shown(&self) -> Marks {
        self.shown
    }

    /// True if the last section had events.
    #[cfg(feature = "one-way")]
    pub fn are_shown(&self) -> bool {
        self.shown != self.acked
    }

    /// The last section was not sent.
    #[cfg(feature = "one-way")]
    pub fn show_none(&mut self) {
        self.shown = self.acked;
    }

    /// Writes an event section that leaves `spare` bytes; false if there was nothing to show.
    pub fn write(&mut self, out: &mut Writer<'_>, spare: usize, now: u64) -> bool {
        #[cfg(feature = "one-way")]
        self.show_none();
        let start = out.len();
        out.hold_back(spare);
        out.u8(0);
        let mut groups = 0;
        for severity in Severity::ALL.into_iter().rev() {
            let mark = out.len();
            if of(&self.head, severity) == of(&self.acked, severity) {
                continue;
            }
            let _last = self.write_group(out, severity, now);
            if out.overflowed() {
                out.rewind(mark);
                continue;
            }
            groups += 1;
            #[cfg(feature = "one-way")]
            set(&mut self.shown, severity, _last);
        }
        out.release();
        if groups == 0 {
            out.rewind(start);
        }
        out.mark(start, groups);
        groups > 0
    }

    // A group of what fits; gives the highest number shown.
    fn write_group(&self, out: &mut Writer<'_>, severity: Severity, now: u64) -> u32 {
        let mut at = self.waiting.start_of(severity as u8);
        let dropped = of(&self.head, severity).wrapping_add(1);
        let first = if self.waiting.kind(at) == kind_of(severity) { self.waiting.stamp(at) } else { dropped };
        let head_at = Group::write_head(out, severity, first);
        let mut count = 0;
        while self.waiting.kind(at) == kind_of(severity) {
            let head = self.waiting.head(at);
            if head.stamp != first.wrapping_add(count.into()) || count == MAX_IN_GROUP {
                break;
            }
            let mark = out.len();
            let (event_type, rest) = self.waiting.value(at).split_first_chunk().unwrap_or((&[0; 2], &[]));
            let age_ms = head.changed_at.age_ms(now);
            Event::write_kept(out, EventType(u16::from_le_bytes(*event_type)), age_ms, rest);
            if out.overflowed() {
                // If not even the first event fits the overflow stands, and the whole group is given up.
                if count > 0 {
                    out.rewind(mark);
                }
                break;
            }
            count += 1;
            at = self.waiting.next(at);
        }
        Group::patch_count(out, head_at, severity, count);
        first.wrapping_add(count.into()).wrapping_sub(1)
    }
}

// What follows the data: nothing unless the event is kept.
fn origin(value: &[u8]) -> Option<&[u8]> {
    let mut from = Reader::new(value);
    from.take(2).ok()?;
    from.bytes(MAX_ACTOR).ok()?;
    from.bytes(MAX_DATA).ok()?;
    Some(from.rest())
}

const fn kind_of(severity: Severity) -> Kind {
    Kind(severity as u8)
}

fn of(marks: &Marks, severity: Severity) -> u32 {
    marks.get(severity as usize).copied().unwrap_or(0)
}

fn set(marks: &mut Marks, severity: Severity, number: u32) {
    if let Some(mark) = marks.get_mut(severity as usize) {
        *mark = number;
    }
}
