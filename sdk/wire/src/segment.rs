//! Segments of a Range (SPEC §3): all facts of a kind within an interval of keys.

use crate::cursor::{Reader, Writer};
use crate::{Kind, Malformed};

const FROM: u8 = 1 << 6;
const ZERO: u8 = 1 << 7;

/// One segment; its facts are already known to be well formed and ascending.
#[derive(Debug, Clone, Copy)]
pub struct Segment<'a> {
    /// What the facts are about.
    pub kind: Kind,
    /// The interval starts after this key; empty: before every key.
    pub from: &'a [u8],
    /// The interval runs to the end of the kind, not just to the last listed key.
    pub last: bool,
    /// How many facts there are.
    pub count: u16,
    facts: Reader<'a>,
}

impl<'a> Segment<'a> {
    /// Bit of the head byte: the interval runs to the end of the kind.
    pub const LAST: u8 = 1 << 5;

    /// The head byte of a segment.
    pub const fn head(kind: Kind, from: &[u8], last: bool) -> u8 {
        kind.0 | if from.is_empty() { 0 } else { FROM } | if last { Self::LAST } else { 0 }
    }

    /// Writes the head of a segment of `count` facts; each [`fact`] follows.
    pub fn write_head(out: &mut Writer<'_>, kind: Kind, from: &[u8], last: bool, count: u16) {
        out.u8(Self::head(kind, from, last));
        if !from.is_empty() {
            out.key(from);
        }
        out.u32(u32::from(count));
    }

    /// The facts, ascending by key.
    pub fn facts(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> + use<'a> {
        let (mut from, count) = (self.facts, self.count);
        (0..count).map_while(move |_| Some((from.key().ok()?, from.value().ok()?)))
    }

    /// The last listed key, or `from` if there is none.
    pub fn end(&self) -> &'a [u8] {
        self.facts().last().map_or(self.from, |(key, _)| key)
    }

    fn read(from: &mut Reader<'a>) -> Result<Self, Malformed> {
        let head = from.u8()?;
        let start = if head & FROM == 0 { &[][..] } else { from.key()? };
        let count = from.u16()?;
        let last = head & Self::LAST != 0;
        if head & ZERO != 0 || (count == 0 && !last) {
            return Err(Malformed);
        }
        let facts = *from;
        let mut previous = start;
        for _ in 0..count {
            let key = from.key()?;
            from.value()?;
            if key <= previous {
                return Err(Malformed);
            }
            previous = key;
        }
        Ok(Self { kind: Kind(head & 31), from: start, last, count, facts })
    }
}

/// Writes one fact of a segment.
pub fn fact(out: &mut Writer<'_>, key: &[u8], value: &[u8]) {
    out.key(key).bytes(value);
}

/// The segments of a Range in order.
#[derive(Debug, Clone, Copy)]
pub struct Segments<'a>(Reader<'a>);

impl<'a> Segments<'a> {
    /// The segments in `bytes`.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(Reader::new(bytes))
    }
}

impl<'a> Iterator for Segments<'a> {
    type Item = Result<Segment<'a>, Malformed>;

    #[inline(never)]
    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let next = Segment::read(&mut self.0);
        if next.is_err() {
            self.0 = Reader::new(&[]);
        }
        Some(next)
    }
}
