//! Valid frames that flood ids, facts or connections, and peers that say nothing: bounded, said, and no harm to the others.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

use crate::device::{Device, SETTING, SOFTWARE};
use crate::link;
use crate::process::{Collector, Desk, PROGRAM, until};

fn resident_kib(collector: &Collector) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", collector.id())).expect("a process");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("VmRSS");
    line.split_whitespace().nth(1).expect("a number").parse().expect("a number")
}

/// The stream ends: the collector closed it.
fn is_closed(stream: &mut TcpStream) {
    stream.set_read_timeout(Some(crate::process::PATIENCE)).expect("timeout");
    match stream.read(&mut [0; 64]) {
        Ok(read) => assert_eq!(read, 0),
        // Which one depends on whether our last byte or their end came first.
        Err(error) => assert!(matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe), "{error}"),
    }
}

#[test]
fn of_ids() {
    let desk = Desk::new();
    let collector = desk.start(&["--max-devices", "5"]);
    let mut device = collector.device("gw");
    device.sync();
    let before = resident_kib(&collector);
    let mut stream = TcpStream::connect(collector.tcp()).expect("a listener");
    let mut answers = stream.try_clone().expect("a clone");
    let reader = std::thread::spawn(move || while answers.read(&mut [0; 4096]).is_ok_and(|read| read > 0) {});
    for n in 0u32..20_000 {
        let mut stranger = Device::new(&n.to_be_bytes(), link::nowhere());
        let body = if n % 2 == 0 { stranger.hello() } else { stranger.beat() };
        stream.write_all(&link::framed(&stranger.packet(&body))).expect("sent");
    }
    device.put(SOFTWARE, b"\0\x01", b"\x031.0");
    device.sync();
    until("all refused", || (desk.stat("refused_too_many_devices") >= 15_000).then_some(()));
    assert_eq!(desk.stat("devices"), 5);
    assert!(resident_kib(&collector) < before + 32 * 1024, "{before} KiB became {}", resident_kib(&collector));
    collector.said("--max-devices");
    stream.shutdown(std::net::Shutdown::Both).expect("closed");
    reader.join().expect("read");
}

#[test]
fn of_facts() {
    let desk = Desk::new();
    let collector = desk.start(&["--max-facts", "50"]);
    let mut good = collector.device("gw");
    good.put(SOFTWARE, b"\0\x01", b"\x031.0");
    good.sync();
    let mut greedy = collector.device("greedy");
    greedy.sync();
    for n in 0..=200u8 {
        greedy.put(SETTING, &[0, 1, n | 1, n], &[2, 1]);
        let body = greedy.next_body();
        greedy.exchange(&body).expect("an answer all the same");
    }
    assert!(desk.facts("greedy").len() <= 50);
    assert!(desk.lines(&["changes", "--device", "greedy"]).iter().any(|line| line["op"] == "fact_limit"));
    good.put(SOFTWARE, b"\0\x01", b"\x032.0");
    good.sync();
    assert_eq!(desk.facts("gw"), good.state());
}

#[test]
fn silent_peers_lose_their_seat_to_those_who_speak() {
    let desk = Desk::new();
    let collector = desk.start(&["--max-connections", "8"]);
    let mut first = collector.device("first");
    first.sync();
    let mut silent: Vec<_> = (0..40).map(|_| TcpStream::connect(collector.tcp()).expect("a listener")).collect();
    silent.iter_mut().step_by(2).for_each(|stream| drop(stream.write_all(&[1])));
    let mut second = collector.device("second");
    second.put(SOFTWARE, b"\0\x01", b"\x031.0");
    second.sync();
    first.put(SOFTWARE, b"\0\x01", b"\x031.0");
    first.sync();
    is_closed(&mut silent[0]);
    assert_eq!(desk.facts("second"), second.state());
}

#[test]
fn a_peer_without_a_good_packet_is_closed_in_time() {
    let desk = Desk::new();
    let collector = desk.start(&["--patience", "4s"]);
    let mut silent = TcpStream::connect(collector.tcp()).expect("a listener");
    let mut slow = TcpStream::connect(collector.tcp()).expect("a listener");
    let mut device = collector.device("gw");
    device.sync();
    let mut trickle = slow.try_clone().expect("a clone");
    let writer = std::thread::spawn(move || {
        while trickle.write_all(&[1]).is_ok() {
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    is_closed(&mut silent);
    is_closed(&mut slow);
    writer.join().expect("written");
    device.put(SOFTWARE, b"\0\x01", b"\x031.0");
    device.sync();
    collector.said("no good packet for too long");
}

/// A collector under these limits of descriptors, as `ulimit` sets them.
fn limited(desk: &Desk, ulimit: &str) -> Collector {
    let mut command = Command::new("sh");
    let script = format!("ulimit {ulimit} && exec \"$@\"");
    command.args(["-c", &script, "sh", PROGRAM, "run", "--listen-tcp", "0", "--json", "--db"]).arg(&desk.db);
    Collector::spawn(desk, command)
}

fn descriptors(collector: &Collector) -> usize {
    std::fs::read_dir(format!("/proc/{}/fd", collector.id())).expect("a process").count()
}

#[test]
fn a_connection_takes_one_descriptor() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    let mut first = collector.device("first");
    first.sync();
    let before = descriptors(&collector);
    let _silent: Vec<_> = (0..50).map(|_| TcpStream::connect(collector.tcp()).expect("a listener")).collect();
    let mut last = collector.device("last");
    last.sync();
    let taken = descriptors(&collector) - before;
    assert!((51..=60).contains(&taken), "{taken} descriptors for 51 connections");
}

#[test]
fn peers_that_find_no_descriptor_take_the_idlest_ones_seat() {
    let desk = Desk::new();
    let collector = limited(&desk, "-n 40");
    let mut first = collector.device("first");
    first.sync();
    let mut silent: Vec<_> = (0..60).map(|_| TcpStream::connect(collector.tcp()).expect("a listener")).collect();
    let mut last = collector.device("last");
    last.put(SOFTWARE, b"\0\x01", b"\x031.0");
    last.sync();
    is_closed(&mut silent[0]);
    first.put(SOFTWARE, b"\0\x01", b"\x031.0");
    first.sync();
    assert_eq!((desk.facts("first"), desk.facts("last")), (first.state(), last.state()));
}

#[test]
fn the_soft_limit_of_descriptors_is_raised_to_the_hard_one() {
    let desk = Desk::new();
    let collector = limited(&desk, "-S -n 40");
    let _silent: Vec<_> = (0..100).map(|_| TcpStream::connect(collector.tcp()).expect("a listener")).collect();
    let mut last = collector.device("last");
    last.sync();
    assert!(
        descriptors(&collector) > 100 && !collector.errors().contains("could not be taken"),
        "{}",
        collector.errors()
    );
}
