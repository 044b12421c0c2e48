//! What a typed line means: one [`Command`], or the reason why it is none.
//!
//! Changes nothing, and does not know what is installed or open: `device.rs` acts.

use core::{fmt, net::IpAddr};

use tidings::{
    Severity,
    facts::{Protocol, Roles},
};

/// Longest name, version, setting or value that a command takes, in bytes.
pub const WORD_MAX: usize = 40;
/// Longest text of an event, in bytes.
pub const TEXT_MAX: usize = tidings::wire::event::MAX_DATA;

const APP: &str = "app install NAME VERSION | app remove NAME";
const USER: &str = "user add NAME [user|service|admin] | user del NAME";
const PORT: &str = "port open tcp|udp PORT NAME | port close tcp|udp PORT";
const NEIGHBOUR: &str = "neighbour seen MAC IP";
const CERT: &str = "cert set SLOT YYYY-MM-DD";
const SET: &str = "set KEY VALUE";
const HEALTH: &str = "health KEY INTEGER";
const EVENT: &str = "event info|notice|warning|critical TEXT";
const PROVISION: &str = "provision [EPOCH]";
const BARE: &str = "state | reboot | help";

/// Every command, in the order of `help`.
pub const USAGES: [&str; 10] = [APP, USER, PORT, NEIGHBOUR, CERT, SET, HEALTH, EVENT, PROVISION, BARE];

/// One thing a person asked for. Words borrow from the line and are 1 to [`WORD_MAX`] bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the fields are the words of the usage lines above
pub enum Command<'a> {
    /// An application is there, in this version.
    AppInstall { name: &'a str, version: &'a str },
    /// An application is gone.
    AppRemove { name: &'a str },
    /// An account exists, with these roles.
    UserAdd { name: &'a str, roles: Roles },
    /// An account is gone.
    UserDel { name: &'a str },
    /// `name` listens on this port.
    PortOpen { proto: Protocol, port: u16, name: &'a str },
    /// Nobody listens on this port any more.
    PortClose { proto: Protocol, port: u16 },
    /// A device with this link address was seen on the network.
    NeighbourSeen { mac: [u8; 6], ip: IpAddr },
    /// The certificate in this slot expires when this day begins (UTC).
    CertSet { slot: &'a str, expiry_unix_s: u32 },
    /// A setting has this value.
    Set { key: &'a str, value: &'a str },
    /// Something was measured.
    Health { key: &'a str, value: i32 },
    /// Something happened. The text is 1 to [`TEXT_MAX`] bytes.
    Event { severity: Severity, text: &'a str },
    /// Let a device with keys seal, from above this epoch on: 0 for a new one.
    Provision { floor: u32 },
    /// List every fact.
    State,
    /// Reset the processor.
    Reboot,
    /// List the commands.
    Help,
}

/// Why a line is no command; each says what to type instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoCommand<'a> {
    /// The first word is unknown: see `help`.
    Unknown(&'a str),
    /// Words are missing or too many: type it as the usage says.
    Usage(&'static str),
    /// This word is not what its place needs, which is the second field.
    Word(&'a str, &'static str),
    /// This word has more bytes than the bound given: shorten it.
    TooLong(&'a str, usize),
}

/// Reads one line. Words are parted by spaces; only the text of `event` may hold some.
///
/// # Errors
/// [`NoCommand`] says which word is wrong and what its place needs.
pub fn parse(line: &str) -> Result<Command<'_>, NoCommand<'_>> {
    let (verb, rest) = first_word(line);
    if verb == "event" {
        return event(rest);
    }
    let usage = usage_of(verb)?;
    let words = words(rest).ok_or(NoCommand::Usage(usage))?;
    for word in &words {
        bounded(word, WORD_MAX)?;
    }
    Ok(match (verb, words.as_slice()) {
        ("app", ["install", name, version]) => Command::AppInstall { name, version },
        ("app", ["remove", name]) => Command::AppRemove { name },
        ("user", ["add", name]) => Command::UserAdd { name, roles: Roles::LOGIN },
        ("user", ["add", name, role]) => Command::UserAdd { name, roles: roles(role)? },
        ("user", ["del", name]) => Command::UserDel { name },
        ("port", ["open", proto, number, name]) => {
            Command::PortOpen { proto: protocol(proto)?, port: port(number)?, name }
        }
        ("port", ["close", proto, number]) => Command::PortClose { proto: protocol(proto)?, port: port(number)? },
        ("neighbour", ["seen", address, ip]) => Command::NeighbourSeen { mac: mac(address)?, ip: self::ip(ip)? },
        ("cert", ["set", slot, expiry]) => Command::CertSet { slot, expiry_unix_s: day(expiry)? },
        ("set", [key, value]) => Command::Set { key, value },
        ("health", [key, value]) => Command::Health { key, value: integer(value)? },
        ("provision", []) => Command::Provision { floor: 0 },
        ("provision", [floor]) => Command::Provision { floor: epoch(floor)? },
        ("state", []) => Command::State,
        ("reboot", []) => Command::Reboot,
        ("help", []) => Command::Help,
        _ => return Err(NoCommand::Usage(usage)),
    })
}

fn event(rest: &str) -> Result<Command<'_>, NoCommand<'_>> {
    let (severity, text) = first_word(rest);
    if severity.is_empty() || text.is_empty() {
        return Err(NoCommand::Usage(EVENT));
    }
    bounded(severity, WORD_MAX)?;
    Ok(Command::Event { severity: self::severity(severity)?, text: bounded(text, TEXT_MAX)? })
}

fn usage_of(verb: &str) -> Result<&'static str, NoCommand<'_>> {
    Ok(match verb {
        "app" => APP,
        "user" => USER,
        "port" => PORT,
        "neighbour" => NEIGHBOUR,
        "cert" => CERT,
        "set" => SET,
        "health" => HEALTH,
        "provision" => PROVISION,
        "state" | "reboot" | "help" => BARE,
        unknown => return Err(NoCommand::Unknown(unknown)),
    })
}

fn first_word(text: &str) -> (&str, &str) {
    let text = text.trim_matches(' ');
    let (word, rest) = text.split_once(' ').unwrap_or((text, ""));
    (word, rest.trim_start_matches(' '))
}

/// The words after the verb; `None` if more than any command takes.
fn words(rest: &str) -> Option<heapless::Vec<&str, 4>> {
    let mut words = heapless::Vec::new();
    for word in rest.split(' ').filter(|word| !word.is_empty()) {
        words.push(word).ok()?;
    }
    Some(words)
}

fn bounded(word: &str, max: usize) -> Result<&str, NoCommand<'_>> {
    if word.len() > max { Err(NoCommand::TooLong(word, max)) } else { Ok(word) }
}

fn roles(word: &str) -> Result<Roles, NoCommand<'_>> {
    Ok(match word {
        "user" => Roles::LOGIN,
        "service" => Roles::SERVICE,
        "admin" => Roles::ADMINISTRATOR | Roles::LOGIN,
        other => return Err(NoCommand::Word(other, "user, service or admin")),
    })
}

fn protocol(word: &str) -> Result<Protocol, NoCommand<'_>> {
    Ok(match word {
        "tcp" => Protocol::TCP,
        "udp" => Protocol::UDP,
        other => return Err(NoCommand::Word(other, "tcp or udp")),
    })
}

fn severity(word: &str) -> Result<Severity, NoCommand<'_>> {
    Severity::from_name(word).ok_or(NoCommand::Word(word, "info, notice, warning or critical"))
}

fn port(word: &str) -> Result<u16, NoCommand<'_>> {
    match word.parse() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err(NoCommand::Word(word, "a port from 1 to 65535")),
    }
}

fn integer(word: &str) -> Result<i32, NoCommand<'_>> {
    word.parse().map_err(|_| NoCommand::Word(word, "an integer of 32 bits"))
}

fn epoch(word: &str) -> Result<u32, NoCommand<'_>> {
    word.parse().map_err(|_| NoCommand::Word(word, "an epoch, as `devices --json` of the collector shows it"))
}

fn ip(word: &str) -> Result<IpAddr, NoCommand<'_>> {
    word.parse().map_err(|_| NoCommand::Word(word, "an IPv4 or IPv6 address"))
}

fn mac(word: &str) -> Result<[u8; 6], NoCommand<'_>> {
    let mut octets = word.split(':').map(hex_octet);
    let mac = core::array::from_fn(|_| octets.next().flatten());
    match (mac, octets.next()) {
        ([Some(a), Some(b), Some(c), Some(d), Some(e), Some(f)], None) => Ok([a, b, c, d, e, f]),
        _ => Err(NoCommand::Word(word, "a link address like 02:00:5e:10:00:01")),
    }
}

fn hex_octet(part: &str) -> Option<u8> {
    // `from_str_radix` would also take "+1".
    let is_hex = part.len() == 2 && part.bytes().all(|b| b.is_ascii_hexdigit());
    if is_hex { u8::from_str_radix(part, 16).ok() } else { None }
}

/// The Unix second at which a `YYYY-MM-DD` day from 1970 to 2105 begins.
fn day(word: &str) -> Result<u32, NoCommand<'_>> {
    days_since_1970(word).map(|days| days * 86_400).ok_or(NoCommand::Word(word, "a day from 1970-01-01 to 2105-12-31"))
}

fn days_since_1970(word: &str) -> Option<u32> {
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse::<u32>().ok()).flatten();
    let year = digits(word.get(0..4)?).filter(|year| (1970..=2105).contains(year))?;
    let month = digits(word.get(5..7)?).filter(|month| (1..=12).contains(month))?;
    let day = digits(word.get(8..)?).filter(|day| (1..=days_in(year, month)).contains(day))?;
    let dashes = word.get(4..5)? == "-" && word.get(7..8)? == "-" && word.len() == 10;
    let years: u32 = (1970..year).map(|year| 365 + u32::from(is_leap(year))).sum();
    let months: u32 = (1..month).map(|month| days_in(year, month)).sum();
    dashes.then_some(years + months + day - 1)
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        2 => 28 + u32::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn is_leap(year: u32) -> bool {
    (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400)
}

impl fmt::Display for NoCommand<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(word) => write!(f, "unknown command \"{word}\", see help"),
            Self::Usage(usage) => write!(f, "usage: {usage}"),
            Self::Word(word, wanted) => write!(f, "\"{word}\" is not {wanted}"),
            Self::TooLong(word, max) => write!(f, "\"{word}\" is longer than {max} bytes"),
        }
    }
}

impl core::error::Error for NoCommand<'_> {}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::string::ToString;

    #[test]
    fn each_command_is_read() {
        let ip = "192.0.2.7".parse().unwrap();
        for (line, command) in [
            ("app install nginx 1.2-3", Command::AppInstall { name: "nginx", version: "1.2-3" }),
            ("app remove nginx", Command::AppRemove { name: "nginx" }),
            ("user add eve", Command::UserAdd { name: "eve", roles: Roles::LOGIN }),
            ("  user  add eve admin ", Command::UserAdd { name: "eve", roles: Roles::ADMINISTRATOR | Roles::LOGIN }),
            ("user del eve", Command::UserDel { name: "eve" }),
            ("port open tcp 23 telnetd", Command::PortOpen { proto: Protocol::TCP, port: 23, name: "telnetd" }),
            ("port close udp 65535", Command::PortClose { proto: Protocol::UDP, port: 65535 }),
            (
                "neighbour seen 02:00:5e:10:00:fF 192.0.2.7",
                Command::NeighbourSeen { mac: [2, 0, 0x5E, 16, 0, 255], ip },
            ),
            ("cert set tls 2000-03-01", Command::CertSet { slot: "tls", expiry_unix_s: 951_868_800 }),
            ("set motd hello", Command::Set { key: "motd", value: "hello" }),
            ("health temp -40", Command::Health { key: "temp", value: -40 }),
            ("event warning door  is open", Command::Event { severity: Severity::Warning, text: "door  is open" }),
            ("provision", Command::Provision { floor: 0 }),
            ("provision 4294967295", Command::Provision { floor: u32::MAX }),
            ("state", Command::State),
            ("reboot", Command::Reboot),
            ("help", Command::Help),
        ] {
            assert_eq!(parse(line), Ok(command), "{line}");
        }
    }

    #[test]
    fn each_bad_line_says_what_is_wrong() {
        for (line, said) in [
            ("", "unknown command \"\", see help"),
            ("App install x 1", "unknown command \"App\", see help"),
            ("app install nginx", "usage: app install NAME VERSION | app remove NAME"),
            ("app install a b c d e", "usage: app install NAME VERSION | app remove NAME"),
            ("user add eve root", "\"root\" is not user, service or admin"),
            ("port open sctp 1 x", "\"sctp\" is not tcp or udp"),
            ("port open tcp 0 x", "\"0\" is not a port from 1 to 65535"),
            ("port open tcp 65536 x", "\"65536\" is not a port from 1 to 65535"),
            (
                "neighbour seen 02:00:5e:10:00 192.0.2.7",
                "\"02:00:5e:10:00\" is not a link address like 02:00:5e:10:00:01",
            ),
            (
                "neighbour seen +2:00:5e:10:00:01 ::1",
                "\"+2:00:5e:10:00:01\" is not a link address like 02:00:5e:10:00:01",
            ),
            ("neighbour seen 02:00:5e:10:00:01 1.2.3", "\"1.2.3\" is not an IPv4 or IPv6 address"),
            ("cert set tls 2027-02-29", "\"2027-02-29\" is not a day from 1970-01-01 to 2105-12-31"),
            ("cert set tls 2027/02/28", "\"2027/02/28\" is not a day from 1970-01-01 to 2105-12-31"),
            ("health temp 1.5", "\"1.5\" is not an integer of 32 bits"),
            ("event panic x", "\"panic\" is not info, notice, warning or critical"),
            ("event info", "usage: event info|notice|warning|critical TEXT"),
            ("provision -1", "\"-1\" is not an epoch, as `devices --json` of the collector shows it"),
            ("state now", "usage: state | reboot | help"),
        ] {
            assert_eq!(parse(line).unwrap_err().to_string(), said, "{line}");
        }
    }

    #[test]
    fn words_are_bounded() {
        let name = "n".repeat(WORD_MAX + 1);
        assert_eq!(parse(&std::format!("app remove {name}")), Err(NoCommand::TooLong(&name, WORD_MAX)));
        assert!(parse(&std::format!("app remove {}", &name[1..])).is_ok());
        let text = "t".repeat(TEXT_MAX + 1);
        assert_eq!(parse(&std::format!("event info {text}")), Err(NoCommand::TooLong(&text, TEXT_MAX)));
    }

    #[test]
    fn the_last_day_fits() {
        assert_eq!(parse("cert set a 2105-12-31"), Ok(Command::CertSet { slot: "a", expiry_unix_s: 4_291_660_800 }));
        assert_eq!(parse("cert set a 1970-01-01"), Ok(Command::CertSet { slot: "a", expiry_unix_s: 0 }));
    }
}
