//! Writes the committed corpora from the golden vectors: `cargo run --example corpus` in `tests/fuzz`.
//!
//! One file a vector and target, as that target reads it; long vectors are left out, the fuzzer makes long inputs itself. Epoch stores and
//! mailboxes have no vectors: their seeds are written here. `cargo xtask fuzz --minimise` then keeps what reaches something that others do not.

use std::fs;
use std::path::Path;
use tidings_wire::cobs::Encoder;
use tidings_wire::fragment::Cutter;
use tidings_wire::packet::{Direction, Plain, Unique, open};

const LONGEST: usize = 300;
/// Epoch stores: erased flash that boots often and is torn, flash with a torn record, two bytes of an EEPROM.
const STORES: [&[u8]; 4] =
    [&[0], &[1], &[0, 0xFF, 0xFF, 0xFF, 0xFF], &[1, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, b'T', b'i', b'E', b'1']];
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

/// What a packet is to each target that takes packets or bodies.
fn seeds(packet: &[u8], write: &mut dyn FnMut(&str, Vec<u8>)) {
    write("decode", [&[0], packet].concat());
    let mut copy = packet.to_vec();
    if let Ok((envelope, body)) = open(&Plain, Direction::Up, &mut copy)
        && let Unique::Counter(_) = envelope.unique
    {
        write("replica_input", [&[0], &long(body)[..]].concat());
    }
    let mut copy = packet.to_vec();
    if let Ok((_, body)) = open(&Plain, Direction::Down, &mut copy) {
        write("agent_input", [&[6, 1], &long(body)[..]].concat());
    }
    if packet.len() <= 40 {
        let mut encoder = Encoder::new();
        let frame: Vec<u8> = std::iter::from_fn(|| encoder.next(packet)).collect();
        write("stream_decoder", [&[0xFF, 0x01], &frame[..]].concat());
        write("fragments", fragments(packet));
    }
}

fn long(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u16).to_le_bytes(), bytes].concat()
}

/// Its parts as datagrams, then once more as what must come whole.
fn fragments(packet: &[u8]) -> Vec<u8> {
    let mut seed = vec![0];
    let mut room = [0; 20];
    let Ok(mut cutter) = Cutter::new(packet, 9, room.len()) else { return seed };
    while let Some(len) = cutter.next(&mut room) {
        seed[0] += 1;
        seed.push(len as u8);
        seed.extend(&room[..len]);
    }
    seed.extend([17, 2]);
    seed.extend(packet);
    seed
}
