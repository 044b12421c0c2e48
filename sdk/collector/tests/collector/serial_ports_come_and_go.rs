//! A serial port serves like a socket, vanishes with a message, and is served again when it returns.

use std::os::unix::fs::symlink;

use serial2::SerialPort;

use crate::device::{Device, SOFTWARE};
use crate::link::StreamLink;
use crate::process::{Collector, Desk};

/// The two ends of a line, and the path of the collector's.
fn line() -> (SerialPort, SerialPort, std::path::PathBuf) {
    let (ours, theirs) = SerialPort::pair().expect("a pty");
    let path = std::path::PathBuf::from(theirs_name(&theirs));
    (ours, theirs, path)
}

fn theirs_name(port: &SerialPort) -> String {
    use std::os::fd::AsRawFd;
    let link = format!("/proc/self/fd/{}", port.as_raw_fd());
    std::fs::read_link(link).expect("a name").to_str().expect("UTF-8").to_owned()
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
