//! What a batch is to write: the lines of the log, and the facts that they tell of, each fact once.
//!
//! Lines stay in the order in which they came. Facts are written in the order of the table, so that each of its pages is visited once;
//! of several changes of one fact the last one is written. Decides nothing of what a line says.

use crate::effects::{Change, Count};
use crate::line::Decoded;
use crate::store::{Batch, FactRow, LogLine, StoreError};

/// Lines and facts of the open batch.
#[derive(Debug, Default)]
pub struct Ledger {
    lines: Vec<LogLine>,
    changed: Vec<Changed>,
    decoded: Decoded,
}

/// A fact to be written or deleted: its bytes are its line's.
#[derive(Debug)]
struct Changed {
    line: usize,
    /// How much of the line's JSON tells of the fact as it is now.
    now: usize,
    count: Count,
}

impl Ledger {
    /// Takes a line that tells of no fact.
    pub fn push(&mut self, line: LogLine) {
        self.lines.push(line);
    }

    /// Takes the line of a changed fact, and decodes what it tells; `line` has its bytes.
    pub fn push_change(&mut self, mut line: LogLine, change: &Change<'_>) {
        let now = self.decoded.fact(change.kind, change.key, line.value.as_deref(), change.old);
        self.decoded.text().clone_into(&mut line.json);
        self.changed.push(Changed { line: self.lines.len(), now, count: change.count });
        self.lines.push(line);
    }

    /// Writes the facts that changed since the last time.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn write_facts(&mut self, batch: &Batch<'_>) -> Result<(), StoreError> {
        let Self { lines, changed, .. } = self;
        let fact = |changed: &Changed| {
            let line = &lines[changed.line];
            (line.device, line.kind, line.key.as_deref(), changed.line)
        };
        changed.sort_unstable_by(|one, other| fact(one).cmp(&fact(other)));
        let mut facts = batch.facts_writer()?;
        let mut json = String::new();
        for same in changed.chunk_by(|one, other| {
            let ((device, kind, key, _), next) = (fact(one), fact(other));
            (device, kind, key) == (next.0, next.1, next.2)
        }) {
            let Some(Changed { line, now, count }) = same.last() else { continue };
            let line = &lines[*line];
            let (kind, key) = (line.kind.unwrap_or_default() as u8, line.key.as_deref().unwrap_or_default());
            let Some(value) = line.value.as_deref() else {
                facts.remove(&line.device, kind, key)?;
                continue;
            };
            json.clear();
            json.push_str(line.json.get(..*now).unwrap_or_default());
            json.push('}');
            let (count, changed_at_ms) = (*count, line.changed_at_ms);
            facts.put(&line.device, FactRow { kind, key, value, count, json: &json, changed_at_ms })?;
        }
        changed.clear();
        Ok(())
    }

    /// Writes all that is left, and numbers the lines.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn write(&mut self, batch: &Batch<'_>) -> Result<(), StoreError> {
        self.write_facts(batch)?;
        batch.append(&mut self.lines)
    }

    /// Takes the lines out, for whom they are to be shown.
    pub fn take_lines(&mut self) -> Vec<LogLine> {
        std::mem::take(&mut self.lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device_id::DeviceId;
    use crate::effects::{Cause, Effects, Op};
    use crate::run::fleet::new_row;
    use crate::run::record::Recorder;
    use crate::run::tally::Tally;
    use crate::store::{Store, query};

    fn change<'a>(key: &'a [u8], value: Option<&'a [u8]>) -> Change<'a> {
        let op = if value.is_some() { Op::Changed } else { Op::Removed };
        let (value, count) = (value.unwrap_or_default(), Count { epoch: 1, seen: Some(1) });
        Change { kind: 8, key, op, value, old: None, changed_at_ms: Some(1), times: 1, cause: Cause::Delta, count }
    }

    /// What the table holds after one batch with these effects, as (key, value, JSON).
    fn written(effects: impl FnOnce(&mut Effects)) -> Vec<(Vec<u8>, Vec<u8>, String)> {
        let folder = tempfile::tempdir().expect("a folder");
        let mut store = Store::create(&folder.path().join("db")).expect("a database");
        let id = DeviceId::new(b"d").expect("an id");
        let (mut list, mut ledger, mut tally) = (Effects::new(), Ledger::default(), Tally::default());
        effects(&mut list);
        let batch = store.begin().expect("a batch");
        let mut recorder = Recorder { batch: &batch, at_ms: 1, ledger: &mut ledger, tally: &mut tally };
        recorder.record(&new_row(id, 1), &list).expect("recorded");
        ledger.write(&batch).expect("written");
        batch.commit().expect("committed");
        let facts = query::facts(&store.db, &id, None).expect("facts");
        facts.into_iter().map(|fact| (fact.key, fact.value, fact.json)).collect()
    }

    fn fact(key: &[u8], value: &[u8]) -> (Vec<u8>, Vec<u8>, String) {
        let (key_json, value_json) = (crate::present::key(8, key), crate::present::value(8, key, value));
        (key.to_vec(), value.to_vec(), format!(r#"{{"key":{key_json},"value":{value_json}}}"#))
    }

    #[test]
    fn the_last_change_of_a_fact_is_what_is_written() {
        let facts = written(|effects| {
            effects.change(change(b"b", Some(b"1")));
            effects.change(change(b"a", Some(b"9")));
            effects.change(change(b"b", Some(b"2")));
            effects.change(change(b"c", Some(b"3")));
            effects.change(change(b"c", None));
            effects.change(change(b"a", None));
            effects.change(change(b"a", Some(b"4")));
        });
        assert_eq!(facts, [fact(b"a", b"4"), fact(b"b", b"2")]);
    }

    #[test]
    fn a_cleared_kind_takes_what_came_before_and_nothing_after() {
        let facts = written(|effects| {
            effects.change(change(b"a", Some(b"1")));
            effects.cleared(8);
            effects.change(change(b"b", Some(b"2")));
        });
        assert_eq!(facts, [fact(b"b", b"2")]);
    }
}
