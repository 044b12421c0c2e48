//! A scan: a source lists everything of a kind, and what it no longer lists is gone.

use tidings_wire::facts::Coverage;

use crate::{Agent, Fact, Kind, RecordError, Recorded};

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
    /// As [`Agent::record`]; the scan may go on, its kind then ends as partial.
    pub fn record(&mut self, fact: &dyn Fact) -> Result<Recorded, RecordError> {
        self.agent.record(fact)
    }

    /// The source listed everything: facts that it did not list are removed, and the kind is complete.
    pub fn finish(self) {
        self.agent.finish_scan(self.kind);
    }

    /// The source listed what it could read of more: nothing is removed, and the kind is told as partial.
    pub fn partial(self) {
        self.agent.enter(self.kind, Coverage::PARTIAL);
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
