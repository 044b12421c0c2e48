//! Proves that every reader takes any bytes: it reads or refuses, and what it read can be walked to its end.
//!
//! Half of the inputs are arbitrary, half are a few steps away from something well formed, so that they get past the first checks.

use proptest::collection::vec;
use proptest::prelude::*;
use tidings_wire::MAX_PACKET;
use tidings_wire::cobs::{Decoder, Step};
use tidings_wire::cursor::Reader;
use tidings_wire::event::Section;
use tidings_wire::facts::*;
use tidings_wire::fragment::Slot;
use tidings_wire::message::{Downlink, Hello, Message, Uplink, head};
use tidings_wire::packet::{Direction, Envelope, Plain, open};
use tidings_wire::record::Records;
use tidings_wire::segment::Segments;

/// Bytes among which small ones are common: lengths, counts and tags that can be true.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![4 => 0..6_u8, 1 => Just(0x80), 1 => Just(0xFF), 2 => any::<u8>()];
    prop_oneof![vec(byte, 0..60), vec(any::<u8>(), 0..600)]
}

/// Well-formed beginnings of bodies, one of each type, with events and without.
fn body() -> impl Strategy<Value = Vec<u8>> {
    let mut hello = [0; 64];
    let mut out = tidings_wire::cursor::Writer::new(&mut hello);
    Hello::default().write(&mut out);
    let hello = out.written().to_vec();
    let starts: Vec<Vec<u8>> = vec![
        vec![],
        hello,
        vec![head::DELTA, 4, 2],
        vec![head::DELTA | head::DIGEST, 4, 2, 1, 2, 3, 4],
        vec![head::RANGE, 5],
        vec![head::RANGE, 5, 0x21, 2],
        vec![head::RANGE, 5, 0x61, 1, 1, 1],
        vec![head::BUCKETS, 5, 3, 0],
        vec![head::BEAT | head::EVENTS, 1, 1, 1],
        vec![head::DELTA | head::EVENTS, 2],
        vec![0x8F, 1],
        vec![0, 42, 0xF0],
    ];
    (prop::sample::select(starts), bytes()).prop_map(|(start, rest)| [start, rest].concat())
}

/// Everything that a fold over it would touch.
fn walk(uplink: &Uplink<'_>) -> usize {
    let events: usize = uplink.events.groups().map(|group| group.events().count()).sum();
    let wanted: usize = uplink.events.groups().map(|group| usize::from(group.count)).sum();
    assert_eq!(events, wanted, "a checked section can be walked");
    events
        + match uplink.message {
            Message::Delta { records, .. } => {
                records.map(|record| record.expect("a checked Delta can be walked").key.len()).sum()
            }
            Message::Range { segments, .. } => segments
                .map(|segment| segment.expect("a checked Range can be walked"))
                .map(|segment| {
                    assert_eq!(segment.facts().count(), usize::from(segment.count), "a checked segment can be walked");
                    segment.end().len()
                })
                .sum(),
            Message::Buckets { standing, digests } => {
                assert_eq!(digests.iter().count(), standing.compared.iter().count(), "each compared kind has a digest");
                0
            }
            Message::Hello(_) | Message::Beat { .. } | Message::Unknown(_) => 0,
        }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn bodies(body in body()) {
        let _ = Uplink::read(&body).map(|uplink| walk(&uplink));
        let _ = Downlink::read(&body).map(|answer| answer.echo());
    }

    #[test]
    fn parts_of_bodies(bytes in bytes()) {
        let records = Records::new(&bytes).take(bytes.len() + 1).count();
        let segments = Segments::new(&bytes).take(bytes.len() + 1).count();
        prop_assert!(records <= bytes.len() && segments <= bytes.len(), "a reader goes on and on");
        let _ = Section::read(&mut Reader::new(&bytes));
        let _ = Reader::new(&bytes).varint(u64::MAX);
    }

    #[test]
    fn packets(clear in bytes(), body in body(), lie: bool) {
        let mut packet = [&[0x20, 1, 0], &body[..]].concat();
        if lie {
            packet.splice(1..3, clear);
        }
        packet.extend(tidings_wire::crc::crc32(&packet).to_le_bytes());
        let _ = Envelope::read(&packet);
        for direction in [Direction::Up, Direction::Down] {
            let opened = open(&Plain, direction, &mut packet).map(|(envelope, body)| (envelope.nonce(), body.len()));
            prop_assert!(lie || opened.is_ok() == (direction == Direction::Up));
        }
    }

    #[test]
    fn facts(bytes in bytes()) {
        keys(&bytes);
        values(&bytes);
    }

    #[test]
    fn streams(stream in bytes(), room in 0..40_usize) {
        let (mut decoder, mut room) = (Decoder::new(), vec![0; room]);
        for byte in stream {
            if let Step::Frame(len) = decoder.push(byte, &mut room) {
                prop_assert!((1..=room.len()).contains(&len));
            }
        }
    }

    #[test]
    fn fragments(datagrams in vec((0..2_u8, prop_oneof![0..4_u8, 0x80..0x84_u8, any::<u8>()], vec(any::<u8>(), 0..4), 0..1500_usize), 0..12)) {
        let mut slot = Slot::new();
        for (id, head, part, longer) in datagrams {
            let longer = if longer < 1200 { part.len() } else { longer };
            let mut datagram = [&[id, head], &part[..]].concat();
            datagram.resize(2 + longer, 0);
            if let Ok(Some(packet)) = slot.push(&datagram) {
                prop_assert!((1..=MAX_PACKET).contains(&packet.len()));
            }
        }
    }
}

fn keys(bytes: &[u8]) {
    let _ = IdentityKey::read(bytes);
    let _ = SoftwareKey::read(bytes);
    let _ = AccountKey::read(bytes);
    let _ = ListenerKey::read(bytes);
    let _ = NeighbourKey::read(bytes);
    let _ = CertificateKey::read(bytes);
    let _ = SettingKey::read(bytes);
    let _ = HealthKey::read(bytes);
    let _ = AgentKey::read(bytes);
    let _ = UpdateKey::read(bytes);
    let _ = InterfaceKey::read(bytes);
}

fn values(bytes: &[u8]) {
    let _ = Scalar::read(bytes);
    let _ = SoftwareValue::read(bytes);
    let _ = AccountValue::read(bytes).map(|value| (value.groups.iter().count(), value.roles.names().count()));
    let _ = ListenerValue::read(bytes);
    let _ = NeighbourValue::read(bytes).map(|value| format!("{value:?}"));
    let _ = CertificateValue::read(bytes).map(|value| serde_json::to_string(&value).expect("a value is JSON"));
    let _ = HealthValue::read(bytes);
    let _ = AgentValue::read(bytes);
    let _ = UpdateValue::read(bytes);
    let _ = InterfaceValue::read(bytes).map(|value| serde_json::to_string(&value).expect("a value is JSON"));
}
