//! The agent under any input: it never panics, what it refuses changes no fact, and what it sends is well formed and within the buffer.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tidings::epoch::RamEpoch;
use tidings::facts::RawFact;
use tidings::wire::message::Uplink;
use tidings::wire::packet::{Direction, Plain, Unique, open};
use tidings::{Agent, Config, DeviceId, EventType, Keys, Kind, Memory, Severity, config};
use tidings_fuzz::{Script, link};

const CONFIG: Config = Config::new().profile(config::UDP).hold_down_ms(0);

struct Device<'a> {
    agent: Agent<'a>,
    store: RamEpoch,
    now_ms: u64,
    /// The number of the last packet.
    ctr: u64,
}

fuzz_target!(|data: &[u8]| {
    let mut memory = Memory::<512, 128>::new();
    let id = DeviceId::new(link::ID).expect("one byte");
    let mut agent = Agent::new(CONFIG, id, Keys::PLAIN, &mut memory);
    let mut store = RamEpoch::new();
    agent.start(0, &mut store).expect("an epoch");
    let mut device = Device { agent, store, now_ms: 0, ctr: 0 };
    let mut script = Script(data);
    while !script.is_over() {
        device.act(&mut script);
    }
    device.send(2304);
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
            2..=5 => {
                let echo = self.ctr.saturating_sub(u64::from(script.byte() & 3));
                self.receive(link::answer(script, self.agent.epoch(), echo));
            }
            6..=8 => {
                self.now_ms = self.now_ms.max(self.agent.next_deadline().min(1 << 40));
                self.send(2304);
            }
            9 => self.send(script.short().into()),
            10 | 11 => {
                let fact = RawFact { kind: Kind(script.byte() & 17), key: script.bytes(), value: script.bytes() };
                self.agent.record(&fact).ok();
            }
            12 => {
                let fact = RawFact { kind: Kind(script.byte() & 17), key: script.bytes(), value: b"" };
                self.agent.remove(&fact).ok();
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
        let kind = Kind(script.byte() & 15);
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
        let taken = self.agent.handle_input(self.now_ms, &mut packet).is_ok();
        let after = self.facts();
        // An answer changes facts of the agent about itself alone, and those may push nothing out.
        let own = |facts: &[(Kind, Vec<u8>, Vec<u8>)]| -> Vec<_> {
            facts.iter().filter(|fact| fact.0 != Kind::AGENT).cloned().collect()
        };
        assert_eq!(own(&before), own(&after));
        assert!(taken || before == after, "what is refused changes nothing");
    }

    fn send(&mut self, room: usize) {
        let mut buffer = vec![0xEE; room.min(2304)];
        let Some(len) = self.agent.poll_transmit(self.now_ms, &mut buffer) else { return };
        let (envelope, body) = open(&Plain, Direction::Up, &mut buffer[..len]).expect("it opens");
        assert!(envelope.id == Some(link::ID) && envelope.epoch == self.agent.epoch());
        let Unique::Counter(ctr) = envelope.unique else { panic!("an uplink packet has a counter") };
        assert!(ctr > self.ctr || self.ctr == 0 || ctr <= 1, "a counter is used once");
        self.ctr = ctr;
        Uplink::read(body).expect("it is well formed");
    }

    fn facts(&self) -> Vec<(Kind, Vec<u8>, Vec<u8>)> {
        let facts: Vec<_> = self.agent.facts().map(|(kind, key, value)| (kind, key.to_vec(), value.to_vec())).collect();
        assert!(facts.windows(2).all(|pair| (pair[0].0, &pair[0].1) < (pair[1].0, &pair[1].1)), "sorted, once each");
        facts
    }
}
