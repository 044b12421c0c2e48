//! What a command means for the state: one fact that gets a value or goes, as the bytes that travel.
//!
//! It neither holds facts nor knows which are there.

use core::net::IpAddr;

use heapless::Vec;
use tidings::{
    Kind,
    facts::{
        Account, AccountFlags, Address, Certificate, Claim, Fact, Health, Identity, Listener, Neighbour, Part, Scalar,
        Setting, Software, SoftwareClass,
    },
    wire::fields::{Encoder, List},
};

use crate::{
    command::Command,
    facts::{KEY_MAX, VALUE_MAX},
};

const NAME: &str = env!("CARGO_PKG_NAME");
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// One fact's new value, or its end.
#[derive(Debug, PartialEq, Eq)]
pub struct Change {
    /// What the fact is about.
    pub kind: Kind,
    /// Its key, 1 to [`KEY_MAX`] bytes.
    pub key: Vec<u8, KEY_MAX>,
    /// Its new value; `None` if the fact is gone.
    pub value: Option<Vec<u8, VALUE_MAX>>,
}

impl Change {
    /// What this command changes; `None` if it changes no fact.
    pub fn of(command: Command<'_>) -> Option<Self> {
        match command {
            Command::AppInstall { name, version } => put(&app(name).version(version)),
            Command::AppRemove { name } => remove(&app(name)),
            Command::UserAdd { name, roles } => put(&Account::named(name).roles(roles).flags(AccountFlags::ENABLED)),
            Command::UserDel { name } => remove(&Account::named(name)),
            Command::PortOpen { proto, port, name } => put(&Listener::port(proto, port).owner(name)),
            Command::PortClose { proto, port } => remove(&Listener::port(proto, port)),
            Command::NeighbourSeen { mac, ip: IpAddr::V4(ip) } => neighbour(mac, &ip.octets()),
            Command::NeighbourSeen { mac, ip: IpAddr::V6(ip) } => neighbour(mac, &ip.octets()),
            Command::CertSet { slot, expiry_unix_s } => put(&certificate(slot).not_after(expiry_unix_s.into())),
            Command::Set { key, value } => put(&Setting::named(key, scalar(value))),
            Command::Health { key, value } => put(&Health::named(key).value(value.into())),
            Command::Event { .. } | Command::Provision { .. } | Command::State | Command::Reboot | Command::Help => {
                None
            }
        }
    }

    /// What this firmware says of itself.
    pub fn own_facts() -> impl Iterator<Item = Self> {
        let claim = |claim, text| put(&Identity::claim(claim, Scalar::Text(text)));
        let model = claim(Claim::HARDWARE_MODEL, NAME);
        let architecture = claim(Claim::ARCHITECTURE, "armv7e-m");
        let firmware = put(&Software::slot(0).version(VERSION).class(SoftwareClass::FIRMWARE).name(NAME));
        [model, architecture, firmware].into_iter().flatten()
    }
}

fn app(name: &str) -> Software<'_> {
    Software::component(name).class(SoftwareClass::APPLICATION)
}

fn neighbour(mac: [u8; 6], ip: &[u8]) -> Option<Change> {
    put(&Neighbour::mac(&mac).addresses(List::new(&[Address(ip)])))
}

/// A slot may be a number or a name.
fn certificate(slot: &str) -> Certificate<'_> {
    slot.parse().map_or_else(|_| Certificate::named(slot), Certificate::slot)
}

/// A setting is true or false, an integer, or else a text.
fn scalar(value: &str) -> Scalar<'_> {
    let integer = || value.parse().map_or(Scalar::Text(value), Scalar::Int);
    value.parse().map_or_else(|_| integer(), Scalar::Bool)
}

fn put(fact: &impl Fact) -> Option<Change> {
    let mut bytes = [0; VALUE_MAX];
    let mut encoder = Encoder::into(&mut bytes);
    fact.encode(Part::Value, &mut encoder);
    let len = encoder.value().ok()?.len;
    let value = Vec::from_slice(bytes.get(..len)?).ok()?;
    Some(Change { value: Some(value), ..remove(fact)? })
}

/// `None` if the key is longer than [`KEY_MAX`], which the bounds of words rule out.
fn remove(fact: &impl Fact) -> Option<Change> {
    let mut bytes = [0; KEY_MAX];
    let mut encoder = Encoder::into(&mut bytes);
    fact.encode(Part::Key, &mut encoder);
    let len = encoder.key().ok()?;
    let key = Vec::from_slice(bytes.get(..len)?).ok()?;
    Some(Change { kind: fact.kind(), key, value: None })
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use crate::command::{WORD_MAX, parse};
    use std::{format, string::String};

    fn change(line: &str) -> (u8, String, Option<String>) {
        let change = Change::of(parse(line).unwrap()).unwrap_or_else(|| panic!("{line} changes nothing"));
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        (change.kind.0, hex(&change.key), change.value.as_deref().map(hex))
    }

    #[test]
    fn each_command_becomes_the_bytes_of_the_specification() {
        for (line, kind, key, value) in [
            ("app install nginx 1.2", 1, "01056e67696e78", Some("03312e320005")),
            ("app remove nginx", 1, "01056e67696e78", None),
            ("user add eve admin", 2, "0003657665", Some("0301")),
            ("user add eve", 2, "0003657665", Some("0201")),
            ("user del eve", 2, "0003657665", None),
            ("port open tcp 23 telnetd", 3, "0617", Some("0774656c6e657464")),
            ("port close udp 443", 3, "11bb03", None),
            ("neighbour seen 02:00:5e:10:00:01 192.0.2.7", 4, "010602005e100001", Some("0104c0000207")),
            ("cert set 1 1970-01-02", 5, "0001", Some("000080c60a")),
            ("cert set tls 1970-01-02", 5, "0103746c73", Some("000080c60a")),
            ("set colour blue", 6, "0006636f6c6f7572", Some("0504626c7565")),
            ("set level -3", 6, "00056c6576656c", Some("0305")),
            ("set on true", 6, "00026f6e", Some("0201")),
            ("health temp -40", 7, "000474656d70", Some("4f")),
        ] {
            assert_eq!(change(line), (kind, key.into(), value.map(String::from)), "{line}");
        }
    }

    #[test]
    fn the_longest_words_fit() {
        let word = "w".repeat(WORD_MAX);
        for line in [
            format!("app install {word} {word}"),
            format!("user add {word} admin"),
            format!("port open udp 65535 {word}"),
            format!("cert set {word} 2105-12-31"),
            format!("set {word} {word}"),
            format!("health {word} {}", i32::MIN),
            format!("neighbour seen ff:ff:ff:ff:ff:ff 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
        ] {
            change(&line);
        }
        assert_eq!(Change::own_facts().count(), 3);
    }

    #[test]
    fn what_changes_no_fact_says_so() {
        for line in ["state", "reboot", "help", "provision", "event info hello"] {
            assert_eq!(Change::of(parse(line).unwrap()), None);
        }
    }
}
