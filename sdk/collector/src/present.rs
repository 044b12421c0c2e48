//! Facts and events put into words: JSON for programs, one line for people.
//!
//! What does not fit the vocabulary, or is not known to it, is shown as `{"hex": "…"}`; nothing fails. JSON keeps every character
//! of a name; the lines show control characters as escapes.

mod scalars;
mod words;

pub use words::{details, event_line, subject};

use serde::Serialize;
use serde_json::{Value as Json, json};
use tidings_wire::facts::{
    AccountKey, AccountValue, AgentItem, AgentKey, AgentValue, Bytes, CertificateKey, CertificateValue, Coverage,
    HealthKey, HealthValue, IdentityKey, InterfaceKey, InterfaceValue, Key, ListenerKey, ListenerValue, NeighbourKey,
    NeighbourValue, SettingKey, SoftwareKey, SoftwareValue, UpdateKey, UpdateValue, Value,
};
use tidings_wire::{EventType, Kind, Malformed, Severity};

/// The key of a fact.
#[must_use]
pub fn key(kind: u8, key: &[u8]) -> Json {
    parsed(|out| write_key(kind, key, out))
}

/// The value of a fact; its key tells what some of the values mean.
#[must_use]
pub fn value(kind: u8, key: &[u8], value: &[u8]) -> Json {
    parsed(|out| write_value(kind, key, value, out))
}

/// Appends the key of a fact as JSON text.
pub fn write_key(kind: u8, key: &[u8], out: &mut Vec<u8>) {
    let typed = match Kind(kind) {
        Kind::IDENTITY => write(IdentityKey::read(key), out),
        Kind::SOFTWARE => write(SoftwareKey::read(key), out),
        Kind::ACCOUNT => write(AccountKey::read(key), out),
        Kind::LISTENER => write(ListenerKey::read(key), out),
        Kind::NEIGHBOUR => write(NeighbourKey::read(key), out),
        Kind::CERTIFICATE => write(CertificateKey::read(key), out),
        Kind::SETTING => write(SettingKey::read(key), out),
        Kind::HEALTH => write(HealthKey::read(key), out),
        Kind::AGENT => write(AgentKey::read(key).map(agent_key), out),
        Kind::UPDATE => write(UpdateKey::read(key), out),
        Kind::INTERFACE => write(InterfaceKey::read(key), out),
        Kind::VENDOR => write(vendor_key(key).ok_or(Malformed), out),
        _ => None,
    };
    typed.unwrap_or_else(|| write_hex(key, out));
}

/// Appends the value of a fact as JSON text; its key tells what some of the values mean.
pub fn write_value(kind: u8, key: &[u8], value: &[u8], out: &mut Vec<u8>) {
    let typed = match Kind(kind) {
        Kind::IDENTITY | Kind::SETTING => scalars::write_json(Kind(kind), key, value, out),
        Kind::SOFTWARE => write(SoftwareValue::read(value), out),
        Kind::ACCOUNT => write(AccountValue::read(value), out),
        Kind::LISTENER => write(ListenerValue::read(value), out),
        Kind::NEIGHBOUR => write(NeighbourValue::read(value), out),
        Kind::CERTIFICATE => write(CertificateValue::read(value), out),
        Kind::HEALTH => write(HealthValue::read(value), out),
        Kind::AGENT => write(agent_value(key, value).ok_or(Malformed), out),
        Kind::UPDATE => write(UpdateValue::read(value), out),
        Kind::INTERFACE => write(InterfaceValue::read(value), out),
        _ => None,
    };
    typed.unwrap_or_else(|| write_hex(value, out));
}

/// An event as `{"type":…,"actor":…,"data":…}`.
#[must_use]
pub fn event(kind: u16, actor: &[u8], data: &[u8]) -> Json {
    let name = EventType(kind).name().map_or_else(|| json!(kind), |name| json!(name));
    json!({ "type": name, "actor": text(actor), "data": event_data(EventType(kind), data) })
}

/// A fact in one line: `software deb curl amd64 7.88.1`.
#[must_use]
pub fn summary(kind: u8, key: &[u8], value: &[u8]) -> String {
    let (subject, details) = (subject(kind, key), details(kind, key, value));
    if details.is_empty() { subject } else { format!("{subject} {details}") }
}

fn parsed(write: impl FnOnce(&mut Vec<u8>)) -> Json {
    let mut text = Vec::new();
    write(&mut text);
    serde_json::from_slice(&text).unwrap_or_default()
}

/// Appends what is typed; nothing is appended if it is not.
fn write(typed: Result<impl Serialize, Malformed>, out: &mut Vec<u8>) -> Option<()> {
    let typed = typed.ok()?;
    let before = out.len();
    serde_json::to_writer(&mut *out, &typed).map_err(|_| out.truncate(before)).ok()
}

fn write_hex(bytes: &[u8], out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.extend_from_slice(br#"{"hex":""#);
    out.extend(bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]));
    out.extend_from_slice(br#""}"#);
}

fn hex(bytes: &[u8]) -> Json {
    json!({ "hex": Bytes(bytes).to_string() })
}

fn text(bytes: &[u8]) -> Json {
    core::str::from_utf8(bytes).map_or_else(|_| hex(bytes), Json::from)
}

fn vendor_key(key: &[u8]) -> Option<Json> {
    let (vendor_kind, rest) = key.split_first_chunk().filter(|(_, rest)| !rest.is_empty())?;
    Some(json!({ "vendor_kind": u16::from_be_bytes(*vendor_kind), "hex": Bytes(rest).to_string() }))
}

/// The arg of some items is a kind or a severity.
fn agent_key(key: AgentKey) -> Json {
    let arg = match key.item {
        AgentItem::COVERAGE => Kind(key.arg).name(),
        AgentItem::EVENTS_LOST => Some(Severity::from_bits(key.arg).name()),
        _ => None,
    };
    json!({ "item": key.item, "arg": arg.map_or_else(|| json!(key.arg), |arg| json!(arg)) })
}

fn agent_value(key: &[u8], value: &[u8]) -> Option<Json> {
    let AgentValue { value } = AgentValue::read(value).ok()?;
    let covers = AgentKey::read(key).is_ok_and(|key| key.item == AgentItem::COVERAGE);
    let coverage = u8::try_from(value).ok().filter(|_| covers).map(Coverage);
    Some(coverage.map_or_else(|| json!(value), |coverage| json!(coverage)))
}

fn event_data(kind: EventType, data: &[u8]) -> Json {
    match (kind, data) {
        (EventType::CRASH, &[p0, p1, p2, p3, l0, l1, l2, l3]) => json!({
            "pc": format!("{:#010x}", u32::from_le_bytes([p0, p1, p2, p3])),
            "lr": format!("{:#010x}", u32::from_le_bytes([l0, l1, l2, l3])),
        }),
        _ => text(data),
    }
}
