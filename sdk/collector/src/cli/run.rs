//! `run`: listens, stores, prints.

use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgGroup, Args, ValueEnum};
use tidings_collector::run::{self, Fragments, Limits, Look, Plan, Port, Unknown};
use tidings_collector::terminal::Paint;

use super::moment::parse_age_ms;
use super::{Database, Outcome};

const DEFAULT_BAUD: u32 = 115_200;

#[derive(Debug, Args)]
#[group(skip)]
#[command(group = ArgGroup::new("listeners").required(true).multiple(true).args(["listen_tcp", "listen_udp", "listen_fragments", "serial"]))]
pub struct Run {
    #[command(flatten)]
    database: Database,
    /// Listen on TCP; a bare port is one of 127.0.0.1 (repeatable)
    #[arg(long, value_name = "[HOST:]PORT", value_parser = parse_address)]
    listen_tcp: Vec<SocketAddr>,
    /// Listen on UDP; a bare port is one of 127.0.0.1 (repeatable)
    #[arg(long, value_name = "[HOST:]PORT", value_parser = parse_address)]
    listen_udp: Vec<SocketAddr>,
    /// Listen on UDP for packets in fragments of at most MTU bytes, for links that carry no whole ones (repeatable)
    #[arg(long, value_name = "[HOST:]PORT/MTU", value_parser = parse_fragments)]
    listen_fragments: Vec<Fragments>,
    /// Serve a serial port; 115200 baud unless said (repeatable)
    #[arg(long, value_name = "PATH[:BAUD]", value_parser = parse_port)]
    serial: Vec<Port>,
    /// The key file of sealed devices; read anew when it changes
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    /// Hear sealed devices only
    #[arg(long, requires = "keys")]
    require_sealed: bool,
    /// What becomes of devices that are not known
    #[arg(long, value_enum, default_value_t = Policy::Accept)]
    unknown: Policy,
    /// Devices known at once
    #[arg(long, value_name = "N", default_value_t = 10_000)]
    max_devices: usize,
    /// Facts a device
    #[arg(long, value_name = "N", default_value_t = 16_384)]
    max_facts: usize,
    /// TCP connections at once; past it the idlest is closed
    #[arg(long, value_name = "N", default_value_t = 1_024, value_parser = parse_connections)]
    max_connections: usize,
    /// How long a new TCP connection may go without a good packet
    #[arg(long, value_name = "AGE", default_value = "60s", value_parser = parse_age_ms)]
    patience: i64,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
    /// Print no lines: `changes` and `events` have them
    #[arg(long, conflicts_with = "json")]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Policy {
    /// They are taken in
    Accept,
    /// They are listed, and heard once they are named
    Quarantine,
    /// They are not heard
    Refuse,
}

impl Run {
    pub fn execute(self) -> Outcome {
        let limits = Limits {
            unknown: self.unknown.into(),
            max_devices: self.max_devices,
            max_facts: self.max_facts,
            max_connections: self.max_connections,
            patience: Duration::from_millis(self.patience.unsigned_abs()),
        };
        let look = if self.json { Look::Json } else { Look::Human(Paint::of_stdout()) };
        let plan = Plan {
            database: self.database.db,
            tcp: self.listen_tcp,
            udp: self.listen_udp,
            fragments: self.listen_fragments,
            serial: self.serial,
            keys: self.keys,
            require_sealed: self.require_sealed,
            limits,
            look: (!self.quiet).then_some(look),
        };
        Ok(run::run(&plan)?)
    }
}

impl From<Policy> for Unknown {
    fn from(policy: Policy) -> Self {
        match policy {
            Policy::Accept => Self::Accept,
            Policy::Quarantine => Self::Quarantine,
            Policy::Refuse => Self::Refuse,
        }
    }
}

fn parse_address(text: &str) -> Result<SocketAddr, String> {
    let whole =
        if text.bytes().all(|byte| byte.is_ascii_digit()) { format!("127.0.0.1:{text}") } else { text.to_owned() };
    let first = whole.to_socket_addrs().ok().and_then(|mut addresses| addresses.next());
    first.ok_or_else(|| "expected a port, or an address and a port as in 192.0.2.1:7400".into())
}

fn parse_fragments(text: &str) -> Result<Fragments, String> {
    let (smallest, largest) = (Fragments::SMALLEST_MTU, Fragments::LARGEST_MTU);
    let wrong = || format!("expected an address and the link's MTU, {smallest} to {largest}, as in 192.0.2.1:7400/64");
    let (address, mtu) = text.rsplit_once('/').ok_or_else(wrong)?;
    let mtu = mtu.parse().ok().filter(|mtu| (smallest..=largest).contains(mtu)).ok_or_else(wrong)?;
    Ok(Fragments { address: parse_address(address)?, mtu })
}

fn parse_connections(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|count| *count > 0).ok_or_else(|| "expected a number above 0".into())
}

/// The digits after the last colon are the speed; a path may hold colons of its own.
fn parse_port(text: &str) -> Result<Port, String> {
    let (path, baud) = match text.rsplit_once(':') {
        Some((path, digits)) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            (path, digits.parse().map_err(|_| "no such speed")?)
        }
        _ => (text, DEFAULT_BAUD),
    };
    if path.is_empty() || baud == 0 {
        return Err("expected a path, or a path and a speed as in /dev/ttyUSB0:115200".into());
    }
    Ok(Port { path: PathBuf::from(path), baud })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_speed_is_the_digits_after_the_last_colon() {
        let port = |path: &str, baud| Ok(Port { path: path.into(), baud });
        assert_eq!(parse_port("/dev/ttyS0"), port("/dev/ttyS0", DEFAULT_BAUD));
        assert_eq!(parse_port("/dev/ttyS0:9600"), port("/dev/ttyS0", 9600));
        assert_eq!(parse_port("/dev/by-id/a:b"), port("/dev/by-id/a:b", DEFAULT_BAUD));
        assert_eq!(parse_port("/dev/by-id/a:1:9600"), port("/dev/by-id/a:1", 9600));
        assert!(parse_port(":9600").is_err() && parse_port("/dev/ttyS0:99999999999").is_err());
    }

    #[test]
    fn fragments_need_an_mtu_that_can_be() {
        let parsed = parse_fragments("7400/64").map(|at| (at.address.to_string(), at.mtu));
        assert_eq!(parsed, Ok(("127.0.0.1:7400".into(), 64)));
        for wrong in ["7400", "7400/", "7400/19", "7400/99999", "/64", "7400/x"] {
            assert!(parse_fragments(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_bare_port_is_on_loopback() {
        assert_eq!(parse_address("7400").map(|at| at.to_string()), Ok("127.0.0.1:7400".into()));
        assert_eq!(parse_address("[::1]:7400").map(|at| at.to_string()), Ok("[::1]:7400".into()));
        assert!(parse_address("99999").is_err() && parse_address("").is_err());
    }
}
