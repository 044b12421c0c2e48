//! Events waiting to be delivered, in memory that the caller owns.
//!
//! Promise: one dense sequence a severity; when full, the oldest of the lowest severity goes, or the new one if it is lower; what went is told
//! exactly, by the gap in its sequence. Not here: events that survive power loss.
//!
//! ```text
//! entry  | severity: 2, moment, high: 6 | actor len | data len | type u16 | number u32 | moment, low u32 | actor | data |   oldest first
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

/// One event in the ring, head first.
#[derive(Clone, Copy)]
struct Entry<'a>(&'a [u8]);

impl<'a> Entry<'a> {
    fn severity(self) -> Severity {
        Severity::from_bits(self.0.first().copied().unwrap_or(0))
    }

    fn number(self) -> u32 {
        self.word(5)
    }

    fn word(self, at: usize) -> u32 {
        self.0.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |word| u32::from_le_bytes(*word))
    }

    fn event(self, now: u64) -> Event<'a> {
        let actor_len = self.0.get(1).copied().unwrap_or(0);
        let (head, rest) = self.0.split_at_checked(HEAD).unwrap_or_default();
        let (actor, data) = rest.split_at_checked(actor_len.into()).unwrap_or_default();
        let event_type =
            head.get(3..).and_then(|rest| rest.first_chunk()).map_or(0, |bytes| u16::from_le_bytes(*bytes));
        let at = Moment { low: self.word(9), high: self.0.first().map_or(0, |first| first >> 2) };
        Event { event_type: EventType(event_type), age_ms: at.age_ms(now), actor, data }
    }
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
        let [a0, a1, a2, a3] = at.low.to_le_bytes();
        out.raw(&[
            severity as u8 | at.high << 2,
            actor.len() as u8,
            data.len() as u8,
            t0,
            t1,
            n0,
            n1,
            n2,
            n3,
            a0,
            a1,
            a2,
            a3,
        ]);
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
            if entry.number() <= of(&self.acked, entry.severity()) {
                self.remove(place);
            } else {
                place += entry.0.len();
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
        let mut place = self.find(0, severity);
        let dropped = of(&self.head, severity).wrapping_add(1);
        let first = place.and_then(|at| self.entry(at)).map_or(dropped, Entry::number);
        let head_at = Group::write_head(out, severity, first);
        let mut count = 0;
        while let Some((at, entry)) = place.and_then(|at| Some((at, self.entry(at)?))) {
            if entry.number() != first.wrapping_add(count.into()) || count == MAX_IN_GROUP {
                break;
            }
            let mark = out.len();
            entry.event(now).write(out);
            if out.overflowed() {
                // If not even the first event fits the overflow stands, and the whole group is given up.
                if count > 0 {
                    out.rewind(mark);
                }
                break;
            }
            count += 1;
            place = self.find(at + entry.0.len(), severity);
        }
        Group::patch_count(out, head_at, severity, count);
        first.wrapping_add(count.into()).wrapping_sub(1)
    }

    fn make_room(&mut self, severity: Severity, size: usize) -> bool {
        while self.used + size > self.arena.len() {
            let mut lower = (0..=severity as u8).map(Severity::from_bits);
            let Some(oldest) = lower.find_map(|lower| self.find(0, lower)) else { return false };
            self.remove(oldest);
        }
        true
    }

    // The place of the next entry of this severity at `place` or later.
    #[inline(never)]
    fn find(&self, mut place: usize, severity: Severity) -> Option<usize> {
        loop {
            let entry = self.entry(place)?;
            if entry.severity() == severity {
                return Some(place);
            }
            place += entry.0.len();
        }
    }

    #[inline(never)]
    fn entry(&self, place: usize) -> Option<Entry<'_>> {
        let rest = self.arena.get(place..self.used)?;
        let (actor, data) = (*rest.get(1)?, *rest.get(2)?);
        rest.get(..event_bytes(actor.into(), data.into())).map(Entry)
    }

    fn remove(&mut self, place: usize) {
        let len = self.entry(place).map_or(0, |entry| entry.0.len());
        move_bytes(self.arena, place + len, self.used, place);
        self.used -= len;
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
