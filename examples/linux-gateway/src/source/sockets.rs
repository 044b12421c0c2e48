//! Sockets that wait for peers, as the kernel lists them: by sock_diag, or where the kernel lacks that, by `/proc/net`.
//!
//! Promise: both ways give the same sockets; only sock_diag tells the interface that one is bound to. `/proc/net/tcp` walks every
//! connection that there could be, which costs milliseconds each time; sock_diag walks the listeners alone. Not here: who owns them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;

use crate::fact::Protocol;
use crate::source::neighbours::parse_ip;
use crate::source::netlink::{Row, Table, dump, rows};
use crate::source::{Failure, Reading, read_file};

/// States in the kernel's numbering (`TCP_LISTEN`, `TCP_CLOSE`); an unconnected UDP socket is in the second.
const LISTENS: u8 = 10;
const UNCONNECTED: u8 = 7;

const FAMILIES: [u8; 2] = [nix::libc::AF_INET as u8, nix::libc::AF_INET6 as u8];

/// One socket that waits for peers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Socket {
    /// Transport.
    pub protocol: Protocol,
    /// Local address.
    pub address: IpAddr,
    /// Local port.
    pub port: u16,
    /// Number of the interface that it is bound to; 0 for any.
    pub interface: u32,
    /// Account that opened it.
    pub uid: u32,
    /// Number of the socket, as the links under `/proc/*/fd` show it.
    pub inode: u64,
}

/// All sockets of this network namespace that wait for peers.
///
/// # Errors
/// [`Failure`] if neither way works.
pub fn list(reading: &mut Reading) -> Result<Vec<Socket>, Failure> {
    let mut sockets = Vec::new();
    for protocol in [Protocol::Tcp, Protocol::Udp] {
        for family in FAMILIES {
            let listed = by_diagnosis(protocol, family).or_else(|_| by_proc(protocol, family, reading))?;
            sockets.extend(listed);
        }
    }
    Ok(sockets)
}

fn waiting_state(protocol: Protocol) -> u8 {
    match protocol {
        Protocol::Tcp => LISTENS,
        Protocol::Udp => UNCONNECTED,
    }
}

/// By sock_diag. A kernel without it, or without a part of it, refuses.
fn by_diagnosis(protocol: Protocol, family: u8) -> Result<Vec<Socket>, Failure> {
    let number = match protocol {
        Protocol::Tcp => 6,
        Protocol::Udp => 17,
    };
    let table = Table::Sockets { family, protocol: number, states: 1 << waiting_state(protocol) };
    let mut reading = Reading::default();
    let rows = rows(table, &dump(table)?, &mut reading)?;
    match reading.first_skipped {
        Some(why) => Err(Failure(why)),
        None => Ok(rows.iter().filter_map(|row| parse_row(protocol, row)).collect()),
    }
}

/// A socket that waits for peers, or none: `inet_diag_msg` of the kernel.
fn parse_row(protocol: Protocol, row: &Row) -> Option<Socket> {
    let length = if row.byte(0) == FAMILIES[0] { 4 } else { 16 };
    let (port, remote_port) = (row.port(4), row.port(6));
    let socket = Socket {
        protocol,
        address: parse_ip(row.bytes(8, length))?,
        port,
        interface: row.word(40),
        uid: row.word(64),
        inode: row.word(68).into(),
    };
    (port != 0 && remote_port == 0 && row.byte(1) == waiting_state(protocol)).then_some(socket)
}

/// By `/proc/net`. A kernel without IPv6 has no such table, and so no such socket.
fn by_proc(protocol: Protocol, family: u8, reading: &mut Reading) -> Result<Vec<Socket>, Failure> {
    let v6 = family != FAMILIES[0];
    let path = Path::new(match (protocol, v6) {
        (Protocol::Tcp, false) => "/proc/net/tcp",
        (Protocol::Tcp, true) => "/proc/net/tcp6",
        (Protocol::Udp, false) => "/proc/net/udp",
        (Protocol::Udp, true) => "/proc/net/udp6",
    });
    if v6 && !path.exists() {
        return Ok(Vec::new());
    }
    parse_table(protocol, &read_file(path)?, reading).map_err(|why| Failure(format!("{}: {why}", path.display())))
}

/// Reads the text of one table of `/proc/net`; the first line is its heading.
///
/// # Errors
/// [`Failure`] if there is not even a heading.
pub fn parse_table(protocol: Protocol, table: &[u8], reading: &mut Reading) -> Result<Vec<Socket>, Failure> {
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
    let state = u8::from_str_radix(state, 16).map_err(|_| "bad state")?;
    let waits = state == waiting_state(protocol) && port != 0 && remote_port == 0;
    let number = |text: &str| text.parse::<u64>().ok();
    let uid = number(uid).and_then(|uid| u32::try_from(uid).ok()).ok_or("bad uid")?;
    let inode = number(inode).ok_or("bad inode")?;
    Ok(waits.then_some(Socket { protocol, address, port, interface: 0, uid, inode }))
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{TcpListener, UdpSocket};

    #[cfg(target_endian = "little")]
    fn sockets(protocol: Protocol, table: &[u8]) -> Vec<(String, u16, u64)> {
        let mut reading = Reading::default();
        let sockets = parse_table(protocol, table, &mut reading).unwrap();
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
        assert_eq!(parse_table(Protocol::Tcp, table, &mut reading), Ok(vec![]));
        assert_eq!(reading.skipped, 2);
        assert!(parse_table(Protocol::Tcp, b"", &mut reading).is_err());
    }

    /// A row as the kernel sends it: `nlmsghdr`, `inet_diag_msg`.
    fn diagnosis(state: u8, port: u16, remote_port: u16, interface: u32) -> Vec<u8> {
        let mut row = vec![FAMILIES[0], state, 0, 0];
        row.extend([port.to_be_bytes(), remote_port.to_be_bytes()].concat());
        row.extend([192, 0, 2, 1]);
        row.resize(40, 0);
        row.extend(interface.to_ne_bytes());
        row.resize(64, 0);
        row.extend([1000u32.to_ne_bytes(), 4242u32.to_ne_bytes()].concat());
        let header = [88u32.to_ne_bytes(), [20, 0, 2, 0], [0; 4], [0; 4]].concat();
        [header, row].concat()
    }

    #[test]
    fn a_diagnosis_tells_interface_account_and_number() {
        let found = |bytes: &[u8]| {
            let table = Table::Sockets { family: FAMILIES[0], protocol: 17, states: u32::MAX };
            let rows = rows(table, bytes, &mut Reading::default()).unwrap();
            parse_row(Protocol::Udp, &rows[0])
        };
        let (protocol, address) = (Protocol::Udp, "192.0.2.1".parse().unwrap());
        let expected = Socket { protocol, address, port: 68, interface: 3, uid: 1000, inode: 4242 };
        assert_eq!(found(&diagnosis(UNCONNECTED, 68, 0, 3)), Some(expected));
        assert_eq!(found(&diagnosis(UNCONNECTED, 68, 53, 3)), None, "it asks somebody");
        assert_eq!(found(&diagnosis(1, 68, 0, 3)), None, "another state");
    }

    #[test]
    fn both_ways_give_the_same_sockets() {
        let v4 = TcpListener::bind("127.0.0.1:0").unwrap();
        let v6 = UdpSocket::bind("[::1]:0").unwrap();
        for (protocol, family, port) in [
            (Protocol::Tcp, FAMILIES[0], v4.local_addr().unwrap().port()),
            (Protocol::Udp, FAMILIES[1], v6.local_addr().unwrap().port()),
        ] {
            // Other sockets of the machine come and go meanwhile.
            let ours = |sockets: Vec<Socket>| sockets.into_iter().find(|socket| socket.port == port).unwrap();
            let diagnosed = ours(by_diagnosis(protocol, family).unwrap());
            assert_eq!(diagnosed, ours(by_proc(protocol, family, &mut Reading::default()).unwrap()));
        }
    }

    #[test]
    fn what_the_kernel_has_no_diagnosis_for_is_refused() {
        let table = Table::Sockets { family: FAMILIES[0], protocol: 253, states: u32::MAX };
        let answer = dump(table).and_then(|bytes| rows(table, &bytes, &mut Reading::default()));
        assert!(answer.is_err(), "{answer:?}");
    }
}
