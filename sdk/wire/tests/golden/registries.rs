//! Every number of the larger registries in SPEC §7, with its name, and one that has none.

use super::facts::told_record;
use super::vector::*;
use serde_json::{Value, json};
use tidings_wire::Fact;
use tidings_wire::facts::*;
use tidings_wire::message::{BootReason, Hello};

pub fn all() -> Vec<Vector> {
    vec![
        claims(),
        settings(),
        metrics(),
        units(),
        ecosystems(),
        classes(),
        schemes(),
        agent_items(),
        coverage(),
        updates(),
        interfaces(),
        radios(),
        links(),
        key_kinds(),
        boot_reasons(),
    ]
}

/// A Delta with a record for each fact; what the n-th one means is `names[n]`, put in place by `means`.
fn registry<F: Fact>(
    name: &'static str,
    what: &'static str,
    names: &[Value],
    fact: impl Fn(u16) -> F,
    means: impl Fn(&Value) -> Value,
) -> Vector {
    let facts: Vec<_> = (0..names.len()).map(|n| encoded(&fact(n as u16))).collect();
    let records: Vec<_> = facts.iter().map(|fact| put(*fact)).collect();
    let told: Vec<_> = facts.iter().zip(names).map(|(fact, name)| told_record(*fact, means(name))).collect();
    Vector::body(name, what, up(|out| delta(out, 0, &records)), json!({ "records": told }))
}

fn names(list: &[&str]) -> Vec<Value> {
    list.iter().map(|name| json!(name)).chain([json!(list.len())]).collect()
}

fn claims() -> Vector {
    let numbers = [0, 2, 3, 4, 7, 14, 15, 256, 257, 258, 259, 260, 261, 262, 263, 264, 1];
    let names = [
        "ueid",
        "oemid",
        "hwmodel",
        "hwversion",
        "dbgstat",
        "swname",
        "swversion",
        "MUD URL",
        "serial number",
        "vendor name",
        "model name",
        "OS name",
        "OS version",
        "kernel release",
        "host name",
        "architecture",
    ];
    let names: Vec<_> = names.iter().map(|name| json!(name)).chain([json!(1)]).collect();
    registry(
        "registry/claims",
        "Keys of identity.",
        &names,
        |n| Identity::claim(Claim(numbers[usize::from(n)]), Scalar::Unknown),
        |name| json!([{"claim": name}, {"type": "unknown", "value": null}]),
    )
}

fn settings() -> Vector {
    let names = names(&[
        "named",
        "secure boot",
        "debug lock",
        "flash encryption",
        "rollback counter",
        "SSH",
        "telnet",
        "web administration",
        "firewall",
        "time server",
        "automatic update",
        "update source",
        "Wi-Fi security",
        "pairing mode",
        "USB",
        "DNS server",
        "default gateway",
        "log level",
        "IP forwarding",
        "remote management",
        "country code",
    ]);
    registry(
        "registry/settings",
        "Keys of setting.",
        &names,
        |n| Setting::id(SettingId(n), Scalar::Unknown),
        |name| json!([{"id": name, "name": ""}, {"type": "unknown"}]),
    )
}

fn metrics() -> Vector {
    let names = names(&[
        "named",
        "memory free",
        "disk free",
        "CPU load",
        "temperature",
        "battery",
        "supply voltage",
        "signal strength",
        "uptime",
        "flash wear",
        "stack free",
        "heap free",
        "error rate",
        "temperature limit reached",
    ]);
    registry(
        "registry/metrics",
        "Keys of health.",
        &names,
        |n| Health::metric(Metric(n)),
        |name| json!([{"metric": name, "instance": ""}, {"value": 0}]),
    )
}

fn units() -> Vector {
    let names = names(&["none", "%", "B", "s", "Cel", "V", "A", "W", "dBm", "/", "count", "Hz", "%RH", "Pa"]);
    registry(
        "registry/units",
        "Units of health.",
        &names,
        |n| Health::metric(Metric::BATTERY).unit(Unit(n as u8)),
        |name| json!([{"metric": "battery"}, {"unit": name}]),
    )
}

fn ecosystems() -> Vector {
    let names = names(&[
        "slot",
        "component",
        "deb",
        "rpm",
        "apk",
        "opkg",
        "snap",
        "flatpak",
        "oci",
        "pypi",
        "npm",
        "cargo",
        "golang",
        "maven",
        "os",
    ]);
    let key = |n| {
        Software::of(if n == 0 {
            SoftwareKey::Slot(0)
        } else {
            SoftwareKey::Named { ecosystem: Ecosystem(n as u8), name: "", architecture: "" }
        })
    };
    registry(
        "registry/ecosystems",
        "Keys of software.",
        &names,
        key,
        |name| json!([{"ecosystem": name}, {"version": ""}]),
    )
}

fn classes() -> Vector {
    let names = names(&[
        "unspecified",
        "firmware",
        "bootloader",
        "operating system",
        "kernel",
        "application",
        "library",
        "driver",
        "modem",
        "data",
    ]);
    registry(
        "registry/software classes",
        "Classes of software.",
        &names,
        |n| Software::slot(0).class(SoftwareClass(n as u8)),
        |name| json!([{"slot": 0}, {"class": name}]),
    )
}

fn schemes() -> Vector {
    let names = [
        json!(0),
        json!("multipartnumeric"),
        json!("multipartnumeric+suffix"),
        json!("alphanumeric"),
        json!("decimal"),
        json!(5),
    ];
    registry(
        "registry/version schemes",
        "Schemes of software; 0 and 5 have no name.",
        &names,
        |n| Software::slot(0).scheme(n),
        |name| json!([{"slot": 0}, {"scheme": name}]),
    )
}

fn agent_items() -> Vector {
    let names = names(&[
        "reserved",
        "coverage",
        "facts dropped",
        "changes lost",
        "events lost",
        "epoch store faults",
        "stack high water",
        "rollbacks of the epoch",
        "foreign collector seen",
        "packets refused",
    ]);
    let fact = |n| AgentFact { key: AgentKey { item: AgentItem(n as u8), arg: 9 }, value: 9 };
    registry("registry/agent items", "Keys of agent.", &names, fact, |name| {
        let arg = if name == "coverage" { json!("update") } else { json!(9) };
        json!([{"item": name, "arg": arg}, {"value": 9}])
    })
}

fn coverage() -> Vector {
    let names = names(&["loading", "complete", "partial", "failed", "off"]);
    let fact = |n| AgentFact { key: AgentKey { item: AgentItem::COVERAGE, arg: 1 }, value: u64::from(n) };
    registry(
        "registry/coverage",
        "Values of the agent's coverage.",
        &names,
        fact,
        |name| json!([{"item": "coverage", "arg": "software"}, {"value": name}]),
    )
}

fn updates() -> Vector {
    let names = names(&[
        "idle",
        "available",
        "downloading",
        "verifying",
        "staged",
        "rebooting",
        "confirmed",
        "rolled back",
        "failed",
    ]);
    registry(
        "registry/update states",
        "States of update.",
        &names,
        |n| Update::slot(1).state(UpdateState(n as u8)),
        |name| json!([{"slot": 1}, {"state": name}]),
    )
}

fn interfaces() -> Vector {
    let names = names(&[
        "other",
        "Ethernet",
        "Wi-Fi",
        "cellular",
        "Bluetooth",
        "IEEE 802.15.4",
        "LoRa",
        "CAN",
        "serial",
        "loopback",
        "tunnel",
        "bridge",
        "VLAN",
        "virtual",
    ]);
    registry(
        "registry/interface types",
        "Types of interface.",
        &names,
        |n| Interface::named("i").interface_type(InterfaceType(n as u8)),
        |name| json!([{"name": "i"}, {"type": name}]),
    )
}

fn radios() -> Vector {
    let names = names(&["not stated", "GSM", "UMTS", "LTE", "LTE-M", "NB-IoT", "NR"]);
    registry(
        "registry/radios",
        "Radios of interface.",
        &names,
        |n| Interface::named("i").radio(Radio(n as u8)),
        |name| json!([{"name": "i"}, {"radio": name}]),
    )
}

fn links() -> Vector {
    let names = [
        json!(0),
        json!("EUI-48"),
        json!("EUI-64"),
        json!("Bluetooth public"),
        json!("Bluetooth random"),
        json!("IP only"),
        json!(6),
    ];
    let of =
        |n| Neighbour::of(NeighbourKey { link: LinkKind(n as u8), address: LinkAddress(&[0xA0; 8]), interface: "" });
    registry(
        "registry/links",
        "Keys of neighbour; 0 and 6 have no name.",
        &names,
        of,
        |name| json!([{"link": name, "address": "a0a0a0a0a0a0a0a0"}, {"name": ""}]),
    )
}

fn key_kinds() -> Vector {
    let names = names(&["not stated", "RSA", "EC P-256", "EC P-384", "EC P-521", "Ed25519", "Ed448", "symmetric"]);
    registry(
        "registry/key kinds",
        "Keys of certificate.",
        &names,
        |n| Certificate::slot(1).key_kind(KeyKind(n as u8)),
        |name| json!([{"slot": 1}, {"key_kind": name}]),
    )
}

fn boot_reasons() -> Vector {
    let names = names(&[
        "unknown",
        "power-on",
        "brown-out",
        "reset pin",
        "software",
        "watchdog",
        "fault",
        "wake from deep sleep",
        "firmware update",
        "debugger",
    ]);
    let hello = |n| up(|out| Hello { boot_reason: BootReason(n as u8), ..Hello::default() }.write(out));
    let packets: Vec<_> = (0..names.len()).map(hello).collect();
    let means: Vec<_> = names.iter().map(|name| json!({"body": {"type": "hello", "boot_reason": name}})).collect();
    super::framing::stream("registry/boot reasons", "A stream of a Hello for each.", &packets, json!(means))
}
