//! Envelopes and uplink bodies (SPEC §2, §3), events apart.

use super::vector::*;
use serde_json::json;
use tidings_wire::facts::RawFact;
use tidings_wire::message::{BootReason, Hello, Standing, head, write_buckets};
use tidings_wire::packet::{Envelope, Unique};
use tidings_wire::record::Record;
use tidings_wire::segment::{Segment, fact};
use tidings_wire::{Kind, KindMask, MAX_PACKET};

pub fn all() -> Vec<Vector> {
    [
        envelopes(),
        hellos(),
        hello_limits(),
        deltas(),
        delta_limits(),
        told_records(),
        extensions(),
        ranges(),
        intervals(),
        beats(),
        buckets(),
        unknown(),
    ]
    .concat()
}

fn envelopes() -> Vec<Vector> {
    let named = Envelope { id: Some(b"pump-7"), ..UP };
    let keyed = Envelope { kid: Some(5), ..UP };
    let largest = Envelope {
        kid: Some(127),
        id: Some(b"0123456789abcdef"),
        epoch: u32::MAX,
        unique: Unique::Counter((1 << 56) - 1),
        ..UP
    };
    vec![
        Vector::packet(
            "envelope/smallest",
            "No kid, no id, epoch 1, ctr 0.",
            packet(&UP, beat),
            json!({
                "version": 1, "direction": "up", "suite": "plain", "kid": null, "id": null, "epoch": 1, "ctr": 0,
                "body": {"type": "beat"},
            }),
        ),
        Vector::packet(
            "envelope/id",
            "The device names itself.",
            packet(&named, beat),
            json!({"kid": null, "id": "70756d702d37"}),
        ),
        Vector::packet(
            "envelope/kid",
            "A kid is allowed in the plain suite.",
            packet(&keyed, beat),
            json!({"kid": 5, "id": null}),
        ),
        Vector::packet(
            "envelope/largest",
            "Every field at its end.",
            packet(&largest, beat),
            json!({
                "kid": 127, "id": "30313233343536373839616263646566", "epoch": 0xFFFF_FFFF_u32, "ctr": 0xFF_FFFF_FFFF_FFFF_u64,
            }),
        ),
        Vector::packet(
            "envelope/two-byte varints",
            "Epoch 300 and ctr 128.",
            packet(&Envelope { epoch: 300, unique: Unique::Counter(128), ..UP }, beat),
            json!({"epoch": 300, "ctr": 128}),
        ),
        longest(),
    ]
}

fn longest() -> Vector {
    let value = [0x55; 512];
    let facts = [0u8, 1, 2, 3].map(|key| [key]);
    let records: Vec<_> =
        facts.iter().map(|key| Record { kind: Kind(20), key, value: Some(&value), told: None }).collect();
    let mut pad = MAX_PACKET - up(|out| delta(out, 0, &records)).len();
    pad -= 3; // tag and two bytes of length
    let packet = up(|out| {
        delta(out, 0, &records);
        out.u8(0x80);
        out.bytes(&[0xEE; 512][..pad]);
    });
    assert_eq!(packet.len(), MAX_PACKET);
    Vector::body(
        "envelope/longest packet",
        "2,304 bytes: four values of 512 bytes and an extension.",
        packet,
        json!({"type": "delta"}),
    )
    .later()
}

fn hello() -> Hello {
    Hello {
        standing: Standing {
            seq: 300,
            compared: KindMask(0b1000_0011),
            off: KindMask(1 << 4 | 1 << 31),
            acc_epoch: 7,
            total: 0x0807_0605_0403_0201,
        },
        schema_rev: 9,
        boot_reason: BootReason::WATCHDOG,
        uptime_s: 86_400,
        resets: 2,
        ..Hello::default()
    }
}

fn of(hello: Hello) -> Vec<u8> {
    up(|out| hello.write(out))
}

fn hellos() -> Vec<Vector> {
    let challenge = Some(*b"CHALLENG");
    let instance = Some(0x1234_5678);
    vec![
        Vector::body(
            "hello/zero",
            "Every field 0: a first boot with no fact.",
            of(Hello::default()),
            json!({
                "type": "hello", "one_way": false, "events": null, "seq": 0, "minor": 0, "schema_rev": 0, "compared": [], "off": [], "acc_epoch": 0,
                "total": 0, "boot_reason": "unknown", "uptime_s": 0, "resets": 0, "challenge": null, "instance": null, "later": "",
            }),
        ),
        Vector::body(
            "hello/plain",
            "Neither challenge nor instance.",
            of(hello()),
            json!({
                "type": "hello", "seq": 300, "minor": 0, "schema_rev": 9, "compared": ["identity", "software", "health"],
                "off": ["neighbour", 31], "acc_epoch": 7, "total": 0x0807_0605_0403_0201_u64, "boot_reason": "watchdog",
                "uptime_s": 86_400, "resets": 2, "challenge": null, "instance": null,
            }),
        ),
        Vector::body(
            "hello/challenge",
            "Bit 5: a challenge is echoed.",
            of(Hello { challenge, ..hello() }),
            json!({"resets": 2, "challenge": "4348414c4c454e47", "instance": null}),
        ),
        Vector::body(
            "hello/instance",
            "Bit 4: the collector instance last seen.",
            of(Hello { instance, ..hello() }),
            json!({"resets": 2, "challenge": null, "instance": 0x1234_5678, "one_way": false}),
        ),
        Vector::body(
            "hello/challenge and instance",
            "Both, in this order.",
            of(Hello { challenge, instance, ..hello() }),
            json!({"challenge": "4348414c4c454e47", "instance": 0x1234_5678, "later": ""}),
        ),
        Vector::body(
            "hello/later",
            "Bytes of a later minor version end it.",
            up(|out| {
                Hello { minor: 1, instance, ..hello() }.write(out);
                out.raw(b"new");
            }),
            json!({"minor": 1, "instance": 0x1234_5678, "later": "6e6577"}),
        )
        .later(),
    ]
}

fn hello_limits() -> Vec<Vector> {
    vec![Vector::body(
        "hello/every number at its end",
        "Integers at the end of their widths.",
        of(Hello {
            standing: Standing {
                seq: u32::MAX,
                compared: KindMask::ALL,
                off: KindMask::NONE,
                acc_epoch: u32::MAX,
                total: u64::MAX,
            },
            minor: 255,
            schema_rev: u32::MAX,
            boot_reason: BootReason(255),
            uptime_s: u32::MAX,
            resets: u32::MAX,
            challenge: Some([0xFF; 8]),
            instance: Some(u32::MAX),
        }),
        json!({
            "seq": u32::MAX, "minor": 255, "schema_rev": u32::MAX, "off": [], "acc_epoch": u32::MAX, "total": u64::MAX, "boot_reason": 255,
            "uptime_s": u32::MAX, "resets": u32::MAX, "instance": u32::MAX,
            "compared": ["identity", "software", "account", "listener", "neighbour", "certificate", "setting", "health", "agent", "update",
                "interface", "peer", "hardware", "service", "policy", "vendor", 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31],
        }),
    )]
}

const NAME: RawFact<'static> = RawFact { kind: Kind::IDENTITY, key: &[14], value: b"\x05\x02ab" };

fn deltas() -> Vec<Vector> {
    let told_name = json!({"key": {"claim": "swname"}, "value": {"type": "str", "value": "ab"}});
    let with_digest = up(|out| {
        out.u8(head::DELTA | head::DIGEST);
        delta_fields(out, Some(0xAABB_CCDD), &[put(NAME)]);
    });
    let gone = Record { kind: Kind::VENDOR, key: b"\x01\x02k", value: None, told: None };
    vec![
        Vector::body(
            "delta/empty",
            "No record.",
            up(|out| delta(out, 0, &[])),
            json!({
                "type": "delta", "one_way": false, "events": null, "base": 4, "upto": 6, "digest": null, "records": [],
            }),
        ),
        Vector::body(
            "delta/put",
            "A value.",
            one(put(NAME)),
            json!({"records": [{
                "op": "put", "kind": "identity", "key": "0e", "value": "05026162", "age": null, "count": null, "means": told_name,
            }]}),
        ),
        Vector::body(
            "delta/remove",
            "A fact that is gone.",
            one(gone),
            json!({"records": [{
                "op": "remove", "kind": "vendor", "key": "01026b", "value": null, "age": null, "count": null,
                "means": {"key": {"vendor_kind": 0x0102, "key": "6b"}, "value": null},
            }]}),
        ),
        Vector::body(
            "delta/digest",
            "Bit 6: the low half of the total.",
            with_digest,
            json!({"base": 4, "upto": 6, "digest": 0xAABB_CCDD_u32, "records": [{"op": "put", "means": told_name}]}),
        ),
        Vector::body(
            "delta/one way",
            "Bit 4: no answer is wanted.",
            up(|out| delta(out, head::ONE_WAY, &[put(NAME)])),
            json!({"type": "delta", "one_way": true, "digest": null}),
        ),
    ]
}

fn delta_limits() -> Vec<Vector> {
    let key: Vec<u8> = (0..64).collect();
    let value = [0xA5; 512];
    let limits = RawFact { kind: Kind(31), key: &key, value: &value };
    vec![
        Vector::body(
            "delta/limits",
            "A key of 64 and a value of 512 bytes.",
            one(put(limits)),
            json!({"records": [{
                "op": "put", "kind": 31, "key": hex(&key), "value": hex(&value), "means": null,
            }]}),
        ),
        Vector::body(
            "delta/upto at the end",
            "base + span is the last u32.",
            up(|out| {
                out.u8(head::DELTA);
                out.u32(u32::MAX - 1);
                out.u32(1);
            }),
            json!({"base": u32::MAX - 1, "upto": u32::MAX}),
        ),
    ]
}

fn told_records() -> Vec<Vector> {
    let record = Record { told: told(1500, 3), ..put(NAME) };
    let gone = Record { value: None, told: told(0, 0), ..put(NAME) };
    let ancient = Record { told: told(u32::MAX, 255), ..put(NAME) };
    vec![
        Vector::body(
            "delta/put told",
            "A change with its age and count.",
            one(record),
            json!({"records": [{"op": "put told", "kind": "identity", "key": "0e", "value": "05026162", "age": 1500, "count": 3}]}),
        ),
        Vector::body(
            "delta/remove told",
            "A removal with its age and count.",
            one(gone),
            json!({"records": [{"op": "remove told", "kind": "identity", "key": "0e", "value": null, "age": 0, "count": 0}]}),
        ),
        Vector::body(
            "delta/oldest age",
            "The largest age means that or more.",
            one(ancient),
            json!({"records": [{"op": "put told", "age": u32::MAX, "count": 255}]}),
        ),
        Vector::body(
            "delta/several records",
            "Records follow each other; the same key may come again.",
            up(|out| delta(out, 0, &[record, gone, put(NAME)])),
            json!({"records": [{"op": "put told"}, {"op": "remove told"}, {"op": "put"}]}),
        ),
    ]
}

fn extensions() -> Vec<Vector> {
    let mixed = up(|out| {
        delta(out, 0, &[put(NAME)]);
        out.u8(0x80);
        out.bytes(b"zz");
        put(NAME).write(out);
        out.u8(0xFF);
        out.bytes(b"");
    });
    vec![
        Vector::body("delta/extensions", "Tags from 0x80 on are passed over by their length.", mixed, json!({"records": [
            {"op": "put"}, {"op": "extension", "tag": 128, "bytes": "7a7a"}, {"op": "put"}, {"op": "extension", "tag": 255, "bytes": ""},
        ]})).later(),
    ]
}

/// A Range as of seq 5.
fn range(bits: u8, segments: impl FnOnce(&mut tidings_wire::cursor::Writer<'_>)) -> Vec<u8> {
    up(|out| {
        out.u8(head::RANGE | bits);
        out.u32(5);
        segments(out);
    })
}

fn ranges() -> Vec<Vector> {
    let kinds = range(0, |out| {
        Segment::write_head(out, Kind::IDENTITY, b"", true, 2);
        fact(out, &[14], b"\x05\x02ab");
        fact(out, &[15], b"");
        Segment::write_head(out, Kind(20), b"", true, 1);
        fact(out, b"k", b"v");
        Segment::write_head(out, Kind::ACCOUNT, b"", true, 0);
    });
    vec![
        Vector::body(
            "range/no segment",
            "Only as_of.",
            range(0, |_| {}),
            json!({"type": "range", "one_way": false, "as_of": 5, "segments": []}),
        ),
        Vector::body(
            "range/one way",
            "Bit 4: no answer is wanted.",
            range(head::ONE_WAY, |_| {}),
            json!({"type": "range", "one_way": true}),
        ),
        Vector::body(
            "range/several kinds",
            "Two facts, a fact of an unknown kind, and a kind without any.",
            kinds,
            json!({"segments": [
                {"kind": "identity", "from": null, "last": true, "facts": [
                    {"kind": "identity", "key": "0e", "value": "05026162", "means": {"key": {"claim": "swname"}, "value": {"type": "str", "value": "ab"}}},
                    {"kind": "identity", "key": "0f", "value": "", "means": {"key": {"claim": "swversion"}, "value": {"type": "unknown", "value": null}}},
                ]},
                {"kind": 20, "from": null, "last": true, "facts": [{"kind": 20, "key": "6b", "value": "76", "means": null}]},
                {"kind": "account", "from": null, "last": true, "facts": []},
            ]}),
        ),
    ]
}

fn intervals() -> Vec<Vector> {
    let first = range(0, |out| {
        Segment::write_head(out, Kind::VENDOR, b"", false, 1);
        fact(out, b"\x01\x02a", b"1");
    });
    let middle = range(0, |out| {
        Segment::write_head(out, Kind::VENDOR, b"\x01\x02a", false, 1);
        fact(out, b"\x01\x02b", b"2");
    });
    let last = range(0, |out| {
        Segment::write_head(out, Kind::VENDOR, b"\x01\x02b", true, 0);
    });
    let order = range(0, |out| {
        Segment::write_head(out, Kind(20), b"", true, 4);
        [&b"a"[..], b"a\x00", b"b", b"\xff"].iter().for_each(|key| fact(out, key, b""));
    });
    vec![
        Vector::body(
            "range/first chunk",
            "From before every key to the last listed one.",
            first,
            json!({"segments": [{"kind": "vendor", "from": null, "last": false, "facts": [{"key": "010261", "value": "31"}]}]}),
        ),
        Vector::body(
            "range/middle chunk",
            "FROM: after a key.",
            middle,
            json!({"segments": [{"kind": "vendor", "from": "010261", "last": false, "facts": [{"key": "010262", "value": "32"}]}]}),
        ),
        Vector::body(
            "range/empty last chunk",
            "FROM and LAST with no fact: none is left.",
            last,
            json!({"segments": [{"kind": "vendor", "from": "010262", "last": true, "facts": []}]}),
        ),
        Vector::body(
            "range/order of keys",
            "A prefix before what extends it; bytes are unsigned.",
            order,
            json!({"segments": [{"facts": [{"key": "61"}, {"key": "6100"}, {"key": "62"}, {"key": "ff"}]}]}),
        ),
    ]
}

fn beats() -> Vec<Vector> {
    vec![
        Vector::body(
            "beat/plain",
            "Nothing new.",
            up(beat),
            json!({
                "type": "beat", "one_way": false, "events": null, "seq": 5, "digest": 0x1122_3344, "later": "",
            }),
        ),
        Vector::body(
            "beat/one way",
            "Bit 4: no answer is wanted.",
            up(|out| {
                out.u8(head::BEAT | head::ONE_WAY);
                beat_fields(out);
            }),
            json!({"type": "beat", "one_way": true, "seq": 5}),
        ),
        Vector::body(
            "beat/later",
            "Bytes of a later minor version end it.",
            up(|out| {
                beat(out);
                out.raw(b"new");
            }),
            json!({"seq": 5, "later": "6e6577"}),
        )
        .later(),
    ]
}

fn bucket(bits: u8, compared: u32, tail: &[u8]) -> Vec<u8> {
    let standing = Standing { compared: KindMask(compared), ..hello().standing };
    up(|out| {
        out.u8(head::BUCKETS | bits);
        write_buckets(out, &standing);
        standing.compared.iter().for_each(|kind| {
            out.raw(&(0x1000 + u32::from(kind.0)).to_le_bytes());
        });
        out.raw(tail);
    })
}

fn buckets() -> Vec<Vector> {
    vec![
        Vector::body(
            "buckets/no kind",
            "Nothing is compared.",
            bucket(0, 0, b""),
            json!({
                "type": "buckets", "one_way": false, "seq": 300, "compared": [], "off": ["neighbour", 31], "acc_epoch": 7,
                "total": 0x0807_0605_0403_0201_u64, "digests": [], "later": "",
            }),
        ),
        Vector::body(
            "buckets/three kinds",
            "A digest a kind, ascending.",
            bucket(0, 1 | 1 << 9 | 1 << 20, b""),
            json!({
                "compared": ["identity", "update", 20],
                "digests": [{"kind": "identity", "digest": 0x1000}, {"kind": "update", "digest": 0x1009}, {"kind": 20, "digest": 0x1014}],
            }),
        ),
        Vector::body(
            "buckets/one way",
            "Bit 4: no answer is wanted.",
            bucket(head::ONE_WAY, 1, b""),
            json!({"type": "buckets", "one_way": true, "digests": [{"kind": "identity", "digest": 0x1000}]}),
        ),
        Vector::body(
            "buckets/later",
            "Bytes of a later minor version end it.",
            bucket(0, 1, b"new"),
            json!({"later": "6e6577"}),
        )
        .later(),
    ]
}

fn unknown() -> Vec<Vector> {
    vec![
        Vector::body("unknown type/5", "The first type without a meaning; its fields are opaque.", raw(&UP, b"\x05xyz"),
            json!({"type": 5, "one_way": false, "events": null, "bytes": "78797a"})).later(),
        Vector::body("unknown type/every bit", "Bits 7 and 4 mean the same, 6 and 5 nothing known.", up(|out| {
            out.u8(0xFF);
            section(out, &[(tidings_wire::Severity::Info, 9, &[])]);
            out.raw(b"xyz");
        }), json!({"type": 15, "one_way": true, "events": [{"severity": "info", "first": 9, "events": []}], "bytes": "78797a"})).later(),
        Vector::body("unknown type/head alone", "Nothing follows.", raw(&UP, &[0x0F]), json!({"type": 15, "bytes": ""})),
    ]
}
