//! Beat, and any digest of the whole state: the proof that both sides hold the same (SPEC §10, rule 9).
//!
//! A digest is not looked at while a resync is open: it would only tell what is known.

use super::{Arrival, Refused, Replica};
use crate::effects::Why;

impl Replica {
    pub(super) fn beat(&mut self, seq: u32, digest: u32, arrival: &mut Arrival<'_>) -> Result<(), Refused> {
        if seq != self.state.applied && !arrival.one_way {
            self.ask_for_buckets(Why::Beat, arrival.effects);
        } else {
            self.compare(digest, arrival);
        }
        Ok(())
    }

    /// Compares the device's digest of all compared kinds with what is held.
    pub(super) fn compare(&mut self, digest: u32, arrival: &mut Arrival<'_>) {
        let equal = self.facts.total(self.compared()).short() == digest;
        let quiet = self.state.pending == 0 && !self.state.ask;
        match (equal, arrival.one_way) {
            (true, true) => self.want_nothing(),
            (false, true) if quiet => self.want_all(Why::Digest, arrival.effects),
            (false, false) if quiet => self.ask_for_buckets(Why::Digest, arrival.effects),
            _ => {}
        }
    }
}
