//! Sealed packets (SPEC §2), of both suites and in both directions, with the keys that open them.

use super::vector::*;
use serde_json::{Value, json};
use tidings_wire::Kind;
use tidings_wire::cursor::Writer;
use tidings_wire::facts::*;
use tidings_wire::message::{Ack, Command, Downlink};
use tidings_wire::packet::{Envelope, SuiteId, Unique};
use tidings_wire::suites::{KeySet, Side};

type Keys = [u8; KeySet::BYTES];

/// Up from 0x20 on, down from 0x60 on, digest from 0xA0 on.
const fn keys(kid: u8) -> Keys {
    let mut keys = [kid; KeySet::BYTES];
    let mut at = 0;
    while at < KeySet::BYTES - 1 {
        keys[at + 1] = match at {
            0..32 => 0x20 + at as u8,
            32..64 => 0x60 + at as u8 - 32,
            _ => 0xA0 + at as u8 - 64,
        };
        at += 1;
    }
    keys
}

const NONCE: [u8; 12] = *b"twelve bytes";
/// Names of a suite's vectors.
struct Names(&'static [&'static str; 11]);

const CHACHA: Names = Names(&[
    "chacha20-poly1305/smallest",
    "chacha20-poly1305/kid and id",
    "chacha20-poly1305/longer than a block",
    "chacha20-poly1305/ack",
    "chacha20-poly1305/stale",
    "refused/chacha20-poly1305, flipped tag",
    "refused/chacha20-poly1305, flipped body",
    "refused/chacha20-poly1305, other epoch",
    "refused/chacha20-poly1305, other kid",
    "refused/chacha20-poly1305, sealed with the key of the other direction",
    "refused/chacha20-poly1305, other nonce",
]);
const ASCON: Names = Names(&[
    "ascon-aead128/smallest",
    "ascon-aead128/kid and id",
    "ascon-aead128/longer than a block",
    "ascon-aead128/ack",
    "ascon-aead128/stale",
    "refused/ascon-aead128, flipped tag",
    "refused/ascon-aead128, flipped body",
    "refused/ascon-aead128, other epoch",
    "refused/ascon-aead128, other kid",
    "refused/ascon-aead128, sealed with the key of the other direction",
    "refused/ascon-aead128, other nonce",
]);

pub fn all() -> Vec<Vector> {
    let suites =
        [(SuiteId::CHACHA20_POLY1305, CHACHA, "chacha20-poly1305"), (SuiteId::ASCON_AEAD128, ASCON, "ascon-aead128")];
    suites
        .iter()
        .flat_map(|(suite, names, word)| {
            [ups(*suite, names, word), downs(*suite, names, word), refused(*suite, names)].concat()
        })
        .collect()
}

fn envelope(suite: SuiteId, kid: u8) -> Envelope<'static> {
    Envelope { suite, kid: Some(kid), id: Some(b"pump-7"), epoch: 300, unique: Unique::Counter(129) }
}

fn sealed(keys: Keys, side: Side, envelope: &Envelope<'_>, body: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
    with_suite(Some(keys), envelope.suite, side, |suite| packet_by(suite, envelope, body))
}

fn ups(suite: SuiteId, names: &Names, word: &str) -> Vec<Vector> {
    let of = |name: usize, what, envelope: &Envelope<'_>, kid, means: Value, body: fn(&mut Writer<'_>)| {
        Vector::packet(names.0[name], what, sealed(keys(kid), Side::Device, envelope, body), means)
            .opened_with(keys(kid))
    };
    let smallest = Envelope { suite, ..UP };
    vec![
        of(
            0,
            "Without a kid it is 0; nonce 00 00000001 00000000000000.",
            &smallest,
            0,
            json!({"suite": word, "direction": "up", "kid": null, "id": null, "epoch": 1, "ctr": 0, "body": {"type": "beat", "seq": 5, "digest": 0x1122_3344}}),
            beat,
        ),
        of(
            1,
            "Nonce 05 0000012c 00000000000081.",
            &envelope(suite, 5),
            5,
            json!({"suite": word, "kid": 5, "id": "70756d702d37", "epoch": 300, "ctr": 129, "body": {"type": "beat"}}),
            beat,
        ),
        of(
            2,
            "A body of 68 bytes, more than a block of ChaCha20.",
            &envelope(suite, 5),
            5,
            json!({"body": {"type": "delta", "base": 4, "upto": 6, "records": [{"op": "put", "kind": "setting", "value": hex(LONG)}]}}),
            |out| {
                delta(out, 0, &[put(RawFact { kind: Kind::SETTING, key: b"\0\x04long", value: LONG })]);
            },
        ),
    ]
}

const LONG: &[u8] = b"\x05\x36fifty-four bytes of text, and not one of them in clear";

fn downs(suite: SuiteId, names: &Names, word: &str) -> Vec<Vector> {
    let down = Envelope { unique: Unique::Random(NONCE), ..envelope(suite, 5) };
    let ack = Ack {
        echo: 129,
        applied: 300,
        marks: [1, 2, 3, 400],
        command: Some(Command { id: 7, code: 300, args: b"hi" }),
        ..Ack::default()
    };
    let of = |name: usize, what, answer: &Downlink<'_>, means| {
        Vector::packet(names.0[name], what, sealed(keys(5), Side::Host, &down, |out| answer.write(out)), means)
            .opened_with(keys(5))
    };
    vec![
        of(
            3,
            "The answer, with its nonce in place of ctr.",
            &Downlink::Ack(ack),
            json!({"suite": word, "direction": "down", "kid": 5, "id": "70756d702d37", "epoch": 300, "nonce": hex(&NONCE), "body": {"type": "ack", "echo": 129, "applied": 300, "mark": [1, 2, 3, 400], "command": {"id": 7, "code": 300, "args": "6869"}}}),
        ),
        of(
            4,
            "Sealed under the epoch of the packet.",
            &Downlink::Stale { echo: 129, known: 301 },
            json!({"epoch": 300, "body": {"type": "stale", "echo": 129, "known": 301}}),
        ),
    ]
}

fn refused(suite: SuiteId, names: &Names) -> Vec<Vector> {
    let good = sealed(keys(5), Side::Device, &envelope(suite, 5), beat);
    let tag = good.len() - 16;
    let change = |packet: &[u8], at: usize, to: u8| {
        let mut packet = packet.to_vec();
        packet[at] = to;
        packet
    };
    let of = |name: usize, what, packet| Vector::refused(names.0[name], what, packet).opened_with(keys(5));
    let ack = Downlink::Ack(Ack::default());
    let down = Envelope { unique: Unique::Random(NONCE), ..envelope(suite, 5) };
    let answer = sealed(keys(5), Side::Host, &down, |out| ack.write(out));
    vec![
        of(5, "One bit of the tag.", change(&good, tag, good[tag] ^ 1)),
        of(6, "One bit of the body.", change(&good, tag - 1, good[tag - 1] ^ 0x80)),
        of(7, "The clear fields are covered.", change(&good, 10, 3)),
        of(8, "The key id is covered.", change(&good, 1, 4)),
        of(9, "The host's key under a packet of the device.", sealed(keys(5), Side::Host, &envelope(suite, 5), beat)),
        of(10, "The nonce is covered.", change(&answer, answer.len() - 16 - 10, b'T')),
    ]
}
