//! The real agent and the real replica, and between them a line that loses, repeats, and may put one of them a revision ahead.

use crate::later;
use std::collections::BTreeMap;
use tidings::epoch::RamEpoch;
use tidings::facts::{Fact, RawFact};
use tidings::{Agent, Config, DeviceId, EventType, Keys, Kind, Memory, Severity, config};
use tidings_collector::effects::{Effect, Effects};
use tidings_collector::replica::{Opened, Replica, Settings};
use tidings_sim::rng::Rng;
use tidings_wire::DigestKey;
use tidings_wire::cursor::Writer;
use tidings_wire::message::{AckFlags, Downlink};
use tidings_wire::packet::{Direction, Envelope, Plain, Unique, open, seal};

const SETTINGS: Settings = Settings { max_facts: 1000, instance: 7, digest_key: DigestKey([0; 16]) };
const CONFIG: Config = Config::new().profile(config::UDP).hold_down_ms(0);
const KINDS: [Kind; 3] = [Kind::SOFTWARE, Kind::SETTING, later::KIND];
/// Packets of a life before the line gets good, and after that until both agree.
const LIFE: usize = 60;
const SETTLED: usize = 60;

/// Who is a revision ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revision {
    Same,
    LaterDevice,
    LaterHost,
}

/// The host, and the events that it took: severity and data.
pub struct Host {
    replica: Replica,
    pub events: Vec<(u8, Vec<u8>)>,
    lost: u32,
}

pub struct Line {
    rng: Rng,
    revision: Revision,
    agent: Agent<'static>,
    store: RamEpoch,
    pub host: Host,
    now_ms: u64,
    /// Chance that a packet or an answer is lost.
    loss: u64,
    /// The last answer, which may come once more.
    answer: Vec<u8>,
}

impl Line {
    pub fn new(seed: u64, revision: Revision) -> Self {
        let memory = Box::leak(Box::new(Memory::<2048, 512>::new()));
        let id = DeviceId::new(b"d").expect("one byte");
        let mut agent = Agent::new(CONFIG, id, Keys::PLAIN, memory);
        KINDS.into_iter().for_each(|kind| agent.complete(kind));
        let mut store = RamEpoch::new();
        agent.start(0, &mut store).expect("RAM keeps all");
        let host = Host { replica: Replica::new(SETTINGS), events: Vec::new(), lost: 0 };
        Self { rng: Rng::new(seed), revision, agent, store, host, now_ms: 0, loss: 0, answer: Vec::new() }
    }

    pub fn record(&mut self, fact: &dyn Fact) {
        self.agent.record(fact).expect("room");
    }

    pub fn remove(&mut self, fact: &dyn Fact) {
        self.agent.remove(fact).expect("it is small");
    }

    pub fn event(&mut self, severity: Severity, what: EventType, data: &[u8]) {
        self.agent.event(severity, what, b"", data).expect("it is small");
    }

    /// What the host holds of a kind.
    pub fn held(&self, kind: Kind) -> Vec<(Vec<u8>, Vec<u8>)> {
        let of_kind = self.host.replica.facts().filter(|(of, ..)| *of == kind.0);
        of_kind.map(|(_, key, fact)| (key.to_vec(), fact.value.clone())).collect()
    }

    /// A whole life: changes and events on a bad line, a kind switched off and on again; then quiet, and both hold the same.
    pub fn lives(mut self) {
        self.loss = 25;
        let mut sent = Vec::new();
        for step in 0..LIFE {
            self.changes();
            if self.rng.percent(30) {
                let name = format!("event {step}");
                let severity = Severity::from_bits(self.rng.below(4) as u8);
                self.event(severity, EventType::TEXT, name.as_bytes());
                sent.push(name.into_bytes());
            }
            if step == LIFE / 2 {
                self.agent.switch_off(Kind::SETTING);
            }
            self.passes_one();
        }
        self.agent.switch_on(Kind::SETTING);
        self.agent.complete(Kind::SETTING);
        self.loss = 0;
        self.settle();
        self.judge(sent);
    }

    fn changes(&mut self) {
        let (kind, key) = (KINDS[self.rng.index(3)], [self.rng.below(12) as u8]);
        let value = self.rng.any().to_le_bytes();
        let fact = RawFact { kind, key: &key, value: &value[..self.rng.index(9)] };
        if self.rng.percent(25) { self.agent.remove(&fact) } else { self.agent.record(&fact) }.expect("room for 36");
    }

    fn judge(&self, mut sent: Vec<Vec<u8>>) {
        let device: Vec<_> =
            self.agent.facts().map(|(kind, key, value)| (kind.0, key.to_vec(), value.to_vec())).collect();
        let facts = self.host.replica.facts();
        let held: Vec<_> = facts.map(|(kind, key, fact)| (kind, key.to_vec(), fact.value.clone())).collect();
        assert_eq!(held, device, "{:?}", self.revision);
        let mut got: Vec<_> = self.host.events.iter().map(|(_, data)| data.clone()).collect();
        got.sort();
        sent.sort();
        assert_eq!((got, self.host.lost), (sent, 0), "{:?}: each event once", self.revision);
        self.in_order();
    }

    fn in_order(&self) {
        let mut newest = BTreeMap::new();
        for (severity, data) in &self.host.events {
            let number: u32 = String::from_utf8_lossy(&data[6..]).parse().expect("its number");
            assert!(newest.insert(severity, number) < Some(number), "of one severity in their order");
        }
    }

    /// On a line that loses nothing, until nobody has anything to say.
    pub fn settle(&mut self) {
        for _ in 0..SETTLED {
            self.passes_one();
            let state = self.host.replica.state();
            if self.agent.is_synced() && state.pending == 0 && !state.ask {
                return;
            }
        }
        panic!("{:?}: never settled", self.revision);
    }

    /// The device says something that the host does not know, in place of its next packet.
    pub fn says_something_unknown(&mut self) {
        let packet = self.next_packet().expect("something is due");
        let packet = later::unknown(&mut self.rng, &packet);
        let answer = self.host.take(&packet, self.now_ms).expect("whatever it is, it is answered");
        let mut copy = answer.clone();
        let (_, body) = open(&Plain, Direction::Down, &mut copy).expect("a good answer");
        let Ok(Downlink::Ack(ack)) = Downlink::read(body) else { panic!("no Ack") };
        assert!(ack.flags.has(AckFlags::NOT_APPLIED.with(AckFlags::UNSUPPORTED, true)), "{:?}", ack.flags);
        self.agent.handle_input(self.now_ms, &mut answer.clone()).expect("it answers the open step");
    }

    /// The next packet and its answer, as far as the line lets them.
    fn passes_one(&mut self) {
        let Some(packet) = self.next_packet() else { return };
        let packet = match self.revision {
            Revision::LaterDevice if self.loss > 0 && self.rng.percent(10) => later::unknown(&mut self.rng, &packet),
            Revision::LaterDevice => later::device(&mut self.rng, &packet),
            _ => packet,
        };
        if self.rng.percent(self.loss) {
            return;
        }
        let times = if self.rng.percent(self.loss) { 2 } else { 1 };
        for _ in 0..times {
            let Some(answer) = self.host.take(&packet, self.now_ms) else { continue };
            let later = self.revision == Revision::LaterHost;
            let answer = if later { later::host(&mut self.rng, &answer) } else { answer };
            if !self.rng.percent(self.loss) {
                self.agent.handle_input(self.now_ms, &mut answer.clone()).ok(); // the second one comes too late
            }
            let mut before = std::mem::replace(&mut self.answer, answer);
            if self.rng.percent(self.loss) {
                self.agent.handle_input(self.now_ms, &mut before).ok(); // and so does this one
            }
        }
    }

    fn next_packet(&mut self) -> Option<Vec<u8>> {
        self.now_ms = self.agent.next_deadline().max(self.now_ms + 1);
        self.agent.maintain(self.now_ms, &mut self.store).expect("RAM keeps all");
        let mut buffer = [0; 400];
        let len = self.agent.poll_transmit(self.now_ms, &mut buffer)?;
        Some(buffer[..len].to_vec())
    }
}

impl Host {
    fn take(&mut self, packet: &[u8], now_ms: u64) -> Option<Vec<u8>> {
        let mut copy = packet.to_vec();
        let (envelope, body) = open(&Plain, Direction::Up, &mut copy).expect("the line flips no bits");
        let Unique::Counter(ctr) = envelope.unique else { panic!("not from a device") };
        let mut effects = Effects::new();
        let opened = Opened { epoch: envelope.epoch, ctr, body };
        let reply = self.replica.receive(opened, now_ms, &mut effects).expect("a later body is not malformed");
        for effect in effects.iter() {
            match effect {
                Effect::Event(event) => self.events.push((event.severity, event.data.to_vec())),
                Effect::Lost { count, .. } => self.lost += count,
                _ => {}
            }
        }
        let reply = reply?;
        let down = Envelope { epoch: reply.epoch, unique: Unique::None, ..envelope };
        let mut buffer = [0; 200];
        let mut out = Writer::new(&mut buffer);
        down.write(&mut out);
        let clear = out.len();
        reply.body.write(&mut out);
        let end = out.finish().expect("it fits");
        let len = seal(&Plain, &down, &mut buffer, clear, end - clear).expect("it fits");
        Some(buffer[..len].to_vec())
    }
}
