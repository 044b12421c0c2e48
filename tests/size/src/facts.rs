//! 64 facts of a plausible small device, in the mix that the byte table is measured on; and the same with other values.
//!
//! They are data for measurements in an emulator; images that are measured for flash do not touch them.

use tidings::Fact;
use tidings::facts::{
    Account, Address, Bytes, Certificate, CertificateKey, Health, Listener, Metric, Neighbour, Protocol, Roles, Scalar,
    Setting, SettingId, SlotId, Software,
};
use tidings::wire::fields::List;

/// How many facts there are.
pub const COUNT: usize = 64;

const VERSIONS: [&str; 2] = ["1.4.2", "1.5.0-rc1"];
const COMPONENTS: [&str; 7] = ["modem", "mqtt", "mbedtls", "lwip", "freertos", "littlefs", "pump-control"];
const ACCOUNTS: [&str; 4] = ["admin", "operator", "service", "cloud"];
const OWNERS: [[&str; 2]; 2] = [["sshd", "httpd"], ["dropbear", "lighttpd"]];
const SUBJECTS: [&str; 2] = ["CN=dev-2231", "CN=dev-2231-renewed"];
const SERVERS: [&str; 2] = ["0.pool.ntp.org", "ntp.example"];
const SETTINGS: u16 = 20;
const METRICS: [Metric; 8] = [
    Metric::MEMORY_FREE,
    Metric::CPU_LOAD,
    Metric::TEMPERATURE,
    Metric::BATTERY,
    Metric::SUPPLY_VOLTAGE,
    Metric::SIGNAL_STRENGTH,
    Metric::FLASH_WEAR,
    Metric::STACK_FREE,
];

/// Shows the facts one by one, in the order of kind and key as far as it matters; `other` gives them other values.
pub fn each(other: bool, see: &mut dyn FnMut(&dyn Fact)) {
    let pick = usize::from(other);
    let version = VERSIONS.get(pick).copied().unwrap_or_default();
    (0..3).for_each(|slot| see(&Software::slot(slot).version(version).active()));
    COMPONENTS.iter().for_each(|name| see(&Software::component(name).version(version)));
    let roles = if other { Roles::ADMINISTRATOR | Roles::REMOTE } else { Roles::ADMINISTRATOR };
    ACCOUNTS.iter().for_each(|name| see(&Account::named(name).roles(roles)));
    let owners = OWNERS.get(pick).copied().unwrap_or_default();
    for (port, owner) in (0..8).zip(owners.iter().cycle()) {
        see(&Listener::port(Protocol::TCP, 20 + port * 100).owner(owner));
    }
    (0..10).for_each(|host| neighbour(host, other, see));
    (0..4).for_each(|slot| certificate(slot, SUBJECTS.get(pick).copied().unwrap_or_default(), see));
    let server = SERVERS.get(pick).copied().unwrap_or_default();
    (0..SETTINGS / 2).for_each(|id| see(&Setting::id(SettingId(id), Scalar::Int(40 + i64::from(other)))));
    (SETTINGS / 2..SETTINGS).for_each(|id| see(&Setting::id(SettingId(id), Scalar::Text(server))));
    METRICS.iter().for_each(|metric| see(&Health::metric(*metric).value(235 + i64::from(other))));
}

fn neighbour(host: u8, other: bool, see: &mut dyn FnMut(&dyn Fact)) {
    let addresses = [Address(&[192, 0, 2, host]), Address(&[198, 51, 100, host])];
    let known = addresses.get(..1 + usize::from(other)).unwrap_or_default();
    see(&Neighbour::mac(&[2, 0, 0x5e, 0x10, 0, host]).addresses(List::new(known)));
}

fn certificate(slot: u16, subject: &str, see: &mut dyn FnMut(&dyn Fact)) {
    let key = CertificateKey { slot: SlotId::Slot(slot), index: 0 };
    let fact = Certificate::of(key).fingerprint(Bytes(&[0x3a; 8])).not_after(2_398_377_600).not_before(1_735_689_600);
    see(&fact.subject(subject));
}
