//! Range: the complete facts of a kind between two keys, as of a change number (SPEC §10, rule 8).
//!
//! Each segment replaces its interval at once and may come twice: nothing is staged. A kind is whole when segments cover it from its start.

use tidings_wire::KindMask;
use tidings_wire::segment::{Segment, Segments};

use super::change::Report;
use super::limit::upper_end;
use super::{Arrival, Refused, Replica};
use crate::effects::Effects;

impl Replica {
    pub(super) fn range(
        &mut self,
        as_of: u32,
        segments: Segments<'_>,
        arrival: &mut Arrival<'_>,
    ) -> Result<(), Refused> {
        if as_of < self.state.applied {
            return Err(Refused::NotApplied);
        }
        self.check_room_for_segments(segments, arrival.effects)?;
        for segment in segments.flatten() {
            self.replace(&segment, as_of, arrival.effects);
            self.cover(&segment);
        }
        Ok(())
    }

    fn replace(&mut self, segment: &Segment<'_>, as_of: u32, effects: &mut Effects) {
        for key in self.unlisted(segment) {
            self.remove(&Report::by_snapshot(segment.kind.0, &key, as_of), effects);
        }
        for (key, value) in segment.facts() {
            self.put(&Report::by_snapshot(segment.kind.0, key, as_of), value, effects);
        }
    }

    /// The keys held in the segment's interval that it does not list. Both sides ascend, so one walk is enough.
    fn unlisted(&self, segment: &Segment<'_>) -> Vec<Vec<u8>> {
        let mut listed = segment.facts().map(|(key, _)| key).peekable();
        let held = self.facts.within(segment.kind.0, segment.from, upper_end(segment));
        held.map(|(key, _)| key)
            .filter(|key| {
                while listed.next_if(|next| next < key).is_some() {}
                listed.peek() != Some(key)
            })
            .map(<[u8]>::to_vec)
            .collect()
    }

    /// Takes note of how far a pending kind is covered from its start.
    fn cover(&mut self, segment: &Segment<'_>) {
        let kind = segment.kind;
        if !self.pending().has(kind) {
            return;
        }
        let covered = self.state.coverage.get(&kind.0);
        if !segment.from.is_empty() && covered.is_none_or(|covered| covered.as_slice() < segment.from) {
            return;
        }
        if segment.last {
            self.state.pending = self.pending().without(KindMask::of(kind)).0;
            self.state.coverage.remove(&kind.0);
        } else if let Some(end) =
            upper_end(segment).filter(|end| covered.is_none_or(|covered| covered.as_slice() < *end))
        {
            self.state.coverage.insert(kind.0, end.to_vec());
        }
    }
}
