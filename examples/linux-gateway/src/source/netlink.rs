//! The kernel's tables of links, addresses and neighbours (`man 7 rtnetlink`) and of sockets (`man 7 sock_diag`).
//!
//! Promise: a dump is whole or an error. Only the attributes that are asked for are looked into, so that a newer kernel cannot break
//! the reading. Not here: what a row means (`interfaces.rs`, `neighbours.rs`, `listeners.rs`).

use std::collections::BTreeMap;

use netlink_packet_core::{NLM_F_DUMP, NLM_F_DUMP_INTR, NLM_F_REQUEST, NetlinkBuffer, NlasIterator};
use netlink_sys::protocols::{NETLINK_ROUTE, NETLINK_SOCK_DIAG};
use netlink_sys::{Socket, SocketAddr};
use nix::libc::MSG_TRUNC;

use crate::source::{Failure, Reading};

/// Multicast groups (`RTMGRP_*`): a bit each.
pub mod group {
    /// Links come, go and change.
    pub const LINK: u32 = 0x1;
    /// Neighbours come, go and change.
    pub const NEIGHBOUR: u32 = 0x4;
    /// IPv4 addresses come and go.
    pub const ADDRESS_V4: u32 = 0x10;
    /// IPv6 addresses come and go.
    pub const ADDRESS_V6: u32 = 0x100;
}

const HEADER_BYTES: usize = 16;
const DONE: u16 = 3;
const ERROR: u16 = 2;

/// Most bytes of one dump: some hundred thousand rows.
const MAX_DUMP_BYTES: usize = 64 << 20;

/// Largest datagram that the kernel sends in a dump.
const DATAGRAM_BYTES: usize = 64 << 10;

/// How often a dump is begun anew if the table changes meanwhile.
const ATTEMPTS: usize = 5;

/// A table of the kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    /// Rows begin with `ifinfomsg`.
    Links,
    /// Rows begin with `ifaddrmsg`.
    Addresses,
    /// Rows begin with `ndmsg`.
    Neighbours,
    /// Rows begin with `inet_diag_msg`.
    Sockets {
        /// `AF_INET` or `AF_INET6`.
        family: u8,
        /// IANA protocol number.
        protocol: u8,
        /// States of sockets that are asked for: bit n for state n.
        states: u32,
    },
}

/// How a table is asked for and what its rows look like.
struct Layout {
    bus: isize,
    request: u16,
    row: u16,
    /// Length of the part that each row begins with.
    fixed_bytes: usize,
}

impl Table {
    fn layout(self) -> Layout {
        let route = |request, row, fixed_bytes| Layout { bus: NETLINK_ROUTE, request, row, fixed_bytes };
        match self {
            Table::Links => route(18, 16, 16),
            Table::Addresses => route(22, 20, 8),
            Table::Neighbours => route(30, 28, 12),
            Table::Sockets { .. } => Layout { bus: NETLINK_SOCK_DIAG, request: 20, row: 20, fixed_bytes: 72 },
        }
    }

    /// What follows the header of a request: nothing but zeros asks for every row.
    fn question(self) -> Vec<u8> {
        const SOCKET_ID_BYTES: usize = 48;
        match self {
            Table::Sockets { family, protocol, states } => {
                let mut question = vec![family, protocol, 0, 0];
                question.extend(states.to_ne_bytes());
                question.extend([0; SOCKET_ID_BYTES]);
                question
            }
            _ => vec![0; self.layout().fixed_bytes],
        }
    }
}

/// One row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    fixed: Vec<u8>,
    attributes: BTreeMap<u16, Vec<u8>>,
}

impl Row {
    /// The byte at an offset of the fixed part, which is always there.
    #[must_use]
    pub fn byte(&self, at: usize) -> u8 {
        self.fixed.get(at).copied().unwrap_or_default()
    }

    /// The 16-bit field at an offset of the fixed part.
    #[must_use]
    pub fn half(&self, at: usize) -> u16 {
        u16::from_ne_bytes([self.byte(at), self.byte(at + 1)])
    }

    /// The 16-bit field at an offset that travels in network order.
    #[must_use]
    pub fn port(&self, at: usize) -> u16 {
        u16::from_be_bytes([self.byte(at), self.byte(at + 1)])
    }

    /// The bytes from an offset of the fixed part on.
    #[must_use]
    pub fn bytes(&self, at: usize, length: usize) -> &[u8] {
        self.fixed.get(at..at + length).unwrap_or_default()
    }

    /// The 32-bit field at an offset of the fixed part.
    #[must_use]
    pub fn word(&self, at: usize) -> u32 {
        u32::from_ne_bytes([0, 1, 2, 3].map(|i| self.byte(at + i)))
    }

    /// The attribute's bytes, if the row has it.
    #[must_use]
    pub fn attribute(&self, kind: u16) -> Option<&[u8]> {
        self.attributes.get(&kind).map(Vec::as_slice)
    }

    /// The attribute as a C string.
    #[must_use]
    pub fn text(&self, kind: u16) -> Option<String> {
        let bytes = self.attribute(kind)?;
        Some(String::from_utf8_lossy(bytes.split(|&b| b == 0).next()?).into_owned())
    }
}

/// The rows of a dump; what cannot be parsed is counted.
///
/// # Errors
/// [`Failure`] if the messages do not follow each other properly, or one of them is an error.
pub fn rows(table: Table, mut dump: &[u8], reading: &mut Reading) -> Result<Vec<Row>, Failure> {
    let row = table.layout().row;
    let mut rows = Vec::new();
    while !dump.is_empty() {
        let message = NetlinkBuffer::new_checked(dump).map_err(|e| Failure(format!("netlink: {e}")))?;
        match message.message_type() {
            ERROR => return Err(refused()),
            DONE if failed(message.payload()) => return Err(refused()),
            kind if kind == row => match parse_row(table, message.payload()) {
                Ok(row) => rows.push(row),
                Err(why) => reading.skip(why),
            },
            _ => {}
        }
        let length = aligned(message.length() as usize).min(dump.len());
        dump = &dump[length..];
    }
    Ok(rows)
}

fn refused() -> Failure {
    Failure("netlink: the kernel refused the dump".into())
}

/// Whether the final message of a dump carries an error number.
fn failed(done: &[u8]) -> bool {
    done.first_chunk().is_some_and(|status| i32::from_ne_bytes(*status) < 0)
}

fn aligned(length: usize) -> usize {
    length.next_multiple_of(4)
}

fn parse_row(table: Table, payload: &[u8]) -> Result<Row, String> {
    let (fixed, rest) = payload.split_at_checked(table.layout().fixed_bytes).ok_or("netlink: a row is cut off")?;
    let mut attributes = BTreeMap::new();
    for attribute in NlasIterator::new(rest) {
        let attribute = attribute.map_err(|e| format!("netlink: {e}"))?;
        attributes.insert(attribute.kind(), attribute.value().to_vec());
    }
    Ok(Row { fixed: fixed.to_vec(), attributes })
}

/// The attributes nested in another one; those that make no sense are left out.
#[must_use]
pub fn nested(bytes: &[u8], kind: u16) -> Option<Vec<u8>> {
    NlasIterator::new(bytes)
        .flatten()
        .find(|attribute| attribute.kind() == kind)
        .map(|attribute| attribute.value().to_vec())
}

/// Asks the kernel for a whole table.
///
/// # Errors
/// [`Failure`] if the socket fails, or the table never stands still for one dump.
pub fn dump(table: Table) -> Result<Vec<u8>, Failure> {
    let fail = |e: std::io::Error| Failure(format!("netlink: {e}"));
    for _ in 0..ATTEMPTS {
        let socket = open(table.layout().bus, 0).map_err(fail)?;
        socket.send(&request(table), 0).map_err(fail)?;
        if let Some(whole) = receive(&socket)? {
            return Ok(whole);
        }
    }
    Err(Failure("netlink: the table changes too fast".into()))
}

/// A socket on one of netlink's buses that hears the given multicast groups.
///
/// # Errors
/// Those of the system.
pub fn open(bus: isize, groups: u32) -> std::io::Result<Socket> {
    let mut socket = Socket::new(bus)?;
    socket.bind(&SocketAddr::new(0, groups))?;
    socket.connect(&SocketAddr::new(0, 0))?;
    Ok(socket)
}

fn request(table: Table) -> Vec<u8> {
    let mut bytes = vec![0; HEADER_BYTES];
    bytes.extend(table.question());
    let length = bytes.len() as u32;
    let mut message = NetlinkBuffer::new(&mut bytes);
    message.set_length(length);
    message.set_message_type(table.layout().request);
    message.set_flags(NLM_F_REQUEST | NLM_F_DUMP);
    bytes
}

/// All datagrams up to the final one; none if the table changed meanwhile.
fn receive(socket: &Socket) -> Result<Option<Vec<u8>>, Failure> {
    let mut whole = Vec::new();
    let mut consistent = true;
    loop {
        let mut datagram = Vec::with_capacity(DATAGRAM_BYTES);
        let length = socket.recv(&mut datagram, MSG_TRUNC).map_err(|e| Failure(format!("netlink: {e}")))?;
        if length > datagram.len() || whole.len() + length > MAX_DUMP_BYTES {
            return Err(Failure("netlink: more than this program holds".into()));
        }
        whole.extend_from_slice(&datagram);
        let (done, steady) = ends(&datagram);
        consistent &= steady;
        if done {
            return Ok(consistent.then_some(whole));
        }
    }
}

/// Whether a datagram ends the dump, and whether the kernel vouches that no row was missed.
fn ends(mut datagram: &[u8]) -> (bool, bool) {
    let (mut done, mut steady) = (datagram.is_empty(), true);
    while let Ok(message) = NetlinkBuffer::new_checked(datagram) {
        done |= matches!(message.message_type(), DONE | ERROR);
        steady &= message.flags() & NLM_F_DUMP_INTR == 0;
        datagram = &datagram[aligned(message.length() as usize).min(datagram.len())..];
    }
    (done, steady)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEIGHBOURS: &[u8] = include_bytes!("../../samples/netlink-neighbours.bin");

    #[test]
    fn the_kernel_answers_for_every_table() {
        for table in [Table::Links, Table::Addresses, Table::Neighbours] {
            let mut reading = Reading::default();
            let found = rows(table, &dump(table).unwrap(), &mut reading).unwrap();
            assert_eq!(reading.skipped, 0, "{:?}", reading.first_skipped);
            assert!(!found.is_empty() || table == Table::Neighbours);
        }
    }

    #[test]
    fn a_dump_that_is_cut_off_is_an_error_or_counted() {
        let all = rows(Table::Neighbours, NEIGHBOURS, &mut Reading::default()).unwrap();
        for cut in 1..NEIGHBOURS.len() {
            let mut reading = Reading::default();
            let found = rows(Table::Neighbours, &NEIGHBOURS[..cut], &mut reading);
            assert!(found.is_err() || all.starts_with(&found.unwrap()), "cut at {cut}");
        }
    }

    #[test]
    fn flipped_bits_never_panic() {
        for bit in 0..NEIGHBOURS.len() * 8 {
            let mut bytes = NEIGHBOURS.to_vec();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let _ = rows(Table::Neighbours, &bytes, &mut Reading::default());
        }
    }
}
