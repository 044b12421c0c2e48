//! How facts look to a person and to a program, in the fields that the collector's `show` uses.
//!
//! Promise: one line a fact; control characters of foreign names never reach a terminal. Not here: other people's bytes, which the
//! collector decodes.

use serde::Serialize;
use serde_json::{Value as Json, json};
use tidings::wire::facts::{self as wire, Key, Value};
use tidings::wire::{Kind, Malformed};

use crate::encode::Encoded;

/// The fact as one JSON object: kind by name and number, key and value in hex and decoded.
#[must_use]
pub fn json_line(fact: &Encoded) -> String {
    let (key, value) = decoded(fact);
    json!({
        "kind": Kind(fact.kind).to_string(),
        "kind_number": fact.kind,
        "key_hex": hex(&fact.key),
        "value_hex": hex(&fact.value),
        "key": key,
        "value": value,
    })
    .to_string()
}

/// The fact in one line for a person.
#[must_use]
pub fn text_line(fact: &Encoded) -> String {
    let (key, value) = decoded(fact);
    format!("{:<11} {}  {}", Kind(fact.kind).to_string(), flat(&key), flat(&value))
}

/// Key and value decoded; null if the bytes mean nothing.
fn decoded(fact: &Encoded) -> (Json, Json) {
    let both = match Kind(fact.kind) {
        Kind::IDENTITY => both::<wire::IdentityKey, wire::Scalar>(fact),
        Kind::SOFTWARE => both::<wire::SoftwareKey, wire::SoftwareValue>(fact),
        Kind::ACCOUNT => both::<wire::AccountKey, wire::AccountValue>(fact),
        Kind::LISTENER => both::<wire::ListenerKey, wire::ListenerValue>(fact),
        Kind::NEIGHBOUR => both::<wire::NeighbourKey, wire::NeighbourValue>(fact),
        Kind::CERTIFICATE => both::<wire::CertificateKey, wire::CertificateValue>(fact),
        Kind::SETTING => both::<wire::SettingKey, wire::Scalar>(fact),
        Kind::HEALTH => both::<wire::HealthKey, wire::HealthValue>(fact),
        Kind::INTERFACE => both::<wire::InterfaceKey, wire::InterfaceValue>(fact),
        _ => Err(Malformed),
    };
    both.unwrap_or_default()
}

fn both<'a, K, V>(fact: &'a Encoded) -> Result<(Json, Json), Malformed>
where
    K: Key<'a> + Serialize,
    V: Value<'a> + Serialize,
{
    Ok((json!(K::read(&fact.key)?), json!(V::read(&fact.value)?)))
}

fn hex(bytes: &[u8]) -> String {
    wire::Bytes(bytes).to_string()
}

/// What is not at its default, as `name=value`; nested names are left out, for they say little.
fn flat(json: &Json) -> String {
    match json {
        Json::Null => "?".into(),
        Json::String(text) => text.chars().flat_map(char::escape_debug).collect(),
        Json::Array(items) => items.iter().map(flat).collect::<Vec<_>>().join(","),
        Json::Object(fields) => {
            let told = fields.iter().filter(|(_, value)| !is_default(value));
            let shown = told.map(|(name, value)| match value {
                Json::Object(_) => flat(value),
                _ => format!("{name}={}", flat(value)),
            });
            shown.collect::<Vec<_>>().join(" ")
        }
        plain => plain.to_string(),
    }
}

fn is_default(json: &Json) -> bool {
    json.as_str() == Some("") || json.as_i64() == Some(0) || json.as_array().is_some_and(Vec::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::encode;
    use crate::fact::{Claim, Fact, Identity, Part, Setting, SettingValue, Software};

    fn package(version: &str) -> Encoded {
        let (part, name, architecture) = (Part::Deb, "curl".into(), "amd64".into());
        let (version, source, source_version) = (version.to_string(), "curl".into(), version.into());
        encode(&Fact::Software(Software { part, name, architecture, version, source, source_version })).unwrap()
    }

    #[test]
    fn a_program_gets_the_bytes_and_what_they_mean() {
        let line: Json = serde_json::from_str(&json_line(&package("7.88.1"))).unwrap();
        assert_eq!((&line["kind"], &line["kind_number"]), (&json!("software"), &json!(1)));
        assert_eq!(line["key_hex"], "02046375726c05616d643634");
        assert_eq!(line["key"]["named"]["name"], "curl");
        assert_eq!(line["value"]["version"], "7.88.1");
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        let line = text_line(&package("1\u{1b}[2J\n"));
        assert!(line.contains("version=1\\u{1b}[2J\\n") && !line.contains(char::is_control), "{line}");
    }

    #[test]
    fn every_scalar_has_a_text() {
        let setting = |value| text_line(&encode(&Fact::Setting(Setting { name: "a.b".into(), value })).unwrap());
        assert!(setting(SettingValue::Unknown).ends_with('?'));
        assert!(setting(SettingValue::Unsupported).ends_with("unsupported"));
        assert!(setting(SettingValue::Int(-1)).ends_with("-1"));
        let identity = Identity { claim: Claim::Host, text: "gw".into() };
        assert_eq!(text_line(&encode(&Fact::Identity(identity)).unwrap()), "identity    claim=host name  gw");
    }
}
