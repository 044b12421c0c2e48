//! Values of settings and identity claims: simple types, some of which are numbers with names.
//!
//! Names of numbers are SPEC §7's; an unknown number stays a number.

use tidings_wire::Kind;
use tidings_wire::facts::{Claim, IdentityKey, Key, Scalar, SettingId, SettingKey, Value};

const WIFI_SECURITY: &[&str] = &["open", "wep", "wpa", "wpa2", "wpa3", "enterprise"];
const DEBUG_STATUS: &[&str] =
    &["enabled", "disabled", "disabled since boot", "disabled permanently", "disabled fully and permanently"];

pub(super) fn write_json(kind: Kind, key: &[u8], value: &[u8], out: &mut Vec<u8>) -> Option<()> {
    let scalar = Scalar::read(value).ok()?;
    match name(kind, key, &scalar) {
        Some(name) => super::write(Ok(name), out),
        None => super::write(Ok(scalar), out),
    }
}

pub(super) fn words(kind: Kind, key: &[u8], value: &[u8]) -> Option<String> {
    let scalar = Scalar::read(value).ok()?;
    Some(match (scalar, name(kind, key, &scalar)) {
        (_, Some(name)) => name.to_owned(),
        (Scalar::Unknown, _) => "unknown".to_owned(),
        (Scalar::Unsupported, _) => "unsupported".to_owned(),
        (Scalar::Bool(on), _) => if on { "on" } else { "off" }.to_owned(),
        (Scalar::Int(n), _) => n.to_string(),
        (Scalar::Enum(n), _) => n.to_string(),
        (Scalar::Text(text), _) => text.to_owned(),
        (Scalar::Bytes(bytes), _) => bytes.to_string(),
        (Scalar::Hash(hash), _) => format!("#{hash}"),
        (Scalar::Other(tag, bytes), _) => format!("type {tag} {bytes}"),
    })
}

fn name(kind: Kind, key: &[u8], scalar: &Scalar<'_>) -> Option<&'static str> {
    let Scalar::Enum(number) = scalar else { return None };
    let claim = |claim| kind == Kind::IDENTITY && IdentityKey::read(key).is_ok_and(|key| key.claim == claim);
    let setting = |id| kind == Kind::SETTING && SettingKey::read(key).is_ok_and(|key| key.id == id);
    let names = match () {
        () if claim(Claim::DEBUG_STATUS) => DEBUG_STATUS,
        () if setting(SettingId::WIFI_SECURITY) => WIFI_SECURITY,
        () => &[],
    };
    names.get(usize::try_from(*number).ok()?).copied()
}
