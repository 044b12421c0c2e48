//! Listeners: sockets that wait for peers, with the program and the account that opened them.
//!
//! Promise: one fact for each protocol, address, port and interface, however many sockets share them. Sockets of other network namespaces
//! are not seen, nor is a UDP socket on an ephemeral port that lives shorter than [`EPHEMERAL_AGE`]: those are the outgoing questions of
//! resolvers.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::fact::{Fact, Kind, Listener, Protocol};
use crate::source::interfaces::names_by_index;
use crate::source::netlink::{Table, dump, rows};
use crate::source::sockets::{self, Socket};
use crate::source::{Failure, Reading, Source, Watch, owners};

/// How often the sockets are listed: the kernel does not announce new listeners.
pub const POLL: Duration = Duration::from_millis(250);

/// How long an unconnected UDP socket on an ephemeral port must live to count.
pub const EPHEMERAL_AGE: Duration = Duration::from_millis(300);

/// How often the owners of known sockets are looked up again: a socket may be handed on.
const OWNERS_PERIOD: Duration = Duration::from_secs(10);

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
            let mut found = owners::find(Path::new("/proc"), &wanted);
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
        let sockets = sockets::list(&mut reading)?;
        let now = Instant::now();
        let sockets = self.settled(sockets, now);
        self.refresh_owners(&sockets, now);
        reading.facts = join(&sockets, &self.owners, &account_names(), &interface_names(&sockets)?);
        Ok(reading)
    }
}

/// One fact for each place that is listened on; of sockets that share it, the owner and account that sort first are told.
fn join(
    sockets: &[Socket],
    owners: &HashMap<u64, String>,
    accounts: &HashMap<u32, String>,
    interfaces: &BTreeMap<u32, String>,
) -> Vec<Fact> {
    let mut places: BTreeMap<_, Listener> = BTreeMap::new();
    for socket in sockets {
        let listener = Listener {
            protocol: socket.protocol,
            port: socket.port,
            address: socket.address,
            interface: interfaces.get(&socket.interface).cloned().unwrap_or_default(),
            owner: owners.get(&socket.inode).cloned().unwrap_or_default(),
            account: accounts.get(&socket.uid).cloned().unwrap_or_else(|| socket.uid.to_string()),
        };
        let place = (socket.protocol, socket.port, socket.address, listener.interface.clone());
        let holder = |listener: &Listener| (listener.owner.clone(), listener.account.clone());
        let told = places.entry(place).or_insert_with(|| listener.clone());
        if holder(&listener) < holder(told) {
            *told = listener;
        }
    }
    places.into_values().map(Fact::Listener).collect()
}

/// Names of the interfaces, if a socket is bound to one.
fn interface_names(sockets: &[Socket]) -> Result<BTreeMap<u32, String>, Failure> {
    if sockets.iter().all(|socket| socket.interface == 0) {
        return Ok(BTreeMap::new());
    }
    Ok(names_by_index(&rows(Table::Links, &dump(Table::Links)?, &mut Reading::default())?))
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, TcpListener, UdpSocket};

    #[test]
    fn sockets_that_share_a_place_are_one_fact() {
        let at = |inode| Socket {
            protocol: Protocol::Tcp,
            address: Ipv4Addr::LOCALHOST.into(),
            port: 80,
            interface: 0,
            uid: 33,
            inode,
        };
        let owners = HashMap::from([(1, "/usr/sbin/b".to_string()), (2, "/usr/sbin/a".to_string())]);
        let facts = join(&[at(1), at(2)], &owners, &HashMap::from([(33, "www-data".to_string())]), &BTreeMap::new());
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
            let sockets = sockets::list(&mut Reading::default()).unwrap();
            source.settled(sockets, Instant::now() + age).iter().any(|s| s.port == port)
        };
        assert!(!counts(&mut source, Duration::ZERO));
        assert!(counts(&mut source, EPHEMERAL_AGE));
    }
}
