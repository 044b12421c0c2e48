//! Events waiting to be delivered, in memory that the caller owns.
//!
//! Promise: one dense sequence a severity; when full, the oldest of the lowest severity goes, or the new one if it is lower; what went is told
//! exactly, by the gap in its sequence. Not here: events that survive power loss.
//!
//! ```text
//! entry  | severity | actor len | data len | type u16 | number u32 | at u32 | actor | data |      oldest first
//! ```

use tidings_wire::cursor::Writer;
use tidings_wire::event::{Event, EventType, Group, MAX_ACTOR, MAX_DATA, MAX_IN_GROUP, Severity};

const HEAD: usize = 13;
const OLD: u8 = 0x80;

/// Bytes that an event of this actor and data length takes, for sizing.
pub const fn event_bytes(actor: usize, data: usize) -> usize {
    HEAD + actor + data
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    place: usize,
    old: bool,
    severity: Severity,
    actor: usize,
    data: usize,
    event_type: u16,
    number: u32,
    at: u32,
}

impl Entry {
    const fn size(&self) -> usize {
        HEAD + self.actor + self.data
    }
}

/// The ring and its four sequences.
#[derive(Debug)]
pub(crate) struct Ring<'a> {
    arena: &'a mut [u8],
    used: usize,
    head: [u32; Severity::COUNT],
    acked: [u32; Severity::COUNT],
}

impl<'a> Ring<'a> {
    pub fn new(arena: &'a mut [u8]) -> Self {
        Self { arena, used: 0, head: [0; Severity::COUNT], acked: [0; Severity::COUNT] }
    }

    /// Adds an event; false if it was counted only.
    pub fn push(&mut self, severity: Severity, event_type: EventType, at: u32, actor: &[u8], data: &[u8]) -> bool {
        let number = self.head_of(severity).wrapping_add(1);
        if let Some(head) = self.head.get_mut(severity as usize) {
            *head = number;
        }
        let size = event_bytes(actor.len(), data.len());
        if size > self.arena.len() || !self.make_room(severity, size) {
            return false;
        }
        let room = self.arena.get_mut(self.used..).unwrap_or(&mut []);
        let mut out = Writer::new(room);
        out.raw(&[severity as u8, actor.len() as u8, data.len() as u8]);
        out.raw(&event_type.0.to_le_bytes());
        out.raw(&number.to_le_bytes());
        out.raw(&at.to_le_bytes());
        out.raw(actor);
        out.raw(data);
        self.used += size;
        true
    }

    /// Takes note of what the host holds.
    pub fn acknowledge(&mut self, marks: &[u32; Severity::COUNT]) {
        for (acked, (mark, head)) in self.acked.iter_mut().zip(marks.iter().zip(&self.head)) {
            *acked = (*acked).max(*mark.min(head));
        }
        let acked = self.acked;
        self.remove_where(|entry| acked.get(entry.severity as usize).is_some_and(|acked| entry.number <= *acked));
    }

    /// True if something was not acknowledged yet.
    pub fn pending(&self) -> bool {
        self.head != self.acked
    }

    /// Highest number acknowledged, by severity.
    pub const fn acked(&self) -> [u32; Severity::COUNT] {
        self.acked
    }

    /// Marks events that are over 2³⁰ ms old, so that their ages saturate instead of wrapping.
    pub fn age_out(&mut self, now: u32, all: bool) {
        let mut place = 0;
        while let Some(entry) = self.entry(place) {
            let old = all || now.wrapping_sub(entry.at) > 1 << 30;
            if let Some(first) = self.arena.get_mut(place).filter(|_| old) {
                *first |= OLD;
            }
            place += entry.size();
        }
    }

    /// Writes an event section of at most `room` bytes; gives the highest number shown by severity, `None` if there was nothing to show.
    pub fn write(&self, out: &mut Writer<'_>, room: usize, now: u32) -> Option<[u32; Severity::COUNT]> {
        let start = out.len();
        let mut shown = self.acked;
        out.u8(0);
        let mut groups = 0;
        for severity in Severity::ALL.into_iter().rev() {
            let mark = out.len();
            match self.write_group(out, severity, start + room, now) {
                Some(last) if !out.overflowed() && out.len() <= start + room => {
                    groups += 1;
                    if let Some(shown) = shown.get_mut(severity as usize) {
                        *shown = last;
                    }
                }
                _ => out.rewind(mark),
            }
        }
        if groups == 0 {
            out.rewind(start);
            return None;
        }
        out.patch(start, groups);
        Some(shown)
    }

    fn write_group(&self, out: &mut Writer<'_>, severity: Severity, limit: usize, now: u32) -> Option<u32> {
        let (head, acked) = (self.head_of(severity), self.acked.get(severity as usize).copied().unwrap_or(0));
        if head == acked {
            return None;
        }
        let first =
            self.entries().find(|entry| entry.severity == severity).map_or(head.wrapping_add(1), |entry| entry.number);
        let at = Group::write_head(out, severity, first);
        let mut next = first;
        let listed = self.entries().filter(|entry| entry.severity == severity).take(usize::from(MAX_IN_GROUP));
        for entry in listed {
            let mark = out.len();
            if entry.number != next {
                break;
            }
            self.event(&entry, now).write(out);
            if out.overflowed() || out.len() > limit {
                out.rewind(mark);
                break;
            }
            next = next.wrapping_add(1);
        }
        Group::patch_count(out, at, severity, next.wrapping_sub(first) as u8);
        Some(next.wrapping_sub(1))
    }

    fn event(&self, entry: &Entry, now: u32) -> Event<'_> {
        let bytes = |from: usize, len: usize| {
            self.arena.get(entry.place + from..).and_then(|rest| rest.get(..len)).unwrap_or(&[])
        };
        Event {
            event_type: EventType(entry.event_type),
            age_ms: if entry.old { u32::MAX } else { now.wrapping_sub(entry.at) },
            actor: bytes(HEAD, entry.actor.min(MAX_ACTOR)),
            data: bytes(HEAD + entry.actor, entry.data.min(MAX_DATA)),
        }
    }

    fn make_room(&mut self, severity: Severity, size: usize) -> bool {
        while self.used + size > self.arena.len() {
            let Some(oldest) = self.entries().min_by_key(|entry| entry.severity) else { return false };
            if severity < oldest.severity {
                return false;
            }
            self.remove(&oldest);
        }
        true
    }

    fn head_of(&self, severity: Severity) -> u32 {
        self.head.get(severity as usize).copied().unwrap_or(0)
    }

    fn entry(&self, place: usize) -> Option<Entry> {
        if place >= self.used {
            return None;
        }
        let head: &[u8; HEAD] = self.arena.get(place..)?.first_chunk()?;
        let [severity, actor, data, t0, t1, n0, n1, n2, n3, a0, a1, a2, a3] = *head;
        Some(Entry {
            place,
            old: severity & OLD != 0,
            severity: Severity::from_bits(severity),
            actor: usize::from(actor),
            data: usize::from(data),
            event_type: u16::from_le_bytes([t0, t1]),
            number: u32::from_le_bytes([n0, n1, n2, n3]),
            at: u32::from_le_bytes([a0, a1, a2, a3]),
        })
    }

    fn entries(&self) -> impl Iterator<Item = Entry> + '_ {
        core::iter::successors(self.entry(0), |entry| self.entry(entry.place + entry.size()))
    }

    fn remove_where(&mut self, unwanted: impl Fn(&Entry) -> bool) {
        let mut place = 0;
        while let Some(entry) = self.entry(place) {
            if unwanted(&entry) { self.remove(&entry) } else { place += entry.size() }
        }
    }

    fn remove(&mut self, entry: &Entry) {
        let (from, to) = (entry.place + entry.size(), self.used);
        if from <= to && to <= self.arena.len() {
            self.arena.copy_within(from..to, entry.place);
            self.used -= entry.size();
        }
    }
}
