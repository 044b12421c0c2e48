//! Counts what became of packets, for `stats`, and tells a person of refusals without flooding the terminal.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::inbox::Source;
use super::say::say;
use crate::store::{Batch, StoreError};

/// Between two messages on the same reason.
const QUIET: Duration = Duration::from_secs(5);
/// How long counts may wait to be stored.
const SAVE_AFTER: Duration = Duration::from_secs(1);

/// Counters not yet stored, and when each reason was last spoken of.
#[derive(Debug, Default)]
pub struct Tally {
    counts: BTreeMap<&'static str, u64>,
    told: BTreeMap<&'static str, Told>,
    saved: Option<Instant>,
}

#[derive(Debug)]
struct Told {
    at: Instant,
    since: u64,
}

impl Tally {
    /// Counts.
    pub fn add(&mut self, counter: &'static str, by: u64) {
        *self.counts.entry(counter).or_default() += by;
    }

    /// Counts refused packets, and says so, at most once in a while for each reason.
    pub fn refuse(&mut self, counter: &'static str, by: u64, from: &Source, why: &str) {
        self.add(counter, by);
        let now = Instant::now();
        match self.told.get_mut(counter) {
            Some(told) if now.duration_since(told.at) < QUIET => told.since += by,
            Some(told) => {
                say(format_args!("{from}: refused: {why} (and {} more since the last message)", told.since));
                *told = Told { at: now, since: 0 };
            }
            None => {
                say(format_args!("{from}: refused: {why}"));
                self.told.insert(counter, Told { at: now, since: 0 });
            }
        }
    }

    /// Whether there are counts that have waited long enough.
    pub fn is_due(&self) -> bool {
        !self.counts.is_empty() && self.saved.is_none_or(|saved| saved.elapsed() > SAVE_AFTER)
    }

    /// Lets no count wait any longer.
    pub fn make_due(&mut self) {
        self.saved = None;
    }

    /// Stores the counts with the batch.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn save(&mut self, batch: &Batch<'_>) -> Result<(), StoreError> {
        self.saved = Some(Instant::now());
        while let Some((name, by)) = self.counts.pop_first() {
            batch.add_to_counter(name, by)?;
        }
        Ok(())
    }
}
