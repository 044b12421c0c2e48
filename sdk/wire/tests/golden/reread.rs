//! Reads vectors with the crate's own readers and writes what was read again.

use super::vector::{Data, packet_by, with_suite};
use tidings_wire::cobs::{Decoder, Step};
use tidings_wire::cursor::Writer;
use tidings_wire::event::{Group, Section};
use tidings_wire::facts::*;
use tidings_wire::fragment::Slot;
use tidings_wire::message::{Downlink, Message, Uplink, head, write_buckets};
use tidings_wire::packet::{Direction, Envelope, Plain, open};
use tidings_wire::segment::{Segment, fact};
use tidings_wire::suites::{KeySet, Side};
use tidings_wire::{Kind, MAX_PACKET};

/// The packets within `data`; `None` if the framing does not hold.
pub fn packets(data: &Data) -> Option<Vec<Vec<u8>>> {
    match data {
        Data::Packet(packet) => Some(vec![packet.clone()]),
        Data::Stream(stream) => frames(stream),
        Data::Fragments(parts) => joined(parts).map(|packet| vec![packet]),
    }
}

fn frames(stream: &[u8]) -> Option<Vec<Vec<u8>>> {
    let (mut decoder, mut room, mut packets) = (Decoder::new(), [0; MAX_PACKET], Vec::new());
    for &byte in stream {
        match decoder.push(byte, &mut room) {
            Step::More => {}
            Step::Frame(len) => packets.push(room[..len].to_vec()),
            Step::Dropped => return None,
        }
    }
    Some(packets)
}

fn joined(parts: &[Vec<u8>]) -> Option<Vec<u8>> {
    let mut slot = Slot::new();
    let (last, before) = parts.split_last()?;
    for part in before {
        assert_eq!(slot.push(part).ok()?, None, "fragments go on after the packet is whole");
    }
    slot.push(last).ok()?.map(|packet| packet.to_vec())
}

/// What was read, written again; `None` if the packet is refused.
pub fn rewritten(bytes: &[u8], keys: Option<[u8; KeySet::BYTES]>) -> Option<Vec<u8>> {
    let mut copy = bytes.to_vec();
    let (clear, _) = Envelope::read(bytes).ok()?;
    let (direction, suite) = (clear.direction(), clear.suite);
    let (reader, writer) = match direction {
        Direction::Up => (Side::Host, Side::Device),
        Direction::Down => (Side::Device, Side::Host),
    };
    let (envelope, body) = with_suite(keys, suite, reader, |suite| open(suite, direction, &mut copy)).ok()?;
    with_suite(keys, suite, writer, |suite| match direction {
        Direction::Up => Uplink::read(body).ok().map(|uplink| packet_by(suite, &envelope, |out| write(out, &uplink))),
        Direction::Down => Downlink::read(body).ok().map(|answer| packet_by(suite, &envelope, |out| answer.write(out))),
    })
}

fn write(out: &mut Writer<'_>, uplink: &Uplink<'_>) {
    let events = if uplink.events.groups().next().is_some() { head::EVENTS } else { 0 };
    let bits = events | if uplink.one_way { head::ONE_WAY } else { 0 };
    let start = |out: &mut Writer<'_>, first: u8| {
        out.u8(first | bits);
        section(out, &uplink.events);
    };
    match uplink.message {
        Message::Hello(hello) => hello.write(out),
        Message::Delta { base, upto, digest, records } => {
            start(out, head::DELTA | if digest.is_some() { head::DIGEST } else { 0 });
            out.u32(base);
            out.u32(upto - base);
            digest.iter().for_each(|digest| {
                out.raw(&digest.to_le_bytes());
            });
            records.for_each(|record| record.expect("checked").write(out));
        }
        Message::Range { as_of, segments } => {
            start(out, head::RANGE);
            out.u32(as_of);
            segments.for_each(|segment| write_segment(out, &segment.expect("checked")));
        }
        Message::Beat { seq, digest } => {
            start(out, head::BEAT);
            out.u32(seq);
            out.raw(&digest.to_le_bytes());
        }
        Message::Buckets { standing, digests } => {
            start(out, head::BUCKETS);
            write_buckets(out, &standing);
            digests.iter().for_each(|(_, digest)| {
                out.raw(&digest.to_le_bytes());
            });
        }
        Message::Unknown(number) => start(out, number),
    }
}

fn section(out: &mut Writer<'_>, section: &Section<'_>) {
    if section.groups().next().is_some() {
        out.u8(section.groups().count() as u8);
    }
    for group in section.groups() {
        let at = Group::write_head(out, group.severity, group.first);
        group.events().for_each(|(_, event)| event.write(out));
        Group::patch_count(out, at, group.severity, group.count);
    }
}

fn write_segment(out: &mut Writer<'_>, segment: &Segment<'_>) {
    Segment::write_head(out, segment.kind, segment.from, segment.last, segment.count);
    segment.facts().for_each(|(key, value)| fact(out, key, value));
}

/// For each fact in an uplink packet, whether the typed readers can read it.
pub fn typed_facts(bytes: &[u8]) -> Vec<bool> {
    let mut copy = bytes.to_vec();
    let Ok((_, body)) = open(&Plain, Direction::Up, &mut copy) else { return Vec::new() };
    match Uplink::read(body).expect("a vector that is not refused").message {
        Message::Delta { records, .. } => records
            .map(|record| record.expect("checked"))
            .map(|record| typed(record.kind, record.key, record.value))
            .collect(),
        Message::Range { segments, .. } => segments
            .map(|segment| segment.expect("checked"))
            .flat_map(|segment| segment.facts().map(move |(key, value)| typed(segment.kind, key, Some(value))))
            .collect(),
        _ => Vec::new(),
    }
}

fn typed(kind: Kind, key: &[u8], value: Option<&[u8]>) -> bool {
    fn both<'a, K: Key<'a>, V: Value<'a>>(key: &'a [u8], value: Option<&'a [u8]>) -> bool {
        K::read(key).is_ok() && value.is_none_or(|value| V::read(value).is_ok())
    }
    match kind {
        Kind::IDENTITY => both::<IdentityKey, Scalar>(key, value),
        Kind::SOFTWARE => both::<SoftwareKey, SoftwareValue>(key, value),
        Kind::ACCOUNT => both::<AccountKey, AccountValue>(key, value),
        Kind::LISTENER => both::<ListenerKey, ListenerValue>(key, value),
        Kind::NEIGHBOUR => both::<NeighbourKey, NeighbourValue>(key, value),
        Kind::CERTIFICATE => both::<CertificateKey, CertificateValue>(key, value),
        Kind::SETTING => both::<SettingKey, Scalar>(key, value),
        Kind::HEALTH => both::<HealthKey, HealthValue>(key, value),
        Kind::AGENT => both::<AgentKey, AgentValue>(key, value),
        Kind::UPDATE => both::<UpdateKey, UpdateValue>(key, value),
        Kind::INTERFACE => both::<InterfaceKey, InterfaceValue>(key, value),
        Kind::VENDOR => key.len() >= 3,
        _ => false,
    }
}
