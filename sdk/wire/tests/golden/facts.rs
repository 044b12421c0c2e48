//! Keys and values of each kind (SPEC §5, §7): every key form, a full value, and a trimmed one.

use super::vector::*;
use serde_json::{Value as Json, json};
use tidings_wire::Kind;
use tidings_wire::facts::*;
use tidings_wire::fields::List;

pub fn all() -> Vec<Vector> {
    [
        scalars(),
        software(),
        software_values(),
        accounts(),
        listeners(),
        neighbours(),
        certificates(),
        settings(),
        health(),
        agent(),
        updates(),
        interfaces(),
        opaque(),
        unread(),
    ]
    .concat()
}

/// A Delta with a put of the fact; the typed key and value must come back from the bytes first.
macro_rules! fact {
    ($name:literal, $what:literal, $fact:expr, $means:tt) => {{
        let fact = $fact;
        let bytes = encoded(&fact);
        assert_eq!(Key::read(bytes.key), Ok(fact.key), $name);
        assert_eq!(Value::read(bytes.value), Ok(fact.value), $name);
        told_fact($name, $what, bytes, json!($means))
    }};
}

/// `means` is a pair: of the key, of the value.
fn told_fact(name: &'static str, what: &'static str, bytes: RawFact<'static>, means: Json) -> Vector {
    Vector::body(name, what, one(put(bytes)), json!({"records": [told_record(bytes, means)]}))
}

pub fn told_record(bytes: RawFact<'_>, means: Json) -> Json {
    json!({
        "op": "put", "kind": bytes.kind.name(), "key": hex(bytes.key), "value": hex(bytes.value),
        "means": {"key": means[0], "value": means[1]}, "unread": null,
    })
}

fn scalars() -> Vec<Vector> {
    let serial = |value| Identity::claim(Claim::SERIAL_NUMBER, value);
    vec![
        fact!("scalar/unknown", "Tag 0, trimmed to nothing.",
            serial(Scalar::Unknown),
            [{"claim": "serial number"}, {"type": "unknown", "value": null}]),
        fact!("scalar/unsupported", "Tag 1.",
            serial(Scalar::Unsupported),
            [{"claim": "serial number"}, {"type": "unsupported", "value": null}]),
        fact!("scalar/true", "Tag 2.",
            serial(Scalar::Bool(true)),
            [{"claim": "serial number"}, {"type": "bool", "value": true}]),
        fact!("scalar/false", "The payload is trimmed, the tag is not.",
            serial(Scalar::Bool(false)),
            [{"claim": "serial number"}, {"type": "bool", "value": false}]),
        fact!("scalar/int", "Tag 3, zigzag.",
            serial(Scalar::Int(-300)),
            [{"claim": "serial number"}, {"type": "int", "value": -300}]),
        fact!("scalar/int 0", "The payload is trimmed.",
            serial(Scalar::Int(0)),
            [{"claim": "serial number"}, {"type": "int", "value": 0}]),
        fact!("scalar/least int", "The least i64.",
            serial(Scalar::Int(i64::MIN)),
            [{"claim": "serial number"}, {"type": "int", "value": (i64::MIN)}]),
        fact!("scalar/largest int", "The largest i64.",
            serial(Scalar::Int(i64::MAX)),
            [{"claim": "serial number"}, {"type": "int", "value": (i64::MAX)}]),
        fact!("scalar/enum", "Tag 4.",
            Identity::claim(Claim::DEBUG_STATUS, Scalar::Enum(3)),
            [{"claim": "dbgstat"}, {"type": "enum", "value": 3}]),
        fact!("scalar/largest enum", "The largest u32.",
            serial(Scalar::Enum(u32::MAX)),
            [{"claim": "serial number"}, {"type": "enum", "value": 4_294_967_295_u32}]),
        fact!("scalar/str", "Tag 5.",
            serial(Scalar::Text("A-0017")),
            [{"claim": "serial number"}, {"type": "str", "value": "A-0017"}]),
        fact!("scalar/empty str", "The length is trimmed.",
            serial(Scalar::Text("")),
            [{"claim": "serial number"}, {"type": "str", "value": ""}]),
        fact!("scalar/longest str", "A length of two bytes; the value has 512.",
            Setting::named("motd", Scalar::Text(LONG)),
            [{"id": "named", "name": "motd"}, {"type": "str", "value": LONG}]),
        fact!("scalar/bytes", "Tag 6.",
            Identity::claim(Claim::UEID, Scalar::Bytes(Bytes(&[1, 0, 255]))),
            [{"claim": "ueid"}, {"type": "bytes", "value": "0100ff"}]),
        fact!("scalar/keyed hash", "Tag 7: 8 bytes after their length.",
            serial(Scalar::Hash(Bytes(b"HASHHASH"))),
            [{"claim": "serial number"}, {"type": "keyed hash", "value": "4841534848415348"}]),
    ]
}

const LONG: &str = match str::from_utf8(&[b'x'; 509]) {
    Ok(text) => text,
    Err(_) => "",
};

const NO_SOFTWARE: &str = r#"{"version": "", "state": "active", "class": "unspecified", "scheme": 0, "digest": "", "build_id": "", "source": "",
    "source_version": "", "sbom": "", "name": "", "architecture": ""}"#;

/// The meaning of a value without a field.
fn nothing(fields: &str) -> Json {
    serde_json::from_str(fields).expect("a table above is JSON")
}

fn software() -> Vec<Vector> {
    let nothing = nothing(NO_SOFTWARE);
    let named = |ecosystem, name, architecture| Software::of(SoftwareKey::Named { ecosystem, name, architecture });
    let hashed = SoftwareKey::Hashed { ecosystem: Ecosystem::NPM, hash: Bytes(&[0xAB; 16]) };
    let longest: &str = "n".repeat(62).leak();
    vec![
        fact!("software/slot", "Ecosystem 0 has a number.",
            Software::slot(300),
            [{"ecosystem": "slot", "slot": 300}, nothing]),
        fact!("software/slot 0", "A key keeps its first byte.",
            Software::slot(0),
            [{"ecosystem": "slot", "slot": 0}, nothing]),
        fact!("software/component", "A name without an architecture.",
            Software::component("bootloader"),
            [{"ecosystem": "component", "name": "bootloader", "architecture": ""}, nothing]),
        fact!("software/package", "A name and an architecture.",
            named(Ecosystem::DEB, "libssl3", "arm64"),
            [{"ecosystem": "deb", "name": "libssl3", "architecture": "arm64"}, nothing]),
        fact!("software/architecture alone", "An empty name before one that is not.",
            named(Ecosystem::OS, "", "arm"),
            [{"ecosystem": "os", "name": "", "architecture": "arm"}, nothing]),
        fact!("software/longest name", "The key has 64 bytes; the architecture is trimmed.",
            named(Ecosystem::CARGO, longest, ""),
            [{"ecosystem": "cargo", "name": longest, "architecture": ""}, nothing]),
        fact!("software/unknown ecosystem", "Up to 127 a name follows.",
            named(Ecosystem(127), "x", ""),
            [{"ecosystem": 127, "name": "x", "architecture": ""}, nothing]),
        fact!("software/hashed name", "Ecosystem 128 + 10: the name is in the value.",
            Software::of(hashed).version("1.0.0").name("@a-scope/a-package").architecture("wasm32"),
            [{"ecosystem": "npm", "name_hash": ("ab".repeat(16))},
             {"version": "1.0.0", "name": "@a-scope/a-package", "architecture": "wasm32", "sbom": ""}]),
    ]
}

fn software_values() -> Vec<Vector> {
    let full = Software::slot(1)
        .version("2.4.1")
        .state(SoftwareState::STAGED)
        .class(SoftwareClass::FIRMWARE)
        .scheme(16384)
        .digest(Bytes(&[0xD1; 32]))
        .build_id(Bytes(&[0xB1; 20]))
        .source("openssl")
        .source_version("3.0.11-1")
        .sbom(Bytes(b"SBOMSBOM"))
        .name("slot B")
        .architecture("armv7-m");
    vec![
        fact!("software/full", "Every field.",
            full,
            [{"ecosystem": "slot", "slot": 1}, {
            "version": "2.4.1", "state": "staged", "class": "firmware", "scheme": "semver", "digest": ("d1".repeat(32)), "build_id": ("b1".repeat(20)),
            "source": "openssl", "source_version": "3.0.11-1", "sbom": "53424f4d53424f4d", "name": "slot B", "architecture": "armv7-m",
        }]),
        fact!("software/trimmed", "Ends after its state.",
            Software::slot(1).version("2.4.1").state(SoftwareState::STANDBY),
            [{"ecosystem": "slot", "slot": 1}, {
            "version": "2.4.1", "state": "standby", "class": "unspecified", "scheme": 0, "digest": "", "build_id": "", "source": "",
            "source_version": "", "sbom": "", "name": "", "architecture": "",
        }]),
    ]
}

const NO_ACCOUNT: &str = r#"{"roles": [], "flags": [], "credential": "unknown", "uid": 0, "groups": [], "more_groups": 0, "shell": "", "name": ""}"#;

fn accounts() -> Vec<Vector> {
    let nothing = nothing(NO_ACCOUNT);
    let of = |account, realm| Account::of(AccountKey { account, realm });
    let full = Account::named("root")
        .roles(Roles::ADMINISTRATOR | Roles::LOGIN | Roles::REMOTE | Roles::SERVICE | Roles::OPERATOR)
        .flags(AccountFlags(0b111111))
        .credential(Credential::PASSWORD)
        .uid(1000)
        .groups(List::new(&["wheel", "", "dialout"]))
        .more_groups(300)
        .shell("/bin/sh")
        .name("Operator");
    vec![
        fact!("account/name", "Form 0; the realm is trimmed.",
            Account::named("root"),
            [{"form": "name", "name": "root", "realm": ""}, nothing]),
        fact!("account/name in a realm", "Form 0 with a realm.",
            of(AccountId::Name("admin"), "web"),
            [{"form": "name", "name": "admin", "realm": "web"}, nothing]),
        fact!("account/no name", "A key keeps its first byte.",
            of(AccountId::Name(""), ""),
            [{"form": "name", "name": "", "realm": ""}, nothing]),
        fact!("account/uid", "Form 1.",
            of(AccountId::Uid(70_000), ""),
            [{"form": "uid", "uid": 70000, "realm": ""}, nothing]),
        fact!("account/uid 0 in a realm", "A zero before what is not.",
            of(AccountId::Uid(0), "ldap"),
            [{"form": "uid", "uid": 0, "realm": "ldap"}, nothing]),
        fact!("account/keyed hash", "Form 2: 8 bytes after their length.",
            of(AccountId::Hashed(Bytes(b"HASHHASH")), "").name("K. H."),
            [{"form": "keyed hash", "keyed_hash": "4841534848415348", "realm": ""}, {
            "roles": [], "flags": [], "credential": "unknown", "uid": 0, "groups": [], "more_groups": 0, "shell": "", "name": "K. H.",
        }]),
        fact!("account/full", "Every field; an empty group is a group.",
            full,
            [{"form": "name", "name": "root", "realm": ""}, {
            "roles": ["administrator", "may log in", "remote access", "service account", "operator"],
            "flags": ["enabled", "password set", "default password", "locked", "expired", "empty password"],
            "credential": "password", "uid": 1000, "groups": ["wheel", "", "dialout"], "more_groups": 300, "shell": "/bin/sh", "name": "Operator",
        }]),
        fact!("account/trimmed after a list", "A list of one empty group is not empty.",
            Account::named("a").groups(List::new(&[""])),
            [{"form": "name", "name": "a", "realm": ""}, {
            "roles": [], "flags": [], "credential": "unknown", "uid": 0, "groups": [""], "more_groups": 0, "shell": "", "name": "",
        }]),
        fact!("account/most groups", "A list of 16.",
            Account::named("a").groups(List::new(&["g"; 16])),
            [{"form": "name"}, {"groups": (["g"; 16])}]),
        fact!("account/unknown flags", "A bit without a name is shown as its number.",
            Account::named("a").roles(Roles(1 << 31)).credential(Credential(200)),
            [{"form": "name"}, {"roles": [31], "flags": [], "credential": 200}]),
    ]
}

fn listeners() -> Vec<Vector> {
    let nothing = json!({"owner": "", "flags": [], "account": ""});
    let of = |protocol, port, address, interface| {
        Listener::of(ListenerKey { protocol, port, address: Address(address), interface })
    };
    let full = of(Protocol::TCP, 8443, &[192, 0, 2, 1], "eth0")
        .owner("httpd")
        .flags(ListenerFlags::LOOPBACK | ListenerFlags::ENCRYPTED | ListenerFlags::AUTHENTICATED)
        .account("www");
    vec![
        fact!("listener/any address", "Address and interface are trimmed.",
            Listener::port(Protocol::UDP, 53),
            [{"protocol": "UDP", "port": 53, "address": "", "interface": ""}, nothing]),
        fact!("listener/ipv6", "16 bytes of address.",
            of(Protocol::SCTP, 65535, &[0xFE; 16], ""),
            [{"protocol": "SCTP", "port": 65535, "address": ("fe".repeat(16)), "interface": ""}, nothing]),
        fact!("listener/not ip", "A radio service, named by its interface.",
            of(Protocol::LOCAL, 0, &[], "ble0"),
            [{"protocol": "not IP", "port": 0, "address": "", "interface": "ble0"}, nothing]),
        fact!("listener/unknown protocol", "Shown as its number.",
            Listener::port(Protocol(33), 0),
            [{"protocol": 33, "port": 0, "address": "", "interface": ""}, nothing]),
        fact!("listener/full", "Every field, IPv4.",
            full,
            [{"protocol": "TCP", "port": 8443, "address": "c0000201", "interface": "eth0"},
            {"owner": "httpd", "flags": ["loopback only", "encrypted", "authenticated"], "account": "www"}]),
        fact!("listener/trimmed", "Ends after its flags.",
            Listener::port(Protocol::TCP, 22).flags(ListenerFlags::ENCRYPTED),
            [{"protocol": "TCP", "port": 22}, {"owner": "", "flags": ["encrypted"], "account": ""}]),
    ]
}

fn neighbours() -> Vec<Vector> {
    let nothing = json!({"addresses": [], "more_addresses": 0, "name": "", "state": "seen", "security": "not stated", "first_seen": 0});
    let of = |link, address, interface| Neighbour::of(NeighbourKey { link, address: LinkAddress(address), interface });
    let addresses = [Address(&[192, 0, 2, 9]), Address(&[0x20; 16])];
    let full = of(LinkKind::EUI48, &[2, 0, 0, 0, 0, 1], "eth0")
        .addresses(List::new(&addresses))
        .more_addresses(2)
        .name("nas")
        .state(NeighbourState::BONDED)
        .security(LinkSecurity::AUTHENTICATED)
        .first_seen(1_790_000_000);
    vec![
        fact!("neighbour/eui-48", "On the device's only interface.",
            Neighbour::mac(&[2, 0, 0, 0, 0, 1]),
            [{"link": "EUI-48", "address": "020000000001", "interface": ""}, nothing]),
        fact!("neighbour/ip only", "No link address; IPv4.",
            of(LinkKind::IP, &[192, 0, 2, 7], ""),
            [{"link": "IP only", "address": "c0000207", "interface": ""}, nothing]),
        fact!("neighbour/keyed hash", "8 bytes.",
            of(LinkKind::HASHED, b"HASHHASH", "wlan0"),
            [{"link": "keyed hash", "address": "4841534848415348", "interface": "wlan0"}, nothing]),
        fact!("neighbour/full", "Every field.",
            full,
            [{"link": "EUI-48", "address": "020000000001", "interface": "eth0"}, {
            "addresses": ["c0000209", ("20".repeat(16))], "more_addresses": 2, "name": "nas", "state": "bonded", "security": "authenticated", "first_seen": 1_790_000_000,
        }]),
        fact!("neighbour/trimmed", "Ends after its state; the empty list is one byte.",
            Neighbour::mac(&[2, 0, 0, 0, 0, 1]).state(NeighbourState::BLOCKED),
            [{"link": "EUI-48"},
             {"addresses": [], "more_addresses": 0, "name": "", "state": "blocked", "security": "not stated", "first_seen": 0}]),
        fact!("neighbour/largest first_seen", "The largest u64.",
            Neighbour::mac(&[0; 6]).first_seen(u64::MAX),
            [{"address": "000000000000"}, {"first_seen": (u64::MAX)}]),
    ]
}

const NO_CERTIFICATE: &str = r#"{"type": "certificate", "fingerprint": "", "not_after": 0, "not_before": 0, "subject": "", "issuer": "", "serial": "",
    "usage": [], "key_kind": "not stated", "key_bits": 0, "role": "none", "label": ""}"#;

fn certificates() -> Vec<Vector> {
    let nothing = nothing(NO_CERTIFICATE);
    let of = |slot, index| Certificate::of(CertificateKey { slot, index });
    let full = Certificate::slot(3)
        .certificate_type(CertificateType::TRUST_ANCHOR)
        .fingerprint(Bytes(&[0xFA; 32]))
        .not_after(4_102_444_800)
        .not_before(-1)
        .subject("CN=Root")
        .issuer("CN=Root CA")
        .serial(Bytes(&[0, 0x9F]))
        .usage(KeyUsage(0x0007_01FF))
        .key_kind(KeyKind::EC_P256)
        .key_bits(256)
        .role(CertificateRole::LDEVID)
        .label("tls");
    vec![
        fact!("certificate/slot", "Form 0.", Certificate::slot(3), [{"form": "slot", "slot": 3, "index": 0}, nothing]),
        fact!("certificate/slot 0", "A key keeps its first byte.",
            Certificate::slot(0),
            [{"form": "slot", "slot": 0, "index": 0}, nothing]),
        fact!("certificate/name", "Form 1.",
            Certificate::named("/etc/ca.pem"),
            [{"form": "name", "name": "/etc/ca.pem", "index": 0}, nothing]),
        fact!("certificate/name in a bundle", "Form 1 with an index.",
            of(SlotId::Name("/etc/ca.pem"), 140),
            [{"form": "name", "name": "/etc/ca.pem", "index": 140}, nothing]),
        fact!("certificate/name hash", "Form 2: 16 bytes after their length; the name is the label.",
            of(SlotId::Hashed(Bytes(&[0xAB; 16])), 1).label("/a/long/path.pem"),
            [{"form": "name hash", "name_hash": ("ab".repeat(16)), "index": 1},
             {"type": "certificate", "label": "/a/long/path.pem"}]),
        fact!("certificate/full", "Every field.",
            full,
            [{"form": "slot", "slot": 3, "index": 0}, {
            "type": "trust anchor", "fingerprint": ("fa".repeat(32)), "not_after": 4_102_444_800_i64, "not_before": -1, "subject": "CN=Root", "issuer": "CN=Root CA",
            "serial": "009f", "key_kind": "EC P-256", "key_bits": 256, "role": "LDevID", "label": "tls",
            "usage": ["digital signature", "non-repudiation", "key encipherment", "data encipherment", "key agreement", "certificate signing",
                "CRL signing", "encipher only", "decipher only", "server auth", "client auth", "code signing"],
        }]),
        fact!("certificate/trimmed", "Ends after not_after.",
            Certificate::slot(3).not_after(-2),
            [{"form": "slot"}, {
            "type": "certificate", "fingerprint": "", "not_after": -2, "not_before": 0, "subject": "", "issuer": "", "serial": "", "usage": [],
            "key_kind": "not stated", "key_bits": 0, "role": "none", "label": "",
        }]),
    ]
}

fn settings() -> Vec<Vector> {
    let of = |id, name, value| Setting { key: SettingKey { id, name }, value };
    vec![
        fact!("setting/registered", "A number; the instance is trimmed.",
            Setting::id(SettingId::SECURE_BOOT, Scalar::Bool(true)),
            [{"id": "secure boot", "name": ""}, {"type": "bool", "value": true}]),
        fact!("setting/instance", "A number and the instance.",
            of(SettingId::WIFI_SECURITY, "wlan0", Scalar::Enum(4)),
            [{"id": "Wi-Fi security", "name": "wlan0"}, {"type": "enum", "value": 4}]),
        fact!("setting/named", "0 and the vendor's name.",
            Setting::named("pump.limit", Scalar::Int(12)),
            [{"id": "named", "name": "pump.limit"}, {"type": "int", "value": 12}]),
        fact!("setting/unknown", "A number without a name.",
            of(SettingId(300), "", Scalar::Unsupported),
            [{"id": 300, "name": ""}, {"type": "unsupported", "value": null}]),
    ]
}

fn health() -> Vec<Vector> {
    let nothing = json!({"value": 0, "exponent": 0, "unit": "none", "state": "no threshold"});
    let of = |metric, name, instance| Health::of(HealthKey { metric, name, instance });
    vec![
        fact!("health/registered", "A number; the instance is trimmed.",
            Health::metric(Metric::MEMORY_FREE),
            [{"metric": "memory free", "name": null, "instance": ""}, nothing]),
        fact!("health/instance", "No name stands between a number and the instance.",
            of(Metric::TEMPERATURE, "", "cpu"),
            [{"metric": "temperature", "name": null, "instance": "cpu"}, nothing]),
        fact!("health/named", "0 and the vendor's name.",
            Health::named("rpm"),
            [{"metric": "named", "name": "rpm", "instance": ""}, nothing]),
        fact!("health/named instance", "0, name and instance.",
            of(Metric::NAMED, "rpm", "1"),
            [{"metric": "named", "name": "rpm", "instance": "1"}, nothing]),
        fact!("health/full", "-6.25 V, critical; the exponent is one byte, two's complement.",
            Health::metric(Metric::SUPPLY_VOLTAGE).value(-625).exponent(-2).unit(Unit::VOLT).state(Threshold::CRITICAL),
            [{"metric": "supply voltage"}, {"value": -625, "exponent": -2, "unit": "V", "state": "critical"}]),
        fact!("health/trimmed", "Ends after its exponent.",
            Health::metric(Metric::UPTIME).value(3).exponent(6),
            [{"metric": "uptime"}, {"value": 3, "exponent": 6, "unit": "none", "state": "no threshold"}]),
        fact!("health/least exponent", "-128.",
            Health::metric(Metric::UPTIME).exponent(-128),
            [{"metric": "uptime"}, {"value": 0, "exponent": -128}]),
        fact!("health/largest exponent", "127.",
            Health::metric(Metric::UPTIME).value(i64::MIN).exponent(127),
            [{"metric": "uptime"}, {"value": (i64::MIN), "exponent": 127}]),
    ]
}

fn agent() -> Vec<Vector> {
    let of = |item, arg, value| AgentFact { key: AgentKey { item, arg }, value };
    let told = |name, what, fact: AgentFact, means: Json| {
        let bytes = encoded(&fact);
        assert_eq!(AgentKey::read(bytes.key), Ok(fact.key), "{name}");
        assert_eq!(AgentValue::read(bytes.value), Ok(AgentValue { value: fact.value }), "{name}");
        told_fact(name, what, bytes, means)
    };
    vec![
        told(
            "agent/coverage",
            "Of a kind.",
            of(AgentItem::COVERAGE, 10, 2),
            json!([{"item": "coverage", "arg": "interface"}, {"value": "partial"}]),
        ),
        told(
            "agent/loading",
            "Of kind 0: key and value are trimmed.",
            of(AgentItem::COVERAGE, 0, 0),
            json!([{"item": "coverage", "arg": "identity"}, {"value": "loading"}]),
        ),
        told(
            "agent/events lost",
            "Of a severity.",
            of(AgentItem::EVENTS_LOST, 3, 300),
            json!([{"item": "events lost", "arg": "critical"}, {"value": 300}]),
        ),
        told(
            "agent/counter",
            "The largest u64.",
            of(AgentItem::PACKETS_REFUSED, 0, u64::MAX),
            json!([{"item": "packets refused", "arg": 0}, {"value": u64::MAX}]),
        ),
    ]
}

fn updates() -> Vec<Vector> {
    let nothing = json!({"state": "idle", "target": "", "percent": 0, "error": 0});
    let named = |name| Update::of(UpdateKey { slot: 0, name });
    vec![
        fact!("update/slot", "A number.", Update::slot(2), [{"slot": 2, "name": ""}, nothing]),
        fact!("update/name", "A name after slot 0.", named("modem"), [{"slot": 0, "name": "modem"}, nothing]),
        fact!("update/device", "Neither: the whole device; a key keeps its first byte.",
            Update::slot(0),
            [{"slot": 0, "name": ""}, nothing]),
        fact!("update/full", "Every field.",
            Update::slot(1).state(UpdateState::FAILED).target("2.4.2").percent(100).error(-70_000),
            [{"slot": 1, "name": ""}, {"state": "failed", "target": "2.4.2", "percent": 100, "error": -70000}]),
        fact!("update/trimmed", "Ends after its target.",
            Update::slot(1).target("2.4.2"),
            [{"slot": 1}, {"state": "idle", "target": "2.4.2", "percent": 0, "error": 0}]),
        fact!("update/least error", "The least i32.",
            Update::slot(1).error(i32::MIN),
            [{"slot": 1}, {"error": (i32::MIN)}]),
    ]
}

fn interfaces() -> Vec<Vector> {
    let addresses = [Address(&[192, 0, 2, 9]); 4];
    let full = Interface::named("wwan0")
        .interface_type(InterfaceType::CELLULAR)
        .link(LinkAddress(&[2, 0, 0, 0, 0, 1]))
        .flags(InterfaceFlags::UP | InterfaceFlags::RUNNING | InterfaceFlags::METERED)
        .addresses(List::new(&addresses))
        .more_addresses(1)
        .network("operator")
        .cell("262-01-1234")
        .radio(Radio::LTE_M);
    vec![
        fact!("interface/name", "The name is the key.",
            Interface::named("eth0"),
            [{"name": "eth0"}, {
            "type": "other", "link": "", "flags": [], "addresses": [], "more_addresses": 0, "network": "", "cell": "", "radio": "not stated",
        }]),
        fact!("interface/full", "Every field.",
            full,
            [{"name": "wwan0"}, {
            "type": "cellular", "link": "020000000001", "flags": ["up", "running", "metered"], "addresses": ["c0000209", "c0000209", "c0000209", "c0000209"],
            "more_addresses": 1, "network": "operator", "cell": "262-01-1234", "radio": "LTE-M",
        }]),
        fact!("interface/trimmed", "Ends after its flags.",
            Interface::named("eth0").flags(InterfaceFlags::UP),
            [{"name": "eth0"}, {
            "type": "other", "link": "", "flags": ["up"], "addresses": [], "more_addresses": 0, "network": "", "cell": "", "radio": "not stated",
        }]),
    ]
}

fn opaque() -> Vec<Vector> {
    let vendor = VendorFact { vendor_kind: 0x0102, key: b"k", value: b"\x00v\x00" };
    let longest = VendorFact { vendor_kind: 0xFFFF, key: &[0x6B; 62], value: b"" };
    let unknown = |kind, name, what| {
        let bytes = RawFact { kind: Kind(kind), key: b"\x00", value: b"\x00\x00" };
        Vector::body(
            name,
            what,
            one(put(bytes)),
            json!({"records": [{"op": "put", "kind": shown(kind), "key": "00", "value": "0000", "means": null, "unread": null}]}),
        )
    };
    vec![
        told_fact(
            "vendor/fact",
            "Two bytes of vendor kind, big-endian; nothing is trimmed.",
            encoded(&vendor),
            json!([{"vendor_kind": 0x0102, "key": "6b"}, {"bytes": "007600"}]),
        ),
        told_fact(
            "vendor/longest key",
            "62 bytes and no value.",
            encoded(&longest),
            json!([{"vendor_kind": 0xFFFF, "key": "6b".repeat(62)}, {"bytes": ""}]),
        ),
        unknown(11, "unknown kind/reserved", "A kind with a name but no fields yet: kept as bytes."),
        unknown(16, "unknown kind/first", "A kind without a name."),
        unknown(31, "unknown kind/last", "The last kind there can be."),
    ]
}

fn shown(kind: u8) -> Json {
    if kind == 11 { json!("peer") } else { json!(kind) }
}

/// Facts that do not fit SPEC §7: well-formed packets all the same.
fn unread() -> Vec<Vector> {
    let fact = |name, what, kind, key: &'static [u8], value: &'static [u8]| {
        let bytes = RawFact { kind, key, value };
        let means = json!({"op": "put", "kind": kind.name(), "key": hex(key), "value": hex(value), "means": null});
        Vector::body(name, what, one(put(bytes)), json!({"records": [means]}))
    };
    vec![
        fact("untyped/bool of 2", "A bool is 0 or 1.", Kind::SETTING, &[1], &[2, 2]),
        fact("untyped/account form 9", "A key form without a meaning.", Kind::ACCOUNT, &[9], &[]),
        fact("untyped/certificate form 3", "A key form without a meaning.", Kind::CERTIFICATE, &[3], &[]),
        fact("untyped/text that is none", "A str is UTF-8.", Kind::SOFTWARE, &[0, 1], &[1, 0xFF]),
        fact("untyped/cut short", "A str ends before its length.", Kind::INTERFACE, &[4, b'e'], &[]),
        fact(
            "untyped/list of 17",
            "A list has at most 16 elements.",
            Kind::ACCOUNT,
            &[0, 1, b'a'],
            &[0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        ),
        fact(
            "untyped/list cut short",
            "An element that is left off is none.",
            Kind::ACCOUNT,
            &[0, 1, b'a'],
            &[0, 0, 0, 0, 2, 1, b'g'],
        ),
        fact("untyped/port past u16", "A u16 has at most 16 bits.", Kind::LISTENER, &[6, 0x80, 0x80, 4], &[]),
        fact("untyped/vendor key of 2", "A vendor key has 3 bytes or more.", Kind::VENDOR, &[1, 2], b"v"),
    ]
}
