//! One line for a person: what a fact is about, and how it is.
//!
//! Defaults and empty fields are left out: the JSON has them all.

use core::fmt::Display;

use jiff::Timestamp;
use tidings_wire::facts::{
    AccountFlags, AccountId, AccountKey, AccountValue, Bytes, CertificateKey, CertificateRole, CertificateType,
    CertificateValue, HealthKey, HealthValue, IdentityKey, InterfaceKey, InterfaceValue, Key, LinkSecurity,
    ListenerKey, ListenerValue, Metric, NeighbourKey, NeighbourState, NeighbourValue, Radio, SettingId, SettingKey,
    SlotId, SoftwareKey, SoftwareState, SoftwareValue, Threshold, UpdateKey, UpdateValue, Value,
};
use tidings_wire::{EventType, Kind, Malformed};

use super::scalars;
use crate::terminal::visible;

/// What a fact is about: `software deb curl amd64`.
#[must_use]
pub fn subject(kind: u8, key: &[u8]) -> String {
    let typed = match Kind(kind) {
        Kind::IDENTITY => IdentityKey::read(key).map(|key| number(key.claim.name(), key.claim.0)),
        Kind::SOFTWARE => SoftwareKey::read(key).map(software_key),
        Kind::ACCOUNT => AccountKey::read(key).map(account_key),
        Kind::LISTENER => ListenerKey::read(key).map(listener_key),
        Kind::NEIGHBOUR => NeighbourKey::read(key).map(|key| spaced(&[&key.address, &key.interface])),
        Kind::CERTIFICATE => CertificateKey::read(key).map(certificate_key),
        Kind::SETTING => SettingKey::read(key).map(setting_key),
        Kind::HEALTH => HealthKey::read(key).map(health_key),
        Kind::AGENT => Ok(agent_key(key)),
        Kind::UPDATE => UpdateKey::read(key).map(update_key),
        Kind::INTERFACE => InterfaceKey::read(key).map(|key| key.name.to_owned()),
        Kind::VENDOR => vendor_key(key),
        _ => Err(Malformed),
    };
    let words = typed.unwrap_or_else(|_| Bytes(key).to_string());
    format!("{} {}", Kind(kind), visible(&words))
}

/// How a fact is: `7.88.1`. Empty if its value says nothing but that it is there.
#[must_use]
pub fn details(kind: u8, key: &[u8], value: &[u8]) -> String {
    let typed = match Kind(kind) {
        Kind::IDENTITY | Kind::SETTING => scalars::words(Kind(kind), key, value).ok_or(Malformed),
        Kind::SOFTWARE => SoftwareValue::read(value).map(software),
        Kind::ACCOUNT => AccountValue::read(value).map(account),
        Kind::LISTENER => ListenerValue::read(value).map(listener),
        Kind::NEIGHBOUR => NeighbourValue::read(value).map(neighbour),
        Kind::CERTIFICATE => CertificateValue::read(value).map(certificate),
        Kind::HEALTH => HealthValue::read(value).map(health),
        Kind::AGENT => Ok(plain(&super::value(kind, key, value))),
        Kind::UPDATE => UpdateValue::read(value).map(update),
        Kind::INTERFACE => InterfaceValue::read(value).map(interface),
        _ => Err(Malformed),
    };
    visible(&typed.unwrap_or_else(|_| Bytes(value).to_string())).into_owned()
}

/// An event in one line: `login failed root: three times`.
#[must_use]
pub fn event_line(kind: u16, actor: &[u8], data: &[u8]) -> String {
    let mut line = EventType(kind).to_string();
    if !actor.is_empty() {
        line.push(' ');
        line.push_str(&plain(&super::text(actor)));
    }
    if !data.is_empty() {
        line.push_str(": ");
        line.push_str(&plain(&super::event_data(EventType(kind), data)));
    }
    visible(&line).into_owned()
}

/// Parts with a space between, those that show nothing left out.
fn spaced(parts: &[&dyn Display]) -> String {
    joined(" ", parts.iter().map(ToString::to_string))
}

/// Parts with a comma between, those that show nothing left out.
fn listed(parts: &[&dyn Display]) -> String {
    joined(", ", parts.iter().map(ToString::to_string))
}

fn joined(separator: &str, parts: impl Iterator<Item = String>) -> String {
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(separator)
}

/// `word value`, or nothing if there is no value.
fn labelled(word: &str, value: impl Display) -> String {
    let value = value.to_string();
    if value.is_empty() { value } else { format!("{word} {value}") }
}

/// A registered name, or nothing for the default that goes without saying.
fn unless<T: PartialEq>(default: T, this: T, name: Option<&'static str>, number: u8) -> String {
    if this == default { String::new() } else { self::number(name, number) }
}

fn number(name: Option<&'static str>, number: impl Display) -> String {
    name.map_or_else(|| number.to_string(), str::to_owned)
}

fn names(flags: impl Iterator<Item = Option<&'static str>>) -> String {
    joined(", ", flags.map(|name| name.unwrap_or("?").to_owned()))
}

fn more(count: u16) -> String {
    if count == 0 { String::new() } else { format!("and {count} more") }
}

/// A JSON value without the marks of JSON around a single text.
fn plain(json: &serde_json::Value) -> String {
    match json {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Object(fields) => {
            joined(" ", fields.iter().map(|(name, value)| labelled(name, plain(value))))
        }
        other => other.to_string(),
    }
}

fn software_key(key: SoftwareKey<'_>) -> String {
    match key {
        SoftwareKey::Slot(slot) => format!("slot {slot}"),
        SoftwareKey::Named { ecosystem, name, architecture } => {
            spaced(&[&number(ecosystem.name(), ecosystem.0), &name, &architecture])
        }
        SoftwareKey::Hashed { ecosystem, hash } => format!("{} #{hash}", number(ecosystem.name(), ecosystem.0)),
    }
}

fn software(value: SoftwareValue<'_>) -> String {
    let state = unless(SoftwareState::ACTIVE, value.state, value.state.name(), value.state.0);
    listed(&[&spaced(&[&value.version, &value.name, &value.architecture]), &state])
}

fn account_key(key: AccountKey<'_>) -> String {
    let account = match key.account {
        AccountId::Name(name) => name.to_owned(),
        AccountId::Uid(uid) => format!("uid {uid}"),
        AccountId::Hashed(hash) => format!("#{hash}"),
    };
    spaced(&[&account, &labelled("in", key.realm)])
}

fn account(value: AccountValue<'_>) -> String {
    let disabled = if value.flags.has(AccountFlags::ENABLED) { "" } else { "disabled" };
    let secured = names(value.flags.names().filter(|name| *name != Some("enabled")));
    let groups = joined(" ", value.groups.iter().map(str::to_owned));
    let uid = if value.uid == 0 { String::new() } else { format!("uid {}", value.uid) };
    let (name, roles) = (value.name, names(value.roles.names()));
    listed(&[&name, &uid, &disabled, &roles, &secured, &labelled("groups", groups), &more(value.more_groups)])
}

fn listener_key(key: ListenerKey<'_>) -> String {
    let protocol = number(key.protocol.name(), key.protocol.0);
    let place = match key.address.0.len() {
        0 => key.port.to_string(),
        16 => format!("[{}]:{}", key.address, key.port),
        _ => format!("{}:{}", key.address, key.port),
    };
    spaced(&[&protocol, &place, &key.interface])
}

fn listener(value: ListenerValue<'_>) -> String {
    let who = spaced(&[&labelled("by", value.owner), &labelled("as", value.account)]);
    listed(&[&who, &names(value.flags.names())])
}

fn neighbour(value: NeighbourValue<'_>) -> String {
    let addresses = joined(" ", value.addresses.iter().map(|address| address.to_string()));
    let state = unless(NeighbourState::SEEN, value.state, value.state.name(), value.state.0);
    let security = unless(LinkSecurity::UNSTATED, value.security, value.security.name(), value.security.0);
    listed(&[&value.name, &addresses, &more(value.more_addresses), &state, &labelled("security", security)])
}

fn certificate_key(key: CertificateKey<'_>) -> String {
    let slot = match key.slot {
        SlotId::Slot(slot) => format!("slot {slot}"),
        SlotId::Name(name) => name.to_owned(),
        SlotId::Hashed(hash) => format!("#{hash}"),
    };
    let index = if key.index == 0 { String::new() } else { format!("[{}]", key.index) };
    spaced(&[&slot, &index])
}

fn certificate(value: CertificateValue<'_>) -> String {
    let kind = value.certificate_type;
    let kind = unless(CertificateType::CERTIFICATE, kind, kind.name(), kind.0);
    let role = unless(CertificateRole::NONE, value.role, value.role.name(), value.role.0);
    let expiry = if value.not_after == 0 { String::new() } else { day(value.not_after) };
    let (issuer, expiry) = (labelled("issued by", value.issuer), labelled("expires", expiry));
    listed(&[&value.label, &kind, &value.subject, &issuer, &expiry, &role])
}

/// A day in UTC, or the number of seconds if no calendar reaches it.
fn day(unix_s: i64) -> String {
    Timestamp::from_second(unix_s).map_or_else(|_| unix_s.to_string(), |at| at.strftime("%Y-%m-%d").to_string())
}

fn setting_key(key: SettingKey<'_>) -> String {
    match key.id {
        SettingId::NAMED => key.name.to_owned(),
        id => spaced(&[&number(id.name(), id.0), &key.name]),
    }
}

fn health_key(key: HealthKey<'_>) -> String {
    let metric = match key.metric {
        Metric::NAMED => key.name.to_owned(),
        metric => number(metric.name(), metric.0),
    };
    spaced(&[&metric, &key.instance])
}

fn health(value: HealthValue) -> String {
    let state = unless(Threshold::NONE, value.state, value.state.name(), value.state.0);
    listed(&[&spaced(&[&decimal(value.value, value.exponent), &number(value.unit.name(), value.unit.0)]), &state])
}

/// `value` × 10^`exponent`, written out if that is short.
fn decimal(value: i64, exponent: i8) -> String {
    let places = usize::from(exponent.unsigned_abs());
    match exponent {
        0 => value.to_string(),
        1..=12 if value != 0 => format!("{value}{:0<places$}", ""),
        -12..=-1 => {
            let sign = if value < 0 { "-" } else { "" };
            let digits = format!("{:0>width$}", value.unsigned_abs(), width = places + 1);
            let (whole, part) = digits.split_at(digits.len() - places);
            format!("{sign}{whole}.{part}")
        }
        _ if value == 0 => "0".to_owned(),
        _ => format!("{value}e{exponent}"),
    }
}

fn agent_key(key: &[u8]) -> String {
    let json = super::key(Kind::AGENT.0, key);
    let needs_arg = json["arg"].is_string();
    let arg = if needs_arg { plain(&json["arg"]) } else { String::new() };
    if json["item"].is_null() { plain(&json) } else { spaced(&[&plain(&json["item"]), &arg]) }
}

fn update_key(key: UpdateKey<'_>) -> String {
    if key.name.is_empty() { format!("slot {}", key.slot) } else { key.name.to_owned() }
}

fn update(value: UpdateValue<'_>) -> String {
    let percent = if value.percent == 0 { String::new() } else { format!("{} %", value.percent) };
    let error = if value.error == 0 { String::new() } else { format!("error {}", value.error) };
    let state = number(value.state.name(), value.state.0);
    listed(&[&spaced(&[&state, &percent]), &labelled("to", value.target), &error])
}

fn interface(value: InterfaceValue<'_>) -> String {
    let kind = number(value.interface_type.name(), value.interface_type.0);
    let addresses = joined(" ", value.addresses.iter().map(|address| address.to_string()));
    let radio = unless(Radio::UNSTATED, value.radio, value.radio.name(), value.radio.0);
    let flags = names(value.flags.names());
    let joined_to = spaced(&[&value.network, &value.cell]);
    listed(&[&spaced(&[&kind, &value.link]), &flags, &addresses, &more(value.more_addresses), &joined_to, &radio])
}

fn vendor_key(key: &[u8]) -> Result<String, Malformed> {
    let (vendor_kind, rest) = key.split_first_chunk().filter(|(_, rest)| !rest.is_empty()).ok_or(Malformed)?;
    Ok(format!("{:#06x} {}", u16::from_be_bytes(*vendor_kind), Bytes(rest)))
}
