//! Buckets: the device's digest of each kind tells which kinds to ask for (SPEC §10, rule 6; from one that cannot hear, rule 11).
//!
//! It changes no fact but those of kinds that are switched off.

use tidings_wire::message::{Digests, Standing};
use tidings_wire::{Kind, KindMask};

use super::{Arrival, Refused, Replica};
use crate::effects::Why;

impl Replica {
    pub(super) fn buckets(
        &mut self,
        standing: &Standing,
        digests: &Digests<'_>,
        arrival: &mut Arrival<'_>,
    ) -> Result<(), Refused> {
        let gap = standing.seq > self.state.applied;
        if !self.totals_agree(standing, arrival) {
            let differing = self.differing(digests);
            if arrival.one_way && !gap {
                self.keep_coverage_of(differing);
            } else {
                self.state.coverage.clear();
            }
            self.state.pending = differing.0;
            self.state.ask = false;
            self.open_resync(Why::Digest, arrival.effects);
        }
        Ok(())
    }

    /// The kinds whose digests differ; all compared ones if the difference does not show in 32 bits.
    fn differing(&self, digests: &Digests<'_>) -> KindMask {
        let mut differing = KindMask::NONE;
        for (kind, digest) in digests.iter() {
            differing.set(kind, self.facts.digest(kind).short() != digest);
        }
        if differing.is_empty() { self.compared() } else { differing }
    }

    fn keep_coverage_of(&mut self, kinds: KindMask) {
        self.state.coverage.retain(|kind, _| kinds.has(Kind(*kind)));
    }
}
