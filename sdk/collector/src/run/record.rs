//! Writes down what a packet did: a line for each change, event and notice; the facts follow from the lines.
//!
//! In the order of the effects, within the batch's transaction.

use tidings_wire::Severity;

use super::ledger::Ledger;
use super::tally::Tally;
use crate::device_id::DeviceId;
use crate::effects::{Change, Effect, Effects, Event, Notice, Op};
use crate::line::event_json;
use crate::store::{Batch, Class, DeviceRow, LogLine, StoreError};

/// What one batch writes.
#[derive(Debug)]
pub struct Recorder<'a, 'db> {
    /// The open transaction.
    pub batch: &'a Batch<'db>,
    /// Arrival of the packet, Unix ms.
    pub at_ms: i64,
    /// Takes the lines of the log and the facts, to be written with the batch.
    pub ledger: &'a mut Ledger,
    /// Takes the counts.
    pub tally: &'a mut Tally,
}

impl Recorder<'_, '_> {
    /// Writes all effects on one device.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn record(&mut self, device: &DeviceRow, effects: &Effects) -> Result<(), StoreError> {
        for effect in effects.iter() {
            let line = LogLine::new(self.at_ms, device);
            match effect {
                Effect::Change(change) => self.ledger.push_change(change_line(line, &change), &change),
                Effect::Cleared { kind } => self.clear(&device.id, kind)?,
                Effect::Event(event) => self.ledger.push(event_line(line, &event)),
                Effect::Lost { severity, count } => self.lost(line, severity, count),
                Effect::Notice(notice) => self.notice(line, notice),
            }
        }
        Ok(())
    }

    /// Facts reported before the boot are written first: they go with the others.
    fn clear(&mut self, id: &DeviceId, kind: u8) -> Result<(), StoreError> {
        self.ledger.write_facts(self.batch)?;
        self.batch.clear_kind(id, kind)
    }

    fn lost(&mut self, line: LogLine, severity: u8, count: u32) {
        self.tally.add("events_lost", u64::from(count));
        let text = format!("{count} events of severity {} were dropped on the device", severity_name(severity));
        let json = serde_json::json!({ "severity": severity_name(severity), "text": text }).to_string();
        self.ledger.push(LogLine { class: Class::Notice, op: "events_lost".into(), times: count, json, ..line });
    }

    fn notice(&mut self, line: LogLine, notice: Notice) {
        if matches!(notice, Notice::ResyncAsked { .. }) {
            self.tally.add("resyncs", 1);
        }
        self.ledger.push(notice_line(line, notice));
    }
}

fn change_line(line: LogLine, change: &Change<'_>) -> LogLine {
    let value = matches!(change.op, Op::Added | Op::Changed).then_some(change.value);
    LogLine {
        class: Class::Change,
        kind: Some(u16::from(change.kind)),
        op: change.op.as_str().into(),
        key: Some(change.key.to_vec()),
        value: value.map(<[u8]>::to_vec),
        old: change.old.map(<[u8]>::to_vec),
        changed_at_ms: change.changed_at_ms.map(|at| at as i64),
        times: u32::from(change.times),
        cause: change.cause.as_str().into(),
        ..line
    }
}

fn event_line(line: LogLine, event: &Event<'_>) -> LogLine {
    LogLine {
        class: Class::Event,
        kind: Some(event.kind),
        op: severity_name(event.severity).into(),
        key: Some(event.actor.to_vec()),
        value: Some(event.data.to_vec()),
        changed_at_ms: event.at_ms.map(|at| at as i64),
        json: event_json(event),
        ..line
    }
}

/// The notice's own words are its JSON; its tag is the log's `op`.
fn notice_line(line: LogLine, notice: Notice) -> LogLine {
    let mut json = serde_json::to_value(notice).unwrap_or_default();
    let op = json.as_object_mut().and_then(|fields| fields.remove("notice"));
    let op = op.as_ref().and_then(|op| op.as_str()).unwrap_or("notice").to_owned();
    if let Some(fields) = json.as_object_mut() {
        fields.insert("text".into(), notice.to_string().into());
    }
    LogLine { class: Class::Notice, op: op.into(), json: json.to_string(), ..line }
}

fn severity_name(severity: u8) -> &'static str {
    Severity::from_bits(severity).name()
}
