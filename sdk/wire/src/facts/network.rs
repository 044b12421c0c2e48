//! Open ports, neighbours, interfaces: kinds 3, 4 and 10.

use super::registry::{flags, registry};
use super::{Address, LinkAddress, fact, key};
use crate::fields::List;

registry! {
    /// IANA protocol numbers of listeners.
    Protocol {
        /// TCP.
        TCP = 6 "tcp",
        /// UDP.
        UDP = 17 "udp",
        /// SCTP.
        SCTP = 132 "sctp",
        /// Not IP: a radio service or a local console, named by the interface.
        LOCAL = 255 "local",
    }
}

flags! {
    /// How a listener is guarded.
    ListenerFlags {
        /// Reachable from the device itself only.
        LOOPBACK = 0 "loopback",
        /// Encrypts.
        ENCRYPTED = 1 "encrypted",
        /// Asks who is there.
        AUTHENTICATED = 2 "authenticated",
    }
}

key! {
    /// Which port.
    ListenerKey<'a> {
        /// IANA protocol number.
        protocol: Protocol,
        /// Port number.
        port: u16,
        /// Local address; empty: any, or not stated.
        address: Address<'a>,
        /// Interface that it is bound to; empty: any.
        interface: &'a str,
    }
}

fact! {
    /// An open port (kind 3).
    Listener[ListenerKey<'a>],
    /// Who listens.
    ListenerValue<'a>: LISTENER {
        /// The program.
        owner: &'a str,
        /// How it is guarded.
        flags: ListenerFlags,
        /// The account that it runs under.
        account: &'a str,
    }
}

impl Listener<'_> {
    /// A port on every address.
    pub fn port(protocol: Protocol, port: u16) -> Self {
        Self::of(ListenerKey { protocol, port, ..ListenerKey::default() })
    }
}

registry! {
    /// What a link address is.
    LinkKind {
        /// Ethernet, Wi-Fi: 6 bytes.
        EUI48 = 1 "eui-48",
        /// IEEE 802.15.4: 8 bytes.
        EUI64 = 2 "eui-64",
        /// Bluetooth public: 6 bytes.
        BLUETOOTH_PUBLIC = 3 "bluetooth public",
        /// Bluetooth random: 6 bytes.
        BLUETOOTH_RANDOM = 4 "bluetooth random",
        /// No link address: 4 or 16 bytes of IP.
        IP = 5 "ip",
        /// Keyed hash, where addresses must not leave the device: 8 bytes.
        HASHED = 255 "hashed",
    }
}

registry! {
    /// How a neighbour is known; resolution states (RFC 4861) are not changes and not told.
    NeighbourState {
        /// Seen.
        SEEN = 0 "seen",
        /// Configured.
        PERMANENT = 1 "permanent",
        /// Bonded or paired.
        BONDED = 2 "bonded",
        /// Blocked.
        BLOCKED = 3 "blocked",
    }
}

registry! {
    /// How the link to a neighbour is secured.
    LinkSecurity {
        /// Not stated.
        UNSTATED = 0 "unstated",
        /// Not at all.
        NONE = 1 "none",
        /// Encrypted, peer not verified.
        UNAUTHENTICATED = 2 "unauthenticated",
        /// Encrypted, peer verified.
        AUTHENTICATED = 3 "authenticated",
    }
}

key! {
    /// Which neighbour.
    NeighbourKey<'a> {
        /// What the address is.
        link: LinkKind,
        /// The link address.
        address: LinkAddress<'a>,
        /// The interface that it is seen on.
        interface: &'a str,
    }
}

fact! {
    /// A device seen on a network (kind 4).
    Neighbour[NeighbourKey<'a>],
    /// What is known of a neighbour.
    NeighbourValue<'a>: NEIGHBOUR {
        /// Its IP addresses, at most 4.
        addresses: List<'a, Address<'a>>,
        /// Addresses left out of the list.
        more_addresses: u16,
        /// Its name.
        name: &'a str,
        /// How it is known.
        state: NeighbourState,
        /// How the link to it is secured.
        security: LinkSecurity,
        /// When it was first seen, Unix time in s; 0: not known.
        first_seen: u64,
    }
}

impl<'a> Neighbour<'a> {
    /// A neighbour by its EUI-48 on the device's only interface.
    pub fn mac(mac: &'a [u8; 6]) -> Self {
        Self::of(NeighbourKey { link: LinkKind::EUI48, address: LinkAddress(mac), interface: "" })
    }
}

registry! {
    /// What an interface is.
    InterfaceType {
        /// Something else.
        OTHER = 0 "other",
        /// Ethernet.
        ETHERNET = 1 "ethernet",
        /// Wi-Fi.
        WIFI = 2 "wi-fi",
        /// A mobile network.
        CELLULAR = 3 "cellular",
        /// Bluetooth.
        BLUETOOTH = 4 "bluetooth",
        /// IEEE 802.15.4: Thread, Zigbee.
        IEEE802154 = 5 "ieee 802.15.4",
        /// LoRa.
        LORA = 6 "lora",
        /// CAN.
        CAN = 7 "can",
        /// A serial line.
        SERIAL = 8 "serial",
        /// The device itself.
        LOOPBACK = 9 "loopback",
        /// A tunnel or VPN.
        TUNNEL = 10 "tunnel",
        /// A bridge.
        BRIDGE = 11 "bridge",
        /// A VLAN.
        VLAN = 12 "vlan",
        /// Virtual Ethernet and the like.
        VIRTUAL = 13 "virtual",
    }
}

registry! {
    /// Radio technology of a cellular interface.
    Radio {
        /// Not stated.
        UNSTATED = 0 "unstated",
        /// GSM.
        GSM = 1 "gsm",
        /// UMTS.
        UMTS = 2 "umts",
        /// LTE.
        LTE = 3 "lte",
        /// LTE-M.
        LTE_M = 4 "lte-m",
        /// NB-IoT.
        NB_IOT = 5 "nb-iot",
        /// 5G.
        NR = 6 "nr",
    }
}

flags! {
    /// State of an interface, IF-MIB terms.
    InterfaceFlags {
        /// Administratively up.
        UP = 0 "up",
        /// Has a carrier.
        RUNNING = 1 "running",
        /// Traffic costs money.
        METERED = 2 "metered",
    }
}

key! {
    /// Which interface.
    InterfaceKey<'a> {
        /// Its name.
        name: &'a str,
    }
}

fact! {
    /// A network interface (kind 10).
    Interface[InterfaceKey<'a>],
    /// How an interface is.
    InterfaceValue<'a>: INTERFACE {
        /// What it is.
        interface_type: InterfaceType,
        /// Its link address.
        link: LinkAddress<'a>,
        /// Whether it is up.
        flags: InterfaceFlags,
        /// Its IP addresses, at most 4.
        addresses: List<'a, Address<'a>>,
        /// Addresses left out of the list.
        more_addresses: u16,
        /// Name of the network that it joined: an SSID, an operator.
        network: &'a str,
        /// Cell or access point.
        cell: &'a str,
        /// Radio technology.
        radio: Radio,
    }
}

impl<'a> Interface<'a> {
    /// The interface of this name.
    pub fn named(name: &'a str) -> Self {
        Self::of(InterfaceKey { name })
    }
}
