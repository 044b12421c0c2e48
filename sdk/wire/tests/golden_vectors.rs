//! Proves that today's writers give the committed golden bytes, and that today's readers read them.
//!
//! `BLESS=1` rewrites `vectors/index.json`; its diff then shows what changed on the wire. What the vectors mean is checked by `tests/compat`, which
//! shares no code with this crate.

mod golden;

use golden::reread::{packets, rewritten, typed_facts};
use golden::vector::{Data, Vector, hex};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;

const INDEX: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/index.json");

/// The index: an entry a paragraph, a field a line.
fn index(vectors: &[Vector]) -> String {
    let entries: Vec<_> = vectors.iter().map(entry).collect();
    format!("[\n{}\n]\n", entries.join(",\n"))
}

fn entry(vector: &Vector) -> String {
    let mut fields = vec![("name", json!(vector.name)), ("what", json!(vector.what))];
    match &vector.data {
        Data::Packet(packet) => fields.push(("hex", json!(hex(packet)))),
        Data::Stream(stream) => fields.extend([("framing", json!("stream")), ("hex", json!(hex(stream)))]),
        Data::Fragments(parts) => {
            let parts: Vec<_> = parts.iter().map(|part| hex(part)).collect();
            fields.extend([("framing", json!("fragments")), ("hex", json!(parts))]);
        }
    }
    if let Some(keys) = &vector.keys {
        let (up, down, digest) = (hex(&keys[1..33]), hex(&keys[33..65]), hex(&keys[65..]));
        fields.push(("keys", json!({"kid": keys[0], "up": up, "down": down, "digest": digest})));
    }
    fields.push(vector.means.clone().map_or(("refused", json!(true)), |means| ("means", means)));
    let lines: Vec<_> = fields.iter().map(|(name, value)| format!("{}: {value}", json!(name))).collect();
    format!("{{{}}}", lines.join(",\n "))
}

#[test]
fn the_committed_vectors_are_what_the_writers_write() {
    let now = index(&golden::all());
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(Path::new(INDEX), now).expect("the vectors' folder is there");
        return;
    }
    let committed = std::fs::read_to_string(INDEX).expect("vectors/index.json is there");
    let entries = |index: &str| serde_json::from_str::<Vec<Value>>(index).expect("the index is a list");
    let (now, committed) = (entries(&now), entries(&committed));
    for (now, committed) in now.iter().zip(&committed) {
        assert_eq!(now, committed, "run with BLESS=1 if the wire format was meant to change");
    }
    assert_eq!(now.len(), committed.len(), "vectors were added or lost; run with BLESS=1");
}

#[test]
fn names_are_unique() {
    let vectors = golden::all();
    let names: BTreeSet<_> = vectors.iter().map(|vector| vector.name).collect();
    assert_eq!(names.len(), vectors.len());
}

#[test]
fn what_is_read_is_written_the_same() {
    for vector in golden::all().iter().filter(|vector| vector.means.is_some()) {
        for packet in packets(&vector.data).unwrap_or_else(|| panic!("{}: the framing is refused", vector.name)) {
            let again = rewritten(&packet, vector.keys).unwrap_or_else(|| panic!("{}: refused", vector.name));
            assert_eq!(
                hex(&again) == hex(&packet),
                !vector.later,
                "{}: {} and again {}",
                vector.name,
                hex(&packet),
                hex(&again)
            );
        }
    }
}

#[test]
fn what_must_be_refused_is() {
    for vector in golden::all().iter().filter(|vector| vector.means.is_none()) {
        let all_read = packets(&vector.data)
            .is_some_and(|packets| packets.iter().all(|packet| rewritten(packet, vector.keys).is_some()));
        assert!(!all_read, "{} was read", vector.name);
    }
}

/// Whether each fact of the vector has a meaning, as far as it says.
fn said(means: &Value) -> Vec<Option<bool>> {
    let listed = |list: &Value| list.as_array().cloned().unwrap_or_default();
    let body = &means["body"];
    let segments = listed(&body["segments"]);
    let facts = segments.iter().flat_map(|segment| listed(&segment["facts"]));
    let records = listed(&body["records"]).into_iter().filter(|record| record["op"] != "extension");
    records.chain(facts).map(|fact| fact.get("means").map(|means| !means.is_null())).collect()
}

#[test]
fn typed_readers_read_what_has_a_meaning() {
    let mut compared = 0;
    for vector in golden::all() {
        let (Data::Packet(packet), Some(means)) = (&vector.data, &vector.means) else { continue };
        for (said, read) in said(means).into_iter().zip(typed_facts(packet)) {
            assert_eq!(said.unwrap_or(read), read, "{}", vector.name);
            compared += usize::from(said.is_some());
        }
    }
    assert!(compared > 200, "only {compared} facts were compared");
}
