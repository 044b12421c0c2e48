//! Streams and fragments (SPEC §9).

use super::vector::*;
use serde_json::{Value, json};
use tidings_wire::Kind;
use tidings_wire::cobs::Encoder;
use tidings_wire::fragment::Cutter;
use tidings_wire::message::{Downlink, head};
use tidings_wire::record::Record;

pub fn all() -> Vec<Vector> {
    [streams(), full_runs(), refused_streams(), fragments(), conflicts(), refused_fragments()].concat()
}

/// Frames of these packets behind each other.
pub fn stream(name: &'static str, what: &'static str, packets: &[Vec<u8>], means: Value) -> Vector {
    framed(name, what, packets.iter().flat_map(|packet| frame(packet)).collect(), Some(means))
}

fn framed(name: &'static str, what: &'static str, data: Vec<u8>, means: Option<Value>) -> Vector {
    Vector { name, what, data: Data::Stream(data), means, later: false, keys: None }
}

fn frame(packet: &[u8]) -> Vec<u8> {
    let mut encoder = Encoder::new();
    core::iter::from_fn(|| encoder.next(packet)).collect()
}

fn stale() -> Vec<u8> {
    down(&Downlink::Stale { echo: 42, known: 9 })
}

fn streams() -> Vec<Vector> {
    let shared = [&frame(&up(beat))[..], &frame(&stale())[1..]].concat();
    let idle = [&[0, 0][..], &frame(&up(beat)), &[0, 0, 0], &frame(&stale()), &[0]].concat();
    let both = || json!([{"body": {"type": "beat", "seq": 5}}, {"body": {"type": "stale", "known": 9}}]);
    vec![
        stream(
            "stream/one frame",
            "A zero, the stuffed packet, a zero.",
            &[up(beat)],
            json!([{"body": {"type": "beat", "seq": 5}}]),
        ),
        stream("stream/two frames", "Each in its own zeros.", &[up(beat), stale()], both()),
        framed("stream/shared zero", "One zero ends a frame and begins the next.", shared, Some(both())),
        framed("stream/idle zeros", "Zeros behind each other are empty frames.", idle, Some(both())),
        framed("stream/silence", "Zeros alone.", vec![0, 0, 0], Some(json!([]))),
    ]
}

/// A packet of `len` bytes, none of them zero.
fn without_zeros(len: usize) -> Vec<u8> {
    for salt in 1..=255u8 {
        let value = vec![salt; len - 15];
        let record = Record { kind: Kind(20), key: &[salt], value: Some(&value), told: None };
        let packet =
            packet(&tidings_wire::packet::Envelope { unique: tidings_wire::packet::Unique::Counter(1), ..UP }, |out| {
                out.u8(head::DELTA);
                delta_fields(out, None, &[record]);
            });
        if packet.len() == len && !packet.contains(&0) {
            return packet;
        }
    }
    panic!("no salt keeps zeros out of {len} bytes")
}

fn full_runs() -> Vec<Vector> {
    let means = || Some(json!([{"body": {"type": "delta", "base": 4}}]));
    let full = without_zeros(254);
    let frame_of_full = frame(&full);
    assert_eq!(frame_of_full.len(), 254 + 3, "no empty block after the full run");
    let with_empty_block = [&frame_of_full[..256], &[1, 0]].concat();
    vec![
        framed(
            "stream/full run",
            "254 bytes without a zero: one block, code 0xFF, nothing after it.",
            frame_of_full,
            means(),
        ),
        framed(
            "stream/full run and an empty block",
            "Some encoders add a block of nothing; it is accepted.",
            with_empty_block,
            means(),
        ),
        framed("stream/run of 253", "Code 0xFE.", frame(&without_zeros(253)), means()),
        framed("stream/run of 255", "Code 0xFF, then a block of one byte.", frame(&without_zeros(255)), means()),
    ]
}

fn refused_streams() -> Vec<Vector> {
    let whole = frame(&up(beat));
    let cut = [&whole[..whole.len() - 3], &[0]].concat();
    let mut noise = whole.clone();
    noise[6] ^= 1;
    vec![
        framed("refused stream/cut frame", "A block ends before its code says.", cut, None),
        framed("refused stream/noise", "A byte was changed: the check does not hold.", noise, None),
    ]
}

fn pieces(name: &'static str, what: &'static str, parts: Vec<Vec<u8>>, means: Option<Value>) -> Vector {
    Vector { name, what, data: Data::Fragments(parts), means, later: false, keys: None }
}

fn cut(packet: &[u8], id: u8, mtu: usize) -> Vec<Vec<u8>> {
    let mut cutter = Cutter::new(packet, id, mtu).expect("a packet that can be cut");
    let mut room = vec![0; mtu];
    core::iter::from_fn(|| cutter.next(&mut room).map(|len| room[..len].to_vec())).collect()
}

fn long() -> Vec<u8> {
    let value: Vec<u8> = (0..100).collect();
    one(Record { kind: Kind(20), key: b"k", value: Some(&value), told: None })
}

fn fragments() -> Vec<Vector> {
    let means = || Some(json!({"body": {"type": "delta", "records": [{"kind": 20, "key": "6b"}]}}));
    let parts = cut(&long(), 7, 20);
    let reversed: Vec<_> = parts.iter().rev().cloned().collect();
    let twice: Vec<_> = parts[..3].iter().chain(&parts).cloned().collect();
    let even = long().len() / 2;
    vec![
        pieces(
            "fragments/one",
            "A packet that fits: index 0 and LAST.",
            cut(&up(beat), 255, 64),
            Some(json!({"body": {"type": "beat"}})),
        ),
        pieces("fragments/in order", "All parts but the last have one length.", parts, means()),
        pieces("fragments/reversed", "The last part comes first.", reversed, means()),
        pieces("fragments/repeated", "The same fragment again changes nothing.", twice, means()),
        pieces("fragments/even", "The last part is as long as the others.", cut(&long(), 1, even + 2), means()),
        pieces("fragments/one byte each", "A packet of 114 bytes.", cut(&long(), 0, 3), means()),
    ]
}

fn conflicts() -> Vec<Vector> {
    let (old, new) = (
        cut(&one(Record { kind: Kind(20), key: b"o", value: Some(&[1; 100]), told: None }), 7, 20),
        cut(&long(), 7, 20),
    );
    let means = || Some(json!({"body": {"type": "delta", "records": [{"kind": 20, "key": "6b"}]}}));
    let length_of = |index: u8, len: usize| [vec![7, index], vec![1; len]].concat();
    let (end, part) = (new.len() as u8 - 1, new[0].len() - 2);
    // The last part comes right after the stray one, so that the conflict costs nothing else.
    let last_next = |stray: Vec<u8>| [&[stray], &new[new.len() - 1..], &new[..new.len() - 1]].concat();
    let marked = [&[7, 0x81], &new[1][2..]].concat();
    vec![
        pieces("fragments/other bytes", "Other bytes at an index start anew.", [&old[..3], &new].concat(), means()),
        pieces("fragments/other id", "A set of another id.", [&cut(&long(), 6, 20)[..3], &new].concat(), means()),
        pieces(
            "fragments/past the end",
            "LAST below an index that is held starts anew.",
            last_next(length_of(end + 1, part)),
            means(),
        ),
        pieces(
            "fragments/other last",
            "Another LAST starts anew.",
            last_next(length_of(0x80 | (end + 1), part)),
            means(),
        ),
        pieces(
            "fragments/other length",
            "A part of another length starts anew.",
            [&[length_of(2, part - 1)], &new[..]].concat(),
            means(),
        ),
        pieces(
            "fragments/last and not",
            "The same index with LAST and without starts anew.",
            [&[marked], &new[1..], &new[..1]].concat(),
            means(),
        ),
    ]
}

fn refused_fragments() -> Vec<Vector> {
    let parts = cut(&long(), 7, 20);
    let hole = [&parts[..2], &parts[3..]].concat();
    let mut noise = parts.clone();
    noise[1][5] ^= 1;
    vec![
        pieces("refused fragments/one missing", "The set is not whole.", hole, None),
        pieces("refused fragments/no part", "A fragment has a byte or more.", vec![vec![7, 0x80]], None),
        pieces("refused fragments/no head", "A fragment has an id and a head.", vec![vec![7]], None),
        pieces("refused fragments/noise", "A byte was changed: the packet's check does not hold.", noise, None),
    ]
}
