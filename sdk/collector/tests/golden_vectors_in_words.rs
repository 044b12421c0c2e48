//! The decoder agrees with the golden vectors: what a reader must find is shown whole, what it must refuse is called so.

use serde_json::Value as Json;
use tidings_collector::decode::{self, Piece, Reading, parse_hex};

const INDEX: &str = include_str!("../../wire/vectors/index.json");

fn entries() -> Vec<Json> {
    serde_json::from_str(INDEX).expect("the index is a list")
}

fn bytes(entry: &Json) -> Vec<u8> {
    parse_hex(entry["hex"].as_str().expect("hex")).expect("hex")
}

fn shown(reading: &Reading) -> String {
    reading.fields.iter().map(|field| field.hex.as_str()).collect()
}

#[test]
fn packets_are_good_or_refused_as_the_index_says() {
    let (mut good, mut refused) = (0, 0);
    // Sealed ones cannot be read without keys.
    let open = |entry: &&Json| entry["framing"].is_null() && entry["keys"].is_null();
    for entry in entries().iter().filter(open) {
        let reading = decode::packet(&bytes(entry));
        let must_be_refused = entry["refused"] == true;
        assert_eq!(reading.verdict == "good", !must_be_refused, "{}: {}\n{reading}", entry["name"], entry["what"]);
        assert_eq!(shown(&reading), entry["hex"], "{}", entry["name"]);
        *(if must_be_refused { &mut refused } else { &mut good }) += 1;
    }
    assert!(good > 100 && refused > 20, "{good} good, {refused} refused");
}

#[test]
fn streams_hold_as_many_packets_as_the_index_says() {
    let streams: Vec<Json> = entries().into_iter().filter(|entry| entry["framing"] == "stream").collect();
    assert!(!streams.is_empty());
    for entry in streams {
        let pieces = decode::stream(&bytes(&entry));
        let good = |piece: &&Piece| matches!(piece, Piece::Packet { reading, .. } if reading.verdict == "good");
        let expected = entry["means"].as_array().map_or(0, Vec::len);
        assert_eq!(pieces.iter().filter(good).count(), expected, "{}: {pieces:#?}", entry["name"]);
    }
}
