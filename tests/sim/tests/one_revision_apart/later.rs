//! What a later revision would say in place of today's packet: the same, and more.
//!
//! It knows where SPEC §11 lets the format grow, and grows it there. Not here: whether anybody understands.

use tidings::Kind;
use tidings_sim::rng::Rng;
use tidings_wire::MAX_PACKET;
use tidings_wire::cursor::{Reader, Writer};
use tidings_wire::event::{Group, Section};
use tidings_wire::message::{Downlink, Message, Uplink, head};
use tidings_wire::packet::{Direction, Envelope, Plain, open, seal};
use tidings_wire::record::Records;

/// A kind without a vocabulary today.
pub const KIND: Kind = Kind(12);
/// Uplink types that nobody knows today.
const UNKNOWN_UP: u8 = 9;

/// The packet of a later device.
pub fn device(rng: &mut Rng, packet: &[u8]) -> Vec<u8> {
    rewritten(packet, Direction::Up, |body, out| {
        let uplink = Uplink::read(body).expect("today's device is well formed");
        match uplink.message {
            Message::Hello(mut hello) => {
                hello.minor = 1;
                hello.write(out);
                tail(rng, out);
            }
            Message::Delta { base, upto, digest, records } => {
                out.u8(body[0]);
                events(rng, body, out);
                out.u32(base).u32(upto - base);
                if let Some(digest) = digest {
                    out.u32le(digest);
                }
                with_extensions(rng, records, out);
            }
            Message::Range { .. } => {
                out.u8(body[0]);
                let rest = events(rng, body, out);
                out.raw(rest);
            }
            _ => {
                out.u8(body[0]);
                let rest = events(rng, body, out);
                out.raw(rest);
                tail(rng, out);
            }
        }
    })
}

/// A message of a type that nobody knows, with the events of today's.
pub fn unknown(rng: &mut Rng, packet: &[u8]) -> Vec<u8> {
    rewritten(packet, Direction::Up, |body, out| {
        out.u8(body[0] & head::EVENTS | UNKNOWN_UP);
        events(rng, body, out);
        tail(rng, out);
    })
}

/// The answer of a later host: sometimes of a type that today's device does not know.
pub fn host(rng: &mut Rng, packet: &[u8]) -> Vec<u8> {
    rewritten(packet, Direction::Down, |body, out| {
        let echo = Downlink::read(body).expect("today's host is well formed").echo();
        if rng.percent(20) {
            Downlink::Unknown { echo, number: rng.between(2, 40) as u8 }.write(out);
        } else {
            out.raw(body);
        }
        tail(rng, out);
    })
}

fn rewritten(packet: &[u8], direction: Direction, write: impl FnOnce(&[u8], &mut Writer<'_>)) -> Vec<u8> {
    let mut copy = packet.to_vec();
    let (envelope, body): (Envelope<'_>, _) = open(&Plain, direction, &mut copy).expect("a good packet");
    let mut bytes = vec![0; MAX_PACKET];
    let mut out = Writer::new(&mut bytes);
    envelope.write(&mut out);
    let clear = out.len();
    write(body, &mut out);
    let body = out.finish().expect("room") - clear;
    let len = seal(&Plain, &envelope, &mut bytes, clear, body).expect("room");
    bytes.truncate(len);
    bytes
}

fn tail(rng: &mut Rng, out: &mut Writer<'_>) {
    for _ in 0..rng.below(9) {
        out.u8(rng.any() as u8);
    }
}

/// The event section, each event with fields at its end; gives what follows the section.
fn events<'a>(rng: &mut Rng, body: &'a [u8], out: &mut Writer<'_>) -> &'a [u8] {
    let mut from = Reader::new(&body[1..]);
    if body[0] & head::EVENTS == 0 {
        return from.rest();
    }
    let section = Section::read(&mut from).expect("well formed");
    out.u8(section.groups().count() as u8);
    for group in section.groups() {
        let at = Group::write_head(out, group.severity, group.first);
        for (_, event) in group.events() {
            let mut room = [0; 80];
            let mut today = Writer::new(&mut room);
            event.write(&mut today);
            // What a later revision adds comes after the origin, or after the 0 in its place.
            let added = if event.origin.is_some() {
                &[0x5A; 4][..rng.index(4)]
            } else {
                &[0, 0x5A, 0x5A, 0x5A][..rng.index(5)]
            };
            let fields = &today.written()[1..];
            out.u8((fields.len() + added.len()) as u8).raw(fields).raw(added);
        }
        Group::patch_count(out, at, group.severity, group.count);
    }
    from.rest()
}

fn with_extensions(rng: &mut Rng, records: Records<'_>, out: &mut Writer<'_>) {
    for record in records.flatten() {
        extension(rng, out);
        record.write(out);
    }
    extension(rng, out);
}

fn extension(rng: &mut Rng, out: &mut Writer<'_>) {
    if rng.percent(40) {
        let filler = [0xEE; 5];
        out.u8(0x81 + rng.below(0x7F) as u8).bytes(&filler[..rng.index(6)]);
    }
}
