//! One device and one host that hear each other well: what is said, and how little of it.

use crate::host::{Host, PROFILE, fact, same, talk};
use tidings::epoch::RamEpoch;
use tidings::{Agent, Config, DeviceId, EventType, Keys, Kind, Memory, Severity};

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
fn a_measurement_before_hello_does_not_make_a_reboot_look_changed() {
    let mut store = RamEpoch::new();
    let (mut host, mut now) = (Host::new(), 1000);
    for round in 0..2 {
        let mut memory = Memory::<2048, 256>::new();
        let mut agent =
            Agent::new(Config::new().profile(PROFILE), DeviceId::new(b"dev").unwrap(), Keys::PLAIN, &mut memory);
        agent.record(&fact(Kind::HEALTH, b"\x04", b"\x2A")).unwrap();
        boot(&mut agent, &mut store, now);
        let until = now + 5_000;
        talk(&mut agent, &mut host, &mut now, until);
        let said = host.take_said();
        assert!(round == 0 || said == ["Hello", "Delta"], "{said:?}");
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
