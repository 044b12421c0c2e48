//! Proves that every writer's bytes come back unchanged from its reader: envelopes, bodies, facts, frames, fragments, all of random content.

mod drawn;

use drawn::pool;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use std::cmp::Ordering;
use tidings_wire::cobs::{self, Decoder, Step};
use tidings_wire::cursor::Writer;
use tidings_wire::event::{Event, Group, MAX_ACTOR, MAX_DATA, Origin};
use tidings_wire::facts::*;
use tidings_wire::fields::Encoder;
use tidings_wire::fragment::{Cutter, Slot};
use tidings_wire::message::{Ack, AckFlags, BootReason, Command, Downlink, Hello, Message, Standing, Uplink, head};
use tidings_wire::packet::{Direction, Envelope, Plain, SuiteId, Unique, open, seal};
use tidings_wire::record::{Record, Told};
use tidings_wire::segment::{Segment, fact};
use tidings_wire::{EventType, Kind, KindMask, MAX_KEY, MAX_PACKET, Severity};

/// The bytes that `write` writes.
fn written(write: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
    let mut buffer = vec![0; 1 << 13];
    let mut out = Writer::new(&mut buffer);
    write(&mut out);
    out.finish().map(|len| buffer[..len].to_vec()).expect("everything fits")
}

fn key() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 1..=MAX_KEY)
}

fn value() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![vec(any::<u8>(), 0..20), vec(any::<u8>(), 500..=512)]
}

fn kind() -> impl Strategy<Value = Kind> {
    (0..Kind::COUNT).prop_map(Kind)
}

prop_compose! {
    fn standing()(seq: u32, compared: u32, off: u32, acc_epoch: u32, total: u64) -> Standing {
        Standing { seq, compared: KindMask(compared), off: KindMask(off & !compared), acc_epoch, total }
    }
}

prop_compose! {
    fn hello()(standing in standing(), minor: u8, schema_rev: u32, reason: u8, uptime_s: u32, resets: u32,
               challenge: Option<[u8; 8]>, instance: Option<u32>) -> Hello {
        Hello { standing, minor, schema_rev, boot_reason: BootReason(reason), uptime_s, resets, challenge, instance }
    }
}

proptest! {
    #[test]
    fn envelopes(kid in option::of(0..128_u8), id in option::of(vec(any::<u8>(), 1..=16)), epoch in 1..=u32::MAX, ctr in 0..1_u64 << 56,
                 down: bool, body in vec(any::<u8>(), 0..200)) {
        let unique = if down { Unique::None } else { Unique::Counter(ctr) };
        let envelope = Envelope { suite: SuiteId::PLAIN, kid, id: id.as_deref(), epoch, unique };
        let mut packet = written(|out| envelope.write(out));
        let clear = packet.len();
        packet.extend(&body);
        packet.extend([0; 4]);
        prop_assert_eq!(seal(&Plain, &envelope, &mut packet, clear, body.len()), Some(clear + body.len() + 4));
        let direction = if down { Direction::Down } else { Direction::Up };
        prop_assert_eq!(open(&Plain, direction, &mut packet), Ok((envelope, &body[..])));
    }

    #[test]
    fn hellos(hello in hello()) {
        let body = written(|out| hello.write(out));
        let read = Uplink::read(&body).expect("what was written");
        let Message::Hello(read) = read.message else { panic!("{read:?} is no Hello") };
        prop_assert_eq!(read, hello);
    }

    #[test]
    fn deltas(changes in vec((kind(), key(), option::of(value()), option::of((any::<u32>(), any::<u8>()))), 0..9), base: u32, digest: Option<u32>) {
        let told = |told: Option<(u32, u8)>| told.map(|(age_ms, count)| Told { age_ms, count });
        let records: Vec<_> = changes.iter().map(|(kind, key, value, at)| Record { kind: *kind, key, value: value.as_deref(), told: told(*at) }).collect();
        let body = written(|out| {
            out.u8(head::DELTA | if digest.is_some() { head::DIGEST } else { 0 });
            out.u32(base / 2);
            out.u32(base / 2);
            digest.iter().for_each(|digest| { out.raw(&digest.to_le_bytes()); });
            records.iter().for_each(|record| record.write(out));
        });
        let read = Uplink::read(&body).expect("what was written");
        let Message::Delta { base: from, upto, digest: told, records: list } = read.message else { panic!("{read:?} is no Delta") };
        prop_assert_eq!((from, upto, told), (base / 2, base / 2 * 2, digest));
        prop_assert_eq!(list.collect::<Result<Vec<_>, _>>(), Ok(records));
    }

    #[test]
    fn segments(kind in kind(), from in option::of(key()), facts in btree_map(key(), value(), 0..9), last: bool, as_of: u32) {
        let from = from.unwrap_or_default();
        let facts: Vec<_> = facts.iter().map(|(key, value)| (&key[..], &value[..])).filter(|(key, _)| key.cmp(&&from[..]) == Ordering::Greater).collect();
        let last = last || facts.is_empty();
        let body = written(|out| {
            out.u8(head::RANGE);
            out.u32(as_of);
            Segment::write_head(out, kind, &from, last, facts.len() as u16);
            facts.iter().for_each(|(key, value)| fact(out, key, value));
        });
        let read = Uplink::read(&body).expect("what was written");
        let Message::Range { as_of: told, mut segments } = read.message else { panic!("{read:?} is no Range") };
        let segment = segments.next().expect("a segment").expect("what was written");
        prop_assert_eq!((told, segment.kind, segment.from, segment.last), (as_of, kind, &from[..], last));
        prop_assert_eq!(segment.end(), facts.last().map_or(&from[..], |(key, _)| key));
        prop_assert_eq!(segment.facts().collect::<Vec<_>>(), facts);
        prop_assert!(segments.next().is_none());
    }

    #[test]
    fn events(told in vec((any::<u16>(), any::<u32>(), vec(any::<u8>(), 0..=MAX_ACTOR), vec(any::<u8>(), 0..=MAX_DATA), option::of((1..=u32::MAX, 1..=u32::MAX, any::<u32>()))), 0..=20),
              severity in 0..4_u8, first in 1..u32::MAX - 63, seq: u32) {
        let severity = Severity::from_bits(severity);
        let events: Vec<_> = told.iter().map(|(number, age_ms, actor, data, origin)| {
            let origin = origin.map(|(epoch, number, uptime_s)| Origin { epoch, number, uptime_s });
            Event { event_type: EventType(*number), age_ms: *age_ms, actor, data, origin }
        }).collect();
        let body = written(|out| {
            out.u8(head::BEAT | head::EVENTS | head::ONE_WAY);
            out.u8(1);
            let at = Group::write_head(out, severity, first);
            events.iter().for_each(|event| event.write(out));
            Group::patch_count(out, at, severity, events.len() as u8);
            out.u32(seq);
            out.raw(&[1, 2, 3, 4]);
        });
        let read = Uplink::read(&body).expect("what was written");
        let is_beat = matches!(read.message, Message::Beat { seq: told, digest: 0x0403_0201 } if told == seq);
        prop_assert!(read.one_way && is_beat);
        let group = read.events.groups().next().expect("a group");
        prop_assert_eq!((group.severity, group.first, usize::from(group.count)), (severity, first, events.len()));
        prop_assert_eq!(group.events().collect::<Vec<_>>(), (first..).zip(events).collect::<Vec<_>>());
    }

    #[test]
    fn events_kept_as_they_travel(number: u16, age_ms: u32, actor in vec(any::<u8>(), 0..=MAX_ACTOR), data in vec(any::<u8>(), 0..=MAX_DATA),
                                  origin in option::of((1..=u32::MAX, 1..=u32::MAX, any::<u32>()))) {
        let origin = origin.map(|(epoch, number, uptime_s)| Origin { epoch, number, uptime_s });
        let event = Event { event_type: EventType(number), age_ms, actor: &actor, data: &data, origin };
        let rest = written(|out| {
            out.bytes(&actor).bytes(&data);
            if let Some(origin) = origin {
                out.raw(origin.write(&mut [0; Origin::MAX]));
            }
        });
        prop_assert_eq!(written(|out| Event::write_kept(out, EventType(number), age_ms, &rest)), written(|out| event.write(out)));
    }

    #[test]
    fn acks(echo in 0..1_u64 << 56, flags in 0..16_u8, applied: u32, want: u32, marks: [u32; 4], instance: Option<u32>, retry_after_s: Option<u32>,
            challenge: Option<[u8; 8]>, order in option::of((any::<u32>(), any::<u16>(), vec(any::<u8>(), 0..=Command::MAX_ARGS)))) {
        let command = order.as_ref().map(|(id, code, args)| Command { id: *id, code: *code, args });
        let ack = Ack { echo, flags: AckFlags(flags), applied, want: KindMask(want), marks, instance, retry_after_s, challenge, command };
        let body = written(|out| Downlink::Ack(ack).write(out));
        let Ok(Downlink::Ack(read)) = Downlink::read(&body) else { panic!("{body:?} is no Ack") };
        prop_assert_eq!(read.flags.0 & 15, flags);
        prop_assert_eq!(Ack { flags: ack.flags, ..read }, ack);
    }

    #[test]
    fn stale(echo in 0..1_u64 << 56, known: u32) {
        let stale = Downlink::Stale { echo, known };
        let body = written(|out| stale.write(out));
        prop_assert_eq!(Downlink::read(&body), Ok(stale));
    }

    #[test]
    fn streams(packets in vec(vec(prop_oneof![Just(0), Just(1), any::<u8>()], 1..600), 1..5)) {
        let mut stream = Vec::new();
        for packet in &packets {
            let mut encoder = cobs::Encoder::new();
            let before = stream.len();
            stream.extend(std::iter::from_fn(|| encoder.next(packet)));
            prop_assert!(stream.len() - before <= cobs::frame_len(packet.len()));
        }
        let (mut decoder, mut room, mut read) = (Decoder::new(), [0; 600], Vec::new());
        for byte in stream {
            match decoder.push(byte, &mut room) {
                Step::More => {}
                Step::Frame(len) => read.push(room[..len].to_vec()),
                Step::Dropped => panic!("a frame was dropped"),
            }
        }
        prop_assert_eq!(read, packets);
    }

    #[test]
    fn fragments((packet, parts) in parts()) {
        let mut slot = Slot::new();
        let (last, before) = parts.split_last().expect("a fragment or more");
        for part in before {
            prop_assert_eq!(slot.push(part), Ok(None));
        }
        prop_assert_eq!(slot.push(last).map(|whole| whole.map(|whole| whole.to_vec())), Ok(Some(packet)));
    }
}

/// A packet and its fragments in any order.
fn parts() -> impl Strategy<Value = (Vec<u8>, Vec<Vec<u8>>)> {
    let packet = prop_oneof![vec(any::<u8>(), 1..100), vec(any::<u8>(), 1..=MAX_PACKET)];
    (packet, any::<u8>(), 0..1200_usize).prop_flat_map(|(packet, id, more)| {
        let mtu = packet.len().div_ceil(128) + 2 + more;
        let mut cutter = Cutter::new(&packet, id, mtu).expect("at most 128 fragments");
        let mut room = vec![0; mtu];
        let parts: Vec<_> = std::iter::from_fn(|| cutter.next(&mut room).map(|len| room[..len].to_vec())).collect();
        (Just(packet), Just(parts).prop_shuffle())
    })
}

/// The key's bytes must be within bounds to be read; those that are must come back.
macro_rules! key_survives {
    ($key:expr) => {{
        let (key, mut bytes) = ($key, [0; 256]);
        let mut out = Encoder::into(&mut bytes);
        key.write(&mut out);
        let len = out.finish().len.max(1);
        prop_assert_eq!(Key::read(&bytes[..len]), Ok(key));
    }};
}

proptest! {
    #[test]
    fn keys(pool in pool(), number in 1..128_u8) {
        let draw = pool.draw();
        key_survives!(IdentityKey { claim: Claim(draw.u16()) });
        key_survives!(SoftwareKey::Slot(draw.u16()));
        key_survives!(SoftwareKey::Named { ecosystem: Ecosystem(number), name: draw.text(), architecture: draw.text() });
        key_survives!(SoftwareKey::Hashed { ecosystem: Ecosystem(number), hash: draw.bytes() });
        for account in [AccountId::Name(draw.text()), AccountId::Uid(draw.u32()), AccountId::Hashed(draw.bytes())] {
            key_survives!(AccountKey { account, realm: draw.text() });
        }
        for slot in [SlotId::Slot(draw.u16()), SlotId::Name(draw.text()), SlotId::Hashed(draw.bytes())] {
            key_survives!(CertificateKey { slot, index: draw.u16() });
        }
        key_survives!(ListenerKey { protocol: Protocol(draw.u8()), port: draw.u16(), address: Address(draw.blob()), interface: draw.text() });
        key_survives!(NeighbourKey { link: LinkKind(draw.u8()), address: LinkAddress(draw.blob()), interface: draw.text() });
        key_survives!(SettingKey { id: SettingId(draw.u16()), name: draw.text() });
        key_survives!(HealthKey { metric: Metric(0), name: draw.text(), instance: draw.text() });
        key_survives!(HealthKey { metric: Metric(draw.u16().max(1)), name: "", instance: draw.text() });
        key_survives!(AgentKey { item: AgentItem(draw.u8()), arg: draw.u8() });
        key_survives!(UpdateKey { slot: draw.u16(), name: draw.text() });
        key_survives!(InterfaceKey { name: draw.text() });
    }
}
