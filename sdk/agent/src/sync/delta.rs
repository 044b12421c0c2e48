//! Delta: everything that changed in `(base, upto]`, oldest change first, whole records up to the MTU.

use crate::Agent;
use tidings_wire::cursor::Writer;
use tidings_wire::message::head;
use tidings_wire::record;

/// Most bytes of the span and the digest, which stand before the records.
const BEFORE_RECORDS: usize = 5 + 4;

impl Agent<'_> {
    /// Writes a Delta whose head byte stands at `head_at`; false if no record fits, unless it may be `empty`.
    pub(super) fn delta(&mut self, out: &mut Writer<'_>, head_at: usize, empty: bool) -> bool {
        let (base, seq) = (self.session.acked, self.session.seq);
        out.u32(base);
        let start = out.len();
        out.hold_back(BEFORE_RECORDS);
        let upto = self.records(out, seq);
        out.release();
        out.rewind(start);
        if upto == base && seq != base && !empty {
            return false;
        }
        out.u32(upto.wrapping_sub(base));
        if upto == seq && self.wanted().is_empty() {
            out.mark(head_at, head::DIGEST);
            out.u32le(self.total().short());
        }
        self.records(out, upto);
        #[cfg(feature = "one-way")]
        (self.session.upto = upto);
        true
    }

    // Writes what changed up to `last`, as much as fits; gives where it got.
    fn records(&self, out: &mut Writer<'_>, last: u32) -> u32 {
        let mut upto = self.session.acked;
        while let Some(at) = self.table.next_changed(upto, last) {
            self.record_at(out, at);
            if out.overflowed() {
                return upto;
            }
            upto = self.table.stamp(at);
        }
        last
    }

    fn record_at(&self, out: &mut Writer<'_>, at: usize) {
        let head = self.table.head(at);
        out.u8(record::tag(head.kind(), head.dead(), head.told())).key(self.table.key(at));
        if !head.dead() {
            out.bytes(self.table.value(at));
        }
        if head.told() {
            out.u32(head.changed_at.age_ms(self.now)).u8(head.count);
        }
    }
}
