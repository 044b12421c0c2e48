//! Events waiting to be delivered, in memory that the caller owns.
//!
//! Promise: one dense sequence a severity; when full, the oldest of the lowest severity goes, or the new one if it is lower; what went is told
//! exactly, by the gap in its sequence. Not here: events that survive power loss.
//!
//! ```text
//! entry  | severity | actor len | data len | type u16 | number u32 | moment u32 | actor | data |      oldest first
//! ```

use crate::bytes::move_bytes;
use crate::moment::Moment;
use tidings_wire::cursor::Writer;
use tidings_wire::event::{Event, EventType, Group, MAX_IN_GROUP, Severity};

const HEAD: usize = 13;

/// Bytes that an event of this actor and data length takes, for sizing.
pub const fn event_bytes(actor: usize, data: usize) -> usize {
    HEAD + actor + data
}

/// A number for each severity.
pub(crate) type Marks = [u32; Severity::COUNT];

#[derive(Debug, Clone, Copy)]
struct Entry {
    place: usize,
    end: usize,
    actor: usize,
    severity: u8,
    number: u32,
    at: Moment,
    event_type: u16,
}

/// The ring and its four sequences.
#[derive(Debug)]
pub(crate) struct Ring<'a> {
    arena: &'a mut [u8],
    used: usize,
    head: Marks,
    acked: Marks,
    shown: Marks,
}

impl<'a> Ring<'a> {
    pub fn new(arena: &'a mut [u8]) -> Self {
        Self { arena, used: 0, head: Marks::default(), acked: Marks::default(), shown: Marks::default() }
    }

    /// Adds an event; false if it was counted only.
    #[inline(never)]
    pub fn push(&mut self, severity: Severity, event_type: EventType, at: Moment, actor: &[u8], data: &[u8]) -> bool {
        let number = of(&self.head, severity).wrapping_add(1);
        set(&mut self.head, severity, number);
        if !self.make_room(severity, event_bytes(actor.len(), data.len())) {
            return false;
        }
        let mut out = Writer::new(self.arena.get_mut(self.used..).unwrap_or(&mut []));
        let [t0, t1] = event_type.0.to_le_bytes();
        let [n0, n1, n2, n3] = number.to_le_bytes();
        let [a0, a1, a2, a3] = at.0.to_le_bytes();
        out.raw(&[severity as u8, actor.len() as u8, data.len() as u8, t0, t1, n0, n1, n2, n3, a0, a1, a2, a3]);
        out.raw(actor);
        out.raw(data);
        self.used += out.len();
        true
    }

    /// Takes note of what the host holds.
    #[inline(never)]
    pub fn acknowledge(&mut self, marks: &Marks) {
        for severity in Severity::ALL {
            let acked = of(marks, severity).min(of(&self.head, severity)).max(of(&self.acked, severity));
            set(&mut self.acked, severity, acked);
        }
        let mut place = 0;
        while let Some(entry) = self.entry(place) {
            if entry.number <= of(&self.acked, Severity::from_bits(entry.severity)) {
                self.remove(&entry);
            } else {
                place = entry.end;
            }
        }
    }

    /// True if something was not acknowledged yet.
    #[inline(never)]
    pub fn pending(&self) -> bool {
        Severity::ALL.into_iter().any(|severity| of(&self.head, severity) != of(&self.acked, severity))
    }

    /// Highest number shown by the last section, by severity.
    #[cfg(feature = "one-way")]
    pub const fn shown(&self) -> Marks {
        self.shown
    }

    /// Writes an event section that leaves `spare` bytes; false if there was nothing to show.
    #[inline(never)]
    pub fn write(&mut self, out: &mut Writer<'_>, spare: usize, now: u64) -> bool {
        self.shown = self.acked;
        let mut section = out.trial(spare);
        section.u8(0);
        let mut groups = 0;
        for severity in Severity::ALL.into_iter().rev() {
            let mark = section.len();
            if of(&self.head, severity) == of(&self.acked, severity) {
                continue;
            }
            let last = self.write_group(&mut section, severity, now);
            if section.overflowed() {
                section.rewind(mark);
                continue;
            }
            groups += 1;
            set(&mut self.shown, severity, last);
        }
        section.patch(0, groups);
        let len = section.len();
        if groups > 0 {
            out.skip(len);
        }
        groups > 0
    }

    // A group of what fits; gives the highest number shown.
    fn write_group(&self, out: &mut Writer<'_>, severity: Severity, now: u64) -> u32 {
        let mut entry = self.next(0, severity);
        let first = entry.map_or(of(&self.head, severity).wrapping_add(1), |entry| entry.number);
        let at = Group::write_head(out, severity, first);
        let mut number = first;
        while let Some(this) =
            entry.filter(|this| this.number == number && number.wrapping_sub(first) < MAX_IN_GROUP.into())
        {
            let mark = out.len();
            self.event(&this, now).write(out);
            if out.overflowed() {
                // If not even the first event fits the overflow stands, and the whole group is given up.
                if number != first {
                    out.rewind(mark);
                }
                break;
            }
            number = number.wrapping_add(1);
            entry = self.next(this.end, severity);
        }
        Group::patch_count(out, at, severity, number.wrapping_sub(first) as u8);
        number.wrapping_sub(1)
    }

    fn event(&self, entry: &Entry, now: u64) -> Event<'_> {
        let bytes = self.arena.get(entry.place + HEAD..entry.end).unwrap_or(&[]);
        let (actor, data) = bytes.split_at_checked(entry.actor).unwrap_or((&[], &[]));
        Event { event_type: EventType(entry.event_type), age_ms: entry.at.age_ms(now), actor, data }
    }

    fn make_room(&mut self, severity: Severity, size: usize) -> bool {
        while self.used + size > self.arena.len() {
            let mut lower = (0..=severity as u8).map(Severity::from_bits);
            let Some(oldest) = lower.find_map(|lower| self.next(0, lower)) else { return false };
            self.remove(&oldest);
        }
        true
    }

    // The next entry of this severity at `place` or later.
    #[inline(never)]
    fn next(&self, mut place: usize, severity: Severity) -> Option<Entry> {
        loop {
            let entry = self.entry(place)?;
            if entry.severity == severity as u8 {
                return Some(entry);
            }
            place = entry.end;
        }
    }

    #[inline(never)]
    fn entry(&self, place: usize) -> Option<Entry> {
        let bytes: &[u8; HEAD] = self.arena.get(place..self.used)?.first_chunk()?;
        let [severity, actor, data, t0, t1, n0, n1, n2, n3, a0, a1, a2, a3] = *bytes;
        let actor = usize::from(actor);
        Some(Entry {
            place,
            end: place + event_bytes(actor, usize::from(data)),
            actor,
            severity,
            event_type: u16::from_le_bytes([t0, t1]),
            number: u32::from_le_bytes([n0, n1, n2, n3]),
            at: Moment(u32::from_le_bytes([a0, a1, a2, a3])),
        })
    }

    fn remove(&mut self, entry: &Entry) {
        move_bytes(self.arena, entry.end, self.used, entry.place);
        self.used -= entry.end - entry.place;
    }
}

fn of(marks: &Marks, severity: Severity) -> u32 {
    marks.get(severity as usize).copied().unwrap_or(0)
}

fn set(marks: &mut Marks, severity: Severity, number: u32) {
    if let Some(mark) = marks.get_mut(severity as usize) {
        *mark = number;
    }
}
