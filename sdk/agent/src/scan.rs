//! A scan: a source lists everything of a kind, and what it no longer lists is gone.

use crate::coverage::KNOWN_KINDS;
use crate::{Agent, Fact, Kind, Limits, RecordError, Recorded};
use tidings_wire::KindMask;
use tidings_wire::facts::{Coverage, Health};

/// A scan under way. Dropping it abandons it: nothing is removed, and a kind that never finished one stays incomplete.
#[derive(Debug)]
#[must_use = "a scan removes nothing until it is finished"]
pub struct Scan<'s, 'a> {
    agent: &'s mut Agent<'a>,
    kind: Kind,
}

impl<'s, 'a> Scan<'s, 'a> {
    pub(crate) fn new(agent: &'s mut Agent<'a>, kind: Kind) -> Self {
        Self { agent, kind }
    }

    /// Records a fact that the source lists.
    ///
    /// # Errors
    /// As [`Agent::record`], and [`RecordError::UnknownKind`] for a fact of another kind; the scan may go on, its kind then ends as partial unless
    /// it was that.
    pub fn record(&mut self, fact: &dyn Fact) -> Result<Recorded, RecordError> {
        self.agent.record_of(KNOWN_KINDS.intersection(KindMask::of(self.kind)), fact, fact)
    }

    /// Records a measurement of a scan of [`Kind::HEALTH`] unless it is noise; noise counts as listed.
    ///
    /// # Errors
    /// As [`Agent::sample`].
    pub fn sample(&mut self, health: &Health<'_>, limits: &Limits) -> Result<Recorded, RecordError> {
        self.agent.sample(health, limits)
    }

    /// The source listed everything: facts that it did not list are removed, and the kind is complete.
    pub fn finish(self) {
        self.agent.finish_scan(self.kind);
    }

    /// The source listed what it could read of more: nothing is removed, and the kind is told as partial.
    pub fn partial(self) {
        self.agent.set_by_source(self.kind, Coverage::PARTIAL);
    }

    /// The source failed: nothing is removed, and the kind is told as failed.
    pub fn fail(self) {
        self.agent.fail(self.kind);
    }
}

impl<'a> Agent<'a> {
    /// The scan of `kind` that was begun and dropped goes on, for callers that cannot keep a borrow between two calls. Only after
    /// [`Agent::scan`]: what was not recorded since the last one is removed when this one finishes.
    pub fn resume_scan(&mut self, kind: Kind) -> Scan<'_, 'a> {
        Scan::new(self, kind)
    }
}
