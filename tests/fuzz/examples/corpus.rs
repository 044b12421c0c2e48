//! Writes the committed corpora from the golden vectors: `cargo run --example corpus` in `tests/fuzz`.
//!
//! One file a vector and target, as that target reads it; long vectors are left out, the fuzzer makes long inputs itself. Epoch stores, fragments, long
//! streams and mailboxes have no vectors: their seeds are written here. `cargo xtask fuzz --minimise` then keeps what reaches something that others do not.

use std::fs;
use std::path::Path;
use tidings_wire::cobs::Encoder;
use tidings_wire::packet::{Direction, Plain, Unique, open};

const LONGEST: usize = 300;
/// Epoch stores, by boots: with power; torn after five bytes; rotten after a whole record. On new NOR flash, on a new EEPROM, on foreign bytes.
const STORES: [&[u8]; 8] = [
    &[0],
    &[1],
    &[0, 0x15, 0x55, 0, 0x15, 0xAA, 0, 0, 2, 9, 4, 0, 0, 2, 0, 0x10],
    &[1, 0x15, 0x55, 0, 0x15, 0xAA, 0, 0, 2, 9, 4, 0, 0, 2, 0, 0x10],
    &[0, 0, 0, 0, 0, 0, 0, 0x35, 0, 0x35, 0, 0x35, 0, 0, 0, 0, 0, 0x01, 0, 0x01, 0xFF, 0],
    &[1, 2, 3, 1, 2, 4, 2, 2, 5, 4],
    &[2, 16, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, b'T', b'i', b'E', b'1', 0, 0, 0, 0, 0],
    &[3, 32, 5, 0, 0, 0, 0xFA, 0xFF, 0xFF, 0xFF, b'T', b'i', b'E', b'1', 0, 0, 0, 0, 5],
];
/// Streams of runs: a byte and how many of it, around the 254 that COBS has a code for, up to many of them.
const RUNS: [&[(u8, u16)]; 9] = [
    &[(7, 253)],
    &[(7, 254)],
    &[(7, 255)],
    &[(7, 254), (0, 1)],
    &[(7, 254), (0, 2), (9, 254)],
    &[(7, 508)],
    &[(7, 509), (0, 1), (1, 1)],
    &[(0, 3), (7, 762), (0, 1)],
    &[(7, 1016), (0, 255), (7, 1000)],
];
/// Fragments, each `shape | index | …`: a set in order; its end first; an end that is longer; one that differs; two ends; far ones that do not fit.
const SETS: [&[u8]; 7] = [
    &[3, 0x0C, 0, 0x0C, 1, 0x48, 2, 9, 3],
    &[3, 0x44, 2, 0x0C, 0, 0x0C, 1, 9, 3],
    &[3, 0x0C, 0, 0x0C, 1, 0x50, 2, 9, 3],
    &[4, 0x0C, 0, 0x0E, 0, 0x0C, 1, 0x48, 2, 9, 3],
    &[4, 0x48, 2, 0x48, 3, 0x0C, 0, 0x0C, 1, 9, 3],
    &[3, 0x5C, 3, 0x20, 3, 0x1C, 0, 0x20, 3, 0x1C, 2, 0, 3, 9, 3],
    &[4, 0x04, 0, 0x44, 2, 0x40, 1, 2, 8, 8, 0x04, 1, 9, 3],
];
/// A device with nothing to say greets.
const HELLO: &[u8] = &[0; 18];
/// Mailboxes: post and drain, more than fits, too long, an event, a removal.
const BOXES: [&[u8]; 5] = [
    &[0, 1, b'k', 1, b'v', 3],
    &[0, 1, b'a', 0, 0, 1, b'b', 0, 0, 1, b'c', 0, 0, 1, b'd', 0, 3],
    &[0, 0, 0, 0, 1, b'k', 40],
    &[6, 0, 2, b'h', b'i', 3],
    &[0, 1, b'k', 1, b'v', 1, 1, b'k', 0, 3],
];

fn main() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let write = |target: &str, name: &str, seed: &[u8]| {
        let folder = here.join("corpus").join(target);
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join(name), seed).expect("a file");
    };
    STORES.iter().enumerate().for_each(|(number, seed)| write("epoch_store", &format!("{number:03}"), seed));
    RUNS.iter().enumerate().for_each(|(number, runs)| write("stream_decoder", &format!("run-{number}"), &stream(runs)));
    SETS.iter().enumerate().for_each(|(number, set)| {
        write("fragments", &format!("set-{number}"), &[set, &b"some packet in the end"[..]].concat());
    });
    BOXES.iter().enumerate().for_each(|(number, seed)| write("mailbox", &format!("{number:03}"), seed));
    let index = fs::read_to_string(here.join("../../sdk/wire/vectors/index.json")).expect("the vectors");
    let vectors: serde_json::Value = serde_json::from_str(&index).expect("JSON");
    for (number, vector) in vectors.as_array().expect("a list").iter().enumerate() {
        let packet = bytes(vector["hex"].as_str().unwrap_or_default()); // some are streams and parts: no packets
        if (1..=LONGEST).contains(&packet.len()) {
            seeds(&packet, &mut |target, seed| write(target, &format!("{number:03}"), &seed));
        }
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(&String::from_utf8_lossy(pair), 16).expect("hex")).collect()
}

/// A script of `stream_decoder`: room for anything, and the runs of the packet.
fn stream(runs: &[(u8, u16)]) -> Vec<u8> {
    let runs_as_bytes = runs.iter().flat_map(|(byte, len)| [*byte, *len as u8, (*len >> 8) as u8]);
    [1, 0x5F, 0x09, runs.len() as u8].into_iter().chain(runs_as_bytes).collect()
}

/// What a packet is to each target that takes packets or bodies.
fn seeds(packet: &[u8], write: &mut dyn FnMut(&str, Vec<u8>)) {
    write("decode", [&[0], packet].concat());
    let mut copy = packet.to_vec();
    if let Ok((envelope, body)) = open(&Plain, Direction::Up, &mut copy)
        && let Unique::Counter(_) = envelope.unique
    {
        write("replica_input", [&[2], &long(HELLO)[..], &[2], &long(body)].concat());
    }
    let mut copy = packet.to_vec();
    if let Ok((_, body)) = open(&Plain, Direction::Down, &mut copy) {
        write("agent_input", [&[0, 6, 1, 1], &long(body)[..]].concat());
    }
    if packet.len() <= 40 {
        let mut encoder = Encoder::new();
        let frame: Vec<u8> = std::iter::from_fn(|| encoder.next(packet)).collect();
        write("stream_decoder", [&[0, 0xFF, 0x01], &frame[..]].concat());
    }
}

fn long(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u16).to_le_bytes(), bytes].concat()
}
