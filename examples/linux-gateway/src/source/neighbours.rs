//! Hosts seen on the links of this machine: the kernel's ARP and NDP tables.
//!
//! Promise: one fact for each interface and link address, with all IP addresses known for it. Whether the kernel has just confirmed an
//! entry or not (`REACHABLE`, `STALE`, `DELAY`, `PROBE`) makes no difference, so an idle network reports nothing. Not here: hosts behind
//! routers, multicast, links whose addresses are neither EUI-48 nor EUI-64, and entries that were never answered.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::fact::{Fact, Kind, Neighbour};
use crate::source::interfaces::names_by_index;
use crate::source::netlink::{Row, Table, dump, group, rows};
use crate::source::{Failure, Reading, Source, Watch};

/// `NUD_*` states in which the link address is that of a real host.
const KNOWN: u16 = 0x02 | 0x04 | 0x08 | 0x10 | PERMANENT;
const PERMANENT: u16 = 0x80;

const DESTINATION: u16 = 1;
const LINK_ADDRESS: u16 = 2;

/// Neighbours of this network namespace.
pub struct NeighbourSource;

impl Source for NeighbourSource {
    fn kind(&self) -> Kind {
        Kind::Neighbour
    }

    fn watch(&self) -> Watch {
        Watch::Kernel(group::NEIGHBOUR | group::LINK)
    }

    fn read(&mut self) -> Result<Reading, Failure> {
        parse(&dump(Table::Links)?, &dump(Table::Neighbours)?)
    }
}

/// Joins the dumps of links and neighbours.
///
/// # Errors
/// [`Failure`] if a dump is not well formed.
pub fn parse(links: &[u8], neighbours: &[u8]) -> Result<Reading, Failure> {
    let mut reading = Reading::default();
    let interfaces = names_by_index(&rows(Table::Links, links, &mut reading)?);
    let mut hosts: BTreeMap<_, Neighbour> = BTreeMap::new();
    for row in rows(Table::Neighbours, neighbours, &mut reading)? {
        let Some((link, address)) = known_host(&row) else {
            continue;
        };
        // An entry may outlive its interface by a moment.
        let Some(interface) = interfaces.get(&row.word(4)) else {
            continue;
        };
        let host = hosts.entry((interface.clone(), link.to_vec())).or_insert_with(|| Neighbour {
            interface: interface.clone(),
            link: link.to_vec(),
            addresses: Vec::new(),
            permanent: false,
        });
        host.permanent |= row.half(8) & PERMANENT != 0;
        host.addresses.push(address);
        host.addresses.sort_unstable();
        host.addresses.dedup();
    }
    reading.facts = hosts.into_values().map(Fact::Neighbour).collect();
    Ok(reading)
}

/// Link and IP address, if the row is of a host that answered.
fn known_host(row: &Row) -> Option<(&[u8], IpAddr)> {
    let link = row.attribute(LINK_ADDRESS)?;
    let address = parse_ip(row.attribute(DESTINATION)?)?;
    let one_host = row.half(8) & KNOWN != 0 && !address.is_multicast() && link.iter().any(|&b| b != 0);
    let station = link.len() == 8 || link.len() == 6 && link[0] & 1 == 0;
    (one_host && station).then_some((link, address))
}

/// An IP address of 4 or 16 bytes.
#[must_use]
pub fn parse_ip(bytes: &[u8]) -> Option<IpAddr> {
    let v4 = || <[u8; 4]>::try_from(bytes).map(|b| Ipv4Addr::from(b).into());
    let v6 = || <[u8; 16]>::try_from(bytes).map(|b| Ipv6Addr::from(b).into());
    v4().or_else(|_| v6()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINKS: &[u8] = include_bytes!("../../samples/netlink-links.bin");
    const NEIGHBOURS: &[u8] = include_bytes!("../../samples/netlink-neighbours.bin");

    fn hosts(neighbours: &[u8]) -> Vec<(String, String, Vec<String>, bool)> {
        let reading = parse(LINKS, neighbours).unwrap();
        assert_eq!(reading.skipped, 0, "{:?}", reading.first_skipped);
        let row = |fact: &Fact| match fact {
            Fact::Neighbour(n) => {
                let link = n.link.iter().map(|b| format!("{b:02x}")).collect::<Vec<_>>().join(":");
                (n.interface.clone(), link, n.addresses.iter().map(IpAddr::to_string).collect(), n.permanent)
            }
            other => panic!("not a neighbour: {other:?}"),
        };
        reading.facts.iter().map(row).collect()
    }

    fn known() -> Vec<(String, String, Vec<String>, bool)> {
        let host = |link: &str, addresses: &[&str], permanent| {
            ("sample0".to_string(), link.to_string(), addresses.iter().map(|a| a.to_string()).collect(), permanent)
        };
        vec![
            host("02:00:00:00:00:0a", &["198.51.100.10", "2001:db8::10"], false),
            host("02:00:00:00:00:0b", &["198.51.100.11"], true),
        ]
    }

    #[test]
    fn a_host_is_told_once_with_all_its_addresses() {
        assert_eq!(hosts(NEIGHBOURS), known());
    }

    /// Offset of `ndm_state` in a message.
    const STATE_AT: usize = 16 + 8;

    /// The dump with every learned entry put into another state.
    fn in_state(state: u16) -> Vec<u8> {
        let mut dump = NEIGHBOURS.to_vec();
        let mut at = 0;
        while at < dump.len() {
            let length = u32::from_ne_bytes(dump[at..at + 4].try_into().unwrap()) as usize;
            let is_row = u16::from_ne_bytes([dump[at + 4], dump[at + 5]]) == 28;
            if is_row && u16::from_ne_bytes([dump[at + STATE_AT], dump[at + STATE_AT + 1]]) & (KNOWN & !PERMANENT) != 0
            {
                dump[at + STATE_AT..at + STATE_AT + 2].copy_from_slice(&state.to_ne_bytes());
            }
            at += length.next_multiple_of(4);
        }
        dump
    }

    #[test]
    fn states_of_a_known_host_make_no_difference() {
        for state in [0x02, 0x04, 0x08, 0x10] {
            assert_eq!(hosts(&in_state(state)), known(), "state {state:#x}");
        }
    }

    #[test]
    fn a_host_that_no_longer_answers_is_gone() {
        for state in [0x01, 0x20, 0x40, 0] {
            assert_eq!(hosts(&in_state(state)), known()[1..], "state {state:#x}");
        }
    }
}
