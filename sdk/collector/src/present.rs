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
    let typed = match Kind(kind) {
        Kind::IDENTITY => json_of(IdentityKey::read(key)),
        Kind::SOFTWARE => json_of(SoftwareKey::read(key)),
        Kind::ACCOUNT => json_of(AccountKey::read(key)),
        Kind::LISTENER => json_of(ListenerKey::read(key)),
        Kind::NEIGHBOUR => json_of(NeighbourKey::read(key)),
        Kind::CERTIFICATE => json_of(CertificateKey::read(key)),
        Kind::SETTING => json_of(SettingKey::read(key)),
        Kind::HEALTH => json_of(HealthKey::read(key)),
        Kind::AGENT => AgentKey::read(key).ok().map(agent_key),
        Kind::UPDATE => json_of(UpdateKey::read(key)),
        Kind::INTERFACE => json_of(InterfaceKey::read(key)),
        Kind::VENDOR => vendor_key(key),
        _ => None,
    };
    typed.unwrap_or_else(|| hex(key))
}

/// The value of a fact; its key tells what some of the values mean.
#[must_use]
pub fn value(kind: u8, key: &[u8], value: &[u8]) -> Json {
    let typed = match Kind(kind) {
        Kind::IDENTITY | Kind::SETTING => scalars::json(Kind(kind), key, value),
        Kind::SOFTWARE => json_of(SoftwareValue::read(value)),
        Kind::ACCOUNT => json_of(AccountValue::read(value)),
        Kind::LISTENER => json_of(ListenerValue::read(value)),
        Kind::NEIGHBOUR => json_of(NeighbourValue::read(value)),
        Kind::CERTIFICATE => json_of(CertificateValue::read(value)),
        Kind::HEALTH => json_of(HealthValue::read(value)),
        Kind::AGENT => agent_value(key, value),
        Kind::UPDATE => json_of(UpdateValue::read(value)),
        Kind::INTERFACE => json_of(InterfaceValue::read(value)),
        _ => None,
    };
    typed.unwrap_or_else(|| hex(value))
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

fn json_of(typed: Result<impl Serialize, Malformed>) -> Option<Json> {
    serde_json::to_value(typed.ok()?).ok()
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
