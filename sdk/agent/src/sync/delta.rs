//! Delta: everything that changed in `(base, upto]`, oldest change first, whole records up to the MTU.

use crate::Agent;
use crate::table::Head;
use tidings_wire::cursor::Writer;
use tidings_wire::message::head;
use tidings_wire::record::{Record, Told};

/// What fits into one Delta.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Plan {
    upto: u32,
    all: bool,
}

impl Agent<'_> {
    /// Writes a Delta whose head byte stands at `head_at`; gives its `upto`. `None` if no record fits, unless it may be `empty`.
    pub(super) fn delta(&self, out: &mut Writer<'_>, head_at: usize, first: u8, empty: bool) -> Option<u32> {
        let now = self.now;
        let (base, seq) = (self.session.acked, self.session.seq);
        out.u32(base);
        let settled = self.session.want.within(self.coverage.compared()).is_empty();
        let frame = varint_len(seq.wrapping_sub(base)) + if settled { 4 } else { 0 };
        let plan = self.plan_delta(out.room().checked_sub(frame)?, now);
        if plan.upto == base && self.session.dirty() && !empty {
            return None;
        }
        out.u32(plan.upto.wrapping_sub(base));
        if plan.all && settled {
            out.patch(head_at, first | head::DIGEST);
            out.raw(&self.total().short().to_le_bytes());
        }
        let mut after = base;
        while let Some((stamp, at)) = self.table.next_changed(after).filter(|(stamp, _)| *stamp <= plan.upto) {
            self.record_at(at, now).write(out);
            after = stamp;
        }
        Some(plan.upto)
    }

    fn plan_delta(&self, mut room: usize, now: u64) -> Plan {
        let mut upto = self.session.acked;
        while let Some((stamp, at)) = self.table.next_changed(upto) {
            match room.checked_sub(record_len(&self.record_at(at, now))) {
                Some(rest) => room = rest,
                None => return Plan { upto, all: false },
            }
            upto = stamp;
        }
        Plan { upto: self.session.seq, all: true }
    }

    fn record_at(&self, at: usize, now: u64) -> Record<'_> {
        let entry = self.table.head(at);
        Record {
            kind: entry.kind(),
            key: self.table.key(at),
            value: (!entry.dead()).then(|| self.table.value(at)),
            told: entry.told().then(|| told(&entry, now)),
        }
    }
}

fn told(entry: &Head, now: u64) -> Told {
    let age_ms = if entry.old() { u32::MAX } else { (now as u32).wrapping_sub(entry.changed_at) };
    Told { age_ms, count: entry.count }
}

/// Bytes of a record on the wire.
pub(crate) fn record_len(record: &Record<'_>) -> usize {
    let value = record.value.map_or(0, |value| varint_len(value.len() as u32) + value.len());
    let told = record.told.map_or(0, |told| varint_len(told.age_ms) + 1);
    2 + record.key.len() + value + told
}

fn varint_len(value: u32) -> usize {
    (38 - (value | 1).leading_zeros() as usize) / 7
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidings_wire::Kind;

    #[test]
    fn lengths_are_those_of_the_writer() {
        for value in [0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, 268_435_455, 268_435_456, u32::MAX] {
            let mut bytes = [0; 16];
            let mut out = Writer::new(&mut bytes);
            out.u32(value);
            assert_eq!(out.len(), varint_len(value), "{value}");
        }
        for (value, told) in [(None, None), (Some(&[1u8; 200][..]), Some(Told { age_ms: 300, count: 3 }))] {
            let record = Record { kind: Kind::SOFTWARE, key: b"key", value, told };
            let mut bytes = [0; 300];
            let mut out = Writer::new(&mut bytes);
            record.write(&mut out);
            assert_eq!(out.len(), record_len(&record));
        }
    }
}
