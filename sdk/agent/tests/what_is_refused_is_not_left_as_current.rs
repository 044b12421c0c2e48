//! What the agent refuses leaves no untrue value behind, and a call that makes no sense changes nothing and ends.

use tidings::epoch::RamEpoch;
use tidings::facts::{Account, Health, Metric, RawFact, Software};
use tidings::{Agent, Config, DeviceId, Keys, Kind, Limits, Memory, RecordError, Recorded, mtu_for};

fn agent(memory: &mut Memory<1024, 64>) -> Agent<'_> {
    Agent::new(Config::new(), DeviceId::new(b"lamp").expect("an id"), Keys::PLAIN, memory)
}

fn held(agent: &Agent<'_>, wanted: Kind) -> usize {
    agent.facts().filter(|(kind, ..)| *kind == wanted).count()
}

#[test]
fn a_value_over_its_bound_takes_the_old_one_out() {
    let mut memory = Memory::new();
    let mut agent = agent(&mut memory);
    agent.record(&Software::slot(0).version("1.0")).expect("room");
    agent.record(&Software::slot(1).version("1.0")).expect("room");
    let long = "x".repeat(600);
    assert_eq!(agent.record(&Software::slot(0).version(&long)), Err(RecordError::TooLong));
    assert_eq!(held(&agent, Kind::SOFTWARE), 1, "the other one stays");
    let over_the_mtu = "x".repeat(480);
    assert_eq!(agent.record(&Software::slot(1).version(&over_the_mtu)), Err(RecordError::TooLong));
    assert_eq!(held(&agent, Kind::SOFTWARE), 0);
}

#[test]
fn the_mtu_that_a_fact_needs_is_the_least_that_takes_it() {
    for spare in [0, 1] {
        let value = 512 - mtu_for(1, 1, 4) + spare;
        let mut memory = Memory::new();
        let refused =
            agent(&mut memory).record(&RawFact { kind: Kind::VENDOR, key: b"k", value: &vec![7; value] }).is_err();
        assert_eq!(refused, spare > 0, "{value} bytes");
    }
}

#[test]
fn a_scan_takes_facts_of_its_kind_alone() {
    let mut memory = Memory::new();
    let mut agent = agent(&mut memory);
    let mut scan = agent.scan(Kind::SOFTWARE);
    scan.record(&Software::slot(0).version("1.0")).expect("room");
    assert_eq!(scan.record(&Account::named("admin")), Err(RecordError::UnknownKind));
    scan.finish();
    assert_eq!((held(&agent, Kind::SOFTWARE), held(&agent, Kind::ACCOUNT)), (1, 0));
}

#[test]
fn a_scan_of_a_kind_that_is_none_ends_and_changes_nothing() {
    for kind in (16..=u8::MAX).map(Kind) {
        let mut memory = Memory::new();
        let mut agent = agent(&mut memory);
        agent.record(&Software::slot(0).version("1.0")).expect("room");
        let mut scan = agent.scan(kind);
        assert_eq!(scan.record(&Software::slot(1).version("1.0")), Err(RecordError::UnknownKind));
        scan.finish();
        agent.resume_scan(kind).finish();
        agent.switch_off(kind);
        assert_eq!(held(&agent, Kind::SOFTWARE), 1);
    }
}

#[test]
fn noise_counts_as_listed() {
    let mut memory = Memory::new();
    let mut agent = agent(&mut memory);
    let limits = Limits { warning: 80, critical: 90, hysteresis: 2, dead_band: 5 };
    let load = |value| {
        let mut load = Health::metric(Metric::CPU_LOAD);
        load.value.value = value;
        load
    };
    let mut scan = agent.scan(Kind::HEALTH);
    scan.sample(&load(40), &limits).expect("room");
    scan.finish();
    let mut scan = agent.scan(Kind::HEALTH);
    assert_eq!(scan.sample(&load(42), &limits), Ok(Recorded::Unchanged));
    scan.finish();
    assert_eq!(held(&agent, Kind::HEALTH), 1);
}

#[test]
fn a_buffer_that_is_too_small_is_counted_and_asked_for_again_later() {
    let mut memory = Memory::new();
    let mut agent = agent(&mut memory);
    agent.start(0, &mut RamEpoch::new()).expect("RAM takes everything");
    assert_eq!(agent.poll_transmit(0, &mut [0; 16]), None);
    assert_eq!(agent.stats().too_small, 1);
    assert_eq!(agent.next_deadline(), 1000, "it does not spin");
    assert!(agent.poll_transmit(1000, &mut [0; 512]).is_some());
}

#[test]
fn events_that_made_room_for_others_are_counted() {
    let mut memory = Memory::new();
    let mut agent = agent(&mut memory);
    for _ in 0..4 {
        agent.event(tidings::Severity::Info, tidings::EventType::TEXT, b"", b"0123456789").expect("within bounds");
    }
    assert_eq!(agent.stats().events_dropped, 2, "64 bytes hold two");
}
