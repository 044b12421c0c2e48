//! What a golden vector is, and how its packets are built.

use serde_json::{Value, json};
use tidings_wire::cursor::Writer;
use tidings_wire::event::{Event, Group};
use tidings_wire::facts::{Part, RawFact};
use tidings_wire::fields::Encoder;
use tidings_wire::message::{Downlink, head};
use tidings_wire::packet::{Envelope, Plain, Suite, SuiteId, Unique, seal};
use tidings_wire::record::{Record, Told};
use tidings_wire::suites::{Ascon128, ChaCha20Poly1305, KeySet, Side};
use tidings_wire::{Fact, Severity};

/// Bytes as they travel.
#[derive(Clone, PartialEq)]
pub enum Data {
    /// One packet.
    Packet(Vec<u8>),
    /// A whole stream.
    Stream(Vec<u8>),
    /// Link datagrams of one packet, in order of arrival.
    Fragments(Vec<Vec<u8>>),
}

/// Bytes and their meaning.
#[derive(Clone)]
pub struct Vector {
    pub name: &'static str,
    pub what: &'static str,
    pub data: Data,
    /// A part of what a decoder tells; `None` if it must refuse.
    pub means: Option<Value>,
    /// Holds something that today's writers do not write, from a later revision.
    pub later: bool,
    /// The key set that a sealed packet is opened with, `kid | up | down | digest`.
    pub keys: Option<[u8; KeySet::BYTES]>,
}

impl Vector {
    pub fn packet(name: &'static str, what: &'static str, packet: Vec<u8>, means: Value) -> Self {
        Self { name, what, data: Data::Packet(packet), means: Some(means), later: false, keys: None }
    }

    pub fn body(name: &'static str, what: &'static str, packet: Vec<u8>, means: Value) -> Self {
        Self::packet(name, what, packet, json!({ "body": means }))
    }

    pub fn refused(name: &'static str, what: &'static str, packet: Vec<u8>) -> Self {
        Self { name, what, data: Data::Packet(packet), means: None, later: false, keys: None }
    }

    pub fn opened_with(self, keys: [u8; KeySet::BYTES]) -> Self {
        Self { keys: Some(keys), ..self }
    }

    pub fn later(self) -> Self {
        Self { later: true, ..self }
    }
}

/// The envelope of uplink vectors: plain, no kid, no id, epoch 1, ctr 0.
pub const UP: Envelope<'static> =
    Envelope { suite: SuiteId::PLAIN, kid: None, id: None, epoch: 1, unique: Unique::Counter(0) };
/// The envelope of downlink vectors.
pub const DOWN: Envelope<'static> = Envelope { unique: Unique::None, ..UP };

/// The packet of a body under `envelope`, its check right, its length unchecked.
pub fn packet(envelope: &Envelope<'_>, body: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
    packet_by(&Plain, envelope, body)
}

/// The same with the check of another suite.
pub fn packet_by(suite: &dyn Suite, envelope: &Envelope<'_>, body: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
    let mut buffer = vec![0; 4096];
    let mut out = Writer::new(&mut buffer);
    envelope.write(&mut out);
    let clear = out.len();
    body(&mut out);
    let len = out.finish().expect("a vector fits its buffer");
    let whole = seal(suite, envelope, &mut buffer, clear, len - clear).expect("a check fits its buffer");
    buffer.truncate(whole);
    buffer
}

pub fn up(body: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
    packet(&UP, body)
}

pub fn down(answer: &Downlink<'_>) -> Vec<u8> {
    packet(&DOWN, |out| answer.write(out))
}

/// A packet of a body given byte by byte.
pub fn raw(envelope: &Envelope<'_>, body: &[u8]) -> Vec<u8> {
    packet(envelope, |out| {
        out.raw(body);
    })
}

pub fn beat(out: &mut Writer<'_>) {
    out.u8(head::BEAT);
    beat_fields(out);
}

pub fn beat_fields(out: &mut Writer<'_>) {
    out.u32(5);
    out.raw(&0x1122_3344_u32.to_le_bytes());
}

/// A Delta of (4, 6] with these bits besides its type.
pub fn delta(out: &mut Writer<'_>, bits: u8, records: &[Record<'_>]) {
    out.u8(head::DELTA | bits);
    delta_fields(out, None, records);
}

pub fn delta_fields(out: &mut Writer<'_>, digest: Option<u32>, records: &[Record<'_>]) {
    out.u32(4);
    out.u32(2);
    if let Some(digest) = digest {
        out.raw(&digest.to_le_bytes());
    }
    records.iter().for_each(|record| record.write(out));
}

/// A Delta of one record.
pub fn one(record: Record<'_>) -> Vec<u8> {
    up(|out| delta(out, 0, &[record]))
}

pub fn put<'a>(fact: RawFact<'a>) -> Record<'a> {
    Record { kind: fact.kind, key: fact.key, value: Some(fact.value), told: None }
}

pub fn told(age_ms: u32, count: u8) -> Option<Told> {
    Some(Told { age_ms, count })
}

/// The bytes of a fact.
pub fn encoded(fact: &impl Fact) -> RawFact<'static> {
    let (mut key, mut value) = (vec![0; 128], vec![0; 1024]);
    let mut out = Encoder::into(&mut key);
    fact.encode(Part::Key, &mut out);
    let key_len = out.key().expect("a key within its bounds");
    let mut out = Encoder::into(&mut value);
    fact.encode(Part::Value, &mut out);
    let value_len = out.value().expect("a value within its bounds").len;
    key.truncate(key_len);
    value.truncate(value_len);
    RawFact { kind: fact.kind(), key: key.leak(), value: value.leak() }
}

/// An event section.
pub fn section(out: &mut Writer<'_>, groups: &[(Severity, u32, &[Event<'_>])]) {
    out.u8(groups.len() as u8);
    for (severity, first, events) in groups {
        let at = Group::write_head(out, *severity, *first);
        events.iter().for_each(|event| event.write(out));
        Group::patch_count(out, at, *severity, events.len() as u8);
    }
}

/// Calls `act` with the suite as one side of a vector with `keys` has it.
pub fn with_suite<T>(
    keys: Option<[u8; KeySet::BYTES]>,
    suite: SuiteId,
    side: Side,
    act: impl FnOnce(&dyn Suite) -> T,
) -> T {
    let set = keys.map(|keys| KeySet::from_bytes(&keys).expect("a key set"));
    match (&set, suite, side) {
        (None, ..) => act(&Plain),
        (Some(set), SuiteId::ASCON_AEAD128, Side::Device) => act(&Ascon128::device(set)),
        (Some(set), SuiteId::ASCON_AEAD128, Side::Host) => act(&Ascon128::host(set)),
        (Some(set), _, Side::Device) => act(&ChaCha20Poly1305::device(set)),
        (Some(set), _, Side::Host) => act(&ChaCha20Poly1305::host(set)),
    }
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
