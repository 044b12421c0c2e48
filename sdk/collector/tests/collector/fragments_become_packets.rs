//! Links that carry no whole packet: fragments arrive out of order, twice, mixed with those of other packets, or not at all, and floods come between.

use std::net::{SocketAddr, UdpSocket};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tidings_wire::fragment::{Cutter, Slot};

use crate::device::{Device, SETTING, SOFTWARE};
use crate::link::Link;
use crate::process::{Collector, Desk, until};

/// So many peers have a place at once.
const PEERS: u64 = 256;

/// What happens to the fragments of a packet on their way.
#[derive(Clone, Copy, PartialEq)]
enum Mishap {
    /// The last one arrives first.
    Backwards,
    /// Each arrives twice.
    Twice,
    /// Between them come those of another packet, which never becomes whole.
    Mixed,
    /// Of some packets one is lost, of the first Hello too.
    Loss,
}

/// A link to a collector in datagrams of `mtu` bytes.
struct FragmentLink {
    socket: UdpSocket,
    mtu: usize,
    mishap: Mishap,
    sent: u8,
    slot: Box<Slot>,
    /// A flood on this collector comes in the middle of the next packet.
    interrupted: Arc<Mutex<Option<SocketAddr>>>,
}

impl FragmentLink {
    fn new(collector: &Collector, mtu: usize, mishap: Mishap) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
        socket.connect(collector.fragments()).expect("an address");
        Self { socket, mtu, mishap, sent: 0, slot: Box::default(), interrupted: Arc::default() }
    }

    fn cut(&self, packet: &[u8], id: u8) -> Vec<Vec<u8>> {
        cut(packet, id, self.mtu)
    }
}

fn cut(packet: &[u8], id: u8, mtu: usize) -> Vec<Vec<u8>> {
    let (mut cutter, mut out) = (Cutter::new(packet, id, mtu).expect("it fits"), vec![0; mtu]);
    std::iter::from_fn(|| cutter.next(&mut out).map(|len| out[..len].to_vec())).collect()
}

impl Link for FragmentLink {
    fn send(&mut self, packet: &[u8]) {
        self.sent = self.sent.wrapping_add(1);
        let mut parts = self.cut(packet, self.sent);
        match self.mishap {
            Mishap::Backwards => parts.reverse(),
            Mishap::Twice => parts = parts.into_iter().flat_map(|part| [part.clone(), part]).collect(),
            Mishap::Mixed => {
                let others = self.cut(&[0xA5; 200], self.sent.wrapping_add(100));
                let others = others.split_last().expect("several").1.to_vec();
                parts =
                    parts.into_iter().zip(others.into_iter().cycle()).flat_map(|(own, other)| [other, own]).collect();
            }
            Mishap::Loss if [1, 3, 4, 8].contains(&self.sent) => drop(parts.remove(parts.len() / 2)),
            Mishap::Loss => {}
        }
        let half = parts.len() / 2;
        for (at, part) in parts.iter().enumerate() {
            if let Some(to) =
                Some(at).filter(|at| *at == half).and_then(|_| self.interrupted.lock().expect("nobody fails").take())
            {
                assert!(at > 0, "a part of it is on its way");
                flood(to);
            }
            let _ = self.socket.send(part);
        }
    }

    fn receive(&mut self, wait: Duration) -> Option<Vec<u8>> {
        self.socket.set_read_timeout(Some(wait.max(Duration::from_millis(1)))).expect("timeout");
        let mut bytes = [0; 4096];
        loop {
            let len = self.socket.recv(&mut bytes).ok()?;
            assert!(len <= self.mtu, "an answer in a datagram of {len} bytes");
            if let Some(packet) = self.slot.push(&bytes[..len]).expect("a fragment") {
                return Some(packet.to_vec());
            }
        }
    }
}

fn collector(desk: &Desk, mtu: usize) -> Collector {
    Collector::start(desk, &["--listen-fragments", &format!("0/{mtu}"), "--json"])
}

/// A device with more facts than fit a packet, and then a change.
fn reports(mtu: usize, mishap: Mishap) {
    let desk = Desk::new();
    let collector = collector(&desk, mtu);
    let mut device = Device::new(b"far", FragmentLink::new(&collector, mtu, mishap));
    for n in 1..=120u8 {
        device.put(SETTING, &[0, 1, n], &[5, 8, n, n, n, n, n, n, n, n]);
    }
    device.sync();
    device.put(SOFTWARE, b"\0\x01", b"\x031.0");
    device.sync();
    assert_eq!(desk.facts("far"), device.state());
}

#[test]
fn in_any_order_at_any_mtu() {
    for mtu in [20, 64, 1_000] {
        reports(mtu, Mishap::Backwards);
    }
}

#[test]
fn twice() {
    reports(32, Mishap::Twice);
}

#[test]
fn mixed_with_those_of_another_packet() {
    reports(32, Mishap::Mixed);
}

#[test]
fn what_is_lost_is_sent_again() {
    reports(64, Mishap::Loss);
}

/// Fragments of packets that never become whole, and some that are none, from thousands of addresses.
fn flood(to: SocketAddr) {
    for n in 0..3_000u32 {
        // All of 127.0.0.0/8 is this machine.
        let [_, high, mid, low] = (n + 256).to_be_bytes();
        let stranger = UdpSocket::bind(SocketAddr::from(([127, high + 1, mid, low], 0))).expect("a port");
        for fragment in [&[1, 0, 7, 7, 7][..], &[2, 5, 9, 9], &[3, 0x80, 1], &[4]] {
            let _ = stranger.send_to(fragment, to);
        }
        if n % 16 == 0 {
            // The system's own room for datagrams is not what is tried here.
            std::thread::sleep(Duration::from_millis(2));
        }
    }
    std::thread::sleep(Duration::from_millis(300));
}

#[test]
fn a_flood_from_many_addresses_is_bounded_and_spares_who_was_heard() {
    let desk = Desk::new();
    let collector = collector(&desk, 32);
    let link = FragmentLink::new(&collector, 32, Mishap::Backwards);
    let interrupted = Arc::clone(&link.interrupted);
    let mut device = Device::new(b"far", link);
    device.sync();
    let begun = resident_kib(&collector);
    device.put(SETTING, b"long", &[5; 120]);
    *interrupted.lock().expect("nobody fails") = Some(collector.fragments());
    let body = device.next_body();
    assert!(device.exchange(&body).is_some(), "its first half was kept through the flood");
    assert_eq!(*interrupted.lock().expect("nobody fails"), None);
    device.sync();
    until("refusals", || (desk.stat("refused_frame") > PEERS && desk.stat("refused_version") > PEERS).then_some(()));
    let now = resident_kib(&collector);
    assert!(now < begun + 8 * 1024, "{begun} KiB became {now}");
    assert_eq!(desk.facts("far"), device.state());
}

fn resident_kib(collector: &Collector) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", collector.id())).expect("a process");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("VmRSS");
    line.split_whitespace().nth(1).expect("a number").parse().expect("a number")
}
