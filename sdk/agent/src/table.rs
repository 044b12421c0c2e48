//! The facts, sorted by (kind, key), in memory that the caller owns.
//!
//! Promise: every look-up is a binary search, every change one move of bytes; nothing is ever cut or silently dropped.
//! Not here: what a change means for sync (see `agent` and `sync`).
//!
//! ```text
//! arena   | record | record | record |      free      | index n-1 … index 1 | index 0 |     index: u16 little-endian,
//!         0                          used                                             len    place >> shift
//!
//! record  | kind, flags | klen | vlen, flags u16 | stamp u32 | changed_at u32 | count | key | value | padding to 1 << shift
//! ```

use core::cmp::Ordering;
use tidings_wire::Kind;

const HEAD: usize = 13;
const INDEX: usize = 2;

const KIND: u8 = 0x1F;
const DEAD: u8 = 0x80;
const MARK: u8 = 0x40;
const OLD: u8 = 0x20;
const VLEN: u16 = 0x03FF;
const TOLD: u16 = 0x8000;

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
    pub kind: u8,
    /// Gone, kept until the host knows.
    pub dead: bool,
    /// Recorded again since its scan began.
    pub mark: bool,
    /// Changed so long ago that `changed_at` wrapped.
    pub old: bool,
    /// Changed after boot: age and count are told.
    pub told: bool,
    pub klen: usize,
    pub vlen: usize,
    /// The seq of the last change; 0 for what was there at boot.
    pub stamp: u32,
    /// Low 32 bits of the time of the last change in ms.
    pub changed_at: u32,
    pub count: u8,
}

/// The sorted facts.
#[derive(Debug)]
pub(crate) struct Table<'a> {
    arena: &'a mut [u8],
    used: usize,
    count: usize,
    shift: u32,
    /// Entries before it are covered by the Range under way.
    pub cursor: usize,
    /// Entries from `cursor` up to here are in the open Range step.
    pub end: usize,
    /// The entry that ended the open Range step is gone.
    pub end_lost: bool,
}

impl<'a> Table<'a> {
    pub fn new(arena: &'a mut [u8]) -> Self {
        let places = arena.len() >> 16;
        let shift = usize::BITS - places.leading_zeros();
        Self { arena, used: 0, count: 0, shift, cursor: 0, end: 0, end_lost: false }
    }

    pub fn len(&self) -> usize {
        self.count
    }

    pub fn head(&self, at: usize) -> Head {
        self.place(at).and_then(|place| self.head_at(place)).unwrap_or_default()
    }

    pub fn key(&self, at: usize) -> &[u8] {
        self.part(at, |head| (HEAD, head.klen))
    }

    pub fn value(&self, at: usize) -> &[u8] {
        self.part(at, |head| (HEAD + head.klen, head.vlen))
    }

    pub fn kind(&self, at: usize) -> Kind {
        Kind(self.head(at).kind)
    }

    /// Where `(kind, key)` is, or where it would be.
    pub fn find(&self, kind: Kind, key: &[u8]) -> Result<usize, usize> {
        self.search(|head, here| head.kind.cmp(&kind.0).then_with(|| here.cmp(key)))
    }

    /// Index of the first entry of `kind` or a later one.
    pub fn start_of(&self, kind: u8) -> usize {
        let order = |head: Head, _: &[u8]| if head.kind < kind { Ordering::Less } else { Ordering::Greater };
        self.search(order).unwrap_or_else(|at| at)
    }

    /// The indexes of `kind`.
    pub fn of_kind(&self, kind: Kind) -> core::ops::Range<usize> {
        self.start_of(kind.0)..self.start_of(kind.0.saturating_add(1))
    }

    pub fn set_head(&mut self, at: usize, head: &Head) {
        let place = self.place(at).unwrap_or(usize::MAX);
        self.write_head(place, head);
    }

    pub fn set_mark(&mut self, at: usize, mark: bool) {
        let mut head = self.head(at);
        head.mark = mark;
        self.set_head(at, &head);
    }

    /// Adds an entry at `at`, its value still to be written; gives the place for it.
    pub fn insert(&mut self, at: usize, head: &Head, key: &[u8]) -> Result<&mut [u8], NoRoom> {
        let size = self.size(head);
        let free = self.index_start().saturating_sub(self.used);
        if size + INDEX > free || self.count >= usize::from(u16::MAX) {
            return Err(NoRoom);
        }
        let place = self.used;
        self.used += size;
        self.open_index(at, place);
        self.write_head(place, head);
        write(self.arena, place + HEAD, key);
        self.cursor += usize::from(at < self.cursor);
        self.end += usize::from(at < self.end);
        self.value_mut(at).ok_or(NoRoom)
    }

    /// Gives the entry at `at` room for a value of `head.vlen` bytes and writes its head; the value is still to be written.
    pub fn resize(&mut self, at: usize, head: &Head) -> Result<&mut [u8], NoRoom> {
        let place = self.place(at).ok_or(NoRoom)?;
        let (old, new) = (self.size(&self.head(at)), self.size(head));
        if new > old + self.index_start().saturating_sub(self.used) {
            return Err(NoRoom);
        }
        self.shift_tail(place + old, new as isize - old as isize);
        self.write_head(place, head);
        self.value_mut(at).ok_or(NoRoom)
    }

    /// Turns the entry into a tombstone: its key stays until the host knows.
    pub fn kill(&mut self, at: usize, stamp: u32, changed_at: u32) {
        let mut head = self.head(at);
        head.dead = true;
        head.vlen = 0;
        head.told = true;
        head.old = false;
        (head.stamp, head.changed_at, head.count) = (stamp, changed_at, head.count.wrapping_add(1));
        self.end_lost |= at + 1 == self.end;
        let shrunk = self.resize(at, &head).is_ok();
        debug_assert!(shrunk, "a smaller record always fits");
    }

    /// Takes the entry out.
    pub fn remove(&mut self, at: usize) {
        let Some(place) = self.place(at) else { return };
        let size = self.size(&self.head(at));
        self.shift_tail(place + size, -(size as isize));
        self.close_index(at);
        self.end_lost |= at + 1 == self.end;
        self.cursor -= usize::from(at < self.cursor);
        self.end -= usize::from(at < self.end);
    }

    /// Takes out each entry for which `unwanted` holds.
    pub fn remove_where(&mut self, mut unwanted: impl FnMut(&Head, usize) -> bool) {
        for at in (0..self.count).rev() {
            if unwanted(&self.head(at), at) {
                self.remove(at);
            }
        }
    }

    /// Marks entries whose change is over 2³⁰ ms (12 days) ago, so that their ages saturate instead of wrapping.
    pub fn age_out(&mut self, now: u32, all: bool) {
        for at in 0..self.count {
            let mut head = self.head(at);
            if all || now.wrapping_sub(head.changed_at) > 1 << 30 {
                head.old = true;
                self.set_head(at, &head);
            }
        }
    }

    /// The entry with the lowest stamp above `after`, if any.
    pub fn next_changed(&self, after: u32) -> Option<(u32, usize)> {
        (0..self.count).map(|at| (self.head(at).stamp, at)).filter(|(stamp, _)| *stamp > after).min()
    }

    fn search(&self, order: impl Fn(Head, &[u8]) -> Ordering) -> Result<usize, usize> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low + (high - low) / 2;
            match order(self.head(middle), self.key(middle)) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Ok(middle),
            }
        }
        Err(low)
    }

    fn size(&self, head: &Head) -> usize {
        let granule = (1usize << self.shift) - 1;
        (HEAD + head.klen + head.vlen + granule) & !granule
    }

    fn part(&self, at: usize, bounds: impl Fn(&Head) -> (usize, usize)) -> &[u8] {
        let found = self.place(at).and_then(|place| {
            let (from, len) = bounds(&self.head_at(place)?);
            self.arena.get(place + from..)?.get(..len)
        });
        found.unwrap_or(&[])
    }

    fn value_mut(&mut self, at: usize) -> Option<&mut [u8]> {
        let place = self.place(at)?;
        let head = self.head_at(place)?;
        self.arena.get_mut(place + HEAD + head.klen..)?.get_mut(..head.vlen)
    }

    fn head_at(&self, place: usize) -> Option<Head> {
        let bytes: &[u8; HEAD] = self.arena.get(place..)?.first_chunk()?;
        let [first, klen, v0, v1, s0, s1, s2, s3, c0, c1, c2, c3, count] = *bytes;
        let vlen = u16::from_le_bytes([v0, v1]);
        Some(Head {
            kind: first & KIND,
            dead: first & DEAD != 0,
            mark: first & MARK != 0,
            old: first & OLD != 0,
            told: vlen & TOLD != 0,
            klen: usize::from(klen),
            vlen: usize::from(vlen & VLEN),
            stamp: u32::from_le_bytes([s0, s1, s2, s3]),
            changed_at: u32::from_le_bytes([c0, c1, c2, c3]),
            count,
        })
    }

    fn write_head(&mut self, place: usize, head: &Head) {
        let bit = |on: bool, flag: u8| if on { flag } else { 0 };
        let first = head.kind & KIND | bit(head.dead, DEAD) | bit(head.mark, MARK) | bit(head.old, OLD);
        let vlen = head.vlen as u16 & VLEN | if head.told { TOLD } else { 0 };
        let [v0, v1] = vlen.to_le_bytes();
        let [s0, s1, s2, s3] = head.stamp.to_le_bytes();
        let [c0, c1, c2, c3] = head.changed_at.to_le_bytes();
        write(self.arena, place, &[first, head.klen as u8, v0, v1, s0, s1, s2, s3, c0, c1, c2, c3, head.count]);
    }

    fn index_start(&self) -> usize {
        self.arena.len().saturating_sub(self.count * INDEX)
    }

    fn slot(&self, at: usize) -> usize {
        self.arena.len().wrapping_sub((at + 1) * INDEX)
    }

    fn place(&self, at: usize) -> Option<usize> {
        if at >= self.count {
            return None;
        }
        let bytes: &[u8; INDEX] = self.arena.get(self.slot(at)..)?.first_chunk()?;
        Some(usize::from(u16::from_le_bytes(*bytes)) << self.shift)
    }

    fn set_place(&mut self, at: usize, place: usize) {
        let bytes = ((place >> self.shift) as u16).to_le_bytes();
        let slot = self.slot(at);
        write(self.arena, slot, &bytes);
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

    // Moves all records from `from` on by `by` bytes and their places with them.
    fn shift_tail(&mut self, from: usize, by: isize) {
        if by == 0 {
            return;
        }
        move_bytes(self.arena, from, self.used, from.wrapping_add_signed(by));
        self.used = self.used.wrapping_add_signed(by);
        for at in 0..self.count {
            if let Some(place) = self.place(at).filter(|place| *place >= from) {
                self.set_place(at, place.wrapping_add_signed(by));
            }
        }
    }
}

fn write(arena: &mut [u8], place: usize, bytes: &[u8]) {
    let room = arena.get_mut(place..).unwrap_or(&mut []);
    room.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
}

// `copy_within` that does nothing where it would panic.
fn move_bytes(arena: &mut [u8], from: usize, to: usize, dest: usize) {
    let fits = from <= to && to <= arena.len() && dest <= arena.len() - (to - from);
    if fits {
        arena.copy_within(from..to, dest);
    }
}
