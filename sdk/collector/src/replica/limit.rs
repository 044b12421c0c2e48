//! The most facts that a device may hold: a report beyond is refused whole, and nothing else is affected.
//!
//! Reports that shrink or replace are taken at the limit too.

use std::collections::BTreeMap;

use tidings_wire::record::{Record, Records};
use tidings_wire::segment::{Segment, Segments};

use super::{Refused, Replica};
use crate::effects::{Effects, Notice};

impl Replica {
    pub(super) fn check_room_for_records(
        &mut self,
        records: Records<'_>,
        effects: &mut Effects,
    ) -> Result<(), Refused> {
        let fits = self.fits(records.flatten().count()) || self.fits_after(records);
        self.tell_limit(fits, effects)
    }

    pub(super) fn check_room_for_segments(
        &mut self,
        segments: Segments<'_>,
        effects: &mut Effects,
    ) -> Result<(), Refused> {
        let listed = segments.flatten().map(|segment| usize::from(segment.count)).sum();
        let fits = self.fits(listed) || self.fits_after_replacing(segments);
        self.tell_limit(fits, effects)
    }

    fn fits(&self, more: usize) -> bool {
        self.facts.len() + more <= self.settings.max_facts
    }

    /// Exactly: how many facts there will be, each key counted once.
    fn fits_after(&self, records: Records<'_>) -> bool {
        let stays = |record: Record<'_>| record.value.is_some();
        let after: BTreeMap<_, _> = records.flatten().map(|r| ((r.kind.0, r.key), stays(r))).collect();
        let held = after.keys().filter(|(kind, key)| self.facts.get(*kind, key).is_some()).count();
        let staying = after.values().filter(|stays| **stays).count();
        self.facts.len() - held + staying <= self.settings.max_facts
    }

    /// Exactly for intervals that ascend without overlap, as devices send them; others are not let in at the limit.
    fn fits_after_replacing(&self, segments: Segments<'_>) -> bool {
        let (mut held, mut listed) = (0, 0);
        let mut before: Option<Segment<'_>> = None;
        for segment in segments.flatten() {
            let after_it = |before: &Segment<'_>| {
                before.kind < segment.kind
                    || before.kind == segment.kind && !before.last && before.end() <= segment.from
            };
            if !before.as_ref().is_none_or(after_it) {
                return false;
            }
            held += self.facts.within(segment.kind.0, segment.from, upper_end(&segment)).count();
            listed += usize::from(segment.count);
            before = Some(segment);
        }
        self.facts.len() - held + listed <= self.settings.max_facts
    }

    /// Told once, until a report fits again.
    fn tell_limit(&mut self, fits: bool, effects: &mut Effects) -> Result<(), Refused> {
        if !fits && !self.limit_told {
            effects.notice(Notice::FactLimit { limit: u32::try_from(self.settings.max_facts).unwrap_or(u32::MAX) });
        }
        self.limit_told = !fits;
        if fits { Ok(()) } else { Err(Refused::NotApplied) }
    }
}

/// The last key of a segment's interval; none for the end of the kind.
pub(super) fn upper_end<'a>(segment: &Segment<'a>) -> Option<&'a [u8]> {
    (!segment.last).then(|| segment.end())
}
