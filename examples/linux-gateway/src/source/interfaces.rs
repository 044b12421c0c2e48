//! Network interfaces: what they are, their link and IP addresses, and whether they are up.
//!
//! Promise: every interface of this network namespace, loopback included. Not here: traffic counters, which change all the time.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::Path;

use crate::fact::{Fact, Interface, InterfaceKind, Kind};
use crate::source::neighbours::parse_ip;
use crate::source::netlink::{Row, Table, dump, group, nested, rows};
use crate::source::{Failure, Reading, Source, Watch};

const LINK_ADDRESS: u16 = 1;
const NAME: u16 = 3;
const LINK_INFO: u16 = 18;
const INFO_KIND: u16 = 1;

const ADDRESS: u16 = 1;
/// On a point-to-point link, [`ADDRESS`] is the peer's and this one is ours.
const LOCAL_ADDRESS: u16 = 2;

const FLAG_UP: u32 = 0x1;
const FLAG_RUNNING: u32 = 0x40;

/// Interfaces of this network namespace.
pub struct InterfaceSource;

impl Source for InterfaceSource {
    fn kind(&self) -> Kind {
        Kind::Interface
    }

    fn watch(&self) -> Watch {
        Watch::Kernel(group::LINK | group::ADDRESS_V4 | group::ADDRESS_V6)
    }

    fn read(&mut self) -> Result<Reading, Failure> {
        let is_wifi = |name: &str| Path::new("/sys/class/net").join(name).join("phy80211").exists();
        parse(&dump(Table::Links)?, &dump(Table::Addresses)?, is_wifi)
    }
}

/// Joins the dumps of links and addresses; `is_wifi` tells Wi-Fi from Ethernet, which rtnetlink does not.
///
/// # Errors
/// [`Failure`] if a dump is not well formed.
pub fn parse(links: &[u8], addresses: &[u8], is_wifi: impl Fn(&str) -> bool) -> Result<Reading, Failure> {
    let mut reading = Reading::default();
    let links = rows(Table::Links, links, &mut reading)?;
    let mut by_index = addresses_by_index(&rows(Table::Addresses, addresses, &mut reading)?);
    for row in &links {
        let Some(name) = row.text(NAME) else {
            reading.skip("an interface without a name");
            continue;
        };
        let flags = row.word(8);
        let mut addresses = by_index.remove(&row.word(4)).unwrap_or_default();
        addresses.sort_unstable();
        reading.facts.push(Fact::Interface(Interface {
            kind: kind_of(row, &name, &is_wifi),
            link: row.attribute(LINK_ADDRESS).filter(|link| link.iter().any(|&b| b != 0)).unwrap_or_default().to_vec(),
            up: flags & FLAG_UP != 0,
            running: flags & FLAG_RUNNING != 0,
            addresses,
            name,
        }));
    }
    Ok(reading)
}

/// Names of the interfaces by their number.
#[must_use]
pub fn names_by_index(links: &[Row]) -> BTreeMap<u32, String> {
    links.iter().filter_map(|row| Some((row.word(4), row.text(NAME)?))).collect()
}

fn addresses_by_index(rows: &[Row]) -> BTreeMap<u32, Vec<IpAddr>> {
    let mut by_index: BTreeMap<u32, Vec<IpAddr>> = BTreeMap::new();
    for row in rows {
        let address = row.attribute(LOCAL_ADDRESS).or_else(|| row.attribute(ADDRESS)).and_then(parse_ip);
        by_index.entry(row.word(4)).or_default().extend(address);
    }
    by_index
}

/// By the name of its driver's family, else by its hardware type (`ARPHRD_*`).
fn kind_of(row: &Row, name: &str, is_wifi: &impl Fn(&str) -> bool) -> InterfaceKind {
    let family = row.attribute(LINK_INFO).and_then(|info| nested(info, INFO_KIND)).unwrap_or_default();
    match family.split(|&b| b == 0).next().unwrap_or_default() {
        b"bridge" => InterfaceKind::Bridge,
        b"vlan" => InterfaceKind::Vlan,
        b"wwan" | b"rmnet" => InterfaceKind::Cellular,
        b"can" | b"vcan" | b"vxcan" => InterfaceKind::Can,
        b"tun" | b"wireguard" | b"gre" | b"ipip" | b"sit" | b"vti" | b"vxlan" | b"geneve" | b"xfrm" => {
            InterfaceKind::Tunnel
        }
        b"" | b"dsa" => by_hardware(row.half(2), name, is_wifi),
        _ => InterfaceKind::Virtual,
    }
}

fn by_hardware(hardware: u16, name: &str, is_wifi: &impl Fn(&str) -> bool) -> InterfaceKind {
    match hardware {
        1 if is_wifi(name) => InterfaceKind::Wifi,
        1 if name.starts_with("wwan") => InterfaceKind::Cellular,
        1 => InterfaceKind::Ethernet,
        280 => InterfaceKind::Can,
        512 | 519 | 530 => InterfaceKind::Cellular,
        768..=771 | 776..=778 => InterfaceKind::Tunnel,
        772 => InterfaceKind::Loopback,
        804..=809 | 825 => InterfaceKind::Ieee802154,
        _ => InterfaceKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINKS: &[u8] = include_bytes!("../../samples/netlink-links.bin");
    const ADDRESSES: &[u8] = include_bytes!("../../samples/netlink-addresses.bin");

    fn interface(reading: &Reading, name: &str) -> Interface {
        let named = |fact: &Fact| match fact {
            Fact::Interface(interface) => (interface.name == name).then(|| interface.clone()),
            other => panic!("not an interface: {other:?}"),
        };
        reading.facts.iter().find_map(named).unwrap_or_else(|| panic!("no {name}"))
    }

    fn sample(is_wifi: bool) -> Reading {
        let reading = parse(LINKS, ADDRESSES, |_| is_wifi).unwrap();
        assert_eq!(reading.skipped, 0, "{:?}", reading.first_skipped);
        reading
    }

    #[test]
    fn interfaces_have_kind_addresses_and_flags() {
        let reading = sample(false);
        let lo = interface(&reading, "lo");
        assert_eq!((lo.kind, lo.up, lo.link.len()), (InterfaceKind::Loopback, true, 0));
        assert_eq!(lo.addresses, ["127.0.0.1", "::1"].map(|a| a.parse::<IpAddr>().unwrap()));
        let veth = interface(&reading, "sample0");
        assert_eq!((veth.kind, veth.up, veth.running), (InterfaceKind::Virtual, true, true));
        assert_eq!(veth.link, [2, 0, 0, 0, 0, 1]);
        assert!(veth.addresses.contains(&"198.51.100.1".parse().unwrap()));
        assert!(veth.addresses.contains(&"2001:db8::1".parse().unwrap()));
        assert_eq!(interface(&reading, "samplebr").kind, InterfaceKind::Bridge);
        assert!(!interface(&reading, "samplebr").up);
    }

    #[test]
    fn hardware_types_tell_what_has_no_family() {
        assert_eq!(by_hardware(1, "eth0", &|_| false), InterfaceKind::Ethernet);
        assert_eq!(by_hardware(1, "wlan0", &|_| true), InterfaceKind::Wifi);
        assert_eq!(by_hardware(1, "wwan0", &|_| false), InterfaceKind::Cellular);
        assert_eq!(by_hardware(65_534, "none0", &|_| false), InterfaceKind::Other);
    }
}
