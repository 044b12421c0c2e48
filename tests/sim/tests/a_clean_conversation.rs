//! One device and one host that hear each other well: what is said, and how little of it.

use tidings::config::{Profile, SERIAL};
use tidings::epoch::RamEpoch;
use tidings::facts::RawFact;
use tidings::{Agent, Config, DeviceId, EventType, Keys, Kind, Memory, Severity};
use tidings_collector::effects::{Effect, Effects, Op};
use tidings_collector::replica::{Opened, Replica, Settings};
use tidings_wire::DigestKey;
use tidings_wire::cursor::Writer;
use tidings_wire::message::head;
use tidings_wire::packet::{Direction, Envelope, Plain, Unique, open, seal};

const PROFILE: Profile = Profile { mtu: 160, ..SERIAL };
const SETTINGS: Settings = Settings { max_facts: 1000, instance: 7, digest_key: DigestKey([0; 16]) };

/// The host, and everything that was said and done.
struct Host {
    replica: Replica,
    said: Vec<&'static str>,
    bytes: usize,
    done: Vec<String>,
}

impl Host {
    fn new() -> Self {
        Self { replica: Replica::new(SETTINGS), said: Vec::new(), bytes: 0, done: Vec::new() }
    }

    /// Takes in a packet; gives the sealed answer.
    fn answer(&mut self, packet: &mut [u8]) -> Option<Vec<u8>> {
        self.bytes += packet.len();
        let (envelope, body) = open(&Plain, Direction::Up, packet).expect("a good packet");
        self.said.push(name(body[0] & head::TYPE));
        let Unique::Counter(ctr) = envelope.unique else { panic!("not from a device") };
        let mut effects = Effects::new();
        let opened = Opened { epoch: envelope.epoch, ctr, body };
        let reply = self.replica.receive(opened, 0, &mut effects).expect("a good body")?;
        self.done.extend(effects.iter().filter_map(words));
        let down = Envelope { epoch: reply.epoch, unique: Unique::None, ..envelope };
        let mut buffer = [0; 200];
        let mut out = Writer::new(&mut buffer);
        down.write(&mut out);
        let clear = out.len();
        reply.body.write(&mut out);
        let end = out.finish().expect("fits");
        let len = seal(&Plain, &down, &mut buffer, clear, end - clear).expect("fits");
        Some(buffer[..len].to_vec())
    }

    fn take_said(&mut self) -> Vec<&'static str> {
        std::mem::take(&mut self.said)
    }

    fn take_done(&mut self) -> Vec<String> {
        std::mem::take(&mut self.done)
    }
}

fn name(body_type: u8) -> &'static str {
    ["Hello", "Delta", "Range", "Beat", "Buckets"][usize::from(body_type)]
}

fn words(effect: Effect<'_>) -> Option<String> {
    match effect {
        Effect::Change(c) => Some(format!("{} {} {}", op(c.op), c.kind, String::from_utf8_lossy(c.key))),
        Effect::Event(e) => Some(format!("event {} #{}", e.severity, e.number)),
        Effect::Lost { count, .. } => Some(format!("lost {count}")),
        _ => None,
    }
}

fn op(op: Op) -> &'static str {
    op.as_str()
}

/// Lets both talk until the device has nothing to say before `until`.
fn talk(agent: &mut Agent<'_>, host: &mut Host, now: &mut u64, until: u64) {
    let mut buffer = [0; 512];
    for _ in 0..1000 {
        *now = agent.next_deadline().max(*now);
        if *now > until {
            *now = until;
            return;
        }
        while let Some(len) = agent.poll_transmit(*now, &mut buffer) {
            *now += 10;
            if let Some(mut answer) = host.answer(&mut buffer[..len]) {
                agent.handle_input(*now, &mut answer).expect("an answer to what was asked");
            }
        }
    }
    panic!("never quiet: {:?}", host.said);
}

fn fact<'a>(kind: Kind, key: &'a [u8], value: &'a [u8]) -> RawFact<'a> {
    RawFact { kind, key, value }
}

fn boot(agent: &mut Agent<'_>, store: &mut RamEpoch, now: u64) {
    for n in 0..12u8 {
        let (key, value) = ([b'k', n], [n; 20]);
        agent.record(&fact(Kind::SOFTWARE, &key, &value)).expect("room");
        agent.record(&fact(Kind::SETTING, &key, &value[..3])).expect("room");
    }
    agent.complete(Kind::SOFTWARE);
    agent.complete(Kind::SETTING);
    agent.start(now, store).expect("a store that works");
}

fn same(agent: &Agent<'_>, host: &Host) {
    let device: Vec<_> = agent.facts().map(|(kind, key, value)| (kind.0, key.to_vec(), value.to_vec())).collect();
    let held: Vec<_> = host.replica.facts().map(|(kind, key, fact)| (kind, key.to_vec(), fact.value.clone())).collect();
    assert_eq!(device, held);
    assert!(agent.is_synced());
}

#[test]
fn a_device_greets_fills_an_empty_host_and_then_only_beats() {
    let mut memory = Memory::<2048, 256>::new();
    let mut store = RamEpoch::new();
    let mut agent =
        Agent::new(Config::new().profile(PROFILE), DeviceId::new(b"dev").unwrap(), Keys::PLAIN, &mut memory);
    let (mut host, mut now) = (Host::new(), 1000);
    boot(&mut agent, &mut store, now);
    talk(&mut agent, &mut host, &mut now, 5_000);
    let said = host.take_said();
    assert_eq!(said[..2], ["Hello", "Buckets"], "{said:?}");
    assert!(said[2..].iter().all(|name| *name == "Range") && said.len() > 4, "{said:?}");
    same(&agent, &host);
    assert_eq!(host.take_done().len(), 24);
    talk(&mut agent, &mut host, &mut now, 130_000);
    assert_eq!(host.take_said(), ["Beat", "Beat"]);
}

#[test]
fn changes_removals_and_events_travel_in_one_delta_each() {
    let mut memory = Memory::<2048, 256>::new();
    let mut store = RamEpoch::new();
    let mut agent =
        Agent::new(Config::new().profile(PROFILE), DeviceId::new(b"dev").unwrap(), Keys::PLAIN, &mut memory);
    let (mut host, mut now) = (Host::new(), 1000);
    boot(&mut agent, &mut store, now);
    talk(&mut agent, &mut host, &mut now, 5_000);
    host.take_said();
    host.take_done();
    agent.record(&fact(Kind::SOFTWARE, b"k\x01", b"new")).unwrap();
    agent.remove(&fact(Kind::SETTING, b"k\x02", b"")).unwrap();
    agent.event(Severity::Warning, EventType::LOGIN_FAILED, b"eve", b"").unwrap();
    talk(&mut agent, &mut host, &mut now, 6_000);
    assert_eq!(host.take_said(), ["Delta"]);
    assert_eq!(host.take_done(), ["event 2 #1", "changed 1 k\x01", "removed 6 k\x02"]);
    same(&agent, &host);
    agent.record(&fact(Kind::SOFTWARE, b"k\x01", b"new")).unwrap();
    talk(&mut agent, &mut host, &mut now, 7_000);
    assert_eq!(host.take_said(), [""; 0], "the same value again is no news");
}

#[test]
fn an_unchanged_reboot_is_one_small_hello() {
    let mut store = RamEpoch::new();
    let (mut host, mut now) = (Host::new(), 1000);
    for (round, expected) in [(0, None), (1, Some(["Hello"])), (2, Some(["Hello"]))] {
        let mut memory = Memory::<2048, 256>::new();
        let mut agent =
            Agent::new(Config::new().profile(PROFILE), DeviceId::new(b"dev").unwrap(), Keys::PLAIN, &mut memory);
        boot(&mut agent, &mut store, now);
        (host.bytes, host.done) = (0, Vec::new());
        let until = now + 5_000;
        talk(&mut agent, &mut host, &mut now, until);
        let said = host.take_said();
        assert!(expected.is_none_or(|expected| said == expected), "round {round}: {said:?}");
        assert!(expected.is_none() || host.bytes <= 48, "{} bytes", host.bytes);
        assert!(expected.is_none() || host.take_done().is_empty(), "nothing to tell");
        same(&agent, &host);
    }
}

#[test]
fn what_changed_while_the_power_was_off_is_found() {
    let mut store = RamEpoch::new();
    let (mut host, mut now) = (Host::new(), 1000);
    for round in 0..2 {
        let mut memory = Memory::<2048, 256>::new();
        let mut agent =
            Agent::new(Config::new().profile(PROFILE), DeviceId::new(b"dev").unwrap(), Keys::PLAIN, &mut memory);
        if round == 1 {
            agent.record(&fact(Kind::SETTING, b"key only of this boot", b"yes")).unwrap();
        }
        boot(&mut agent, &mut store, now);
        host.done.clear();
        let until = now + 5_000;
        talk(&mut agent, &mut host, &mut now, until);
        same(&agent, &host);
    }
    assert_eq!(host.take_done(), ["added 6 key only of this boot"]);
}
