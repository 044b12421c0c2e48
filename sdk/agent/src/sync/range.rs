//! Range: all facts of wanted kinds within intervals of keys, chunk by chunk, several kinds to a packet where they fit.
//!
//! A chunk is the entries `table.cursor..table.end` of the kinds in `session.chunk`; the table moves both as entries come and go. A chunk
//! that can no longer end where it ended is a new step, because an answer to its older packets would cover something else.

use super::Chunk;
use crate::Agent;
use crate::table::LOST;
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
    /// Writes a Range body; false if nothing fits. Ends the open step if its chunk became another one.
    pub(super) fn range(&mut self, out: &mut Writer<'_>) -> bool {
        let (before, end) = (self.session.chunk, self.table.end);
        out.u32(self.session.seq);
        self.fill(out);
        let chunk = self.session.chunk;
        let same_end = chunk.last || self.table.end == end;
        self.session.open &= chunk.kinds == before.kinds && chunk.last == before.last && same_end;
        !chunk.kinds.is_empty()
    }

    // Writes segments of wanted kinds from the cursor on, as much as fits: the chunk from now on, up to the table's `end`.
    #[inline(never)]
    fn fill(&mut self, out: &mut Writer<'_>) {
        let want = self.wanted();
        self.session.chunk.kinds = KindMask::NONE;
        let Some((first, inside)) = self.session.next_in_pass(want) else { return };
        if !inside {
            self.table.cursor = self.table.start_of(first.0);
        }
        for kind in want.at_least(first).iter() {
            let mark = out.len();
            let Some(stop) = self.segment(out, kind) else {
                out.rewind(mark);
                break;
            };
            self.table.end = stop.end;
            let chunk = &mut self.session.chunk;
            chunk.kinds.insert(kind);
            (chunk.final_kind, chunk.last) = (kind.0, stop.last);
            if !stop.last {
                break;
            }
        }
    }

    // One segment; `None` if it neither ends its kind nor lists a fact, or does not fit at all.
    fn segment(&self, out: &mut Writer<'_>, kind: Kind) -> Option<Stop> {
        let entries = self.table.of_kind(kind);
        let start = entries.start.max(self.table.cursor);
        let from = self.table.before(entries.start, start).map_or(&[][..], |before| self.table.key(before));
        let head_at = out.len();
        Segment::write_head(out, kind, from, false, 0);
        if out.overflowed() {
            return None;
        }
        let count_at = out.len() - 1;
        let mut count = 0;
        let mut stop = Stop { end: start, last: true };
        let mut next = start;
        while next < entries.end {
            let at = next;
            next = self.table.next(at);
            if self.table.is_dead(at) {
                continue;
            }
            let mark = out.len();
            fact(out, self.table.key(at), self.table.value(at));
            if out.overflowed() || count == MOST {
                out.rewind(mark);
                stop.last = false;
                break;
            }
            count += 1;
            stop.end = next;
        }
        out.mark(count_at, count);
        if stop.last {
            out.mark(head_at, Segment::LAST);
            stop.end = entries.end;
        }
        (stop.last || count > 0).then_some(stop)
    }

    /// The open chunk was accepted: moves the pass on.
    pub(super) fn chunk_accepted(&mut self) {
        let session = &mut self.session;
        let Chunk { kinds, final_kind, last, .. } = session.chunk;
        let ended = if last { kinds } else { kinds.without(KindMask::of(Kind(final_kind))) };
        session.want = session.want.without(ended.without(session.again));
        session.again = session.again.without(ended);
        (session.chunk.kind, session.chunk.inside) = (final_kind + u8::from(last), !last);
        self.table.cursor = self.table.end & !LOST;
    }
}
