//! Sockets that wait for peers: TCP in LISTEN and unconnected UDP, from `/proc/net`, with the program that owns them.
//!
//! Promise: one fact for each protocol, address and port, however many sockets share it. Sockets of other network namespaces are not
//! seen, nor is a UDP socket on an ephemeral port that lives shorter than [`EPHEMERAL_AGE`]: those are the outgoing questions of resolvers.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::fact::{Fact, Kind, Listener, Protocol};
use crate::source::{Failure, Reading, Source, Watch, read_file};

/// How often the tables are read: the kernel does not announce new listeners.
pub const POLL: Duration = Duration::from_millis(250);

/// How long an unconnected UDP socket on an ephemeral port must live to count.
pub const EPHEMERAL_AGE: Duration = Duration::from_millis(300);

/// How often the owners of known sockets are looked up again: a socket may be handed on.
const OWNERS_PERIOD: Duration = Duration::from_secs(10);

const TABLES: [(Protocol, &str); 4] = [
    (Protocol::Tcp, "/proc/net/tcp"),
    (Protocol::Tcp, "/proc/net/tcp6"),
    (Protocol::Udp, "/proc/net/udp"),
    (Protocol::Udp, "/proc/net/udp6"),
];

/// Tables of a kernel without IPv6 are missing; these two must be there.
const NEEDED: [&str; 2] = ["/proc/net/tcp", "/proc/net/udp"];

/// One line of a table that waits for peers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Socket {
    /// Transport.
    pub protocol: Protocol,
    /// Local address.
    pub address: IpAddr,
    /// Local port.
    pub port: u16,
    /// Account that opened it.
    pub uid: u32,
    /// Number of the socket, as the links under `/proc/*/fd` show it.
    pub inode: u64,
}

/// Reads one table; the first line is its heading.
///
/// # Errors
/// [`Failure`] if there is not even a heading.
pub fn parse(protocol: Protocol, table: &[u8], reading: &mut Reading) -> Result<Vec<Socket>, Failure> {
    let text = String::from_utf8_lossy(table);
    let mut lines = text.lines();
    lines.next().ok_or_else(|| Failure("the table has no heading".into()))?;
    let mut sockets = Vec::new();
    for line in lines {
        match parse_line(protocol, line) {
            Ok(socket) => sockets.extend(socket),
            Err(why) => reading.skip(format_args!("{why}: {line}")),
        }
    }
    Ok(sockets)
}

/// A socket, or none if the line is of one that does not wait for peers.
fn parse_line(protocol: Protocol, line: &str) -> Result<Option<Socket>, &'static str> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let &[_, local, remote, state, _, _, _, uid, _, inode, ..] = fields.as_slice() else {
        return Err("too few fields");
    };
    let (address, port) = parse_end(local).ok_or("bad local address")?;
    let (_, remote_port) = parse_end(remote).ok_or("bad remote address")?;
    let waits = match protocol {
        Protocol::Tcp => state == "0A",
        Protocol::Udp => state == "07" && remote_port == 0,
    };
    let number = |text: &str| text.parse::<u64>().ok();
    let uid = number(uid).and_then(|uid| u32::try_from(uid).ok()).ok_or("bad uid")?;
    let inode = number(inode).ok_or("bad inode")?;
    Ok((waits && port != 0).then_some(Socket { protocol, address, port, uid, inode }))
}

/// `ADDRESS:PORT` in hexadecimal; the address is printed as words in the byte order of the machine.
fn parse_end(text: &str) -> Option<(IpAddr, u16)> {
    let (address, port) = text.split_once(':')?;
    let word = |at: usize| u32::from_str_radix(address.get(at * 8..at * 8 + 8)?, 16).ok().map(u32::to_ne_bytes);
    let address = match address.len() {
        8 => Ipv4Addr::from(word(0)?).into(),
        32 => {
            let words = [word(0)?, word(1)?, word(2)?, word(3)?];
            Ipv6Addr::from(<[u8; 16]>::try_from(words.concat()).ok()?).into()
        }
        _ => return None,
    };
    Some((address, u16::from_str_radix(port, 16).ok()?))
}

/// The listeners of this network namespace.
pub struct ListenerSource {
    started: Option<Instant>,
    first_seen: HashMap<u64, Instant>,
    owners: HashMap<u64, String>,
    owners_read: Option<Instant>,
    ephemeral: u16,
}

impl ListenerSource {
    /// A source that has not looked yet.
    #[must_use]
    pub fn new() -> Self {
        let range = fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap_or_default();
        let ephemeral = range.split_whitespace().next().and_then(|low| low.parse().ok()).unwrap_or(32_768);
        Self { started: None, first_seen: HashMap::new(), owners: HashMap::new(), owners_read: None, ephemeral }
    }

    /// Leaves out young ephemeral UDP sockets; those of the first look are taken as they are.
    fn settled(&mut self, sockets: Vec<Socket>, now: Instant) -> Vec<Socket> {
        let first_look = self.started.is_none();
        self.started.get_or_insert(now);
        let alive: HashSet<u64> = sockets.iter().map(|socket| socket.inode).collect();
        self.first_seen.retain(|inode, _| alive.contains(inode));
        let mut counts = |socket: &Socket| {
            let born = *self.first_seen.entry(socket.inode).or_insert(now);
            let doubtful = socket.protocol == Protocol::Udp && socket.port >= self.ephemeral;
            first_look || !doubtful || Some(born) == self.started || now.duration_since(born) >= EPHEMERAL_AGE
        };
        sockets.into_iter().filter(|socket| counts(socket)).collect()
    }

    /// Looks owners up when a socket is new, or the last look is long ago.
    fn refresh_owners(&mut self, sockets: &[Socket], now: Instant) {
        let wanted: HashSet<u64> = sockets.iter().map(|socket| socket.inode).collect();
        let due = self.owners_read.is_none_or(|at| now.duration_since(at) >= OWNERS_PERIOD);
        if due || wanted.iter().any(|inode| !self.owners.contains_key(inode)) {
            let mut found = find_owners(Path::new("/proc"), &wanted);
            self.owners = wanted.into_iter().map(|inode| (inode, found.remove(&inode).unwrap_or_default())).collect();
            self.owners_read = Some(now);
        }
    }
}

impl Default for ListenerSource {
    fn default() -> Self {
        Self::new()
    }
}

impl Source for ListenerSource {
    fn kind(&self) -> Kind {
        Kind::Listener
    }

    fn watch(&self) -> Watch {
        Watch::Every(POLL)
    }

    fn read(&mut self) -> Result<Reading, Failure> {
        let mut reading = Reading::default();
        let mut sockets = Vec::new();
        for (protocol, path) in TABLES {
            if !NEEDED.contains(&path) && !Path::new(path).exists() {
                continue;
            }
            let table = read_file(Path::new(path))?;
            sockets.extend(parse(protocol, &table, &mut reading).map_err(|why| Failure(format!("{path}: {why}")))?);
        }
        let now = Instant::now();
        let sockets = self.settled(sockets, now);
        self.refresh_owners(&sockets, now);
        reading.facts = join(&sockets, &self.owners, &account_names());
        Ok(reading)
    }
}

/// One fact for each place that is listened on; of sockets that share it, the owner and account that sort first are told.
fn join(sockets: &[Socket], owners: &HashMap<u64, String>, accounts: &HashMap<u32, String>) -> Vec<Fact> {
    let mut places = BTreeMap::new();
    for socket in sockets {
        let owner = owners.get(&socket.inode).cloned().unwrap_or_default();
        let account = accounts.get(&socket.uid).cloned().unwrap_or_else(|| socket.uid.to_string());
        let place = (socket.protocol, socket.port, socket.address);
        let told = places.entry(place).or_insert_with(|| (owner.clone(), account.clone()));
        *told = told.clone().min((owner, account));
    }
    let fact = |((protocol, port, address), (owner, account))| Listener { protocol, port, address, owner, account };
    places.into_iter().map(fact).map(Fact::Listener).collect()
}

/// Names of the accounts of the real machine, whatever `--root` says: the sockets are real, too.
fn account_names() -> HashMap<u32, String> {
    let text = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let pair = |line: &str| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        Some((fields.nth(1)?.parse().ok()?, name.to_string()))
    };
    text.lines().rev().filter_map(pair).collect()
}

/// The program that holds each wanted socket; where several do, the one with the lowest process id.
///
/// A process that ends meanwhile, or that may not be looked into, is passed over.
fn find_owners(proc: &Path, wanted: &HashSet<u64>) -> HashMap<u64, String> {
    let mut pids: Vec<u32> = entries(proc).filter_map(|name| name.parse().ok()).collect();
    pids.sort_unstable();
    let mut owners = HashMap::new();
    for pid in pids {
        let process = proc.join(pid.to_string());
        for inode in sockets_of(&process).filter(|inode| wanted.contains(inode)) {
            owners.entry(inode).or_insert_with(|| program_of(&process));
        }
        if owners.len() == wanted.len() {
            break;
        }
    }
    owners
}

fn entries(directory: &Path) -> impl Iterator<Item = String> + use<> {
    fs::read_dir(directory).into_iter().flatten().flatten().filter_map(|entry| entry.file_name().into_string().ok())
}

fn sockets_of(process: &Path) -> impl Iterator<Item = u64> + use<> {
    let folder = process.join("fd");
    entries(&folder).filter_map(move |fd| {
        let target = fs::read_link(folder.join(fd)).ok()?;
        target.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.parse().ok()
    })
}

/// Path of the executable, or the name that the process gave itself.
fn program_of(process: &Path) -> String {
    match fs::read_link(process.join("exe")) {
        Ok(path) => path.to_string_lossy().trim_end_matches(" (deleted)").into(),
        Err(_) => fs::read_to_string(process.join("comm")).unwrap_or_default().trim().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{TcpListener, UdpSocket};

    fn sockets(protocol: Protocol, table: &[u8]) -> Vec<(String, u16, u64)> {
        let mut reading = Reading::default();
        let sockets = parse(protocol, table, &mut reading).unwrap();
        assert_eq!(reading.skipped, 0, "{:?}", reading.first_skipped);
        sockets.iter().map(|s| (s.address.to_string(), s.port, s.inode)).collect()
    }

    #[cfg(target_endian = "little")]
    #[test]
    fn only_waiting_sockets_count() {
        let tcp = include_bytes!("../../samples/proc-net-tcp");
        assert_eq!(sockets(Protocol::Tcp, tcp), [("0.0.0.0".into(), 22, 1200), ("127.0.0.1".into(), 631, 1301)]);
        let udp = include_bytes!("../../samples/proc-net-udp");
        assert_eq!(sockets(Protocol::Udp, udp), [("0.0.0.0".into(), 68, 1402)]);
    }

    #[cfg(target_endian = "little")]
    #[test]
    fn ipv6_addresses_are_put_in_order() {
        let tcp6 = include_bytes!("../../samples/proc-net-tcp6");
        let expected = [("::".into(), 22, 1202), ("::1".into(), 631, 1300), ("fe80::fc:ff:fe00:1".into(), 8080, 1500)];
        assert_eq!(sockets(Protocol::Tcp, tcp6), expected);
    }

    #[test]
    fn a_broken_line_is_counted_and_the_others_stay() {
        let mut reading = Reading::default();
        let table = b"heading\n 0: 0100007F:0277 00000000:0000 0A\n 1: zz:1 0:0 0A 0 0 0 0 0 7\n";
        assert_eq!(parse(Protocol::Tcp, table, &mut reading), Ok(vec![]));
        assert_eq!(reading.skipped, 2);
        assert!(parse(Protocol::Tcp, b"", &mut reading).is_err());
    }

    #[test]
    fn sockets_that_share_a_place_are_one_fact() {
        let at =
            |inode| Socket { protocol: Protocol::Tcp, address: Ipv4Addr::LOCALHOST.into(), port: 80, uid: 33, inode };
        let owners = HashMap::from([(1, "/usr/sbin/b".to_string()), (2, "/usr/sbin/a".to_string())]);
        let facts = join(&[at(1), at(2)], &owners, &HashMap::from([(33, "www-data".to_string())]));
        let [Fact::Listener(listener)] = facts.as_slice() else { panic!("{facts:?}") };
        assert_eq!((&*listener.owner, &*listener.account), ("/usr/sbin/a", "www-data"));
    }

    #[test]
    fn a_real_listener_shows_up_with_its_program_and_goes_again() {
        let mut source = ListenerSource::new();
        let socket = TcpListener::bind("[::1]:0").unwrap();
        let port = socket.local_addr().unwrap().port();
        let mine = |source: &mut ListenerSource| {
            let facts = source.read().unwrap().facts;
            facts
                .into_iter()
                .find(|fact| matches!(fact, Fact::Listener(l) if l.port == port && l.protocol == Protocol::Tcp))
        };
        let Some(Fact::Listener(found)) = mine(&mut source) else { panic!("not seen") };
        assert_eq!(found.owner, std::env::current_exe().unwrap().to_str().unwrap());
        drop(socket);
        assert_eq!(mine(&mut source), None);
    }

    #[test]
    fn a_young_ephemeral_udp_socket_does_not_count_yet() {
        let mut source = ListenerSource::new();
        source.read().unwrap();
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let port = socket.local_addr().unwrap().port();
        assert!(port >= source.ephemeral);
        let counts = |source: &mut ListenerSource, age| {
            let sockets = parse(Protocol::Udp, &fs::read("/proc/net/udp").unwrap(), &mut Reading::default()).unwrap();
            source.settled(sockets, Instant::now() + age).iter().any(|s| s.port == port)
        };
        assert!(!counts(&mut source, Duration::ZERO));
        assert!(counts(&mut source, EPHEMERAL_AGE));
    }
}
