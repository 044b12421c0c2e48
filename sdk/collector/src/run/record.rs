//! Writes down what a packet did: facts as they are now, and a log line for each change, event and notice.
//!
//! In the order of the effects, within the batch's transaction.

use tidings_wire::Severity;

use super::tally::Tally;
use crate::effects::{Change, Effect, Effects, Event, Notice, Op};
use crate::line::{Decoded, event_json};
use crate::store::{Batch, Class, DeviceRow, FactRow, LogLine, StoreError};

/// What one batch writes, and the lines that it appended.
#[derive(Debug)]
pub struct Recorder<'a, 'db> {
    /// The open transaction.
    pub batch: &'a Batch<'db>,
    /// Arrival of the packet, Unix ms.
    pub at_ms: i64,
    /// Takes the lines, with their numbers.
    pub lines: &'a mut Vec<LogLine>,
    /// Takes the counts.
    pub tally: &'a mut Tally,
}

impl Recorder<'_, '_> {
    /// Writes all effects on one device.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn record(&mut self, device: &DeviceRow, effects: &Effects) -> Result<(), StoreError> {
        effects.iter().try_for_each(|effect| match effect {
            Effect::Change(change) => self.change(device, &change),
            Effect::Event(event) => self.append(event_line(self.line(device), &event)),
            Effect::Lost { severity, count } => self.lost(device, severity, count),
            Effect::Cleared { kind } => self.batch.clear_kind(&device.id, kind),
            Effect::Notice(notice) => self.notice(device, notice),
        })
    }

    fn change(&mut self, device: &DeviceRow, change: &Change<'_>) -> Result<(), StoreError> {
        let value = matches!(change.op, Op::Added | Op::Changed).then_some(change.value);
        let decoded = Decoded::fact(change.kind, change.key, value, change.old);
        match value {
            Some(value) => self.batch.put_fact(&device.id, fact_row(change, value, &decoded.now()))?,
            None => self.batch.remove_fact(&device.id, change.kind, change.key)?,
        }
        let line = self.line(device);
        self.append(LogLine { json: decoded.change(), ..change_line(line, change, value) })
    }

    fn lost(&mut self, device: &DeviceRow, severity: u8, count: u32) -> Result<(), StoreError> {
        self.tally.add("events_lost", u64::from(count));
        let line = self.line(device);
        let text = format!("{count} events of severity {} were dropped on the device", severity_name(severity));
        let json = serde_json::json!({ "severity": severity_name(severity), "text": text });
        self.append(LogLine {
            class: Class::Notice,
            op: "events_lost".into(),
            times: count,
            json: json.to_string(),
            ..line
        })
    }

    fn notice(&mut self, device: &DeviceRow, notice: Notice) -> Result<(), StoreError> {
        if matches!(notice, Notice::ResyncAsked { .. }) {
            self.tally.add("resyncs", 1);
        }
        self.append(notice_line(self.line(device), notice))
    }

    fn append(&mut self, mut line: LogLine) -> Result<(), StoreError> {
        self.batch.append(&mut line)?;
        self.lines.push(line);
        Ok(())
    }

    fn line(&self, device: &DeviceRow) -> LogLine {
        LogLine::new(self.at_ms, device)
    }
}

fn fact_row<'a>(change: &Change<'a>, value: &'a [u8], json: &'a str) -> FactRow<'a> {
    let Change { kind, key, count, .. } = *change;
    FactRow { kind, key, value, count, json, changed_at_ms: change.changed_at_ms.map(|at| at as i64) }
}

fn change_line(line: LogLine, change: &Change<'_>, value: Option<&[u8]>) -> LogLine {
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
        changed_at_ms: Some(event.at_ms as i64),
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
    LogLine { class: Class::Notice, op, json: json.to_string(), ..line }
}

fn severity_name(severity: u8) -> &'static str {
    Severity::from_bits(severity).name()
}
