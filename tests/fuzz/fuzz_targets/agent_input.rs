//! The agent under any input: it never panics, what it refuses changes no fact, an answer counts for the open step alone, and what it sends is well
//! formed and within the buffer. Whatever it was told, it agrees with an honest host in the end.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::ops::RangeInclusive;
use tidings::epoch::RamEpoch;
use tidings::facts::RawFact;
use tidings::wire::message::{Answer, Uplink, head};
use tidings::wire::packet::{Direction, Plain, Unique, open};
use tidings::{Agent, Config, DeviceId, EventType, Keys, Kind, Memory, Severity, config};
use tidings_collector::effects::Effects;
use tidings_collector::replica::{Opened, Replica};
use tidings_fuzz::settle::settle;
use tidings_fuzz::{HOST, Script, link};

const CONFIG: Config = Config::new().profile(config::UDP).hold_down_ms(0);

/// Among them one that is volatile, the vendor's, and one that is not known.
const KINDS: [Kind; 8] = [
    Kind::IDENTITY,
    Kind::SOFTWARE,
    Kind::ACCOUNT,
    Kind::SETTING,
    Kind::HEALTH,
    Kind::VENDOR,
    Kind::INTERFACE,
    Kind(16),
];
/// Answers that may still come, late or again.
const ANSWERS: usize = 4;

struct Device<'a> {
    agent: Agent<'a>,
    store: RamEpoch,
    now_ms: u64,
    /// Epoch and number of the last packet.
    sent: (u32, u64),
    /// The packets of the step that may be open, and what they are; none if there is none.
    step: Option<(RangeInclusive<u64>, u8)>,
    /// A host that hears some of what is sent.
    host: Replica,
    answers: Vec<Vec<u8>>,
}

fuzz_target!(|data: &[u8]| {
    let mut memory = Memory::<512, 128>::new();
    let id = DeviceId::new(link::ID).expect("one byte");
    let mut agent = Agent::new(CONFIG, id, Keys::PLAIN, &mut memory);
    let mut store = RamEpoch::new();
    agent.start(0, &mut store).expect("an epoch");
    let (host, answers) = (Replica::new(HOST), Vec::new());
    let mut device = Device { agent, store, now_ms: 0, sent: (0, 0), step: None, host, answers };
    let mut script = Script(data);
    let heard_all_along = script.byte() & 1 == 0;
    while !script.is_over() {
        device.act(&mut script);
    }
    device.send(2304, true);
    let Device { mut agent, mut store, mut host, now_ms, .. } = device;
    if !heard_all_along {
        host = Replica::new(HOST);
    }
    settle(&mut agent, &mut host, &mut store, now_ms);
});

impl Device<'_> {
    fn act(&mut self, script: &mut Script<'_>) {
        match script.byte() & 15 {
            0 => self.receive(script.long_bytes().to_vec()),
            1 => {
                let body = script.long_bytes();
                self.receive(link::packet(self.agent.epoch(), |out| {
                    out.raw(body);
                }));
            }
            2 | 3 => {
                let echo = self.sent.1.saturating_sub(u64::from(script.byte() & 3));
                self.receive(link::answer(script, self.agent.epoch(), echo));
            }
            4 | 5 => {
                let which = usize::from(script.byte());
                let answer = self.answers.get(which % self.answers.len().max(1)).cloned();
                self.receive(answer.unwrap_or_default());
            }
            6..=8 => {
                self.now_ms = self.now_ms.max(self.agent.next_deadline().min(1 << 40));
                self.send(2304, script.byte() & 3 != 0);
            }
            9 => self.send(script.short().into(), true),
            10 | 11 => {
                let (kind, key) = (kind(script), [script.byte() & 7]);
                let value = if script.byte() & 7 == 0 { script.bytes() } else { script.take(1) };
                self.agent.record(&RawFact { kind, key: &key, value }).ok();
            }
            12 => {
                let (kind, key) = (kind(script), [script.byte() & 7]);
                self.agent.remove(&RawFact { kind, key: &key, value: b"" }).ok();
            }
            13 => {
                let (severity, actor, data) = (Severity::from_bits(script.byte()), script.bytes(), script.bytes());
                self.agent.event(severity, EventType::TEXT, actor, data).ok();
            }
            14 => self.switch(script),
            _ => {
                self.now_ms += u64::from(script.word());
                self.agent.maintain(self.now_ms, &mut self.store).ok();
            }
        }
    }

    fn switch(&mut self, script: &mut Script<'_>) {
        let kind = kind(script);
        match script.byte() & 7 {
            0 => self.agent.switch_off(kind),
            1 => self.agent.switch_on(kind),
            2 => self.agent.fail(kind),
            3 => self.agent.complete(kind),
            4 => self.agent.scan(kind).finish(),
            5 => self.agent.link_down(),
            _ => self.agent.link_up(self.now_ms),
        }
    }

    fn receive(&mut self, mut packet: Vec<u8>) {
        let before = self.facts();
        let answer = answer(&packet);
        let taken = self.agent.handle_input(self.now_ms, &mut packet).is_ok();
        let after = self.facts();
        // An answer changes facts of the agent about itself alone, and those may push nothing out.
        let own = |facts: &[(Kind, Vec<u8>, Vec<u8>)]| -> Vec<_> {
            facts.iter().filter(|fact| fact.0 != Kind::AGENT).cloned().collect()
        };
        assert_eq!(own(&before), own(&after));
        assert!(taken || before == after, "what is refused changes nothing");
        if taken {
            let (echo, ends) = answer.expect("only an answer is taken");
            let step = &self.step.as_ref().expect("an answer needs an open step").0;
            assert!(step.contains(&echo), "{echo} answers no packet of the step {step:?}");
            self.step.take_if(|_| ends);
        }
    }

    fn send(&mut self, room: usize, heard: bool) {
        let mut buffer = vec![0xEE; room.min(2304)];
        let Some(len) = self.agent.poll_transmit(self.now_ms, &mut buffer) else { return };
        let (envelope, body) = open(&Plain, Direction::Up, &mut buffer[..len]).expect("it opens");
        assert!(envelope.id == Some(link::ID) && envelope.epoch == self.agent.epoch());
        let Unique::Counter(ctr) = envelope.unique else { panic!("an uplink packet has a counter") };
        let sent = (envelope.epoch, ctr);
        assert!(sent > self.sent || self.sent == (0, 0), "{sent:?} after {:?}", self.sent);
        Uplink::read(body).expect("it is well formed");
        let what = body[0] & head::TYPE;
        let first = self.step.take().filter(|(_, open)| *open == what && envelope.epoch == self.sent.0);
        self.step = Some((first.map_or(ctr, |(step, _)| *step.start())..=ctr, what));
        self.sent = sent;
        if heard {
            let opened = Opened { epoch: envelope.epoch, ctr, body };
            let reply = self.host.receive(opened, self.now_ms, &mut Effects::new()).expect("it is well formed");
            self.answers.extend(reply.map(|reply| link::packet(reply.epoch, |out| reply.body.write(out))));
            self.answers.drain(..self.answers.len().saturating_sub(ANSWERS));
        }
    }

    fn facts(&self) -> Vec<(Kind, Vec<u8>, Vec<u8>)> {
        let facts: Vec<_> = self.agent.facts().map(|(kind, key, value)| (kind, key.to_vec(), value.to_vec())).collect();
        assert!(facts.windows(2).all(|pair| (pair[0].0, &pair[0].1) < (pair[1].0, &pair[1].1)), "sorted, once each");
        facts
    }
}

fn kind(script: &mut Script<'_>) -> Kind {
    KINDS[usize::from(script.byte()) % KINDS.len()]
}

/// What a packet of the host answers, if it is one, and whether that ends the step.
fn answer(packet: &[u8]) -> Option<(u64, bool)> {
    let mut copy = packet.to_vec();
    let (_, body) = open(&Plain, Direction::Down, &mut copy).ok()?;
    // A command may be anything: a device of this revision does not read it.
    let answer = Answer::read(body).ok()?;
    Some((answer.echo.into(), answer.number <= Answer::STALE))
}
