//! A store that fails at first costs a boot nothing but time; and neither power nor a link that comes back to a whole street makes it speak at once.

use crate::host::{answer, sent};
use tidings::config::NB_IOT;
use tidings::epoch::RamEpoch;
use tidings::wire::message::{Ack, Message};
use tidings::{Agent, Config, DeviceId, EpochError, EpochStore, EventType, Keys, Kind, Memory, Severity};

/// Fails as often as it is told to; counts how often it was asked.
struct Shaky {
    failures: u32,
    loads: u32,
    sound: RamEpoch,
}

impl Shaky {
    fn new(failures: u32) -> Self {
        Self { failures, loads: 0, sound: RamEpoch::new() }
    }
}

impl EpochStore for Shaky {
    type Error = &'static str;

    fn load(&mut self) -> Result<Option<u32>, Self::Error> {
        self.loads += 1;
        if self.loads <= self.failures { Err("not now") } else { self.sound.load().map_err(|never| match never {}) }
    }

    fn store(&mut self, epoch: u32) -> Result<(), Self::Error> {
        self.sound.store(epoch).map_err(|never| match never {})
    }
}

fn agent<'m>(config: Config, id: &[u8], memory: &'m mut Memory<512, 256>) -> Agent<'m> {
    Agent::new(config, DeviceId::new(id).expect("an id"), Keys::PLAIN, memory)
}

#[test]
fn each_start_tries_the_store() {
    let (mut memory, mut store) = (Memory::new(), Shaky::new(2));
    let mut agent = agent(Config::new(), b"lamp", &mut memory);
    assert_eq!(agent.start(0, &mut store), Err(EpochError::Store("not now")));
    assert_eq!(agent.start(0, &mut store), Err(EpochError::Store("not now")));
    assert_eq!(agent.start(0, &mut store), Ok(()));
    assert_eq!((agent.epoch(), store.loads), (1, 4), "three to open it, one to read it back");
}

#[test]
fn a_store_that_recovers_brings_the_boot_event_and_the_wait_for_what_is_expected() {
    let (mut memory, mut store) = (Memory::new(), Shaky::new(2));
    let config = Config::new().boot_event(Severity::Notice).expect(Kind::SOFTWARE).load_ms(20_000);
    let mut agent = agent(config, b"lamp", &mut memory);
    assert!(agent.start(0, &mut store).is_err());
    assert_eq!(agent.maintain(500, &mut store), Ok(()), "a second's pause");
    assert_eq!(store.loads, 1);
    assert!(agent.maintain(1_000, &mut store).is_err());
    assert_eq!(agent.maintain(2_000, &mut store), Ok(()));
    assert_eq!(agent.epoch(), 1);
    assert_eq!(agent.next_deadline(), 22_000, "Hello waits for software");
    agent.complete(Kind::SOFTWARE);
    let (echo, ()) = sent(&mut agent, 2_000, |uplink| assert!(matches!(uplink.message, Message::Hello(_))));
    answer(&mut agent, 2_000, Ack { echo, ..Ack::default() });
    let (_, told) = sent(&mut agent, 2_000, |uplink| {
        let groups = uplink.events.groups();
        groups
            .flat_map(|group| group.events().map(|(_, event)| event.event_type).collect::<Vec<_>>())
            .collect::<Vec<_>>()
    });
    assert_eq!(told, [EventType::BOOT]);
}

/// How long 50 devices wait before their first Hello, in order, each prepared in the same way.
fn waits(prepare: impl Fn(&mut Agent<'_>) -> u64) -> Vec<u64> {
    let first_hello = |id: u8| {
        let mut memory = Memory::new();
        let mut agent = agent(Config::new().profile(NB_IOT), &[id], &mut memory);
        let now = prepare(&mut agent);
        agent.next_deadline().saturating_sub(now)
    };
    let mut waits: Vec<_> = (1..=50).map(first_hello).collect();
    waits.sort_unstable();
    waits.dedup();
    waits
}

fn assert_spread(waits: &[u64]) {
    assert!(waits.len() > 45, "{waits:?}");
    assert!(waits[0] < 60_000 && waits[waits.len() - 1] > 240_000, "over the 300 s of the profile: {waits:?}");
}

#[test]
fn devices_that_get_power_together_do_not_speak_together() {
    assert_spread(&waits(|agent| {
        agent.start(0, &mut RamEpoch::new()).expect("RAM takes everything");
        0
    }));
}

#[test]
fn nor_do_those_whose_link_comes_up_together() {
    assert_spread(&waits(|agent| {
        agent.link_down();
        agent.start(0, &mut RamEpoch::new()).expect("RAM takes everything");
        agent.link_up(60_000_000);
        60_000_000
    }));
}
