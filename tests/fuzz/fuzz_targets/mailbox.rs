//! The mailbox beside a queue: what fits is delivered once and in order, what does not is refused and counted, and any fact may be posted.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;
use tidings::facts::RawFact;
use tidings::mailbox::{PostError, ROOM};
use tidings::{Agent, Config, DeviceId, EventType, Keys, Kind, Mailbox, Memory, Severity};
use tidings_fuzz::{Script, link};

const SLOTS: usize = 3;
const KIND: Kind = Kind::SOFTWARE;

fuzz_target!(|data: &[u8]| {
    let mut memory = Memory::<32_768, 256>::new();
    let id = DeviceId::new(link::ID).expect("one byte");
    let mut agent = Agent::new(Config::new(), id, Keys::PLAIN, &mut memory);
    let mailbox = Mailbox::<SLOTS>::new();
    let (mut waiting, mut facts, mut refused) = (Vec::new(), BTreeMap::<Vec<u8>, Vec<u8>>::new(), 0);
    let mut script = Script(data);
    while !script.is_over() {
        let what = script.byte();
        let (key, value) = (script.bytes(), script.bytes());
        let fact = RawFact { kind: KIND, key, value };
        let (posted, len) = match what & 3 {
            0 => (mailbox.record(&fact), key.len() + value.len()),
            1 => (mailbox.remove(&fact), key.len()),
            2 => (mailbox.event(Severity::from_bits(what >> 2), EventType::TEXT, value), value.len() + 2),
            _ => {
                agent.drain(0, &mailbox);
                waiting.drain(..).for_each(|(key, value)| match value {
                    Some(value) => drop(facts.insert(key, value)),
                    None => drop(facts.remove(&key)),
                });
                assert_eq!(held(&agent), facts);
                continue;
            }
        };
        let key_fits = what & 3 == 2 || (1..=64).contains(&key.len());
        let expected = match () {
            () if !key_fits || len > ROOM => Err(PostError::TooLong),
            () if waiting.len() == SLOTS => Err(PostError::Full),
            () => Ok(()),
        };
        assert_eq!(posted, expected);
        refused += u32::from(posted.is_err());
        assert_eq!(mailbox.refused(), refused);
        if posted.is_ok() {
            match what & 3 {
                0 => waiting.push((key.to_vec(), Some(value.to_vec()))),
                1 => waiting.push((key.to_vec(), None)),
                _ => waiting.push((Vec::new(), None)),
            }
        }
    }
});

fn held(agent: &Agent<'_>) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let of_kind = agent.facts().filter(|(kind, ..)| *kind == KIND);
    of_kind.map(|(_, key, value)| (key.to_vec(), value.to_vec())).collect()
}
