//! What the sources see, as small owned values named after the kinds of the wire.
//!
//! Promise: plain data, comparable, one struct a kind. Not here: how they are encoded (`encode.rs`) or found (`source/`).

use std::net::IpAddr;

/// The kinds that this machine reports on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// What the machine is.
    Identity,
    /// Operating system, kernel and packages.
    Software,
    /// Who may use it.
    Account,
    /// Open sockets that wait for peers.
    Listener,
    /// Hosts seen on its links.
    Neighbour,
    /// Certificates in the given folders.
    Certificate,
    /// Chosen kernel settings.
    Setting,
    /// Memory, disk, load.
    Health,
    /// Network interfaces.
    Interface,
}

/// One fact of any kind.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Fact {
    /// See [`Identity`].
    Identity(Identity),
    /// See [`Software`].
    Software(Software),
    /// See [`Account`].
    Account(Account),
    /// See [`Listener`].
    Listener(Listener),
    /// See [`Neighbour`].
    Neighbour(Neighbour),
    /// See [`Certificate`].
    Certificate(Certificate),
    /// See [`Setting`].
    Setting(Setting),
    /// See [`Health`].
    Health(Health),
    /// See [`Interface`].
    Interface(Interface),
}

/// One claim about the machine itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    /// Which claim.
    pub claim: Claim,
    /// Its text.
    pub text: String,
}

/// The claims that a Linux machine can answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Claim {
    /// Who made the board.
    Vendor,
    /// What the board is called.
    Model,
    /// `ID` of os-release.
    OsName,
    /// `VERSION_ID` of os-release.
    OsVersion,
    /// Release of the running kernel.
    Kernel,
    /// Host name.
    Host,
    /// Machine architecture.
    Architecture,
}

/// One installed thing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Software {
    /// What it is part of.
    pub part: Part,
    /// Name of the package, of the distribution, or of the kernel.
    pub name: String,
    /// Architecture; empty if it has none.
    pub architecture: String,
    /// Version, verbatim.
    pub version: String,
    /// Source package; empty if not known.
    pub source: String,
    /// Version of the source package; empty if not known.
    pub source_version: String,
}

/// What a piece of software is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The distribution.
    OperatingSystem,
    /// The running kernel.
    Kernel,
    /// A Debian package.
    Deb,
}

/// One account of the operating system.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Account {
    /// Login name.
    pub name: String,
    /// Numeric id.
    pub uid: u32,
    /// Uid 0, or in a group that may become it.
    pub administrator: bool,
    /// Has a shell that lets one in.
    pub login: bool,
    /// Uid of the range for services.
    pub service: bool,
    /// What the shadow file says of the password.
    pub password: Password,
    /// The account is past its expiry date.
    pub expired: bool,
    /// Names of all groups, sorted.
    pub groups: Vec<String>,
    /// Login shell.
    pub shell: String,
}

/// State of an account's password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Password {
    /// The shadow file cannot be read, or does not know the account.
    Unknown,
    /// None is needed: anybody gets in.
    Empty,
    /// None was ever set and none can match (`*`, `!`).
    None,
    /// One is set but locked (`!` before the hash).
    Locked,
    /// One is set.
    Set,
}

/// One socket that waits for peers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Listener {
    /// Transport.
    pub protocol: Protocol,
    /// Port number.
    pub port: u16,
    /// Local address; unspecified means any.
    pub address: IpAddr,
    /// Interface that it is bound to; empty for any.
    pub interface: String,
    /// Program that owns it; empty if not known.
    pub owner: String,
    /// Account that opened it; the number if it has no name.
    pub account: String,
}

/// Transport of a listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

/// One host seen on a link.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Neighbour {
    /// Interface that it is seen through.
    pub interface: String,
    /// Its link address.
    pub link: Vec<u8>,
    /// Its IP addresses, sorted.
    pub addresses: Vec<IpAddr>,
    /// Entered by hand, not learned.
    pub permanent: bool,
}

/// One certificate of a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Certificate {
    /// File, as found under the root.
    pub name: String,
    /// Place in the file, from 0.
    pub index: u16,
    /// It may sign others.
    pub authority: bool,
    /// SHA-256 of the DER bytes.
    pub fingerprint: [u8; 32],
    /// Unix time in seconds.
    pub not_before: i64,
    /// Unix time in seconds.
    pub not_after: i64,
    /// Distinguished name.
    pub subject: String,
    /// Distinguished name of the issuer.
    pub issuer: String,
    /// Serial number, big-endian.
    pub serial: Vec<u8>,
    /// Bits of RFC 5280 §4.2.1.3, and 16 server, 17 client, 18 code signing.
    pub usage: u32,
    /// Public key algorithm.
    pub key: KeyKind,
    /// Size of the key in bits.
    pub key_bits: u16,
}

/// Algorithm of a public key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// None of the below.
    Other,
    /// RSA.
    Rsa,
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
    /// Ed25519.
    Ed25519,
    /// Ed448.
    Ed448,
}

/// One kernel setting.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Setting {
    /// Its sysctl name.
    pub name: String,
    /// What it holds.
    pub value: SettingValue,
}

/// What a kernel setting holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SettingValue {
    /// This kernel does not have it.
    Unsupported,
    /// It is there but cannot be read.
    Unknown,
    /// A number.
    Int(i64),
    /// Anything else.
    Text(String),
}

/// One settled measurement.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Health {
    /// What is measured.
    pub metric: Metric,
    /// In percent.
    pub percent: i64,
    /// Where it stands.
    pub level: Level,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Metric {
    /// Memory that programs could still get, of all.
    MemoryFree,
    /// Space left on the root file system, of all.
    DiskFree,
    /// One-minute load, of one per processor.
    Load,
}

/// Where a measurement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// Nothing to do.
    Normal,
    /// Look at it.
    Warning,
    /// Act.
    Critical,
}

/// One network interface.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Interface {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: InterfaceKind,
    /// Link address; empty if it has none.
    pub link: Vec<u8>,
    /// Switched on by the administrator.
    pub up: bool,
    /// Able to carry packets.
    pub running: bool,
    /// IP addresses, sorted.
    pub addresses: Vec<IpAddr>,
}

/// What an interface is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InterfaceKind {
    /// None of the below.
    Other,
    /// Ethernet.
    Ethernet,
    /// Wi-Fi.
    Wifi,
    /// Cellular.
    Cellular,
    /// IEEE 802.15.4.
    Ieee802154,
    /// CAN.
    Can,
    /// Loopback.
    Loopback,
    /// Tunnel.
    Tunnel,
    /// Bridge.
    Bridge,
    /// VLAN.
    Vlan,
    /// Virtual.
    Virtual,
}
