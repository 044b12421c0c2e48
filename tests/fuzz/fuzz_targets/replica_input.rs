//! The replica under any bodies, well formed or not: it does what the rules say and no more, what is malformed leaves no trace, what changes is told, and
//! a restart from what was told goes on the same. Whatever came, an honest device of a newer life agrees with it in the end.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tidings::epoch::RamEpoch;
use tidings::facts::RawFact;
use tidings::{Agent, Config, DeviceId, EpochStore, Keys, Kind, Memory, config};
use tidings_collector::effects::{Effect, Effects, Op};
use tidings_collector::replica::{Fact, Opened, Replica};
use tidings_fuzz::rules::{Exchange, Seen};
use tidings_fuzz::settle::settle;
use tidings_fuzz::{HOST, Script, body, link};
use tidings_wire::message::{Downlink, Uplink};

/// Facts that the honest device has at most.
const HONEST: usize = 8;

struct Host {
    replica: Replica,
    /// The facts as a store knows them: from the effects alone.
    stored: std::collections::BTreeMap<(u8, Vec<u8>), Fact>,
    now_ms: u64,
}

fuzz_target!(|data: &[u8]| {
    let mut script = Script(data);
    let mut host = Host { replica: Replica::new(HOST), stored: Default::default(), now_ms: 1_000 };
    while !script.is_over() {
        let head = script.byte();
        let state = host.replica.state();
        let epoch = match head & 7 {
            0 => state.epoch + 1,
            1 => u32::from(head >> 3).max(1),
            _ => state.epoch.max(1),
        };
        let last = state.last_ctr.filter(|_| epoch == state.epoch).unwrap_or(0);
        let ctr = if head & 0x30 == 0x30 { last.saturating_sub(u64::from(script.byte() & 1)) } else { last + 1 };
        let body = match head >> 6 {
            0 => script.long_bytes().to_vec(),
            _ => body::next(&mut script, &host.replica),
        };
        host.take(epoch, ctr, &body);
        if head & 8 != 0 {
            host.restart();
        }
    }
    host.meets_an_honest_device();
});

impl Host {
    fn take(&mut self, epoch: u32, ctr: u64, body: &[u8]) {
        let before = Seen::of(&self.replica);
        let mut effects = Effects::new();
        self.now_ms += 1;
        let answer = self.replica.receive(Opened { epoch, ctr, body }, self.now_ms, &mut effects);
        let after = Seen::of(&self.replica);
        let touched = !effects.is_empty() || effects.state_changed();
        assert!(answer.is_ok() || !touched, "what is malformed leaves no trace");
        assert!(touched || before == after, "what changes is told");
        assert!(self.replica.fact_count() <= HOST.max_facts && self.replica.fact_count() == after.facts.len());
        let Ok(answer) = answer else { return };
        let uplink = Uplink::read(body).expect("it was taken");
        let reply: Option<Downlink<'static>> = answer.map(|answer| answer.body);
        before.judge(&Exchange { epoch, ctr, uplink, reply, effects: &effects }, &after);
        self.store(&effects);
        assert!(after.facts.iter().eq(self.stored.iter().map(|(key, fact)| (key, &fact.value))), "the store knows all");
    }

    fn store(&mut self, effects: &Effects) {
        for effect in effects.iter() {
            match effect {
                Effect::Change(change) => {
                    let at = (change.kind, change.key.to_vec());
                    match change.op {
                        Op::Added | Op::Changed => {
                            let fact = Fact { value: change.value.to_vec(), count: change.count };
                            self.stored.insert(at, fact);
                        }
                        Op::Removed | Op::Withdrawn => drop(self.stored.remove(&at)),
                    }
                }
                Effect::Counted { kind, key, count } => {
                    self.stored.get_mut(&(kind, key.to_vec())).expect("it is held").count = count;
                }
                Effect::Cleared { kind } => self.stored.retain(|(of, _), _| *of != kind),
                _ => {}
            }
        }
    }

    fn restart(&mut self) {
        let facts = self.stored.iter().map(|((kind, key), fact)| (*kind, key.clone(), fact.clone()));
        self.replica = Replica::restore(HOST, self.replica.state().clone(), facts);
    }

    /// Unless what others left fills it to the limit.
    fn meets_an_honest_device(mut self) {
        let others =
            self.stored.keys().filter(|(kind, _)| *kind != Kind::SOFTWARE.0 && *kind != Kind::ACCOUNT.0).count();
        let mut store = RamEpoch::new();
        if others + HONEST > HOST.max_facts || store.store(self.replica.state().epoch).is_err() {
            return;
        }
        let mut memory = Memory::<512, 128>::new();
        let id = DeviceId::new(link::ID).expect("one byte");
        let mut agent = Agent::new(Config::new().profile(config::UDP), id, Keys::PLAIN, &mut memory);
        for (kind, key) in [(Kind::SOFTWARE, b"a"), (Kind::SOFTWARE, b"b"), (Kind::ACCOUNT, b"c")] {
            agent.record(&RawFact { kind, key, value: b"v" }).expect("room");
        }
        agent.complete(Kind::SOFTWARE);
        agent.complete(Kind::ACCOUNT);
        if agent.start(0, &mut store).is_ok() {
            settle(&mut agent, &mut self.replica, &mut store, 0);
        }
    }
}
