//! Range: all facts of wanted kinds within intervals of keys, chunk by chunk, several kinds to a packet where they fit.
//!
//! A chunk is the entries `table.cursor..table.end` of the kinds in `session.chunk`; the table moves both as entries come and go. A chunk
//! that can no longer end where it ended is a new step, because an answer to its older packets would cover something else.

use super::Chunk;
use crate::Agent;
use tidings_wire::cursor::Writer;
use tidings_wire::segment::{Segment, fact};
use tidings_wire::{Kind, KindMask};

/// Facts that one segment may list, so that its count is one byte.
const MOST: u8 = 127;

/// Where a segment stopped.
struct Stop {
    end: usize,
    last: bool,
}

impl Agent<'_> {
    /// Writes a Range body; `keep` is cleared if the chunk had to become another one. `None` if nothing fits.
    pub(super) fn range(&mut self, out: &mut Writer<'_>, keep: &mut bool) -> Option<()> {
        out.u32(self.session.seq);
        let start = out.len();
        if *keep && self.same_chunk(out) {
            return Some(());
        }
        *keep = false;
        out.rewind(start);
        self.fresh_chunk(out)
    }

    fn same_chunk(&mut self, out: &mut Writer<'_>) -> bool {
        let chunk = self.session.chunk;
        if !chunk.last && self.table.end_lost {
            return false;
        }
        let from = self.table.cursor;
        let hard_end = (!chunk.last).then_some(self.table.end);
        match self.fill(out, chunk.kinds, from, Kind(chunk.final_kind), hard_end) {
            Some((again, end)) if again == chunk && (chunk.last || end == self.table.end) => {
                self.table.end = end;
                true
            }
            _ => false,
        }
    }

    fn fresh_chunk(&mut self, out: &mut Writer<'_>) -> Option<()> {
        let want = self.session.want.within(self.coverage.compared());
        let (first, inside) = self.session.next_in_pass(want)?;
        if !inside {
            self.table.cursor = self.table.start_of(first.0);
        }
        let ahead = KindMask(want.0 & u32::MAX.checked_shl(u32::from(first.0)).unwrap_or(0));
        let (chunk, end) = self.fill(out, ahead, self.table.cursor, Kind(Kind::COUNT), None)?;
        self.session.chunk = chunk;
        self.table.end = end;
        self.table.end_lost = false;
        Some(())
    }

    // Writes segments of `kinds` from entry `from` on: as much as fits, but no kind past `final_kind` and, in that, no entry past `hard_end`.
    fn fill(
        &self,
        out: &mut Writer<'_>,
        kinds: KindMask,
        from: usize,
        final_kind: Kind,
        hard_end: Option<usize>,
    ) -> Option<(Chunk, usize)> {
        let mut done: Option<(Chunk, usize)> = None;
        let mut at = Some(from);
        for kind in kinds.iter().take_while(|kind| *kind <= final_kind) {
            let entries = self.table.of_kind(kind);
            let start = at.take().unwrap_or(entries.start).max(entries.start);
            let limit = hard_end.filter(|_| kind == final_kind);
            let mark = out.len();
            let Some(stop) = self.segment(out, kind, start, limit) else {
                out.rewind(mark);
                return done;
            };
            let so_far = done.map_or(KindMask::NONE, |(chunk, _)| chunk.kinds);
            let kinds = so_far.and(KindMask::of(kind));
            done = Some((Chunk { kinds, final_kind: kind.0, last: stop.last }, stop.end));
            if !stop.last {
                return done;
            }
        }
        done
    }

    // One segment; `None` if it neither ends its kind nor lists a fact, or does not fit at all.
    fn segment(&self, out: &mut Writer<'_>, kind: Kind, start: usize, limit: Option<usize>) -> Option<Stop> {
        let entries = self.table.of_kind(kind);
        let from = if start > entries.start { self.table.key(start - 1) } else { &[] };
        let head_at = out.len();
        Segment::write_head(out, kind, from, false, 0);
        let count_at = out.len().checked_sub(1)?;
        if out.overflowed() {
            return None;
        }
        let (mut count, mut end, mut last) = (0, start, limit.is_none());
        for at in start..limit.unwrap_or(entries.end) {
            if self.table.head(at).dead() {
                continue;
            }
            let mark = out.len();
            fact(out, self.table.key(at), self.table.value(at));
            if out.overflowed() || count == MOST {
                out.rewind(mark);
                last = false;
                break;
            }
            (count, end) = (count + 1, at + 1);
        }
        out.patch(head_at, Segment::head(kind, from, last));
        out.patch(count_at, count);
        (last || count > 0).then_some(Stop { end: if last { entries.end } else { end }, last })
    }

    /// The open chunk was accepted: moves the pass on.
    pub(super) fn chunk_accepted(&mut self) {
        let chunk = self.session.chunk;
        for kind in chunk.kinds.iter() {
            let ended = kind.0 != chunk.final_kind || chunk.last;
            if ended && self.session.again.has(kind) {
                self.session.again.remove(kind);
            } else if ended {
                self.session.want.remove(kind);
            }
        }
        self.session.pass = if chunk.last {
            super::Pass { kind: chunk.final_kind.saturating_add(1), inside: false }
        } else {
            super::Pass { kind: chunk.final_kind, inside: true }
        };
        self.table.cursor = self.table.end;
    }
}
