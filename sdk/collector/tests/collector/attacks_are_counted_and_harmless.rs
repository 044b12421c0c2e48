//! Whoever is on the way flips each bit, cuts, lengthens, splices and replays what sealed devices say: all of it is counted, none of it counts.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tidings_wire::Severity;
use tidings_wire::packet::Envelope;

use crate::device::{Device, SETTING, SOFTWARE};
use crate::link::{self, Link};
use crate::process::{Collector, Desk, until};
use crate::sealed_devices_are_held_to_their_keys::{desk, sealed_device, start};

/// Packets as they passed.
type Tape = Arc<Mutex<Vec<Vec<u8>>>>;

/// A link on which an attacker writes down both ways.
struct Tapped<L> {
    link: L,
    up: Tape,
    down: Tape,
}

impl<L: Link> Link for Tapped<L> {
    fn send(&mut self, packet: &[u8]) {
        self.up.lock().expect("nobody fails").push(packet.to_vec());
        self.link.send(packet);
    }

    fn receive(&mut self, wait: Duration) -> Option<Vec<u8>> {
        let packet = self.link.receive(wait)?;
        self.down.lock().expect("nobody fails").push(packet.clone());
        Some(packet)
    }
}

fn tap(device: &mut Device, collector: &Collector) -> (Tape, Tape) {
    let (up, down) = (Tape::default(), Tape::default());
    device.link = Box::new(Tapped { link: link::tcp(collector.tcp()), up: Arc::clone(&up), down: Arc::clone(&down) });
    (up, down)
}

fn taken(tape: &Tape) -> Vec<Vec<u8>> {
    tape.lock().expect("nobody fails").clone()
}

/// Packets that the collector has refused or dropped, for whatever reason.
fn put_aside(desk: &Desk) -> u64 {
    let stats = desk.lines(&["stats"]).remove(0);
    let counters = stats.as_object().expect("an object").iter();
    let aside = counters.filter(|(name, _)| name.starts_with("refused_") || *name == "not_taken");
    aside.filter_map(|(_, count)| count.as_u64()).sum()
}

/// Sends packets, and waits until each was put aside.
fn throw(desk: &Desk, collector: &Collector, packets: &[Vec<u8>]) {
    let wanted = put_aside(desk) + packets.len() as u64;
    let mut attacker = link::tcp(collector.tcp());
    for packet in packets {
        attacker.send(packet);
    }
    until("all to be counted", || (put_aside(desk) >= wanted).then_some(()));
    assert_eq!(put_aside(desk), wanted);
}

/// Changes and events, without the notices on the attack itself.
fn story(desk: &Desk) -> usize {
    let lines = [desk.lines(&["changes"]), desk.lines(&["events"])].concat();
    lines.iter().filter(|line| line["type"] != "notice").count()
}

/// The device's state and its story are as they were, and another one goes on reporting.
fn is_harmless(desk: &Desk, device: &mut Device, other: &mut Device, before: usize) {
    assert_eq!(desk.facts("pump"), device.state());
    assert_eq!(story(desk), before);
    other.put(SOFTWARE, b"\0\x02", b"\x03new");
    other.sync();
    device.put(SOFTWARE, b"\0\x02", b"\x03new");
    device.sync();
    assert_eq!((desk.facts("pump"), desk.facts("valve")), (device.state(), other.state()));
}

#[test]
fn every_flipped_bit_truncation_and_extension() {
    let desk = desk();
    let collector = start(&desk, &[]);
    let (mut pump, mut valve) = (sealed_device(&desk, &collector, "pump"), sealed_device(&desk, &collector, "valve"));
    valve.sync();
    pump.sync();
    pump.put(SOFTWARE, b"\0\x01", b"\x06later!");
    let body = pump.next_body();
    let whole = pump.packet(&body);
    let flipped = (0..8 * whole.len()).map(|bit| {
        let mut packet = whole.clone();
        packet[bit / 8] ^= 1 << (bit % 8);
        packet
    });
    let cut = (1..whole.len()).map(|len| whole[..len].to_vec());
    let longer = [0, 0x20, 0xFF].map(|byte| [&whole[..], &[byte]].concat());
    let packets: Vec<_> = flipped.chain(cut).chain(longer).collect();
    assert!(packets.len() > 300);
    let before = story(&desk);
    throw(&desk, &collector, &packets);
    assert_eq!(story(&desk), before, "none of them was believed");
    pump.sync();
    is_harmless(&desk, &mut pump, &mut valve, before + 1);
}

#[test]
fn splices_between_devices_epochs_and_directions() {
    let desk = desk();
    let collector = start(&desk, &[]);
    let (mut pump, mut valve) = (sealed_device(&desk, &collector, "pump"), sealed_device(&desk, &collector, "valve"));
    let (up, down) = tap(&mut pump, &collector);
    valve.sync();
    pump.sync();
    let body = valve.beat();
    let of_valve = valve.packet(&body);
    let (up, down) = (taken(&up), taken(&down));
    let newest = up.last().expect("packets");
    let body_of = |packet: &[u8]| Envelope::read(packet).map(|(_, clear)| packet[clear..].to_vec()).expect("a packet");
    let with = |epoch: u32, ctr: u64, body: &[u8]| {
        let (clear, _) = Envelope::read(newest).expect("a packet");
        let envelope = Envelope { epoch, unique: tidings_wire::packet::Unique::Counter(ctr), ..clear };
        let mut room = [0; 2304];
        let mut out = tidings_wire::cursor::Writer::new(&mut room);
        envelope.write(&mut out);
        out.raw(body);
        let len = out.len();
        room[..len].to_vec()
    };
    let splices = [
        // The valve's body as the pump's, the pump's own in another epoch and under another counter.
        with(1, 1_000, &body_of(&of_valve)),
        with(2, 1_000, &body_of(newest)),
        with(1, 1_000, &body_of(newest)),
        // What the collector said, as it was and as if the pump had said it.
        down[0].clone(),
        with(1, 1_000, &body_of(&down[0])),
    ];
    let before = story(&desk);
    throw(&desk, &collector, &splices);
    assert!(desk.stat("refused_check") >= 4 && desk.stat("refused_direction") == 1, "{:?}", desk.lines(&["stats"]));
    is_harmless(&desk, &mut pump, &mut valve, before);
}

/// Everything that a device said in two lives, of every type, is repeated in order, backwards and in leaps; and again after the collector restarted.
#[test]
fn replays_in_and_out_of_order_across_reboots_and_restarts() {
    let desk = desk();
    let collector = start(&desk, &[]);
    let (mut pump, mut valve) = (sealed_device(&desk, &collector, "pump"), sealed_device(&desk, &collector, "valve"));
    let (up, _) = tap(&mut pump, &collector);
    valve.sync();
    for life in 0..2 {
        for n in 0..4 {
            pump.put(SETTING, &[0, 1, b'a' + n], &[2, life]);
            pump.event(Severity::Warning, "tampered with");
            pump.sync();
        }
        if life == 0 {
            pump.reboot();
        }
    }
    let tape = taken(&up);
    assert!(tape.len() > 15, "{} packets", tape.len());
    let backwards: Vec<_> = tape.iter().rev().cloned().collect();
    let leaps: Vec<_> = (0..tape.len()).map(|at| tape[at * 7 % tape.len()].clone()).collect();
    let before = story(&desk);
    let replay = |collector: &Collector| {
        let mut attacker = link::tcp(collector.tcp());
        let wanted = desk.stat("not_taken") + 2 * tape.len() as u64;
        for packet in [&tape, &backwards, &leaps].into_iter().flatten() {
            attacker.send(packet);
        }
        // The newest packet of all is answered again, which changes nothing either.
        until("the replays", || (desk.stat("not_taken") >= wanted).then_some(()));
    };
    replay(&collector);
    assert_eq!((story(&desk), desk.facts("pump")), (before, pump.state()));
    collector.stop();
    let collector = start(&desk, &[]);
    replay(&collector);
    assert_eq!((story(&desk), desk.facts("pump")), (before, pump.state()));
    (pump.link, valve.link) = (Box::new(link::tcp(collector.tcp())), Box::new(link::tcp(collector.tcp())));
    is_harmless(&desk, &mut pump, &mut valve, before);
}
