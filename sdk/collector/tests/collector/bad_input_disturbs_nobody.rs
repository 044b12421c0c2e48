//! Garbage, cut, oversize, flipped and foreign frames on each listener: counted, said, and without effect on anybody else.

use std::io::Write;
use std::net::{TcpStream, UdpSocket};

use tidings_wire::MAX_PACKET;
use tidings_wire::packet::{Envelope, SuiteId, Unique};

use crate::device::{Device, SOFTWARE, sealed};
use crate::link::{self, framed};
use crate::process::{Collector, Desk, until};

/// Packets that must be refused, each with the counter that tells of it.
fn bad_packets() -> Vec<(&'static str, Vec<u8>)> {
    let mut device = Device::new(b"evil", link::nowhere());
    let hello = device.hello();
    let good = device.packet(&hello);
    let mut flipped = good.clone();
    flipped[8] ^= 1;
    let mut other_version = good.clone();
    other_version[0] ^= 0x40;
    let envelope = |unique| Envelope { suite: SuiteId::PLAIN, kid: None, id: Some(b"evil"), epoch: 1, unique };
    let nameless = Envelope { id: None, ..envelope(Unique::Counter(0)) };
    let foreign_suite = Envelope { suite: SuiteId::CHACHA20_POLY1305, ..envelope(Unique::Counter(0)) };
    vec![
        ("refused_check", flipped),
        ("refused_check", good[..good.len() - 1].to_vec()),
        ("refused_version", other_version),
        ("refused_direction", sealed(&envelope(Unique::None), &[0, 0, 0, 0, 0, 0, 0, 0, 0])),
        ("refused_no_keys", sealed(&foreign_suite, &hello)),
        ("refused_no_id", sealed(&nameless, &hello)),
        ("refused_body", sealed(&envelope(Unique::Counter(0)), &[0xFF; 9])),
        ("refused_malformed", vec![0x20]),
    ]
}

fn garbage() -> Vec<u8> {
    // A fixed sequence that looks like noise.
    (0u32..50_000).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

fn throw_at_tcp(collector: &Collector) {
    let mut stream = TcpStream::connect(collector.tcp()).expect("a listener");
    for (_, packet) in bad_packets() {
        stream.write_all(&framed(&packet)).expect("sent");
    }
    stream.write_all(&framed(&vec![7; MAX_PACKET + 1])).expect("sent");
    stream.write_all(&[0, 9, 1, 2, 0]).expect("a frame cut short");
    stream.write_all(&garbage()).expect("sent");
}

fn throw_at_udp(collector: &Collector) {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let send = |packet: &[u8]| assert_eq!(socket.send_to(packet, collector.udp()).expect("sent"), packet.len());
    bad_packets().iter().for_each(|(_, packet)| send(packet));
    send(&[7; MAX_PACKET + 1]);
    send(&[7; 60_000]);
    send(&[]);
}

fn all_are_counted(desk: &Desk) {
    for (counter, _) in bad_packets() {
        until(counter, || (desk.stat(counter) > 0).then_some(()));
    }
    until("refused_frame", || (desk.stat("refused_frame") > 0).then_some(()));
}

#[test]
fn on_tcp() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut device = collector.device("gw");
    device.put(SOFTWARE, b"\0\x01", b"\x031.0");
    device.sync();
    throw_at_tcp(&collector);
    device.put(SOFTWARE, b"\0\x01", b"\x032.0");
    device.sync();
    all_are_counted(&desk);
    assert_eq!(desk.facts("gw"), device.state());
    assert_eq!(desk.stat("devices"), 1, "nobody came of it");
    collector.said("refused: check failed");
}

#[test]
fn on_udp() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut device = Device::new(b"gw", link::udp(collector.udp()));
    device.put(SOFTWARE, b"\0\x01", b"\x031.0");
    device.sync();
    throw_at_udp(&collector);
    device.put(SOFTWARE, b"\0\x01", b"\x032.0");
    device.sync();
    all_are_counted(&desk);
    assert_eq!(desk.facts("gw"), device.state());
}

#[test]
fn on_a_stream_that_a_good_device_shares() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut stream = link::tcp(collector.tcp());
    stream.stream.write_all(&garbage()).expect("sent");
    for (_, packet) in bad_packets() {
        stream.stream.write_all(&framed(&packet)).expect("sent");
    }
    let mut device = Device::new(b"gw", stream);
    device.put(SOFTWARE, b"\0\x01", b"\x031.0");
    device.sync();
    assert_eq!(desk.facts("gw"), device.state());
}

#[test]
fn every_flipped_bit_of_a_packet_is_refused() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut device = collector.device("gw");
    device.put(SOFTWARE, b"\0\x01", b"\x031.0");
    device.sync();
    let beat = device.beat();
    let good = device.packet(&beat);
    let mut stream = TcpStream::connect(collector.tcp()).expect("a listener");
    let bits = good.len() * 8;
    for bit in 0..bits {
        let mut bad = good.clone();
        bad[bit / 8] ^= 1 << (bit % 8);
        stream.write_all(&framed(&bad)).expect("sent");
    }
    let refused = || {
        desk.lines(&["stats"])[0]
            .as_object()
            .expect("counts")
            .iter()
            .filter(|(name, _)| name.starts_with("refused_"))
            .filter_map(|(_, n)| n.as_u64())
            .sum::<u64>()
    };
    until("all refused", || (refused() == bits as u64).then_some(()));
    device.sync();
    assert_eq!(desk.stat("devices"), 1);
}

#[test]
fn names_do_not_command_the_terminal() {
    let desk = Desk::new();
    let collector = Collector::start(&desk, &["--listen-tcp", "0"]);
    let mut device = Device::new(b"\x1b[2J\x07\r\n", link::tcp(collector.tcp()));
    device.sync();
    device.put(SOFTWARE, b"\x01\x05\x1b[2Ja\x00", "\x09\u{9b}31m\u{202e}x\x7f".as_bytes());
    device.event(tidings_wire::Severity::Critical, "\x1b]0;owned\x07");
    device.sync();
    let is_calm = |text: &str| !text.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}');
    for command in [&["devices"][..], &["changes"], &["events"], &["stats"], &["show", "hex:1b5b324a070d0a"]] {
        for json in [&[][..], &["--json"]] {
            let answer = desk.ask(&[command, json].concat());
            assert_eq!(answer.code, Some(0));
            assert!(is_calm(&answer.text) && is_calm(&answer.errors), "{command:?} {json:?}: {:?}", answer.text);
        }
    }
    until("the printed event", || collector.output().contains("owned").then_some(()));
    assert!(is_calm(&collector.output()) && is_calm(&collector.errors()));
}
