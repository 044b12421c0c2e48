//! Identical calls give identical packets: what `script/script.c` prints, and what the crate `tidings` gives for the same history.

use crate::workshop::{compiler, done, folder};
use std::convert::Infallible;
use std::fmt::Write as _;
use std::path::Path;
use tidings::epoch::RamEpoch;
use tidings::facts::*;
use tidings::suites::{Ascon128, ChaCha20Poly1305, KeySet};
use tidings::wire::fields::List;
use tidings::wire::message::BootReason;
use tidings::wire::packet::Suite;
use tidings::{Agent, Config, DeviceId, EventStore, EventType, Fact, KeptEvents, Keys, Kind, Severity, config};
use tidings_c_abi::program::program;
use tidings_c_abi::target::host;
use tidings_c_abi::{archive, rooms};

const DIGEST: [u8; 16] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
const MAC: [u8; 6] = [2, 0, 0x5e, 0x10, 0, 1];
const IP: [u8; 4] = [192, 0, 2, 7];

/// The samples of `c/samples.c`, in the order of `EACH_FACT`.
fn tell(each: &mut dyn FnMut(&dyn Fact)) {
    let addresses = [Address(&IP), Address(&DIGEST)];
    for fact in [account(), &agent_item(), &certificate(), &health(), &identity()] {
        each(fact);
    }
    each(&interface(&addresses));
    each(&listener());
    each(&neighbour(&addresses));
    each(&RawFact { kind: Kind(12), key: b"k", value: b"v" });
    each(&Setting { key: SettingKey { id: SettingId::FIREWALL, name: "eth0" }, value: Scalar::Bool(true) });
    each(&software());
    let value = UpdateValue { state: UpdateState::DOWNLOADING, target: "1.5.0", percent: 40, error: -3 };
    each(&Update { key: UpdateKey { slot: 1, name: "main" }, value });
    each(&VendorFact { vendor_kind: 0x1234, key: b"valve", value: b"open" });
}

fn account() -> &'static dyn Fact {
    const ACCOUNT: Account<'static> = Account {
        key: AccountKey { account: AccountId::Name("eve"), realm: "ldap" },
        value: AccountValue {
            roles: Roles(Roles::ADMINISTRATOR.0 | Roles::LOGIN.0),
            flags: AccountFlags::ENABLED,
            credential: Credential::PASSWORD,
            uid: 1000,
            groups: List::new(&["wheel", "audio"]),
            more_groups: 3,
            shell: "/bin/sh",
            name: "Eve",
        },
    };
    &ACCOUNT
}

fn agent_item() -> AgentFact {
    AgentFact { key: AgentKey { item: AgentItem::STACK_HIGH_WATER, arg: 2 }, value: 1234 }
}

fn certificate() -> Certificate<'static> {
    Certificate {
        key: CertificateKey { slot: SlotId::Slot(4), index: 1 },
        value: CertificateValue {
            certificate_type: CertificateType::TRUST_ANCHOR,
            fingerprint: Bytes(&DIGEST),
            not_after: 1_893_456_000,
            not_before: -1,
            subject: "CN=tls",
            issuer: "CN=root",
            serial: Bytes(&DIGEST[..4]),
            usage: KeyUsage(KeyUsage::DIGITAL_SIGNATURE.0 | KeyUsage::SERVER_AUTH.0),
            key_kind: KeyKind::EC_P256,
            key_bits: 256,
            role: CertificateRole::LDEVID,
            label: "tls",
        },
    }
}

fn health() -> Health<'static> {
    Health {
        key: HealthKey { metric: Metric::TEMPERATURE, name: "", instance: "core0" },
        value: HealthValue { value: 715, exponent: -1, unit: Unit::CELSIUS, state: Threshold::WARNING },
    }
}

fn identity() -> Identity<'static> {
    Identity::claim(Claim::SERIAL_NUMBER, Scalar::Text("SN-0042"))
}

fn interface<'a>(addresses: &'a [Address<'a>]) -> Interface<'a> {
    Interface {
        key: InterfaceKey { name: "wlan0" },
        value: InterfaceValue {
            interface_type: InterfaceType::WIFI,
            link: LinkAddress(&MAC),
            flags: InterfaceFlags(InterfaceFlags::UP.0 | InterfaceFlags::METERED.0),
            addresses: List::new(addresses),
            more_addresses: 1,
            network: "guest",
            cell: "ap1",
            radio: Radio::LTE_M,
        },
    }
}

fn listener() -> Listener<'static> {
    Listener {
        key: ListenerKey { protocol: Protocol::TCP, port: 23, address: Address(&IP), interface: "eth0" },
        value: ListenerValue { owner: "telnetd", flags: ListenerFlags::AUTHENTICATED, account: "root" },
    }
}

fn neighbour<'a>(addresses: &'a [Address<'a>]) -> Neighbour<'a> {
    Neighbour {
        key: NeighbourKey { link: LinkKind::EUI48, address: LinkAddress(&MAC), interface: "eth0" },
        value: NeighbourValue {
            addresses: List::new(addresses),
            more_addresses: 2,
            name: "printer",
            state: NeighbourState::BONDED,
            security: LinkSecurity::AUTHENTICATED,
            first_seen: 77,
        },
    }
}

fn software() -> Software<'static> {
    Software {
        key: SoftwareKey::Named { ecosystem: Ecosystem::DEB, name: "nginx", architecture: "armhf" },
        value: SoftwareValue {
            version: "1.2",
            state: SoftwareState::STANDBY,
            class: SoftwareClass::APPLICATION,
            scheme: 16384,
            digest: Bytes(&DIGEST),
            build_id: Bytes(&DIGEST[..4]),
            source: "nginx-src",
            source_version: "1.2-3",
            sbom: Bytes(&DIGEST[..8]),
            name: "web",
            architecture: "arm",
        },
    }
}

fn key_set() -> KeySet {
    let mut bytes = [0; KeySet::BYTES];
    bytes[0] = 3;
    for at in 0..32 {
        bytes[1 + at] = at as u8 + 3;
        bytes[33 + at] = at as u8 + 103;
    }
    for at in 0..16 {
        bytes[65 + at] = at as u8 + 200;
    }
    KeySet::from_bytes(&bytes).expect("keys")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn print_packets(agent: &mut Agent<'_>, from_ms: u64, until_ms: u64, out: &mut String) {
    let (mut now, mut packet) = (from_ms, [0; 2304]);
    while now <= until_ms {
        match agent.poll_transmit(now, &mut packet) {
            Some(len) => writeln!(out, "{now} {}", hex(&packet[..len])).expect("a string"),
            None => now = agent.next_deadline().max(now + 1),
        }
    }
}

/// An event store in RAM, as the one of `c/check.c`.
#[derive(Default)]
struct Queue(Vec<Vec<u8>>);

impl EventStore for Queue {
    type Error = Infallible;

    fn least(&self) -> Severity {
        Severity::Warning
    }

    fn append(&mut self, record: &[u8]) -> Result<(), Infallible> {
        self.0.push(record.to_vec());
        Ok(())
    }

    fn review(&mut self, is_done: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), Infallible> {
        self.0.retain(|record| !is_done(record));
        Ok(())
    }
}

/// The same history, told to the crate.
fn history(keys: Keys<'_>, one_way: bool) -> String {
    let config =
        Config::new().profile(config::Profile { spread_ms: 0, ..config::TCP }).expect(Kind::SOFTWARE).schema_rev(9);
    let config = config.boot(BootReason::WATCHDOG, 4).boot_event(Severity::Notice).one_way(one_way);
    let (mut table, mut events, mut store) = ([0; 4096], [0; 512], RamEpoch::at(6));
    let mut agent = Agent::within(&config, DeviceId::new(b"c-tests").expect("an id"), keys, &mut table, &mut events);
    let mut out = String::new();
    agent.start(0, &mut store).expect("RAM keeps it");
    tell(&mut |fact| {
        agent.record(fact).expect("room");
    });
    agent.complete(Kind::SOFTWARE);
    print_packets(&mut agent, 10, 20_000, &mut out);
    agent.tick(30_000);
    agent.remove(&software()).expect("held");
    agent.event(Severity::Warning, EventType::TEXT, b"eve", b"door open").expect("short");
    let mut kept = KeptEvents::new(Queue::default());
    agent.event_kept(&mut kept, Severity::Warning, EventType::TEXT, b"eve", b"door open").expect("room");
    print_packets(&mut agent, 30_000, 60_000, &mut out);
    agent.maintain_events(&mut kept).expect("RAM");
    for record in kept.release().0 {
        writeln!(out, "{}", hex(&record)).expect("a string");
    }
    for (kind, key, value) in agent.facts() {
        writeln!(out, "{} {} {}", kind.0, hex(key), hex(value)).expect("a string");
    }
    out
}

fn build(into: &Path) {
    let library = archive::build(&host().expect("a host"), &["one-way"]).expect("the archive builds");
    let here = rooms::root().join("tests/c_abi");
    let mut gcc = compiler("gcc", into);
    gcc.arg("-std=c11").args(["script/script.c", "c/samples.c", "c/check.c"].map(|file| here.join(file)));
    done(gcc.arg(library).args(["-o", "program"]));
}

#[test]
fn identical_calls_give_identical_packets() {
    let here = folder();
    build(here.path());
    let set = key_set();
    let (chacha, ascon) = (ChaCha20Poly1305::device(&set), Ascon128::device(&set));
    let suites: [(&str, Option<&dyn Suite>); 3] = [("plain", None), ("chacha", Some(&chacha)), ("ascon", Some(&ascon))];
    for (name, suite) in suites {
        for way in ["both-ways", "one-way"] {
            let keys = suite.map_or(Keys::PLAIN, |suite| Keys::sealed(suite, &set));
            let printed = done(program("./program", here.path()).args([name, way]));
            let (lines, count) = printed.trim_end().rsplit_once('\n').expect("facts, then a count");
            assert!(count.ends_with(" checks hold, 0 do not"), "{printed}");
            assert_eq!(lines, history(keys, way == "one-way").trim_end(), "{name} {way}");
            assert!(lines.lines().count() > 16, "{lines}");
        }
    }
}
