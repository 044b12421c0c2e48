//! The facts, sorted by (kind, key), in memory that the caller owns.
//!
//! Promise: every look-up is one walk over the heads, every change one move of bytes; nothing is ever cut or silently dropped.
//! Not here: what a change means for sync (see `agent` and `sync`), and an index: for the facts of a device a walk is no slower than a binary
//! search, and needs less flash and RAM.
//!
//! An entry is known by where its record starts, until something before it changes.
//!
//! ```text
//! arena   | record | record | record |      free      |
//!         0                          used             len
//!
//! record  | meta u32 | stamp u32 | changed_at u32 | count u8 | key | value |
//! meta    kind: 5 | dead, mark, zero | klen: 7 | told | vlen: 10 | changed_at, high: 6
//! ```

use crate::bytes::move_bytes;
use crate::moment::Moment;
use core::cmp::Ordering;
use tidings_wire::Kind;

const HEAD: usize = 13;
const STAMP: usize = 4;
/// What an entry past the last one seems to be: dead, and of a kind that comes after all others.
const NONE: u8 = 0xFF;

const DEAD: u32 = 1 << 5;
const MARK: u32 = 1 << 6;
const TOLD: u32 = 1 << 15;

/// In [`Table::end`]: no arena is that long.
pub(crate) const LOST: usize = 1 << (usize::BITS - 1);

/// Bytes that a fact of this key and value length takes, for sizing.
pub const fn fact_bytes(key: usize, value: usize) -> usize {
    HEAD + key + value
}

/// There is no room left, even without tombstones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoRoom;

/// Everything about a fact but its key and value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Head {
    meta: u32,
    /// The seq of the last change; 0 for what was not sent as a change.
    pub stamp: u32,
    /// The time of the last change.
    pub changed_at: Moment,
    pub count: u8,
}

impl Head {
    pub fn new(kind: Kind, klen: usize, vlen: usize) -> Self {
        let meta = u32::from(kind.0 & 31) | (klen as u32 & 0x7F) << 8 | (vlen as u32 & 0x3FF) << 16;
        Self { meta, ..Self::default() }
    }

    pub fn kind(&self) -> Kind {
        Kind((self.meta & 31) as u8)
    }

    pub fn klen(&self) -> usize {
        (self.meta >> 8 & 0x7F) as usize
    }

    pub fn vlen(&self) -> usize {
        (self.meta >> 16 & 0x3FF) as usize
    }

    /// Gone, kept until the host knows.
    pub fn dead(&self) -> bool {
        self.meta & DEAD != 0
    }

    /// Recorded again since its scan began.
    pub fn mark(&self) -> bool {
        self.meta & MARK != 0
    }

    /// Changed after boot: age and count are told.
    pub fn told(&self) -> bool {
        self.meta & TOLD != 0
    }

    pub fn set_mark(&mut self, on: bool) {
        self.meta = self.meta & !MARK | u32::from(on) << 6;
    }

    pub fn set_told(&mut self) {
        self.meta |= TOLD;
    }

    fn bury(&mut self) {
        self.meta = self.meta & 0x7F1F | DEAD | TOLD;
    }

    fn read(record: &[u8]) -> Self {
        let Some([m0, m1, m2, m3, s0, s1, s2, s3, c0, c1, c2, c3, count]) = record.first_chunk() else {
            return Self::default();
        };
        Self {
            meta: u32::from_le_bytes([*m0, *m1, *m2, *m3 & 3]),
            stamp: u32::from_le_bytes([*s0, *s1, *s2, *s3]),
            changed_at: Moment { low: u32::from_le_bytes([*c0, *c1, *c2, *c3]), high: *m3 >> 2 },
            count: *count,
        }
    }

    fn write(&self, record: &mut [u8]) {
        if let Some(bytes) = record.first_chunk_mut() {
            let [m0, m1, m2, m3] = (self.meta | u32::from(self.changed_at.high) << 26).to_le_bytes();
            let [s0, s1, s2, s3] = self.stamp.to_le_bytes();
            let [c0, c1, c2, c3] = self.changed_at.low.to_le_bytes();
            *bytes = [m0, m1, m2, m3, s0, s1, s2, s3, c0, c1, c2, c3, self.count];
        }
    }
}

/// The sorted facts.
#[derive(Debug)]
pub(crate) struct Table<'a> {
    arena: &'a mut [u8],
    used: usize,
    /// The entry that was found or laid last: a source lists things in the same order each time, so the next one is not far behind it.
    near: usize,
    /// Entries before it are covered by the Range under way.
    pub cursor: usize,
    /// Entries from `cursor` up to here are in the open Range step; with [`LOST`] if the one that ended it is gone.
    pub end: usize,
}

impl<'a> Table<'a> {
    pub fn new(arena: &'a mut [u8]) -> Self {
        Self { arena, used: 0, near: 0, cursor: 0, end: 0 }
    }

    /// Where the last entry ends.
    pub fn used(&self) -> usize {
        self.used
    }

    /// Bytes of memory.
    pub fn capacity(&self) -> usize {
        self.arena.len()
    }

    #[inline(never)]
    pub fn head(&self, at: usize) -> Head {
        Head::read(self.record(at))
    }

    #[inline(never)]
    pub fn key(&self, at: usize) -> &[u8] {
        key_of(self.record(at))
    }

    #[inline(never)]
    pub fn value(&self, at: usize) -> &[u8] {
        let record = self.record(at);
        record.get(HEAD + klen(record)..size(record)).unwrap_or(&[])
    }

    /// See [`Head::stamp`].
    #[inline(never)]
    pub fn stamp(&self, at: usize) -> u32 {
        self.record(at).get(STAMP..).and_then(|rest| rest.first_chunk()).map_or(0, |stamp| u32::from_le_bytes(*stamp))
    }

    /// True if an entry of `kind` is there.
    #[inline(always)]
    pub fn is_of(&self, at: usize, kind: Kind) -> bool {
        at < self.used && self.kind(at) == kind
    }

    /// Past the last entry, a kind that comes after all others.
    #[inline(never)]
    pub fn kind(&self, at: usize) -> Kind {
        Kind(self.flags(at) & 31)
    }

    /// See [`Head::dead`].
    #[inline(always)]
    pub fn is_dead(&self, at: usize) -> bool {
        self.flags(at) & DEAD as u8 != 0
    }

    /// Where `(kind, key)` is, or where it would be.
    pub fn find(&self, kind: Kind, key: &[u8]) -> Result<usize, usize> {
        self.search(kind, Some(key))
    }

    /// The first entry of `kind` or a later one.
    #[inline(never)]
    pub fn start_of(&self, kind: u8) -> usize {
        self.search(Kind(kind), None).unwrap_or_else(|at| at)
    }

    /// Where the entries of `kind` lie.
    pub fn of_kind(&self, kind: Kind) -> core::ops::Range<usize> {
        self.start_of(kind.0)..self.start_of(kind.0.saturating_add(1))
    }

    /// The entry after this one.
    #[inline(never)]
    pub fn next(&self, at: usize) -> usize {
        at + size(self.record(at))
    }

    pub fn set_stamp(&mut self, at: usize, stamp: u32) {
        let record = self.arena.get_mut(at..).unwrap_or(&mut []);
        if let Some(slot) = record.get_mut(STAMP..).and_then(|rest| rest.first_chunk_mut()) {
            *slot = stamp.to_le_bytes();
        }
    }

    pub fn set_mark(&mut self, at: usize, mark: bool) {
        self.near = at;
        if let Some(flags) = self.arena.get_mut(at) {
            *flags = *flags & !(MARK as u8) | if mark { MARK as u8 } else { 0 };
        }
    }

    /// Makes room for what `head` tells, where `found` says that it is or would be; gives the room of its value, which is still to be written.
    #[inline(never)]
    pub fn lay(&mut self, found: Result<usize, usize>, head: &Head, key: &[u8]) -> Result<&mut [u8], NoRoom> {
        let (at, old) = match found {
            Ok(at) => (at, size(self.record(at))),
            Err(at) => (at, 0),
        };
        let new = HEAD + head.klen() + head.vlen();
        self.reshape(at, old, new)?;
        let record = self.arena.get_mut(at..at + new).unwrap_or(&mut []);
        head.write(record);
        let (room_of_key, value) =
            record.get_mut(HEAD..).and_then(|rest| rest.split_at_mut_checked(key.len())).ok_or(NoRoom)?;
        copy(room_of_key, key);
        Ok(value)
    }

    /// Turns the entry into a tombstone: its key stays until the host knows.
    pub fn kill(&mut self, at: usize, stamp: u32, changed_at: Moment) {
        let mut head = self.head(at);
        let old = self.next(at);
        head.bury();
        (head.stamp, head.changed_at, head.count) = (stamp, changed_at, head.count.wrapping_add(1));
        self.lose(old);
        // A smaller record always fits.
        self.reshape(at, old - at, HEAD + head.klen()).ok();
        head.write(self.arena.get_mut(at..).unwrap_or(&mut []));
    }

    /// Takes the entry out; the one after it is then where it was.
    #[inline(never)]
    pub fn remove(&mut self, at: usize) {
        let old = self.next(at);
        self.lose(old);
        self.reshape(at, old - at, 0).ok();
    }

    /// Takes out tombstones that the host knows.
    pub fn retire(&mut self, acked: u32) {
        let mut at = 0;
        while at < self.used {
            if self.is_dead(at) && self.stamp(at) <= acked {
                self.remove(at);
            } else {
                at = self.next(at);
            }
        }
    }

    /// The entry with the lowest stamp above `after`, if that is at most `last`.
    pub fn next_changed(&self, after: u32, mut last: u32) -> Option<usize> {
        let (mut next, mut at, mut rest) = (None, 0, self.record(0));
        while let Some([_, klen, low, high, s0, s1, s2, s3]) = rest.first_chunk() {
            let stamp = u32::from_le_bytes([*s0, *s1, *s2, *s3]);
            if stamp > after && stamp <= last {
                (next, last) = (Some(at), stamp);
            }
            let size = size_of([*klen, *low, *high]);
            at += size;
            rest = rest.get(size..).unwrap_or(&[]);
        }
        next
    }

    /// The last entry before `to`, if there is one from `from` on.
    pub fn before(&self, from: usize, to: usize) -> Option<usize> {
        let (mut last, mut at) = (None, from);
        while at < to {
            last = Some(at);
            at = self.next(at);
        }
        last
    }

    // Without a key: the place before every key of the kind. It looks at every entry before that, so it calls nothing for most of them.
    #[inline(never)]
    fn search(&self, kind: Kind, key: Option<&[u8]>) -> Result<usize, usize> {
        let mut start = self.near;
        let mut at = start;
        let mut rest = self.record(at);
        while let Some([flags, klen, low, high]) = rest.first_chunk() {
            let held = flags & 31;
            let mut order = held.cmp(&kind.0);
            if held == kind.0 {
                order = key.map_or(Ordering::Greater, |key| key_of(rest).iter().cmp(key));
            }
            if order == Ordering::Equal {
                return Ok(at);
            }
            let mut size = size_of([*klen, *low, *high]);
            if order == Ordering::Greater {
                if at != start || start == 0 {
                    break;
                }
                // It lies before: once more, from the first one on.
                (start, at, size) = (0, 0, 0);
                rest = self.record(0);
            }
            at += size;
            rest = rest.get(size..).unwrap_or(&[]);
        }
        Err(at)
    }

    fn flags(&self, at: usize) -> u8 {
        self.record(at).first().copied().unwrap_or(NONE)
    }

    // What starts with the record at `at`; empty past the last one.
    #[inline(never)]
    fn record(&self, at: usize) -> &[u8] {
        self.arena.get(at..self.used).unwrap_or(&[])
    }

    // The record at `at` takes `new` bytes instead of `old`; all that lies behind it moves.
    #[inline(never)]
    fn reshape(&mut self, at: usize, old: usize, new: usize) -> Result<(), NoRoom> {
        if new > old + (self.arena.len() - self.used) {
            return Err(NoRoom);
        }
        move_bytes(self.arena, at + old, self.used, at + new);
        let by = new.wrapping_sub(old);
        self.used = self.used.wrapping_add(by);
        self.near = 0;
        for place in [&mut self.cursor, &mut self.end] {
            if at < *place & !LOST {
                *place = place.wrapping_add(by);
            }
        }
        Ok(())
    }

    // The entry that ended at `end` goes.
    fn lose(&mut self, end: usize) {
        if end == self.end {
            self.end |= LOST;
        }
    }
}

// The first bytes of a record's head alone, for the search.
fn klen(record: &[u8]) -> usize {
    usize::from(record.get(1).copied().unwrap_or(0) & 0x7F)
}

#[inline(never)]
fn key_of(record: &[u8]) -> &[u8] {
    record.get(HEAD..HEAD + klen(record)).unwrap_or(&[])
}

// Of a whole record.
#[inline(never)]
fn size(record: &[u8]) -> usize {
    match record.first_chunk() {
        Some([_, klen, low, high]) => size_of([*klen, *low, *high]),
        None => HEAD,
    }
}

#[inline(always)]
fn size_of([klen, low, high]: [u8; 3]) -> usize {
    HEAD + usize::from(klen & 0x7F) + (usize::from(u16::from_le_bytes([low, high])) & 0x3FF)
}

fn copy(to: &mut [u8], from: &[u8]) {
    to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
}
