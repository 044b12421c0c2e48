//! Facts of each kind as a person and a program see them; what is not known is shown as hex, and no name commands a terminal.

use proptest::prelude::*;
use serde_json::{Value as Json, json};
use tidings_collector::present;
use tidings_wire::facts::*;
use tidings_wire::fields::{Encoder, List};

/// The fact in a line, its key and its value.
fn shown(fact: &dyn Fact) -> (String, Json, Json) {
    let ((kind, key), (_, value)) = (written(fact, Part::Key), written(fact, Part::Value));
    let key = if key.is_empty() { vec![0] } else { key };
    (present::summary(kind, &key, &value), present::key(kind, &key), present::value(kind, &key, &value))
}

fn written(fact: &dyn Fact, part: Part) -> (u8, Vec<u8>) {
    let mut buffer = [0; 600];
    let mut out = Encoder::into(&mut buffer);
    let kind = fact.encode(part, &mut out);
    let len = out.finish().len;
    (kind.0, buffer[..len].to_vec())
}

fn line(fact: &dyn Fact) -> String {
    shown(fact).0
}

#[test]
fn software() {
    let curl = SoftwareKey::Named { ecosystem: Ecosystem::DEB, name: "curl", architecture: "amd64" };
    let (line, key, value) = shown(&Software::of(curl).version("7.88.1").active());
    assert_eq!(line, "software deb curl amd64 7.88.1");
    assert_eq!(key, json!({"named": {"ecosystem": "deb", "name": "curl", "architecture": "amd64"}}));
    assert_eq!(
        (&value["version"], &value["state"], &value["digest"]),
        (&json!("7.88.1"), &json!("active"), &json!(""))
    );
    let staged = Software::slot(1).version("2.0").state(SoftwareState::STAGED).name("modem");
    assert_eq!(self::line(&staged), "software slot 1 2.0 modem, staged");
    let hashed = SoftwareKey::Hashed { ecosystem: Ecosystem::GOLANG, hash: Bytes(&[0xAB; 16]) };
    let hashed = Software::of(hashed).version("1").name("a/long/name");
    assert_eq!(self::line(&hashed), format!("software golang #{} 1 a/long/name", "ab".repeat(16)));
}

#[test]
fn accounts() {
    let groups = ["sudo", "docker"];
    let eve = Account::named("eve").uid(1001).roles(Roles::ADMINISTRATOR | Roles::LOGIN).groups(List::new(&groups));
    let eve = eve.flags(AccountFlags::ENABLED | AccountFlags::DEFAULT_PASSWORD);
    let (line, key, value) = shown(&eve);
    assert_eq!(line, "account eve uid 1001, administrator, login, default password, groups sudo docker");
    assert_eq!(key, json!({"account": {"name": "eve"}, "realm": ""}));
    assert_eq!(
        (&value["flags"], &value["groups"]),
        (&json!(["enabled", "default password"]), &json!(["sudo", "docker"]))
    );
    assert_eq!(self::line(&Account::named("old")), "account old disabled");
}

#[test]
fn listeners_and_neighbours() {
    assert_eq!(line(&Listener::port(Protocol::TCP, 23).owner("telnetd")), "listener tcp 23 by telnetd");
    let key = ListenerKey { protocol: Protocol::UDP, port: 53, address: Address(&[0; 16]), interface: "lo" };
    let dns = Listener::of(key).owner("named").account("bind").flags(ListenerFlags::LOOPBACK);
    assert_eq!(line(&dns), "listener udp [::]:53 lo by named as bind, loopback");
    let addresses = [Address(&[10, 0, 0, 7])];
    let seen = Neighbour::mac(&[2, 0, 0, 0, 0, 9]).name("printer").addresses(List::new(&addresses));
    assert_eq!(line(&seen), "neighbour 02:00:00:00:00:09 printer, 10.0.0.7");
    assert_eq!(shown(&seen).2["addresses"], json!(["10.0.0.7"]));
}

#[test]
fn certificates() {
    let web = Certificate::named("/etc/ssl/web.pem").subject("CN=web").issuer("CN=ca").not_after(1_800_000_000);
    assert_eq!(line(&web), "certificate /etc/ssl/web.pem CN=web, issued by CN=ca, expires 2027-01-15");
    assert_eq!(line(&Certificate::slot(3).not_after(i64::MAX)), "certificate slot 3 expires 9223372036854775807");
    let usage = KeyUsage::DIGITAL_SIGNATURE | KeyUsage::SERVER_AUTH;
    assert_eq!(shown(&Certificate::slot(3).usage(usage)).2["usage"], json!(["digital signature", "server auth"]));
}

#[test]
fn settings_and_identity() {
    assert_eq!(line(&Setting::id(SettingId::TELNET, Scalar::Bool(true))), "setting telnet on");
    let wifi = Setting::id(SettingId::WIFI_SECURITY, Scalar::Enum(4));
    assert_eq!((line(&wifi), shown(&wifi).2), ("setting wi-fi security wpa3".into(), json!("wpa3")));
    assert_eq!(shown(&Setting::id(SettingId::WIFI_SECURITY, Scalar::Enum(99))).2, json!(99));
    assert_eq!(line(&Setting::named("net.ipv4.ip_forward", Scalar::Int(-1))), "setting net.ipv4.ip_forward -1");
    let unknown = Setting::id(SettingId::SECURE_BOOT, Scalar::Unknown);
    assert_eq!((line(&unknown), shown(&unknown).2), ("setting secure boot unknown".into(), json!(null)));
    assert_eq!(line(&Identity::claim(Claim::HOST_NAME, Scalar::Text("gw"))), "identity host name gw");
    assert_eq!(line(&Identity::claim(Claim::DEBUG_STATUS, Scalar::Enum(3))), "identity dbgstat disabled permanently");
}

#[test]
fn health_is_written_out() {
    let measured = |value, exponent| {
        line(&Health::metric(Metric::TEMPERATURE).value(value).exponent(exponent).unit(Unit::CELSIUS))
    };
    assert_eq!(measured(415, -1), "health temperature 41.5 Cel");
    assert_eq!(measured(-5, -2), "health temperature -0.05 Cel");
    assert_eq!(measured(7, 3), "health temperature 7000 Cel");
    assert_eq!(measured(7, 127), "health temperature 7e127 Cel");
    assert_eq!(measured(0, 9), "health temperature 0 Cel");
    assert_eq!(measured(i64::MIN, -12), "health temperature -9223372.036854775808 Cel");
    let low = Health::metric(Metric::BATTERY).value(3).unit(Unit::PERCENT).state(Threshold::CRITICAL);
    assert_eq!(line(&low), "health battery 3 %, critical");
}

#[test]
fn the_rest() {
    let coverage = AgentFact { key: AgentKey { item: AgentItem::COVERAGE, arg: 1 }, value: 2 };
    assert_eq!(
        shown(&coverage),
        ("agent coverage software partial".into(), json!({"item": "coverage", "arg": "software"}), json!("partial"))
    );
    let lost = AgentFact { key: AgentKey { item: AgentItem::EVENTS_LOST, arg: 3 }, value: 12 };
    assert_eq!(line(&lost), "agent events lost critical 12");
    let stack = AgentFact { key: AgentKey { item: AgentItem::STACK_HIGH_WATER, arg: 0 }, value: 900 };
    assert_eq!(line(&stack), "agent stack high water 900");
    let update = Update::slot(1).state(UpdateState::DOWNLOADING).percent(40).target("2.0").error(-3);
    assert_eq!(line(&update), "update slot 1 downloading 40 %, to 2.0, error -3");
    let eth0 = Interface::named("eth0").interface_type(InterfaceType::ETHERNET).link(LinkAddress(&[2, 0, 0, 0, 0, 1]));
    let eth0 = eth0.flags(InterfaceFlags::UP | InterfaceFlags::RUNNING);
    assert_eq!(line(&eth0), "interface eth0 ethernet 02:00:00:00:00:01, up, running");
}

#[test]
fn what_is_not_known_is_hex() {
    let vendor = VendorFact { vendor_kind: 0x0102, key: &[0xAA], value: &[0xBB, 0xCC] };
    assert_eq!(
        shown(&vendor),
        ("vendor 0x0102 aa bbcc".into(), json!({"vendor_kind": 258, "hex": "aa"}), json!({"hex": "bbcc"}))
    );
    assert_eq!(present::summary(15, &[1, 2], &[]), "vendor 0102");
    assert_eq!(present::key(15, &[1, 2]), json!({"hex": "0102"}), "a vendor key under 3 bytes is untyped");
    let later = RawFact { kind: tidings_wire::Kind(29), key: &[1], value: &[2] };
    assert_eq!(shown(&later), ("kind 29 01 02".into(), json!({"hex": "01"}), json!({"hex": "02"})));
    assert_eq!(present::key(1, &[1, 200]), json!({"hex": "01c8"}), "a key that is cut short");
    assert_eq!(shown(&Software::slot(0).state(SoftwareState(77))).2["state"], json!(77), "a number without a name");
}

#[test]
fn events() {
    assert_eq!(present::event_line(4, b"root", b"three times"), "login failed root: three times");
    assert_eq!(present::event(4, b"root", b"x"), json!({"type": "login failed", "actor": "root", "data": "x"}));
    assert_eq!(present::event_line(7, b"", &[1, 0, 0, 8, 5, 0, 0, 8]), "crash: lr 0x08000005 pc 0x08000001");
    assert_eq!(
        present::event(0x8001, &[0xFF], &[0xFE]),
        json!({"type": 0x8001, "actor": {"hex": "ff"}, "data": {"hex": "fe"}})
    );
    assert_eq!(present::event_line(1, b"", b""), "boot");
}

#[test]
fn a_name_does_not_command_the_terminal() {
    let evil = Account::named("a\x1b[2J\n\u{9b}\u{202e}b");
    let (line, key, _) = shown(&evil);
    assert_eq!(line, "account a\\u{1b}[2J\\u{a}\\u{9b}\\u{202e}b disabled");
    assert_eq!(key["account"]["name"], json!("a\x1b[2J\n\u{9b}\u{202e}b"), "JSON keeps the name");
    assert_eq!(present::event_line(0, b"\x07", b"\r"), "text \\u{7}: \\u{d}");
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_shown(kind in 0u8..32, key in proptest::collection::vec(any::<u8>(), 1..64), value in proptest::collection::vec(any::<u8>(), 0..200)) {
        let line = present::summary(kind, &key, &value);
        prop_assert!(!line.chars().any(char::is_control));
        let _ = (present::key(kind, &key), present::value(kind, &key, &value));
        prop_assert!(!present::event_line(u16::from(kind), &key, &value).chars().any(char::is_control));
    }
}
