//! Records, removals, scans and switches leave what they would leave in a `BTreeMap`; only a full table refuses, and only when it is full.

use super::script::{self, Model};
use proptest::prelude::*;
use tidings::epoch::RamEpoch;
use tidings::{Agent, Config, DeviceId, Keys, Memory, RecordError, Recorded, config, fact_bytes};

const CONFIG: Config = Config::new().profile(config::SERIAL);

fn id() -> DeviceId {
    DeviceId::new(b"d").expect("one byte")
}

proptest! {
    #[test]
    fn with_room_for_everything(acts in prop::collection::vec(script::act(), 0..60)) {
        let mut memory = Memory::<16_384, 64>::new();
        let mut agent = Agent::new(CONFIG, id(), Keys::PLAIN, &mut memory);
        agent.start(0, &mut RamEpoch::new()).expect("an epoch");
        let mut model = Model::default();
        acts.iter().for_each(|act| model.follow(&mut agent, act));
        prop_assert_eq!(agent.stats().facts_dropped, 0);
    }

    #[test]
    fn in_a_table_that_is_always_full(acts in prop::collection::vec(script::act(), 0..60)) {
        let mut memory = Memory::<300, 64>::new();
        let mut agent = Agent::new(CONFIG, id(), Keys::PLAIN, &mut memory);
        agent.start(0, &mut RamEpoch::new()).expect("an epoch");
        let mut model = Model::default();
        acts.iter().for_each(|act| model.follow(&mut agent, act));
    }

    #[test]
    fn full_means_that_the_bytes_do_not_fit(
        facts in prop::collection::vec((0u8..12, prop::collection::vec(any::<u8>(), 0..60)), 1..60)
    ) {
        const ROOM: usize = 400;
        let mut memory = Memory::<ROOM, 64>::new();
        let mut agent = Agent::new(CONFIG, id(), Keys::PLAIN, &mut memory);
        for (number, value) in facts {
            let key = script::key(number);
            let others = agent.facts().filter(|(kind, held, _)| kind.0 != 1 || *held != key);
            let needed = others.map(|(_, key, value)| fact_bytes(key.len(), value.len())).sum::<usize>()
                + fact_bytes(key.len(), value.len());
            let held = script::held(&agent).get(&(1, key.clone())) == Some(&value);
            let expected = match needed {
                _ if held => Ok(Recorded::Unchanged),
                0..=ROOM => Ok(Recorded::Changed),
                _ => Err(RecordError::Full),
            };
            prop_assert_eq!(agent.record(&script::raw(1, &key, &value)), expected);
        }
    }
}
