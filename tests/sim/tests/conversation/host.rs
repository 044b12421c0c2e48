//! The real host at the end of a perfect line, and a list of what it heard and did.

use tidings::config::{Profile, SERIAL};
use tidings::facts::RawFact;
use tidings::{Agent, Kind};
use tidings_collector::effects::{Effect, Effects};
use tidings_collector::replica::{Opened, Replica, Settings};
use tidings_wire::DigestKey;
use tidings_wire::cursor::Writer;
use tidings_wire::message::head;
use tidings_wire::packet::{Direction, Envelope, Plain, Unique, open, seal};

pub const PROFILE: Profile = Profile { mtu: 160, ..SERIAL };
pub const SETTINGS: Settings = Settings { max_facts: 1000, instance: 7, digest_key: DigestKey([0; 16]) };

/// The host, and everything that was said and done.
pub struct Host {
    pub replica: Replica,
    pub said: Vec<&'static str>,
    pub bytes: usize,
    pub done: Vec<String>,
}

impl Host {
    pub fn new() -> Self {
        Self { replica: Replica::new(SETTINGS), said: Vec::new(), bytes: 0, done: Vec::new() }
    }

    /// Takes in a packet; gives the sealed answer.
    pub fn answer(&mut self, packet: &mut [u8]) -> Option<Vec<u8>> {
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

    pub fn take_said(&mut self) -> Vec<&'static str> {
        std::mem::take(&mut self.said)
    }

    pub fn take_done(&mut self) -> Vec<String> {
        std::mem::take(&mut self.done)
    }
}

fn name(body_type: u8) -> &'static str {
    ["Hello", "Delta", "Range", "Beat", "Buckets"][usize::from(body_type)]
}

fn words(effect: Effect<'_>) -> Option<String> {
    match effect {
        Effect::Change(c) => Some(format!("{} {} {}", c.op.as_str(), c.kind, String::from_utf8_lossy(c.key))),
        Effect::Event(e) => Some(format!("event {} #{}", e.severity, e.number)),
        Effect::Lost { count, .. } => Some(format!("lost {count}")),
        _ => None,
    }
}

/// Lets both talk until the device has nothing to say before `until`.
pub fn talk(agent: &mut Agent<'_>, host: &mut Host, now: &mut u64, until: u64) {
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

pub fn fact<'a>(kind: Kind, key: &'a [u8], value: &'a [u8]) -> RawFact<'a> {
    RawFact { kind, key, value }
}

/// Both hold the same, and the device knows.
pub fn same(agent: &Agent<'_>, host: &Host) {
    let device: Vec<_> = agent.facts().map(|(kind, key, value)| (kind.0, key.to_vec(), value.to_vec())).collect();
    let held: Vec<_> = host.replica.facts().map(|(kind, key, fact)| (kind, key.to_vec(), fact.value.clone())).collect();
    assert_eq!(device, held);
    assert!(agent.is_synced());
}
