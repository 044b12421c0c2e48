//! Packets that every reader refuses (SPEC §10, "Malformed"); the check of each is right unless it says otherwise.

use super::vector::*;
use tidings_wire::cursor::Writer;
use tidings_wire::event::Event;
use tidings_wire::message::{Ack, Command, Downlink, Hello, head};
use tidings_wire::packet::{Envelope, SuiteId, Unique};
use tidings_wire::record::Record;
use tidings_wire::segment::{Segment, fact};
use tidings_wire::{EventType, Kind, MAX_PACKET, Severity};

pub fn all() -> Vec<Vector> {
    [outside(), envelopes(), varints(), heads(), masks(), deltas(), segments(), groups(), event_fields(), downlinks()]
        .concat()
}

/// The same bytes with a right check behind them.
fn checked(bytes: &[u8]) -> Vec<u8> {
    [bytes, &tidings_wire::crc::crc32(bytes).to_le_bytes()].concat()
}

fn outside() -> Vec<Vector> {
    let good = up(beat);
    let flipped: Vec<u8> = good.iter().enumerate().map(|(at, byte)| if at == 4 { byte ^ 1 } else { *byte }).collect();
    let big_endian =
        [&good[..good.len() - 4], &good[good.len() - 4..].iter().rev().copied().collect::<Vec<_>>()].concat();
    let too_long = up(|out| {
        delta(out, 0, &[]);
        out.u8(0x80);
        out.bytes(&[0xEE; MAX_PACKET - 12]);
    });
    assert_eq!(too_long.len(), MAX_PACKET + 1);
    vec![
        Vector::refused("refused/nothing", "No byte.", vec![]),
        Vector::refused("refused/check alone", "No envelope before it.", checked(&[])),
        Vector::refused("refused/no body", "A body has a head.", up(|_| {})),
        Vector::refused("refused/cut short", "The last byte of the check is missing.", good[..good.len() - 1].to_vec()),
        Vector::refused("refused/noise", "A bit was changed: the check does not hold.", flipped),
        Vector::refused("refused/check in the other order", "The check is little-endian.", big_endian),
        Vector::refused("refused/too long", "2,305 bytes.", too_long),
    ]
}

fn envelopes() -> Vec<Vector> {
    let of = |name, what, envelope| Vector::refused(name, what, packet(&envelope, beat));
    let from = |name, what, clear: &[u8]| {
        Vector::refused(name, what, checked(&[clear, &[3, 5, 0x44, 0x33, 0x22, 0x11]].concat()))
    };
    vec![
        of("refused/epoch 0", "An epoch is never 0.", Envelope { epoch: 0, ..UP }),
        of("refused/kid 128", "A kid is at most 127.", Envelope { kid: Some(128), ..UP }),
        of("refused/empty id", "An id has a byte or more.", Envelope { id: Some(b""), ..UP }),
        of("refused/long id", "An id has at most 16 bytes.", Envelope { id: Some(b"0123456789abcdefg"), ..UP }),
        of("refused/ctr past u56", "A ctr has 56 bits.", Envelope { unique: Unique::Counter(1 << 56), ..UP }),
        of(
            "refused/other suite",
            "Where the plain suite is pinned nothing else is read.",
            Envelope { suite: SuiteId::CHACHA20_POLY1305, ..UP },
        ),
        from("refused/version 0", "Bits 7 to 5 are 1.", &[0x00, 1, 0]),
        from("refused/version 2", "Bits 7 to 5 are 1.", &[0x40, 1, 0]),
        from("refused/epoch past u32", "An epoch has 32 bits.", &[0x20, 0x80, 0x80, 0x80, 0x80, 0x10, 0]),
        from("refused/padded epoch", "A varint is minimal.", &[0x20, 0x81, 0x00, 0]),
        from("refused/padded ctr", "A varint is minimal.", &[0x20, 1, 0x80, 0x00]),
    ]
}

fn varints() -> Vec<Vector> {
    let of = |name, what, body: &[u8]| Vector::refused(name, what, raw(&UP, body));
    vec![
        of("refused/padded seq", "A varint is minimal.", &[3, 0x85, 0x00, 0, 0, 0, 0]),
        of("refused/seq past u32", "A seq has 32 bits.", &[3, 0xFF, 0xFF, 0xFF, 0xFF, 0x1F, 0, 0, 0, 0]),
        of(
            "refused/endless varint",
            "Bit 7 is set on every byte.",
            &[3, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        ),
        of("refused/padded value length", "A varint is minimal.", &[1, 4, 2, 0x50, 1, b'k', 0x81, 0x00, b'v']),
        of("refused/cut beat", "A digest has 4 bytes.", &[3, 5, 1, 2, 3]),
    ]
}

fn heads() -> Vec<Vector> {
    let hello = |bits| {
        let mut body = [0; 64];
        let mut out = Writer::new(&mut body);
        Hello::default().write(&mut out);
        let len = out.len();
        body[0] |= bits;
        raw(&UP, &[&body[..len], &[0; 16]].concat())
    };
    let with = |body_type: u8, bits: u8| {
        up(|out| {
            out.u8(body_type | bits);
            beat_fields(out);
            out.raw(&[0; 32]);
        })
    };
    vec![
        Vector::refused("refused/events in Hello", "Hello does not define bit 7.", hello(head::EVENTS)),
        Vector::refused("refused/bit 6 in Hello", "Hello does not define bit 6.", hello(0x40)),
        Vector::refused("refused/bit 5 in Delta", "Delta does not define bit 5.", with(head::DELTA, 0x20)),
        Vector::refused("refused/bit 6 in Range", "Range does not define bit 6.", with(head::RANGE, 0x40)),
        Vector::refused("refused/bit 6 in Beat", "Beat does not define bit 6.", with(head::BEAT, 0x40)),
        Vector::refused("refused/bit 5 in Beat", "Beat does not define bit 5.", with(head::BEAT, 0x20)),
        Vector::refused("refused/bit 5 in Buckets", "Buckets does not define bit 5.", with(head::BUCKETS, 0x20)),
        Vector::refused("refused/no challenge", "Bit 5 is set, 8 bytes are not there.", cut_hello(head::CHALLENGE)),
        Vector::refused("refused/no instance", "Bit 4 is set, 4 bytes are not there.", cut_hello(head::INSTANCE)),
    ]
}

/// A Hello that promises one more field and does not have it.
fn cut_hello(bits: u8) -> Vec<u8> {
    let mut plain = up(|out| Hello::default().write(out));
    plain.truncate(plain.len() - 4);
    plain[3] |= bits;
    checked(&plain)
}

fn masks() -> Vec<Vector> {
    let hello = up(|out| {
        out.raw(&[head::HELLO, 0, 0, 0, 3, 2, 0]);
        out.raw(&[0; 8]);
        out.raw(&[0, 0, 0]);
    });
    let buckets = |masks: [u8; 2], digests: &[u8]| {
        up(|out| {
            out.raw(&[head::BUCKETS, 0, masks[0], masks[1], 0]);
            out.raw(&[0; 8]);
            out.raw(digests);
        })
    };
    vec![
        Vector::refused("refused/masks overlap in Hello", "A kind is compared or off.", hello),
        Vector::refused("refused/masks overlap in Buckets", "A kind is compared or off.", buckets([1, 1], &[0; 4])),
        Vector::refused("refused/digest missing", "Three kinds, two digests.", buckets([7, 0], &[0; 8])),
    ]
}

fn deltas() -> Vec<Vector> {
    let record = |name, what, key: &[u8], value: Option<&[u8]>| {
        Vector::refused(name, what, one(Record { kind: Kind(20), key, value, told: None }))
    };
    let body =
        |name, what, fields: &[u8]| Vector::refused(name, what, raw(&UP, &[&[head::DELTA, 4, 2], fields].concat()));
    vec![
        Vector::refused(
            "refused/upto past u32",
            "base + span is a u32.",
            raw(&UP, &[head::DELTA, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 1]),
        ),
        record("refused/empty key", "A key has a byte or more.", b"", Some(b"")),
        record("refused/empty key removed", "A key has a byte or more.", b"", None),
        record("refused/long key", "A key has at most 64 bytes.", &[b'k'; 65], Some(b"")),
        record("refused/long value", "A value has at most 512 bytes.", b"k", Some(&[b'v'; 513])),
        body("refused/cut key", "The key ends early.", &[0x50, 2, b'k']),
        body("refused/cut value", "The value ends early.", &[0x50, 1, b'k', 2, b'v']),
        body("refused/no value", "A put has a value.", &[0x50, 1, b'k']),
        body("refused/no age", "Op 2 tells an age.", &[0x52, 1, b'k', 0]),
        body("refused/no count", "Op 3 tells a count.", &[0x53, 1, b'k', 0]),
        body("refused/cut extension", "The extension ends early.", &[0x80, 2, b'z']),
        Vector::refused(
            "refused/no digest",
            "Bit 6 is set, 4 bytes are not there.",
            raw(&UP, &[head::DELTA | head::DIGEST, 4, 2, 1, 2, 3]),
        ),
    ]
}

fn segments() -> Vec<Vector> {
    let of = |name, what, from: &[u8], keys: &[&[u8]]| {
        let packet = up(|out| {
            out.raw(&[head::RANGE, 5]);
            Segment::write_head(out, Kind(20), from, true, keys.len() as u16);
            keys.iter().for_each(|key| fact(out, key, b"v"));
        });
        Vector::refused(name, what, packet)
    };
    let body =
        |name, what, segment: &[u8]| Vector::refused(name, what, raw(&UP, &[&[head::RANGE, 5], segment].concat()));
    vec![
        of("refused/keys descend", "Keys ascend.", b"", &[b"b", b"a"]),
        of("refused/keys equal", "Keys ascend.", b"", &[b"a", b"a"]),
        of("refused/key before its prefix", "A prefix comes first.", b"", &[b"aa", b"a"]),
        of("refused/signed order", "Bytes are unsigned.", b"", &[b"\xff", b"\x01"]),
        of("refused/key at from", "Keys lie after from.", b"m", &[b"m"]),
        of("refused/key before from", "Keys lie after from.", b"m", &[b"a"]),
        body("refused/segment bit 7", "Bit 7 is zero.", &[0x80 | 0x20 | 20, 0]),
        body("refused/segment of nothing", "Without LAST there is a fact.", &[20, 0]),
        body("refused/empty from", "A key has a byte or more.", &[0x40 | 0x20 | 20, 0, 0]),
        body("refused/cut segment", "Two facts are told, one is there.", &[0x20 | 20, 2, 1, b'k', 0]),
        body("refused/empty key in a segment", "A key has a byte or more.", &[0x20 | 20, 1, 0, 0]),
    ]
}

const EVENT: Event<'static> = Event { event_type: EventType::TEXT, age_ms: 0, actor: b"", data: b"", origin: None };

fn with_events(groups: &[(Severity, u32, &[Event<'_>])]) -> Vec<u8> {
    up(|out| {
        out.u8(head::BEAT | head::EVENTS);
        section(out, groups);
        beat_fields(out);
    })
}

fn groups() -> Vec<Vector> {
    let (info, last) = (Severity::Info, u32::MAX);
    let five: [(Severity, u32, &[Event<'_>]); 5] = [
        (info, 1, &[]),
        (Severity::Notice, 1, &[]),
        (Severity::Warning, 1, &[]),
        (Severity::Critical, 1, &[]),
        (info, 2, &[]),
    ];
    vec![
        Vector::refused(
            "refused/two groups alike",
            "At most one group a severity.",
            with_events(&[(info, 1, &[EVENT]), (info, 2, &[EVENT])]),
        ),
        Vector::refused("refused/five groups", "At most one group a severity.", with_events(&five)),
        Vector::refused("refused/event 0", "Numbers begin with 1.", with_events(&[(info, 0, &[EVENT])])),
        Vector::refused("refused/lost up to nothing", "first is never 0.", with_events(&[(info, 0, &[])])),
        Vector::refused(
            "refused/event numbers past u32",
            "first + count is a u32.",
            with_events(&[(info, last, &[EVENT])]),
        ),
        Vector::refused("refused/group missing", "Two groups are told, one is there.", raw(&UP, &[0x83, 2, 0, 1])),
        Vector::refused("refused/section of an unknown type", "It is read there too.", raw(&UP, &[0x8F, 1, 0, 0])),
    ]
}

fn event_fields() -> Vec<Vector> {
    let of = |name, what, event| Vector::refused(name, what, with_events(&[(Severity::Info, 1, &[event])]));
    let body = |name, what, event: &[u8]| {
        Vector::refused(name, what, raw(&UP, &[&[0x83, 1, 1, 1], event, &[5, 0, 0, 0, 0]].concat()))
    };
    vec![
        of("refused/long actor", "At most 16 bytes.", Event { actor: &[b'a'; 17], ..EVENT }),
        of("refused/long data", "At most 48 bytes.", Event { data: &[b'd'; 49], ..EVENT }),
        body("refused/event len too short", "The fields need 4 bytes.", &[3, 0, 0, 0, 0]),
        body("refused/origin without a number", "Kept events count from 1.", &[7, 0, 0, 0, 0, 1, 0, 0]),
        body("refused/origin cut short", "It has three fields.", &[6, 0, 0, 0, 0, 1, 1]),
        body("refused/event len 0", "The fields need 4 bytes.", &[0]),
        body("refused/event len too long", "It reaches past the packet.", &[200, 0, 0, 0, 0]),
        body("refused/actor past len", "The actor ends after its event.", &[4, 0, 0, 2, b'a', b'b', 0]),
        body("refused/event type past u16", "A type has 16 bits.", &[6, 0x80, 0x80, 0x04, 0, 0, 0]),
    ]
}

fn downlinks() -> Vec<Vector> {
    let ack = |flags: u8, rest: &[u8]| raw(&DOWN, &[&[0, 42, flags, 0, 0, 0, 0, 0, 0], rest].concat());
    let command = Command { id: 1, code: 1, args: &[0; 65] };
    vec![
        Vector::refused("refused/no answer", "A body has a type.", raw(&DOWN, &[])),
        Vector::refused("refused/no echo", "A body has an echo.", raw(&DOWN, &[0])),
        Vector::refused(
            "refused/echo past u56",
            "An echo has 56 bits.",
            down(&Downlink::Stale { echo: 1 << 56, known: 1 }),
        ),
        Vector::refused("refused/cut marks", "An Ack has four marks.", raw(&DOWN, &[0, 42, 0, 0, 0, 0, 0, 0])),
        Vector::refused("refused/no instance in Ack", "Bit 4 is set, 4 bytes are not there.", ack(0x10, &[1, 2, 3])),
        Vector::refused("refused/no retry_after", "Bit 5 is set, nothing follows.", ack(0x20, &[])),
        Vector::refused("refused/no challenge in Ack", "Bit 6 is set, 8 bytes are not there.", ack(0x40, &[0; 7])),
        Vector::refused("refused/no args", "Bit 7 is set, the args are not there.", ack(0x80, &[1, 1, 1])),
        Vector::refused(
            "refused/long args",
            "At most 64 bytes.",
            down(&Downlink::Ack(Ack { command: Some(command), ..Ack::default() })),
        ),
        Vector::refused("refused/no known", "Stale has a known epoch.", raw(&DOWN, &[1, 42])),
        Vector::refused(
            "refused/downlink epoch 0",
            "An epoch is never 0.",
            packet(&Envelope { epoch: 0, ..DOWN }, |out| Downlink::Stale { echo: 1, known: 1 }.write(out)),
        ),
    ]
}
