//! A device that is in the key file is heard under its suite, its key ids and its keys, and under nothing else; whatever is refused is counted,
//! told with its remedy, and disturbs nobody.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};
use serde_json::Value;
use tidings_collector::decode::parse_hex;
use tidings_wire::packet::{Envelope, SuiteId, Unique};
use tidings_wire::suites::{Ascon128, KeySet};

use crate::device::{Device, SOFTWARE, sealed_by};
use crate::key_files_are_kept_safe::told;
use crate::link;
use crate::process::{Collector, Desk, until};

fn key_set(hex: &str) -> Arc<KeySet> {
    let bytes = parse_hex(hex.trim()).expect("hex");
    Arc::new(KeySet::from_bytes(bytes.as_slice().try_into().expect("81 bytes")).expect("keys"))
}

/// A key file with the devices `pump` and `valve`.
pub fn desk() -> Desk {
    let desk = Desk::new();
    told(&desk, &["init"]);
    told(&desk, &["derive", "pump"]);
    told(&desk, &["derive", "valve"]);
    desk
}

pub fn start(desk: &Desk, more: &[&str]) -> Collector {
    let keys = desk.path("keys").display().to_string();
    desk.start(&[&["--keys", keys.as_str()], more].concat())
}

pub fn sealed_device(desk: &Desk, collector: &Collector, id: &str) -> Device {
    let mut device = collector.device(id);
    device.keys = Some(key_set(&told(desk, &["export", id])));
    device.put(SOFTWARE, b"\0\x01", b"\x06secret");
    device
}

/// What `devices` says of why a device is refused.
fn refused(desk: &Desk, id: &str) -> Value {
    let lines = desk.lines(&["devices"]);
    lines.iter().find(|line| line["device"] == id).map_or(Value::Null, |line| line["refused"].clone())
}

/// The device's Hello is not answered, counted as `word`, and explained.
fn is_refused(desk: &Desk, device: &mut Device, word: &str) {
    let before = desk.stat(&format!("refused_{word}"));
    let hello = device.hello();
    let packet = device.packet(&hello);
    device.link.send(&packet);
    until(word, || (desk.stat(&format!("refused_{word}")) > before).then_some(()));
    assert!(device.link.receive(Duration::from_millis(50)).is_none(), "{word} is answered");
    let told = refused(desk, std::str::from_utf8(&device.id).expect("text"));
    assert_eq!(told["word"], word);
    assert!(told["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty()), "{told}");
}

#[test]
fn sealed_reports_arrive_and_are_not_readable_on_the_way() {
    let desk = desk();
    let collector = start(&desk, &["--require-sealed"]);
    let mut device = sealed_device(&desk, &collector, "pump");
    device.sync();
    assert_eq!(desk.facts("pump"), device.state());
    assert_eq!(refused(&desk, "pump"), Value::Null);
    device.put(SOFTWARE, b"\0\x01", b"\x06secret2");
    let body = device.next_body();
    assert!(body.windows(6).any(|part| part == b"secret"));
    assert!(!device.packet(&body).windows(6).any(|part| part == b"secret"));
    device.reboot();
    device.sync();
    assert_eq!(desk.facts("pump"), device.state());
}

#[test]
fn each_wrong_seal_is_refused_told_and_harmless_to_others() {
    let desk = desk();
    let collector = start(&desk, &[]);
    let mut good = sealed_device(&desk, &collector, "valve");
    good.sync();
    let mut pump = sealed_device(&desk, &collector, "pump");
    let right = pump.keys.take();
    is_refused(&desk, &mut pump, "downgrade");
    pump.keys = good.keys.clone();
    is_refused(&desk, &mut pump, "check");
    let kid_9 = [&[9], &right.as_ref().expect("keys").to_bytes()[1..]].concat();
    pump.keys = Some(key_set(&kid_9.iter().map(|byte| format!("{byte:02x}")).collect::<String>()));
    is_refused(&desk, &mut pump, "kid");
    let mut stranger = sealed_device(&desk, &collector, "valve");
    stranger.id = b"stranger".to_vec();
    is_refused(&desk, &mut stranger, "no_keys");
    told(&desk, &["revoke", "pump"]);
    collector.said("read anew");
    pump.keys = right;
    is_refused(&desk, &mut pump, "revoked");
    good.put(SOFTWARE, b"\0\x02", b"\x031.0");
    good.sync();
    assert_eq!(desk.facts("valve"), good.state());
    assert_eq!(desk.stat("devices"), 1);
}

#[test]
fn another_suite_than_the_pinned_one_is_refused() {
    let desk = desk();
    let collector = start(&desk, &[]);
    let mut pump = sealed_device(&desk, &collector, "pump");
    let keys = pump.keys.clone().expect("keys");
    let unique = Unique::Counter(0);
    let envelope = Envelope { suite: SuiteId::ASCON_AEAD128, kid: Some(0), id: Some(b"pump"), epoch: 1, unique };
    let packet = sealed_by(&Ascon128::device(&keys), &envelope, &pump.hello());
    pump.link.send(&packet);
    until("the refusal", || (desk.stat("refused_suite") == 1).then_some(()));
    pump.sync();
    assert_eq!(desk.facts("pump"), pump.state());
    assert_eq!(refused(&desk, "pump"), Value::Null, "what lies before the last good packet is past");
}

#[test]
fn plain_devices_are_heard_unless_all_must_seal() {
    let desk = desk();
    let collector = start(&desk, &[]);
    let mut plain = collector.device("plain");
    plain.put(SOFTWARE, b"\0\x01", b"\x031.0");
    plain.sync();
    collector.stop();
    let collector = start(&desk, &["--require-sealed"]);
    plain.link = Box::new(link::tcp(collector.tcp()));
    is_refused(&desk, &mut plain, "plain");
}

#[test]
fn keys_change_without_a_gap_and_without_a_restart() {
    let desk = desk();
    let collector = start(&desk, &[]);
    let mut device = sealed_device(&desk, &collector, "pump");
    device.sync();
    let next = key_set(&told(&desk, &["rotate", "pump"]));
    assert_eq!((next.kid(), next.digest().0), (1, device.keys.as_ref().expect("keys").digest().0));
    collector.said("read anew");
    device.put(SOFTWARE, b"\0\x02", b"\x03old");
    device.sync();
    device.keys = Some(next);
    device.reboot();
    device.put(SOFTWARE, b"\0\x03", b"\x03new");
    device.sync();
    assert_eq!(desk.facts("pump"), device.state());
    assert_eq!(desk.stat("refused_kid"), 0);
    // The time after, the first keys are no longer taken.
    device.keys = Some(key_set(&told(&desk, &["rotate", "pump"])));
    device.reboot();
    until("the newest keys", || {
        let hello = device.hello();
        device.exchange(&hello)
    });
    device.sync();
    let packet = Envelope {
        suite: SuiteId::CHACHA20_POLY1305,
        kid: Some(0),
        id: Some(b"pump"),
        epoch: 9,
        unique: Unique::Counter(0),
    };
    let late = sealed_by(&tidings_wire::packet::Plain, &packet, b"whatever it is");
    device.link.send(&late);
    until("the refusal", || (desk.stat("refused_kid") == 1).then_some(()));
}

#[test]
fn recordings_change_nothing_even_if_the_database_is_lost() {
    let desk = desk();
    let collector = start(&desk, &[]);
    let mut device = sealed_device(&desk, &collector, "pump");
    let hello = device.hello();
    let mut recording = vec![device.packet(&hello)];
    device.sync();
    device.put(SOFTWARE, b"\0\x01", b"\x06before");
    let delta = device.next_body();
    recording.push(device.packet(&delta));
    device.link.send(&recording[1]);
    device.put(SOFTWARE, b"\0\x01", b"\x06after!");
    device.sync();
    collector.stop();
    let collector = start(&desk, &[]);
    let mut attacker = link::tcp(collector.tcp());
    for packet in &recording {
        use crate::link::Link;
        attacker.send(packet);
    }
    until("the replays", || (desk.stat("not_taken") >= 2).then_some(()));
    assert_eq!(desk.facts("pump"), device.state());
    collector.stop();
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", desk.db.display()));
    }
    let collector = start(&desk, &[]);
    let mut attacker = link::tcp(collector.tcp());
    for packet in &recording {
        use crate::link::Link;
        attacker.send(packet);
    }
    until("the challenges", || (desk.stat("challenged") >= 2).then_some(()));
    assert_eq!(desk.stat("devices"), 0, "a recording is no device");
    device.link = Box::new(link::tcp(collector.tcp()));
    device.sync();
    assert_eq!(desk.facts("pump"), device.state());
}

#[test]
fn answers_never_repeat_a_nonce() {
    let desk = desk();
    let collector = start(&desk, &[]);
    let mut device = sealed_device(&desk, &collector, "pump");
    device.sync();
    let body = device.next_body();
    let packet = device.packet(&body);
    let nonces: BTreeSet<_> = (0..50).map(|_| nonce_of_answer(&mut device, &packet)).collect();
    assert_eq!(nonces.len(), 50);
}

fn nonce_of_answer(device: &mut Device, packet: &[u8]) -> [u8; 12] {
    device.link.send(packet);
    let answer = device.link.receive(Duration::from_secs(30)).expect("the same packet is answered again");
    Envelope::read(&answer).expect("an answer").0.nonce()
}

#[test]
fn a_restored_backup_repeats_no_nonce_and_heals() {
    let desk = desk();
    let collector = start(&desk, &[]);
    let mut device = sealed_device(&desk, &collector, "pump");
    device.sync();
    collector.stop();
    std::fs::copy(&desk.db, desk.path("backup")).expect("a copy");
    let mut nonces = BTreeSet::new();
    for _ in 0..2 {
        let collector = start(&desk, &[]);
        device.link = Box::new(link::tcp(collector.tcp()));
        device.put(SOFTWARE, b"\0\x02", &[6, device.epoch as u8, b'.', b'x']);
        device.sync();
        let body = device.next_body();
        let packet = device.packet(&body);
        nonces.extend((0..20).map(|_| nonce_of_answer(&mut device, &packet)));
        assert_eq!(desk.facts("pump"), device.state());
        collector.stop();
        std::fs::copy(desk.path("backup"), &desk.db).expect("restored");
        device.reboot();
    }
    assert_eq!(nonces.len(), 40);
}

#[test]
fn a_flood_of_forgeries_delays_nobody_for_long() {
    let desk = desk();
    let collector = start(&desk, &[]);
    let mut device = sealed_device(&desk, &collector, "pump");
    device.sync();
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").expect("a port");
    let body = device.next_body();
    let mut forged = device.packet(&body);
    for n in 0..20_000_u32 {
        let at = forged.len() - 4;
        forged[at..].copy_from_slice(&n.to_le_bytes());
        socket.send_to(&forged, collector.udp()).expect("sent");
    }
    device.put(SOFTWARE, b"\0\x02", b"\x03new");
    device.sync();
    assert_eq!(desk.facts("pump"), device.state());
    until("the forgeries", || (desk.stat("refused_check") > 0).then_some(()));
    assert_eq!(desk.stat("devices"), 1);
    assert_eq!(refused(&desk, "pump")["word"].as_str().unwrap_or("check"), "check");
}

#[test]
fn a_clone_from_the_flash_of_a_sealed_device_is_told_of() {
    let desk = desk();
    let collector = start(&desk, &["--require-sealed"]);
    let mut other = sealed_device(&desk, &collector, "valve");
    other.sync();
    let (mut one, mut two) = (sealed_device(&desk, &collector, "pump"), sealed_device(&desk, &collector, "pump"));
    for _ in 0..2 {
        one.sync();
        two.sync();
    }
    one.sync();
    let clones = || desk.lines(&["changes"]).into_iter().filter(|line| line["op"] == "clone").collect::<Vec<_>>();
    let told = until("the alarm", || Some(clones()).filter(|lines| !lines.is_empty()));
    assert!(told.iter().all(|line| line["device"] == "pump"), "{told:?}");
    other.put(SOFTWARE, b"\0\x02", b"\x031.0");
    other.sync();
    assert_eq!(desk.facts("valve"), other.state());
}

#[test]
fn what_was_told_in_plain_binds_no_device_that_seals_from_now_on() {
    let desk = desk();
    let collector = start(&desk, &[]);
    let mut forger = collector.device("later");
    (forger.epoch, forger.id) = (u32::MAX, b"later".to_vec());
    forger.put(SOFTWARE, b"\0\x09", b"\x04fake");
    forger.sync();
    told(&desk, &["derive", "later"]);
    collector.said("read anew");
    let mut device = sealed_device(&desk, &collector, "later");
    device.sync();
    assert_eq!(desk.facts("later"), device.state());
    assert!(desk.stat("challenged") > 0, "it is a stranger until it has shown that it speaks now");
    collector.stop();
    let collector = start(&desk, &[]);
    device.link = Box::new(link::tcp(collector.tcp()));
    let challenged = desk.stat("challenged");
    device.put(SOFTWARE, b"\0\x02", b"\x031.0");
    device.sync();
    assert_eq!((desk.facts("later"), desk.stat("challenged")), (device.state(), challenged), "and then it is known");
}

#[test]
fn forged_ids_take_no_sealed_devices_place() {
    let desk = desk();
    let collector = start(&desk, &["--max-devices", "2"]);
    for id in ["forged-1", "forged-2"] {
        collector.device(id).sync();
    }
    let mut device = sealed_device(&desk, &collector, "pump");
    device.sync();
    assert_eq!(desk.facts("pump"), device.state());
    let mut third = collector.device("forged-3");
    let hello = third.hello();
    let packet = third.packet(&hello);
    third.link.send(&packet);
    until("the bound", || (desk.stat("refused_too_many_devices") > 0).then_some(()));
}

#[test]
fn a_revocation_is_taken_in_as_soon_as_the_key_file_can_be_read() {
    let desk = desk();
    let collector = start(&desk, &[]);
    let mut device = sealed_device(&desk, &collector, "pump");
    device.sync();
    let process = Some(Pid::from_raw(collector.id() as i32).expect("a process"));
    let limit = getrlimit(Resource::Nofile);
    prlimit(process, Resource::Nofile, Rlimit { current: Some(1), ..limit }).expect("no more files");
    told(&desk, &["revoke", "pump"]);
    collector.said("the keys stay as they were");
    until("the count", || (desk.stat("key_file_not_read") > 0).then_some(()));
    prlimit(process, Resource::Nofile, limit).expect("as before");
    collector.said("read anew");
    is_refused(&desk, &mut device, "revoked");
}

#[test]
fn forged_ids_hide_no_refusal_of_a_known_device_nor_the_newest_of_strangers() {
    let desk = desk();
    let collector = start(&desk, &["--require-sealed"]);
    let mut stream = std::net::TcpStream::connect(collector.tcp()).expect("a listener");
    for n in 0u32..2_500 {
        let mut stranger = Device::new(&[b"forged", &n.to_be_bytes()[..]].concat(), link::nowhere());
        let hello = stranger.hello();
        std::io::Write::write_all(&mut stream, &link::framed(&stranger.packet(&hello))).expect("sent");
    }
    until("the flood", || (desk.stat("refused_plain") >= 2_500).then_some(()));
    is_refused(&desk, &mut collector.device("pump"), "downgrade");
    is_refused(&desk, &mut collector.device("late"), "plain");
    assert_eq!(desk.lines(&["devices"]).len(), 1_001, "strangers are bounded");
    assert_eq!(desk.ask(&["forget", "late"]).code, Some(0));
    assert_eq!((refused(&desk, "late"), desk.ask(&["forget", "late"]).code), (Value::Null, Some(3)));
    assert_eq!(refused(&desk, "pump")["word"], "downgrade");
}
