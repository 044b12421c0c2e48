//! A serial port serves like a socket, vanishes with a message, and is served again when it returns.

use std::os::fd::AsRawFd;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use serial2::SerialPort;

use tidings_wire::packet::{self, Direction, Envelope, Plain, SuiteId, Unique};

use crate::device::{Device, SOFTWARE, sealed};
use crate::link::{self, Link, StreamLink, framed};
use crate::process::{Collector, Desk, PATIENCE};

/// A line: the device's end, and the collector's with its path.
fn line() -> (SerialPort, SerialPort, PathBuf) {
    let (ours, theirs) = SerialPort::pair().expect("a pty");
    let path = std::fs::read_link(format!("/proc/self/fd/{}", theirs.as_raw_fd())).expect("a name");
    (ours, theirs, path)
}

#[test]
fn a_port_vanishes_and_returns() {
    let desk = Desk::new();
    let port = desk.path("ttyTEST");
    let argument = format!("{}:115200", port.display());
    let collector = Collector::start(&desk, &["--serial", &argument]);
    collector.said("waiting for it");
    let mut device = Device::new(b"mcu", crate::link::nowhere());
    device.put(SOFTWARE, b"\0\x01", b"\x031.0");
    for round in 0..2u8 {
        let (ours, theirs, path) = line();
        symlink(&path, &port).expect("plugged in");
        device.link = Box::new(StreamLink::new(ours));
        device.put(SOFTWARE, b"\0\x02", &[3, b'0' + round, b'.', b'0']);
        device.sync();
        assert_eq!(desk.facts("mcu"), device.state());
        std::fs::remove_file(&port).expect("unplugged");
        device.link = Box::new(crate::link::nowhere());
        drop(theirs);
        crate::process::until("the message", || {
            (collector.errors().matches("gone").count() > usize::from(round)).then_some(())
        });
    }
}

#[test]
fn noise_on_the_line_is_passed_over() {
    let desk = Desk::new();
    let (ours, _theirs, path) = line();
    let collector = Collector::start(&desk, &["--serial", path.to_str().expect("UTF-8")]);
    collector.said("listening on serial");
    let noise: Vec<u8> = (0u32..3_000).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    ours.write_all(&noise).expect("sent");
    ours.write_all(&framed(&[7; 40])).expect("a foreign frame");
    let mut device = Device::new(b"mcu", StreamLink::new(ours));
    device.put(SOFTWARE, b"\0\x01", b"\x031.0");
    device.sync();
    assert_eq!(desk.facts("mcu"), device.state());
    collector.said("refused");
}

#[test]
fn a_packet_without_an_id_is_of_the_device_that_the_port_stands_for() {
    let desk = Desk::new();
    let (ours, _theirs, path) = line();
    let port = desk.path("ttyLAMP");
    symlink(&path, &port).expect("plugged in");
    let collector = Collector::start(&desk, &["--serial", port.to_str().expect("UTF-8")]);
    collector.said("listening on serial");
    let hello = Device::new(b"any", link::nowhere()).hello();
    let unique = Unique::Counter(0);
    let nameless = Envelope { suite: SuiteId::PLAIN, kid: None, id: None, epoch: 1, unique };
    let mut line = StreamLink::new(ours);
    line.send(&sealed(&nameless, &hello));
    let mut answer = line.receive(PATIENCE).expect("an answer");
    let (envelope, _) = packet::open(&Plain, Direction::Down, &mut answer).expect("a good one");
    assert_eq!(envelope.id, None, "as it came");
    assert_eq!(desk.lines(&["devices"])[0]["device"], "ttyLAMP");
}
