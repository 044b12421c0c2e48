//! How a log line and a fact look: one line for a person, one JSON object for a program.
//!
//! What bytes mean is [`crate::present`]'s; where lines come from is the store's.

use std::borrow::Cow;
use std::io::{self, Write};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use tidings_wire::event::Origin;
use tidings_wire::{EventType, Kind};

use crate::device_id::DeviceId;
use crate::effects::Event;
use crate::present;
use crate::store::{Class, LogLine};
use crate::terminal::{Colour, Paint, visible, visible_json};

/// Version of the JSON lines.
pub const JSON_VERSION: u8 = 1;

/// Columns of a person's lines.
const NAME_WIDTH: usize = 16;
const KIND_WIDTH: usize = 11;

/// A fact decoded, as JSON text: the parts that the database stores.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decoded {
    text: Vec<u8>,
}

impl Decoded {
    /// Decodes a key and the values that there are, into the memory of the fact before.
    ///
    /// The text is `{"key":…,"value":…,"old":…}`, null where there is none. Gives how much of it tells of the fact as it is now: that
    /// much and a closing brace is `{"key":…,"value":…}`.
    pub fn fact(&mut self, kind: u8, key: &[u8], value: Option<&[u8]>, old: Option<&[u8]>) -> usize {
        let text = &mut self.text;
        let write_value = |value: Option<&[u8]>, text: &mut Vec<u8>| match value {
            Some(value) => present::write_value(kind, key, value, text),
            None => text.extend_from_slice(b"null"),
        };
        text.clear();
        text.extend_from_slice(br#"{"key":"#);
        present::write_key(kind, key, text);
        text.extend_from_slice(br#","value":"#);
        write_value(value, text);
        let now = text.len();
        text.extend_from_slice(br#","old":"#);
        write_value(old, text);
        text.push(b'}');
        now
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        str::from_utf8(&self.text).unwrap_or_default()
    }
}

/// An event decoded as `{"number":…,"actor":…,"data":…}`, and `"origin":{"epoch":…,"number":…,"uptime_s":…}` if its device keeps it.
#[must_use]
pub fn event_json(event: &Event<'_>) -> String {
    let mut json = present::event(event.kind, event.actor, event.data);
    if let Some(fields) = json.as_object_mut() {
        // The log has the type in a column of its own.
        fields.remove("type");
        fields.insert("number".into(), event.number.into());
        if let Some(origin) = event.origin {
            let Origin { epoch, number, uptime_s } = origin;
            fields.insert("origin".into(), json!({ "epoch": epoch, "number": number, "uptime_s": uptime_s }));
        }
    }
    json.to_string()
}

/// What a fact says, in words: its kind, what it is about, how it is, and how it was.
#[must_use]
pub fn fact_text(kind: u8, key: &[u8], value: Option<&[u8]>, old: Option<&[u8]>) -> String {
    let (kind_name, subject) = (Kind(kind).to_string(), present::subject(kind, key));
    let about = subject.strip_prefix(&kind_name).unwrap_or(&subject).trim_start();
    let details =
        |value: Option<&[u8]>| value.map(|value| present::details(kind, key, value)).filter(|words| !words.is_empty());
    let state = match (details(old), details(value)) {
        (Some(old), Some(new)) if old != new => format!("{old} → {new}"),
        (_, Some(words)) | (Some(words), None) => words,
        (None, None) => String::new(),
    };
    format!("{kind_name:<KIND_WIDTH$}  {about}  {state}").trim_end().to_owned()
}

/// One field of decoded JSON; null if it is not there.
#[must_use]
pub fn decoded(json: &str, field: &str) -> Value {
    serde_json::from_str::<Value>(json)
        .ok()
        .and_then(|mut whole| whole.get_mut(field).map(Value::take))
        .unwrap_or_default()
}

/// A kind's name, or its number if it has none.
#[must_use]
pub fn kind_name(kind: u8) -> Value {
    Kind(kind).name().map_or_else(|| kind.into(), Value::from)
}

/// An event type's name, or its number if it has none.
#[must_use]
pub fn event_name(kind: u16) -> Value {
    EventType(kind).name().map_or_else(|| kind.into(), Value::from)
}

/// Unix milliseconds as RFC 3339 in UTC.
#[must_use]
pub fn rfc3339(unix_ms: i64) -> String {
    Timestamp::from_millisecond(unix_ms).map_or_else(|_| unix_ms.to_string(), |at| format!("{at:.3}"))
}

/// A device's name, or its id.
#[must_use]
pub fn called(name: Option<&str>, id: &DeviceId) -> String {
    name.map_or_else(|| id.to_string(), |name| visible(name).into_owned())
}

/// Prints a JSON object as one line on standard output.
///
/// # Errors
/// What standard output reports.
pub fn print_json(object: &Value) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{}", visible_json(&object.to_string()))
}

/// What a line bears besides its decoded bytes.
#[derive(Serialize)]
struct Head<'a> {
    v: u8,
    n: i64,
    at_ms: i64,
    at: String,
    tenant: &'a str,
    device: String,
    id: DeviceId,
    r#type: &'static str,
    kind: Option<Value>,
    op: &'a str,
    changed_at_ms: Option<i64>,
    times: u32,
    cause: &'a str,
}

/// The log's fields as a JSON object on one line.
#[must_use]
pub fn json(line: &LogLine) -> String {
    let kind = line.kind.map(|kind| match line.class {
        Class::Change => kind_name(kind as u8),
        Class::Event | Class::Notice => event_name(kind),
    });
    let head = Head {
        v: JSON_VERSION,
        n: line.n,
        at_ms: line.at_ms,
        at: rfc3339(line.at_ms),
        tenant: &line.tenant,
        device: called(line.name.as_deref(), &line.device),
        id: line.device,
        r#type: line.class.as_str(),
        kind,
        op: &line.op,
        changed_at_ms: line.changed_at_ms,
        times: line.times,
        cause: &line.cause,
    };
    let mut text = serde_json::to_string(&head).unwrap_or_default();
    // What is decoded is an object of other fields, as text already: both become one.
    if let Some(decoded) = line.json.strip_prefix('{').filter(|fields| *fields != "}") {
        text.pop();
        text.push(',');
        text.push_str(decoded);
    }
    match visible_json(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(escaped) => escaped,
    }
}

/// The line for a person: when, which device, what.
#[must_use]
pub fn human(line: &LogLine, paint: Paint) -> String {
    let (mark, colour) = mark(line);
    let what = visible(&text(line)).into_owned();
    let times = if line.times > 1 && line.class == Class::Change {
        format!("  ({} changes)", line.times)
    } else {
        String::new()
    };
    format!(
        "{}  {:<NAME_WIDTH$}  {}{}",
        paint.paint(Colour::Grey, &rfc3339(line.at_ms)),
        called(line.name.as_deref(), &line.device),
        paint.paint(colour, &format!("{mark} {what}")),
        paint.paint(Colour::Grey, &times),
    )
}

fn mark(line: &LogLine) -> (&'static str, Colour) {
    match (line.class, &*line.op) {
        (Class::Change, "added") => ("+", Colour::Green),
        (Class::Change, "removed") => ("-", Colour::Red),
        (Class::Change, "changed") => ("~", Colour::Yellow),
        (Class::Event, "critical") => ("!", Colour::Red),
        (Class::Event, "warning") => ("!", Colour::Yellow),
        (Class::Event, _) => ("!", Colour::Normal),
        (Class::Change | Class::Notice, _) => ("*", Colour::Grey),
    }
}

fn text(line: &LogLine) -> String {
    let key = line.key.as_deref().unwrap_or_default();
    let value = line.value.as_deref();
    match (line.class, line.kind) {
        (Class::Change, Some(kind)) => fact_text(kind as u8, key, value, line.old.as_deref()),
        (Class::Event, Some(kind)) => {
            format!("{:<KIND_WIDTH$}  {}", line.op, present::event_line(kind, key, value.unwrap_or_default()))
        }
        _ => notice_text(line),
    }
}

fn notice_text(line: &LogLine) -> String {
    match decoded(&line.json, "text") {
        Value::String(text) => text,
        _ => line.op.replace('_', " "),
    }
}
