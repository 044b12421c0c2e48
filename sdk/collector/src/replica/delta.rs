//! Delta: everything that changed in `(base, upto]` (SPEC §10, rule 7; from a device that cannot hear, rule 11).
//!
//! Loss, repetition and reordering of packets are harmless: an interval that does not join what is held is refused or skipped whole.

use core::ops::Range;

use tidings_wire::record::{Record, Records};

use super::change::Report;
use super::{Arrival, Refused, Replica};
use crate::effects::{Effects, Why};

impl Replica {
    /// `interval` is `base..upto`.
    pub(super) fn delta(
        &mut self,
        interval: Range<u32>,
        digest: Option<u32>,
        records: Records<'_>,
        arrival: &mut Arrival<'_>,
    ) -> Result<(), Refused> {
        let Range { start: base, end: upto } = interval;
        self.forget_graves(base, arrival.effects);
        let gap = base > self.state.applied;
        if gap && !arrival.one_way {
            self.ask_for_buckets(Why::Gap, arrival.effects);
            return Err(Refused::NotApplied);
        }
        if upto > self.state.applied {
            self.check_room_for_records(records, arrival.effects)?;
            for record in records.flatten() {
                self.apply(&record, upto, arrival);
            }
            self.state.applied = upto;
        }
        if gap {
            self.want_all(Why::Gap, arrival.effects);
        }
        if let Some(digest) = digest.filter(|_| upto == self.state.applied) {
            self.compare(digest, arrival);
        }
        Ok(())
    }

    /// The device knows that removals up to its base were heard, and has forgotten their counts, whatever becomes of this Delta.
    fn forget_graves(&mut self, base: u32, effects: &mut Effects) {
        let held = self.state.graves.len();
        self.state.graves.retain(|grave| grave.seq > base);
        if self.state.graves.len() < held {
            effects.touch();
        }
    }

    fn apply(&mut self, record: &Record<'_>, upto: u32, arrival: &mut Arrival<'_>) {
        let report = Report::by_record(record, upto, arrival.at_ms);
        match record.value {
            Some(value) => self.put(&report, value, arrival.effects),
            None => self.remove(&report, arrival.effects),
        }
    }
}
