//! The 64 facts that the byte table is measured on: a plausible small device, 14.3 bytes a fact on average with lengths.
//!
//! They are data for measurements and change only together with the published numbers.

use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use tidings_wire::Kind;
use tidings_wire::facts::{
    Account, AccountFlags, Address, Bytes, Certificate, CertificateKey, CertificateRole, Credential, Health, Key,
    KeyKind, Listener, ListenerFlags, Metric, Neighbour, Protocol, Roles, Scalar, Setting, SettingId, SlotId, Software,
    SoftwareClass, Threshold, Unit, Value,
};
use tidings_wire::fields::{Encoder, List};
use tidings_wire::{MAX_KEY, MAX_VALUE};

/// One fact, as it travels and as JSON would tell it.
pub struct Sample {
    /// What it is about.
    pub kind: Kind,
    /// Its key on the wire.
    pub key: Vec<u8>,
    /// Its value on the wire.
    pub value: Vec<u8>,
    /// The same with names, fields at their defaults left out.
    pub json: Json,
}

const SLOTS: [(u16, &str, SoftwareClass); 3] = [
    (0, "1.4.2", SoftwareClass::FIRMWARE),
    (1, "1.4.1", SoftwareClass::FIRMWARE),
    (2, "0.9.7", SoftwareClass::BOOTLOADER),
];
const COMPONENTS: [(&str, &str); 7] = [
    ("modem", "LR1.1.22"),
    ("mqtt", "3.1.0"),
    ("mbedtls", "3.6.2"),
    ("lwip", "2.2.1"),
    ("freertos", "11.1.0"),
    ("littlefs", "2.11.2"),
    ("pump-control", "7.20.1"),
];
const ACCOUNTS: [(&str, Roles, Credential); 4] = [
    ("admin", Roles(0b00111), Credential::PASSWORD),
    ("operator", Roles(0b10010), Credential::PASSWORD),
    ("service", Roles(0b00110), Credential::PUBLIC_KEY),
    ("cloud", Roles(0b01100), Credential::CERTIFICATE),
];
const LISTENERS: [(Protocol, u16, &str, ListenerFlags); 8] = [
    (Protocol::TCP, 22, "sshd", ListenerFlags::ENCRYPTED),
    (Protocol::TCP, 80, "httpd", OPEN),
    (Protocol::TCP, 443, "httpd", ListenerFlags::ENCRYPTED),
    (Protocol::TCP, 502, "modbus", OPEN),
    (Protocol::TCP, 8883, "mqtt", ListenerFlags::ENCRYPTED),
    (Protocol::UDP, 68, "dhcp", OPEN),
    (Protocol::UDP, 161, "snmp", OPEN),
    (Protocol::UDP, 5683, "coap", OPEN),
];
const OPEN: ListenerFlags = ListenerFlags(0);
/// Last bytes of the link and of the IPv4 address.
const NEIGHBOURS: [(u8, u8); 10] = [
    (0x10, 1),
    (0x24, 7),
    (0x3b, 12),
    (0x41, 20),
    (0x58, 21),
    (0x6c, 33),
    (0x77, 54),
    (0x92, 80),
    (0xa5, 101),
    (0xe0, 250),
];
const CERTIFICATES: [(u16, &str, i64, CertificateRole); 4] = [
    (0, "CN=dev-2231", 2_398_377_600, CertificateRole::IDEVID),
    (1, "CN=dev-2231", 1_830_297_600, CertificateRole::LDEVID),
    (2, "CN=OEM Root", 1_893_456_000, CertificateRole::NONE),
    (3, "CN=Site CA", 1_924_992_000, CertificateRole::NONE),
];
const NOT_BEFORE: i64 = 1_735_689_600;
const FINGERPRINT: [u8; 8] = [0x3a, 0x91, 0xc4, 0x0e, 0x77, 0xd2, 0x58, 0xbf];
const SETTINGS: [(SettingId, Scalar<'static>); 14] = [
    (SettingId::SECURE_BOOT, Scalar::Bool(true)),
    (SettingId::DEBUG_LOCK, Scalar::Bool(true)),
    (SettingId::FLASH_ENCRYPTION, Scalar::Unsupported),
    (SettingId::ROLLBACK_COUNTER, Scalar::Int(3)),
    (SettingId::SSH, Scalar::Bool(true)),
    (SettingId::TELNET, Scalar::Bool(false)),
    (SettingId::WEB_ADMINISTRATION, Scalar::Bool(true)),
    (SettingId::TIME_SERVER, Scalar::Text("0.pool.ntp.org")),
    (SettingId::AUTOMATIC_UPDATE, Scalar::Bool(true)),
    (SettingId::UPDATE_SOURCE, Scalar::Text("https://update.example/fw")),
    (SettingId::WIFI_SECURITY, Scalar::Enum(4)),
    (SettingId::DEFAULT_GATEWAY, Scalar::Text("192.0.2.1")),
    (SettingId::LOG_LEVEL, Scalar::Enum(3)),
    (SettingId::COUNTRY_CODE, Scalar::Text("DE")),
];
const VENDOR_SETTINGS: [(&str, i64); 6] = [
    ("report.interval", 900),
    ("modbus.address", 17),
    ("pump.limit", 2_500),
    ("pump.hysteresis", 40),
    ("alarm.delay", 30),
    ("display.timeout", 120),
];
const HEALTH: [(Metric, i64, i8, Unit); 8] = [
    (Metric::MEMORY_FREE, 41, 3, Unit::BYTE),
    (Metric::CPU_LOAD, 12, 0, Unit::PERCENT),
    (Metric::TEMPERATURE, 235, -1, Unit::CELSIUS),
    (Metric::BATTERY, 87, 0, Unit::PERCENT),
    (Metric::SUPPLY_VOLTAGE, 331, -2, Unit::VOLT),
    (Metric::SIGNAL_STRENGTH, -71, 0, Unit::DBM),
    (Metric::FLASH_WEAR, 2, 0, Unit::PERCENT),
    (Metric::STACK_FREE, 1_120, 0, Unit::BYTE),
];

/// All 64, in the order of their kinds.
pub fn samples() -> Vec<Sample> {
    let groups = [software(), accounts(), listeners(), neighbours(), certificates(), settings(), health()];
    groups.into_iter().flatten().collect()
}

/// The one fact that the smallest report is measured on: slot 0 runs this version.
pub fn version(version: &str) -> Sample {
    let fact = Software::slot(0).version(version).class(SoftwareClass::FIRMWARE);
    sample(Kind::SOFTWARE, &fact.key, &fact.value)
}

fn software() -> Vec<Sample> {
    let slots = SLOTS.iter().map(|&(slot, version, class)| Software::slot(slot).version(version).class(class));
    let components = COMPONENTS.iter().map(|&(name, version)| Software::component(name).version(version));
    slots.chain(components).map(|fact| sample(Kind::SOFTWARE, &fact.key, &fact.value)).collect()
}

fn accounts() -> Vec<Sample> {
    let flags = AccountFlags::ENABLED | AccountFlags::PASSWORD_SET;
    let facts = ACCOUNTS
        .iter()
        .map(|&(name, roles, credential)| Account::named(name).roles(roles).flags(flags).credential(credential));
    facts.map(|fact| sample(Kind::ACCOUNT, &fact.key, &fact.value)).collect()
}

fn listeners() -> Vec<Sample> {
    let facts = LISTENERS
        .iter()
        .map(|&(protocol, port, owner, flags)| Listener::port(protocol, port).owner(owner).flags(flags));
    facts.map(|fact| sample(Kind::LISTENER, &fact.key, &fact.value)).collect()
}

fn neighbours() -> Vec<Sample> {
    let one = |&(link, host): &(u8, u8)| {
        let (mac, ip) = ([0x02, 0x00, 0x5e, 0x10, 0x00, link], [192, 0, 2, host]);
        let addresses = [Address(&ip)];
        let fact = Neighbour::mac(&mac).addresses(List::new(&addresses));
        sample(Kind::NEIGHBOUR, &fact.key, &fact.value)
    };
    NEIGHBOURS.iter().map(one).collect()
}

fn certificates() -> Vec<Sample> {
    let facts = CERTIFICATES.iter().map(|&(slot, subject, not_after, role)| {
        let key = CertificateKey { slot: SlotId::Slot(slot), index: 0 };
        let fact = Certificate::of(key).fingerprint(Bytes(&FINGERPRINT)).not_after(not_after).not_before(NOT_BEFORE);
        fact.subject(subject).key_kind(KeyKind::EC_P256).role(role)
    });
    facts.map(|fact| sample(Kind::CERTIFICATE, &fact.key, &fact.value)).collect()
}

fn settings() -> Vec<Sample> {
    let registered = SETTINGS.iter().map(|&(id, value)| Setting::id(id, value));
    let vendor = VENDOR_SETTINGS.iter().map(|&(name, value)| Setting::named(name, Scalar::Int(value)));
    registered.chain(vendor).map(|fact| sample(Kind::SETTING, &fact.key, &fact.value)).collect()
}

fn health() -> Vec<Sample> {
    let facts = HEALTH.iter().map(|&(metric, value, exponent, unit)| {
        Health::metric(metric).value(value).exponent(exponent).unit(unit).state(Threshold::NORMAL)
    });
    facts.map(|fact| sample(Kind::HEALTH, &fact.key, &fact.value)).collect()
}

fn sample<'a, K, V>(kind: Kind, key: &K, value: &V) -> Sample
where
    K: Key<'a> + Serialize,
    V: Value<'a> + Serialize + Default,
{
    let mut told = Map::from_iter([("kind".to_owned(), json!(kind.name()))]);
    tell(&mut told, "key", json!(key), &Json::Null);
    tell(&mut told, "value", json!(value), &json!(V::default()));
    Sample {
        kind,
        key: encode(MAX_KEY, |out| key.write(out), |mut out| out.key().unwrap_or_default()),
        value: encode(MAX_VALUE, |out| value.write(out), |out| out.finish().len),
        json: Json::Object(told),
    }
}

fn encode(most: usize, write: impl FnOnce(&mut Encoder), length: impl FnOnce(Encoder) -> usize) -> Vec<u8> {
    let mut bytes = vec![0; most];
    let mut encoder = Encoder::into(&mut bytes);
    write(&mut encoder);
    let length = length(encoder);
    bytes.truncate(length);
    bytes
}

/// Adds what is not empty and not at its default, without nesting: as a careful author of JSON would.
fn tell(told: &mut Map<String, Json>, name: &str, json: Json, default: &Json) {
    match json {
        Json::Object(fields) => {
            fields.into_iter().for_each(|(name, value)| tell(told, &name, value, &default[name.as_str()]));
        }
        plain if plain.is_null() || plain == "" || plain == *default => {}
        plain => drop(told.insert(name.to_owned(), plain)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn sixty_four_facts_of_fourteen_bytes_as_the_design_says() {
        let samples = samples();
        let keys: BTreeSet<_> = samples.iter().map(|sample| (sample.kind, &sample.key)).collect();
        assert_eq!((samples.len(), keys.len()), (64, 64));
        let bytes: usize = samples.iter().map(|sample| 2 + sample.key.len() + sample.value.len()).sum();
        assert_eq!(bytes * 10 / 64, 143, "{bytes} bytes in all");
    }

    #[test]
    fn json_tells_names_and_leaves_defaults_out() {
        let told = version("1.4.3").json;
        assert_eq!(told, json!({"kind": "software", "slot": 0, "version": "1.4.3", "class": "firmware"}));
    }
}
