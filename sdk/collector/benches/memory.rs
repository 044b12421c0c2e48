//! How many changes a second one core decodes and applies in memory, beside the same facts as JSON.
//!
//! 1,000 devices in turn; each packet is a Delta of one changed version with its digest, opened (CRC), read, applied, compared and answered.
//! The JSON side reads one object per change into a typed struct and puts it into the same kind of table: no check, no digest, no answer.
//! Nothing is stored and nothing else is measured; the time is that of the thread on its core, so that other work on the machine counts little. Run with `cargo bench -p tidings-collector --bench memory`.

use std::collections::BTreeMap;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use serde::{Deserialize, Serialize};
use tidings_collector::effects::{Count, Effects};
use tidings_collector::replica::{DeviceState, Fact as Held, Opened, Replica, Settings};
use tidings_wire::cursor::Writer;
use tidings_wire::facts::{Ecosystem, Fact, Part, Software, SoftwareKey, SoftwareState};
use tidings_wire::fields::Encoder;
use tidings_wire::message::{AckFlags, Downlink, Hello, Standing, head};
use tidings_wire::packet::{self, Direction, Envelope, Plain, SuiteId, Unique};
use tidings_wire::record::{Record, Told};
use tidings_wire::{Digest, DigestKey, Kind, KindMask, digest};

const DEVICES: usize = 1_000;
const FACTS: usize = 32;
const CHANGES: usize = 1_000;
const ROUNDS: usize = 5;
const SETTINGS: Settings = Settings { max_facts: 1_000, instance: 1, digest_key: DigestKey([0; 16]) };

/// A change as JSON carries it.
#[derive(Serialize, Deserialize)]
struct Change<'a> {
    device: &'a str,
    op: &'a str,
    kind: &'a str,
    ecosystem: &'a str,
    name: &'a str,
    architecture: &'a str,
    version: &'a str,
    state: &'a str,
    age_ms: u32,
    count: u8,
}

/// Messages end to end, as they would lie in a receive buffer.
#[derive(Default)]
struct Tape {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Tape {
    fn push(&mut self, message: &[u8]) {
        self.bytes.extend_from_slice(message);
        self.ends.push(self.bytes.len());
    }

    fn iter(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.bytes[start..*end])
    }
}

/// One device's table and digest, to write its packets from.
struct Device {
    id: [u8; 8],
    values: Vec<Vec<u8>>,
    digest: Digest,
    seq: u32,
}

fn name(fact: usize) -> String {
    format!("package-{fact:02}")
}

fn version(device: usize, change: usize) -> String {
    format!("{}.{}.{}", change / 100, change % 100, device)
}

fn encoded(fact: usize, version: &str) -> (Vec<u8>, Vec<u8>) {
    let name = name(fact);
    let key = SoftwareKey::Named { ecosystem: Ecosystem::DEB, name: &name, architecture: "arm64" };
    let fact = Software::of(key).version(version).state(SoftwareState::ACTIVE);
    let written = |part: Part| {
        let mut buffer = [0; 128];
        let mut out = Encoder::into(&mut buffer);
        fact.encode(part, &mut out);
        let len = out.finish().len;
        buffer[..len].to_vec()
    };
    (written(Part::Key), written(Part::Value))
}

impl Device {
    fn new(number: usize) -> Self {
        let mut device = Self { id: (number as u64).to_be_bytes(), values: Vec::new(), digest: Digest::EMPTY, seq: 0 };
        for fact in 0..FACTS {
            let (key, value) = encoded(fact, "0");
            device.digest.add(digest::hash(&SETTINGS.digest_key, Kind::SOFTWARE, &key, &value));
            device.values.push(value);
        }
        device
    }

    /// The packet that tells of one more changed version.
    fn change(&mut self, number: usize, change: usize) -> Vec<u8> {
        let fact = (change * 7) % FACTS;
        let (key, value) = encoded(fact, &version(number, change));
        self.digest.sub(digest::hash(&SETTINGS.digest_key, Kind::SOFTWARE, &key, &self.values[fact]));
        self.digest.add(digest::hash(&SETTINGS.digest_key, Kind::SOFTWARE, &key, &value));
        let told = Some(Told { age_ms: 120, count: (change / FACTS + 1) as u8 });
        let packet = self.packet(1 + u64::from(self.seq), |out| {
            out.u8(head::DELTA | head::DIGEST);
            out.u32(self.seq);
            out.u32(1);
            out.raw(&self.digest.short().to_le_bytes());
            Record { kind: Kind::SOFTWARE, key: &key, value: Some(&value), told }.write(out);
        });
        self.values[fact] = value;
        self.seq += 1;
        packet
    }

    fn packet(&self, ctr: u64, body: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
        let unique = Unique::Counter(ctr);
        let envelope = Envelope { suite: SuiteId::PLAIN, kid: None, id: Some(&self.id), epoch: 1, unique };
        let mut buffer = [0; 256];
        let mut out = Writer::new(&mut buffer);
        envelope.write(&mut out);
        let clear = out.len();
        body(&mut out);
        let body = out.len() - clear;
        let len = packet::seal(&Plain, &envelope, &mut buffer, clear, body).expect("fits");
        buffer[..len].to_vec()
    }

    /// The host's side of it: known, and holding all its facts.
    fn replica(&self) -> Replica {
        let facts = (0..FACTS).map(|fact| encoded(fact, "0"));
        let stored = facts.map(|(key, value)| (Kind::SOFTWARE.0, key, Held { value, count: Count::default() }));
        let mut replica = Replica::restore(SETTINGS, DeviceState::default(), stored);
        let compared = KindMask::of(Kind::SOFTWARE);
        let standing = Standing { compared, total: self.digest.0, ..Standing::default() };
        let mut buffer = [0; 64];
        let mut out = Writer::new(&mut buffer);
        Hello { standing, ..Hello::default() }.write(&mut out);
        let hello = Opened { epoch: 1, ctr: 0, body: out.written() };
        replica.receive(hello, 0, &mut Effects::new()).expect("well formed");
        replica
    }
}

fn main() {
    // `cargo test` may run benches too, without this word.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let mut devices: Vec<Device> = (0..DEVICES).map(Device::new).collect();
    let mut packets = Tape::default();
    let mut json = Tape::default();
    for change in 0..CHANGES {
        for (number, device) in devices.iter_mut().enumerate() {
            packets.push(&device.change(number, change));
            json.push(&as_json(number, change));
        }
    }
    println!(
        "{DEVICES} devices, {FACTS} facts each, {} one-fact changes, one thread, best of {ROUNDS}",
        DEVICES * CHANGES
    );
    best("tidings: opened, applied, compared, answered", &packets, || {
        let mut replicas: Vec<Replica> = (0..DEVICES).map(|number| Device::new(number).replica()).collect();
        apply_packets(&packets, &mut replicas)
    });
    best("JSON:    read with serde_json, put into a table", &json, || apply_json(&json));
}

fn as_json(number: usize, change: usize) -> Vec<u8> {
    let (device, name, version) = (format!("{number:016x}"), name((change * 7) % FACTS), version(number, change));
    let change = Change {
        device: &device,
        op: "changed",
        kind: "software",
        ecosystem: "deb",
        name: &name,
        architecture: "arm64",
        version: &version,
        state: "active",
        age_ms: 120,
        count: (change / FACTS + 1) as u8,
    };
    serde_json::to_vec(&change).expect("plain fields")
}

/// Runs it some times; it gives how many seconds the measured part took.
fn best(what: &str, tape: &Tape, mut run: impl FnMut() -> f64) {
    let seconds = (0..ROUNDS).map(|_| run()).fold(f64::INFINITY, f64::min);
    let count = tape.ends.len();
    let bytes = tape.bytes.len() as f64 / count as f64;
    println!("  {what}: {:>9.0} a second, {bytes:.1} bytes each", count as f64 / seconds);
}

fn apply_packets(tape: &Tape, replicas: &mut [Replica]) -> f64 {
    let mut effects = Effects::new();
    let mut scratch = [0; tidings_wire::MAX_PACKET];
    let began = core_time();
    for bytes in tape.iter() {
        let packet = &mut scratch[..bytes.len()];
        packet.copy_from_slice(bytes);
        let (envelope, body) = packet::open(&Plain, Direction::Up, packet).expect("a good packet");
        let (Some(id), Unique::Counter(ctr)) = (envelope.id, envelope.unique) else { panic!("no id") };
        let number = u64::from_be_bytes(id.try_into().expect("8 bytes")) as usize;
        effects.clear();
        let opened = Opened { epoch: envelope.epoch, ctr, body };
        let reply = replicas[number].receive(opened, 1_000_000, &mut effects).expect("a good body").expect("an answer");
        let Downlink::Ack(ack) = reply.body else { panic!("no ack") };
        assert!(ack.flags == AckFlags::default() && effects.iter().len() == 1, "applied, digest equal, one change");
    }
    (core_time() - began).as_secs_f64()
}

fn apply_json(tape: &Tape) -> f64 {
    type Key = (String, String, String, String);
    let mut devices: BTreeMap<String, BTreeMap<Key, (String, String, u8)>> = BTreeMap::new();
    let began = core_time();
    for bytes in tape.iter() {
        let change: Change<'_> = serde_json::from_slice(bytes).expect("good JSON");
        let device = match devices.get_mut(change.device) {
            Some(device) => device,
            None => devices.entry(change.device.into()).or_default(),
        };
        let key = (change.kind.into(), change.ecosystem.into(), change.name.into(), change.architecture.into());
        device.insert(key, (change.version.into(), change.state.into(), change.count));
    }
    assert_eq!(devices.len(), DEVICES);
    (core_time() - began).as_secs_f64()
}

/// What this thread used of its core.
fn core_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}
