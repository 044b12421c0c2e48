//! A resync: from the first doubt about what is held until it is exact again.
//!
//! The request is level-triggered: it stands in every answer until the device has done its part. It is told once, at its start and end.

use tidings_wire::KindMask;

use super::{Healed, Replica};
use crate::effects::{Effects, Notice, Why};

impl Replica {
    /// From a device that hears: ask for its digests.
    pub(super) fn ask_for_buckets(&mut self, why: Why, effects: &mut Effects) {
        self.state.ask = true;
        self.open_resync(why, effects);
    }

    /// From any device: wait for all compared kinds as Range, from their start.
    pub(super) fn want_all(&mut self, why: Why, effects: &mut Effects) {
        self.want(self.compared(), why, effects);
    }

    /// Wait for `kinds` as Range, from their start.
    pub(super) fn want(&mut self, kinds: KindMask, why: Why, effects: &mut Effects) {
        self.state.pending = kinds.0;
        self.state.coverage.clear();
        self.open_resync(why, effects);
    }

    pub(super) fn want_nothing(&mut self) {
        self.state.pending = 0;
        self.state.coverage.clear();
    }

    pub(super) fn open_resync(&mut self, why: Why, effects: &mut Effects) {
        effects.touch();
        if self.state.resync.is_none() {
            self.state.resync = Some(Healed::default());
            effects.notice(Notice::ResyncAsked { why });
        }
    }

    pub(super) fn end_resync(&mut self, effects: &mut Effects) {
        let over = self.state.pending == 0 && !self.state.ask;
        if let Some(Healed { added, changed, removed }) = self.state.resync.take_if(|_| over) {
            effects.notice(Notice::ResyncDone { added, changed, removed });
        }
    }
}
