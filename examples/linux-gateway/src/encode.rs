//! From what the sources see to what travels: the one place that knows both vocabularies.
//!
//! Promise: texts are never cut. A name that does not fit a key goes there as its hash and stands in the value; a long list tells how much
//! was left out; a long text without which the fact still makes sense is left out as a whole ([`LONGEST_TEXT_BYTES`]).

use std::net::IpAddr;

use sha2::{Digest, Sha256};
use tidings::wire::facts::{self as wire, Address, Bytes, LinkAddress, Scalar};
use tidings::wire::fields::{Encoder, List};
use tidings::wire::{MAX_KEY, MAX_VALUE, TooLong};

use crate::fact::{self, Fact, Kind};

/// Texts of a value that may be long, such as a distinguished name, are left out past this.
pub const LONGEST_TEXT_BYTES: usize = 150;

/// Most bytes of all group names of an account together.
const GROUP_BYTES: usize = 250;

/// Most IP addresses of a neighbour or interface.
const MOST_ADDRESSES: usize = 4;

/// Bytes of a hash that stands for a name.
const HASH_BYTES: usize = 16;

/// Bytes of a certificate's fingerprint.
const FINGERPRINT_BYTES: usize = 32;

/// A fact as it travels.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Encoded {
    /// Number of the kind.
    pub kind: u8,
    /// 1–64 bytes.
    pub key: Vec<u8>,
    /// 0–512 bytes.
    pub value: Vec<u8>,
}

impl Encoded {
    /// The fact, for the agent.
    #[must_use]
    pub fn as_fact(&self) -> wire::RawFact<'_> {
        wire::RawFact { kind: tidings::wire::Kind(self.kind), key: &self.key, value: &self.value }
    }
}

/// The number of a kind on the wire.
#[must_use]
pub fn wire_kind(kind: Kind) -> tidings::wire::Kind {
    use tidings::wire::Kind as Wire;
    match kind {
        Kind::Identity => Wire::IDENTITY,
        Kind::Software => Wire::SOFTWARE,
        Kind::Account => Wire::ACCOUNT,
        Kind::Listener => Wire::LISTENER,
        Kind::Neighbour => Wire::NEIGHBOUR,
        Kind::Certificate => Wire::CERTIFICATE,
        Kind::Setting => Wire::SETTING,
        Kind::Health => Wire::HEALTH,
        Kind::Interface => Wire::INTERFACE,
    }
}

/// Encodes one fact.
///
/// # Errors
/// [`TooLong`] if a part that cannot be left out does not fit.
pub fn encode(fact: &Fact) -> Result<Encoded, TooLong> {
    match fact {
        Fact::Identity(identity) => {
            bytes_of(&wire::Identity::claim(claim(identity.claim), Scalar::Text(&identity.text)))
        }
        Fact::Software(software) => encode_software(software),
        Fact::Account(account) => encode_account(account),
        Fact::Listener(listener) => encode_listener(listener),
        Fact::Neighbour(neighbour) => encode_neighbour(neighbour),
        Fact::Certificate(certificate) => encode_certificate(certificate),
        Fact::Setting(setting) => bytes_of(&wire::Setting::named(&setting.name, scalar(&setting.value))),
        Fact::Health(health) => encode_health(health),
        Fact::Interface(interface) => encode_interface(interface),
    }
}

fn bytes_of(fact: &impl wire::Fact) -> Result<Encoded, TooLong> {
    let mut key = vec![0; MAX_KEY];
    let mut encoder = Encoder::into(&mut key);
    fact.encode(wire::Part::Key, &mut encoder);
    let key_len = encoder.key()?;
    key.truncate(key_len);
    let mut value = vec![0; MAX_VALUE];
    let mut encoder = Encoder::into(&mut value);
    fact.encode(wire::Part::Value, &mut encoder);
    let value_len = encoder.value()?.len;
    value.truncate(value_len);
    Ok(Encoded { kind: fact.kind().0, key, value })
}

/// The text, or nothing if it is long.
fn short(text: &str) -> &str {
    if text.len() > LONGEST_TEXT_BYTES { "" } else { text }
}

/// The first 16 bytes of a SHA-256.
fn hash(parts: &[&[u8]]) -> Vec<u8> {
    Sha256::digest(parts.concat())[..HASH_BYTES].to_vec()
}

fn claim(claim: fact::Claim) -> wire::Claim {
    match claim {
        fact::Claim::Vendor => wire::Claim::VENDOR_NAME,
        fact::Claim::Model => wire::Claim::MODEL_NAME,
        fact::Claim::OsName => wire::Claim::OS_NAME,
        fact::Claim::OsVersion => wire::Claim::OS_VERSION,
        fact::Claim::Kernel => wire::Claim::KERNEL_RELEASE,
        fact::Claim::Host => wire::Claim::HOST_NAME,
        fact::Claim::Architecture => wire::Claim::ARCHITECTURE,
    }
}

fn scalar(value: &fact::SettingValue) -> Scalar<'_> {
    match value {
        fact::SettingValue::Unsupported => Scalar::Unsupported,
        fact::SettingValue::Unknown => Scalar::Unknown,
        fact::SettingValue::Int(number) => Scalar::Int(*number),
        fact::SettingValue::Text(text) => Scalar::Text(text),
    }
}

fn encode_software(software: &fact::Software) -> Result<Encoded, TooLong> {
    let (ecosystem, class) = match software.part {
        fact::Part::OperatingSystem => (wire::Ecosystem::OS, wire::SoftwareClass::OPERATING_SYSTEM),
        fact::Part::Kernel => (wire::Ecosystem::OS, wire::SoftwareClass::KERNEL),
        fact::Part::Deb => (wire::Ecosystem::DEB, wire::SoftwareClass::UNSPECIFIED),
    };
    let (name, architecture) = (software.name.as_str(), software.architecture.as_str());
    let source_version = if software.source_version == software.version { "" } else { &software.source_version };
    // Ecosystem, and the lengths of both texts.
    let fits = 3 + name.len() + architecture.len() <= MAX_KEY;
    let hash = hash(&[&[ecosystem.0], name.as_bytes(), &[0], architecture.as_bytes()]);
    let fact = match fits {
        true => wire::Software::of(wire::SoftwareKey::Named { ecosystem, name, architecture }),
        false => wire::Software::of(wire::SoftwareKey::Hashed { ecosystem, hash: Bytes(&hash) })
            .name(name)
            .architecture(architecture),
    };
    bytes_of(&fact.version(&software.version).class(class).source(&software.source).source_version(source_version))
}

fn encode_account(account: &fact::Account) -> Result<Encoded, TooLong> {
    use fact::Password::{Empty, Locked, None, Set};
    let roles = wire::Roles::default()
        .with(wire::Roles::ADMINISTRATOR, account.administrator)
        .with(wire::Roles::LOGIN, account.login)
        .with(wire::Roles::SERVICE, account.service);
    let flags = wire::AccountFlags::default()
        .with(wire::AccountFlags::ENABLED, account.login && !account.expired)
        .with(wire::AccountFlags::PASSWORD_SET, matches!(account.password, Set | Locked))
        .with(wire::AccountFlags::LOCKED, matches!(account.password, Locked | None))
        .with(wire::AccountFlags::EXPIRED, account.expired)
        .with(wire::AccountFlags::EMPTY_PASSWORD, account.password == Empty);
    let credential = match account.password {
        Set => wire::Credential::PASSWORD,
        None | Locked if !account.login => wire::Credential::NONE,
        _ => wire::Credential::UNKNOWN,
    };
    let groups = first_groups(&account.groups);
    let fact = wire::Account::named(&account.name)
        .roles(roles)
        .flags(flags)
        .credential(credential)
        .uid(account.uid)
        .groups(List::new(&groups))
        .more_groups(left_out(&account.groups, &groups))
        .shell(short(&account.shell));
    bytes_of(&fact)
}

/// As many groups as fit, in their order.
fn first_groups(groups: &[String]) -> Vec<&str> {
    let mut bytes = 0;
    let fits = |group: &&str| {
        bytes += group.len() + 2;
        bytes <= GROUP_BYTES
    };
    groups.iter().map(String::as_str).take(List::<&str>::MAX).take_while(fits).collect()
}

fn left_out<A, B>(all: &[A], told: &[B]) -> u16 {
    u16::try_from(all.len() - told.len()).unwrap_or(u16::MAX)
}

fn encode_listener(listener: &fact::Listener) -> Result<Encoded, TooLong> {
    let protocol = match listener.protocol {
        fact::Protocol::Tcp => wire::Protocol::TCP,
        fact::Protocol::Udp => wire::Protocol::UDP,
    };
    // "Any" of IPv4 and of IPv6 are two sockets: both are told as the zeros that they are.
    let address = octets(listener.address);
    let key =
        wire::ListenerKey { protocol, port: listener.port, address: Address(&address), interface: &listener.interface };
    let flags = wire::ListenerFlags::default().with(wire::ListenerFlags::LOOPBACK, listener.address.is_loopback());
    bytes_of(&wire::Listener::of(key).owner(short(&listener.owner)).flags(flags).account(short(&listener.account)))
}

fn octets(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().to_vec(),
    }
}

fn first_addresses(addresses: &[IpAddr]) -> Vec<Vec<u8>> {
    addresses.iter().take(MOST_ADDRESSES).copied().map(octets).collect()
}

fn encode_neighbour(neighbour: &fact::Neighbour) -> Result<Encoded, TooLong> {
    let link = if neighbour.link.len() == 8 { wire::LinkKind::EUI64 } else { wire::LinkKind::EUI48 };
    let key = wire::NeighbourKey { link, address: LinkAddress(&neighbour.link), interface: &neighbour.interface };
    let octets = first_addresses(&neighbour.addresses);
    let addresses: Vec<Address> = octets.iter().map(|bytes| Address(bytes)).collect();
    let state = if neighbour.permanent { wire::NeighbourState::PERMANENT } else { wire::NeighbourState::SEEN };
    let fact = wire::Neighbour::of(key)
        .addresses(List::new(&addresses))
        .more_addresses(left_out(&neighbour.addresses, &addresses))
        .state(state);
    bytes_of(&fact)
}

fn encode_certificate(certificate: &fact::Certificate) -> Result<Encoded, TooLong> {
    // The form, the length of the name, and an index of up to three bytes.
    let fits = 5 + certificate.name.len() <= MAX_KEY;
    let hash = hash(&[certificate.name.as_bytes()]);
    let slot = if fits { wire::SlotId::Name(&certificate.name) } else { wire::SlotId::Hashed(Bytes(&hash)) };
    let what =
        if certificate.authority { wire::CertificateType::TRUST_ANCHOR } else { wire::CertificateType::CERTIFICATE };
    let key_kind = match certificate.key {
        fact::KeyKind::Other => wire::KeyKind::UNSTATED,
        fact::KeyKind::Rsa => wire::KeyKind::RSA,
        fact::KeyKind::P256 => wire::KeyKind::EC_P256,
        fact::KeyKind::P384 => wire::KeyKind::EC_P384,
        fact::KeyKind::P521 => wire::KeyKind::EC_P521,
        fact::KeyKind::Ed25519 => wire::KeyKind::ED25519,
        fact::KeyKind::Ed448 => wire::KeyKind::ED448,
    };
    let fact = wire::Certificate::of(wire::CertificateKey { slot, index: certificate.index })
        .certificate_type(what)
        .fingerprint(Bytes(&certificate.fingerprint[..FINGERPRINT_BYTES]))
        .not_after(certificate.not_after)
        .not_before(certificate.not_before)
        .subject(short(&certificate.subject))
        .issuer(short(&certificate.issuer))
        .serial(Bytes(&certificate.serial))
        .usage(wire::KeyUsage(certificate.usage))
        .key_kind(key_kind)
        .key_bits(certificate.key_bits)
        .label(if fits { "" } else { short(&certificate.name) });
    bytes_of(&fact)
}

fn encode_health(health: &fact::Health) -> Result<Encoded, TooLong> {
    let (metric, instance) = match health.metric {
        fact::Metric::MemoryFree => (wire::Metric::MEMORY_FREE, ""),
        fact::Metric::DiskFree => (wire::Metric::DISK_FREE, "/"),
        fact::Metric::Load => (wire::Metric::CPU_LOAD, ""),
    };
    let state = match health.level {
        fact::Level::Normal => wire::Threshold::NORMAL,
        fact::Level::Warning => wire::Threshold::WARNING,
        fact::Level::Critical => wire::Threshold::CRITICAL,
    };
    let key = wire::HealthKey { metric, name: "", instance };
    bytes_of(&wire::Health::of(key).value(health.percent).unit(wire::Unit::PERCENT).state(state))
}

fn encode_interface(interface: &fact::Interface) -> Result<Encoded, TooLong> {
    let octets = first_addresses(&interface.addresses);
    let addresses: Vec<Address> = octets.iter().map(|bytes| Address(bytes)).collect();
    let flags = wire::InterfaceFlags::default()
        .with(wire::InterfaceFlags::UP, interface.up)
        .with(wire::InterfaceFlags::RUNNING, interface.running);
    let fact = wire::Interface::of(wire::InterfaceKey { name: &interface.name })
        .interface_type(interface_type(interface.kind))
        .link(LinkAddress(&interface.link))
        .flags(flags)
        .addresses(List::new(&addresses))
        .more_addresses(left_out(&interface.addresses, &addresses));
    bytes_of(&fact)
}

fn interface_type(kind: fact::InterfaceKind) -> wire::InterfaceType {
    match kind {
        fact::InterfaceKind::Other => wire::InterfaceType::OTHER,
        fact::InterfaceKind::Ethernet => wire::InterfaceType::ETHERNET,
        fact::InterfaceKind::Wifi => wire::InterfaceType::WIFI,
        fact::InterfaceKind::Cellular => wire::InterfaceType::CELLULAR,
        fact::InterfaceKind::Ieee802154 => wire::InterfaceType::IEEE802154,
        fact::InterfaceKind::Can => wire::InterfaceType::CAN,
        fact::InterfaceKind::Loopback => wire::InterfaceType::LOOPBACK,
        fact::InterfaceKind::Tunnel => wire::InterfaceType::TUNNEL,
        fact::InterfaceKind::Bridge => wire::InterfaceType::BRIDGE,
        fact::InterfaceKind::Vlan => wire::InterfaceType::VLAN,
        fact::InterfaceKind::Virtual => wire::InterfaceType::VIRTUAL,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidings::wire::facts::{Key, Value};

    fn software(name: &str) -> fact::Software {
        fact::Software {
            part: fact::Part::Deb,
            name: name.into(),
            architecture: "amd64".into(),
            version: "1.2-3".into(),
            source: "tool".into(),
            source_version: "1.2-3".into(),
        }
    }

    #[test]
    fn a_package_goes_by_its_name_and_tells_its_source() {
        let encoded = encode(&Fact::Software(software("tool-doc"))).unwrap();
        let expected =
            wire::SoftwareKey::Named { ecosystem: wire::Ecosystem::DEB, name: "tool-doc", architecture: "amd64" };
        assert_eq!(wire::SoftwareKey::read(&encoded.key), Ok(expected));
        let value = wire::SoftwareValue::read(&encoded.value).unwrap();
        assert_eq!((value.version, value.source, value.source_version), ("1.2-3", "tool", ""));
    }

    #[test]
    fn a_name_that_does_not_fit_a_key_is_hashed_and_told_in_the_value() {
        let longest = "x".repeat(MAX_KEY - 3 - "amd64".len());
        for (name, hashed) in [(longest.clone(), false), (longest + "y", true), ("z".repeat(200), true)] {
            let encoded = encode(&Fact::Software(software(&name))).unwrap();
            let key = wire::SoftwareKey::read(&encoded.key).unwrap();
            assert_eq!(matches!(key, wire::SoftwareKey::Hashed { .. }), hashed);
            let value = wire::SoftwareValue::read(&encoded.value).unwrap();
            assert_eq!((value.name, value.architecture), if hashed { (&*name, "amd64") } else { ("", "") });
        }
    }

    #[test]
    fn many_groups_are_bounded_and_counted() {
        let account = fact::Account {
            name: "ada".into(),
            uid: 1000,
            administrator: true,
            login: true,
            service: false,
            password: fact::Password::Set,
            expired: false,
            groups: (0..40).map(|n| format!("group-{n:02}")).collect(),
            shell: "/bin/bash".into(),
        };
        let encoded = encode(&Fact::Account(account.clone())).unwrap();
        let value = wire::AccountValue::read(&encoded.value).unwrap();
        assert_eq!((value.groups.len(), value.more_groups), (16, 24));
        let long = fact::Account { groups: vec!["g".repeat(100); 40], ..account };
        let encoded = encode(&Fact::Account(long)).unwrap();
        let value = wire::AccountValue::read(&encoded.value).unwrap();
        assert_eq!((value.groups.len(), value.more_groups), (2, 38));
    }

    #[test]
    fn any_address_of_both_families_are_two_keys() {
        let at = |address: &str| fact::Listener {
            protocol: fact::Protocol::Tcp,
            port: 22,
            address: address.parse().unwrap(),
            interface: String::new(),
            owner: "/usr/sbin/sshd".into(),
            account: "root".into(),
        };
        let keys = ["0.0.0.0", "::", "::1"].map(|address| encode(&Fact::Listener(at(address))).unwrap());
        assert_ne!(keys[0].key, keys[1].key);
        let flags = |encoded: &Encoded| wire::ListenerValue::read(&encoded.value).unwrap().flags;
        assert!(
            !flags(&keys[1]).has(wire::ListenerFlags::LOOPBACK) && flags(&keys[2]).has(wire::ListenerFlags::LOOPBACK)
        );
    }

    #[test]
    fn a_certificate_with_endless_names_still_fits() {
        let certificate = fact::Certificate {
            name: "/etc/ssl/".to_string() + &"n".repeat(140),
            index: 65_535,
            authority: true,
            fingerprint: [7; 32],
            not_before: i64::MIN,
            not_after: i64::MAX,
            subject: "s".repeat(LONGEST_TEXT_BYTES),
            issuer: "i".repeat(LONGEST_TEXT_BYTES + 1),
            serial: vec![9; 20],
            usage: u32::MAX,
            key: fact::KeyKind::Rsa,
            key_bits: 4096,
        };
        let encoded = encode(&Fact::Certificate(certificate.clone())).unwrap();
        let value = wire::CertificateValue::read(&encoded.value).unwrap();
        assert_eq!((value.subject, value.issuer), (&*certificate.subject, ""));
        assert_eq!(value.label, certificate.name);
        assert!(matches!(wire::CertificateKey::read(&encoded.key).unwrap().slot, wire::SlotId::Hashed(_)));
    }
}
