//! The facts, sorted by (kind, key), in memory that the caller owns.
//!
//! Promise: every look-up is a binary search, every change one move of bytes; nothing is ever cut or silently dropped.
//! Not here: what a change means for sync (see `agent` and `sync`).
//!
//! ```text
//! arena   | record | record | record |      free      | index n-1 … index 1 | index 0 |     index: u16 little-endian,
//!         0                          used                                             len    place >> shift
//!
//! record  | meta u32 | stamp u32 | changed_at u32 | count u8 | key | value | padding to 1 << shift |
//! meta    kind: 5 | dead, mark, zero | klen: 7 | told | vlen: 10 | changed_at, high: 6
//! ```

use crate::bytes::move_bytes;
use crate::moment::Moment;
use core::cmp::Ordering;
use tidings_wire::Kind;

const HEAD: usize = 13;
const STAMP: usize = 4;
const INDEX: usize = 2;

const DEAD: u32 = 1 << 5;
const MARK: u32 = 1 << 6;
const TOLD: u32 = 1 << 15;

/// Bytes that a fact of this key and value length takes in a table of up to 64 KiB, for sizing.
pub const fn fact_bytes(key: usize, value: usize) -> usize {
    HEAD + key + value + INDEX
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
    /// Entries before it are covered by the Range under way.
    pub cursor: usize,
    /// Entries from `cursor` up to here are in the open Range step.
    pub end: usize,
    count: u16,
    shift: u8,
    /// The entry that ended the open Range step is gone.
    pub end_lost: bool,
}

impl<'a> Table<'a> {
    pub fn new(arena: &'a mut [u8]) -> Self {
        let places = arena.len() >> 16;
        let shift = (usize::BITS - places.leading_zeros()) as u8;
        Self { arena, used: 0, cursor: 0, end: 0, count: 0, shift, end_lost: false }
    }

    pub fn len(&self) -> usize {
        self.count.into()
    }

    /// Bytes of memory, index and all.
    #[cfg(feature = "persistent-events")]
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
        let (klen, vlen) = lengths(record);
        record.get(HEAD + klen..).and_then(|rest| rest.get(..vlen)).unwrap_or(&[])
    }

    /// See [`Head::stamp`].
    #[inline(never)]
    pub fn stamp(&self, at: usize) -> u32 {
        self.record(at).get(STAMP..).and_then(|rest| rest.first_chunk()).map_or(0, |stamp| u32::from_le_bytes(*stamp))
    }

    pub fn kind(&self, at: usize) -> Kind {
        kind_of(self.record(at))
    }

    /// See [`Head::dead`].
    pub fn is_dead(&self, at: usize) -> bool {
        self.record(at).first().is_some_and(|flags| flags & DEAD as u8 != 0)
    }

    /// Where `(kind, key)` is, or where it would be.
    pub fn find(&self, kind: Kind, key: &[u8]) -> Result<usize, usize> {
        self.search(kind, Some(key))
    }

    /// Index of the first entry of `kind` or a later one.
    pub fn start_of(&self, kind: u8) -> usize {
        self.search(Kind(kind), None).unwrap_or_else(|at| at)
    }

    /// The indexes of `kind`.
    pub fn of_kind(&self, kind: Kind) -> core::ops::Range<usize> {
        self.start_of(kind.0)..self.start_of(kind.0.saturating_add(1))
    }

    pub fn set_stamp(&mut self, at: usize, stamp: u32) {
        let place = self.place(at);
        write(self.arena, place.saturating_add(STAMP), &stamp.to_le_bytes());
    }

    pub fn set_mark(&mut self, at: usize, mark: bool) {
        let place = self.place(at);
        if let Some(flags) = self.arena.get_mut(place) {
            *flags = *flags & !(MARK as u8) | if mark { MARK as u8 } else { 0 };
        }
    }

    /// Adds an entry at `at`, its value still to be written; gives the room for it.
    #[inline(never)]
    pub fn insert(&mut self, at: usize, head: &Head, key: &[u8]) -> Result<&mut [u8], NoRoom> {
        let size = self.granules(head.klen() + head.vlen());
        if size + INDEX > self.free() || self.count == u16::MAX {
            return Err(NoRoom);
        }
        let place = self.used;
        self.used += size;
        self.open_index(at, place);
        write(self.arena, place + HEAD, key);
        self.cursor += usize::from(at < self.cursor);
        self.end += usize::from(at < self.end);
        Ok(self.lay(place, head))
    }

    /// Gives the entry at `at` room for a value of `head`'s length and writes its head; the value is still to be written.
    #[inline(never)]
    pub fn resize(&mut self, at: usize, head: &Head) -> Result<&mut [u8], NoRoom> {
        let place = self.place(at);
        let (old, new) = (self.size(at), self.granules(head.klen() + head.vlen()));
        if new > old + self.free() {
            return Err(NoRoom);
        }
        self.shift_tail(place + old, place + new);
        Ok(self.lay(place, head))
    }

    /// Turns the entry into a tombstone: its key stays until the host knows.
    pub fn kill(&mut self, at: usize, stamp: u32, changed_at: Moment) {
        let mut head = self.head(at);
        head.bury();
        (head.stamp, head.changed_at, head.count) = (stamp, changed_at, head.count.wrapping_add(1));
        self.end_lost |= at + 1 == self.end;
        // A smaller record always fits.
        self.resize(at, &head).ok();
    }

    /// Takes the entry out.
    #[inline(never)]
    pub fn remove(&mut self, at: usize) {
        let place = self.place(at);
        let size = self.size(at);
        self.shift_tail(place + size, place);
        self.close_index(at);
        self.end_lost |= at + 1 == self.end;
        self.cursor -= usize::from(at < self.cursor);
        self.end -= usize::from(at < self.end);
    }

    /// Takes out tombstones that the host knows.
    #[inline(never)]
    pub fn retire(&mut self, acked: u32) {
        for at in (0..self.len()).rev() {
            if self.is_dead(at) && self.stamp(at) <= acked {
                self.remove(at);
            }
        }
    }

    /// The entry with the lowest stamp above `after`, if that is at most `last`.
    #[inline(never)]
    pub fn next_changed(&self, after: u32, mut last: u32) -> Option<usize> {
        let mut next = None;
        for at in 0..self.len() {
            let stamp = self.stamp(at);
            if stamp > after && stamp <= last {
                (next, last) = (Some(at), stamp);
            }
        }
        next
    }

    // Without a key: the place before every key of the kind.
    #[inline(never)]
    fn search(&self, kind: Kind, key: Option<&[u8]>) -> Result<usize, usize> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = (low + high) / 2;
            let record = self.record(middle);
            let order = match (kind_of(record).cmp(&kind), key) {
                (Ordering::Equal, Some(key)) => key_of(record).iter().cmp(key), // bytewise: `memcmp` costs more
                (Ordering::Equal, None) => Ordering::Greater,
                (order, _) => order,
            };
            match order {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Ok(middle),
            }
        }
        Err(low)
    }

    fn size(&self, at: usize) -> usize {
        let (klen, vlen) = lengths(self.record(at));
        self.granules(klen + vlen)
    }

    // What a record with this much key and value takes.
    #[inline(never)]
    fn granules(&self, bytes: usize) -> usize {
        let granule = (1usize << self.shift) - 1;
        (HEAD + bytes + granule) & !granule
    }

    fn free(&self) -> usize {
        self.index_start().saturating_sub(self.used)
    }

    // Writes a record's head; gives the room of its value.
    #[inline(never)]
    fn lay(&mut self, place: usize, head: &Head) -> &mut [u8] {
        let record = self.arena.get_mut(place..).unwrap_or(&mut []);
        head.write(record);
        record.get_mut(HEAD + head.klen()..).and_then(|rest| rest.get_mut(..head.vlen())).unwrap_or(&mut [])
    }

    // What starts with the record of entry `at`; empty if there is none.
    #[inline(never)]
    fn record(&self, at: usize) -> &[u8] {
        self.arena.get(self.place(at)..).unwrap_or(&[])
    }

    fn index_start(&self) -> usize {
        self.arena.len().saturating_sub(self.len() * INDEX)
    }

    fn slot(&self, at: usize) -> usize {
        self.arena.len().wrapping_sub((at + 1) * INDEX)
    }

    // Where the record of entry `at` starts; past every byte if there is none.
    fn place(&self, at: usize) -> usize {
        if at >= self.len() {
            return usize::MAX;
        }
        let slot = self.slot(at);
        match self.arena.get(slot..slot.wrapping_add(INDEX)) {
            Some(&[low, high]) => usize::from(u16::from_le_bytes([low, high])) << self.shift,
            _ => usize::MAX,
        }
    }

    fn set_place(&mut self, at: usize, place: usize) {
        let slot = self.slot(at);
        write(self.arena, slot, &((place >> self.shift) as u16).to_le_bytes());
    }

    fn open_index(&mut self, at: usize, place: usize) {
        let (from, to) = (self.index_start(), self.slot(at) + INDEX);
        move_bytes(self.arena, from, to, from.wrapping_sub(INDEX));
        self.count += 1;
        self.set_place(at, place);
    }

    fn close_index(&mut self, at: usize) {
        let (from, to) = (self.index_start(), self.slot(at));
        move_bytes(self.arena, from, to, from + INDEX);
        self.count -= 1;
    }

    // Moves all records that start at `from` or later so that the first one starts at `to`, and their places with them.
    fn shift_tail(&mut self, from: usize, to: usize) {
        if from == to {
            return;
        }
        move_bytes(self.arena, from, self.used, to);
        let by = to.wrapping_sub(from);
        self.used = self.used.wrapping_add(by);
        for at in 0..self.len() {
            let place = self.place(at);
            if place >= from {
                self.set_place(at, place.wrapping_add(by));
            }
        }
    }
}

// The first bytes of a record's head alone, for the search.
fn kind_of(record: &[u8]) -> Kind {
    Kind(record.first().copied().unwrap_or(0) & 31)
}

fn key_of(record: &[u8]) -> &[u8] {
    let klen = usize::from(record.get(1).copied().unwrap_or(0) & 0x7F);
    record.get(HEAD..HEAD + klen).unwrap_or(&[])
}

// Of key and value.
#[inline(never)]
fn lengths(record: &[u8]) -> (usize, usize) {
    match record.first_chunk() {
        Some([_, klen, low, high]) => ((klen & 0x7F).into(), usize::from(u16::from_le_bytes([*low, *high])) & 0x3FF),
        None => (0, 0),
    }
}

#[inline(never)]
fn write(arena: &mut [u8], place: usize, bytes: &[u8]) {
    let room = arena.get_mut(place..).unwrap_or(&mut []);
    room.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
}
