//! Bugs that the simulator found, each as the shortest conversation that shows it.

use crate::host::{Host, PROFILE, fact, same, talk};
use tidings::config::Profile;
use tidings::epoch::RamEpoch;
use tidings::facts::Coverage;
use tidings::{Agent, Config, DeviceId, EventType, Keys, Kind, Memory, Severity, event_bytes};
use tidings_wire::message::Uplink;
use tidings_wire::packet::{Direction, Plain, open};

const CONFIG: Config = Config::new().profile(PROFILE);

fn with_agent(config: Config, test: impl FnOnce(&mut Agent<'_>, &mut Host)) {
    let mut memory = Memory::<4096, 2048>::new();
    let mut agent = Agent::new(config, DeviceId::new(b"dev").unwrap(), Keys::PLAIN, &mut memory);
    test(&mut agent, &mut Host::new());
}

fn start(agent: &mut Agent<'_>) {
    agent.start(0, &mut RamEpoch::new()).unwrap();
}

#[test]
fn a_source_that_is_complete_does_not_undo_an_opt_out() {
    with_agent(CONFIG, |agent, _| {
        agent.switch_off(Kind::ACCOUNT);
        agent.complete(Kind::ACCOUNT);
        assert_eq!(agent.coverage(Kind::ACCOUNT), Some(Coverage::OFF));
    });
}

#[test]
fn a_beat_without_an_answer_does_not_keep_the_loop_awake() {
    with_agent(CONFIG, |agent, host| {
        start(agent);
        talk(agent, host, &mut 0, 1_000);
        let (mut buffer, beat_at) = ([0; 512], agent.next_deadline());
        assert!(agent.poll_transmit(beat_at, &mut buffer).is_some());
        let mut now = beat_at;
        for _ in 0..10 {
            now = agent.next_deadline();
            let sent = agent.poll_transmit(now, &mut buffer);
            assert!(sent.is_some(), "awake at {now} for nothing");
        }
        assert!(now >= beat_at + 9 * u64::from(PROFILE.beat_ms), "Beats do not come faster for want of an answer");
    });
}

#[test]
fn a_one_way_link_tells_how_long_it_waits_for_slow_sources() {
    with_agent(CONFIG.one_way(true).expect(Kind::SOFTWARE).load_ms(5_000), |agent, _| {
        start(agent);
        assert_eq!(agent.poll_transmit(100, &mut [0; 512]), None);
        assert_eq!(agent.next_deadline(), 5_000);
        assert!(agent.poll_transmit(5_000, &mut [0; 512]).is_some());
    });
}

#[test]
fn facts_of_a_partial_kind_reach_a_host_that_lost_its_database() {
    with_agent(CONFIG, |agent, host| {
        let mut now = 0;
        agent.record(&fact(Kind::SETTING, b"k", b"v")).unwrap();
        start(agent);
        talk(agent, host, &mut now, 1_000);
        assert_eq!(agent.coverage(Kind::SETTING), Some(Coverage::PARTIAL));
        same(agent, host);
        *host = Host::new();
        agent.event(Severity::Info, EventType::TEXT, b"", b"").unwrap();
        talk(agent, host, &mut now, 2_000);
        same(agent, host);
    });
}

#[test]
fn what_is_recorded_before_hello_is_no_change() {
    with_agent(CONFIG, |agent, host| {
        agent.record(&fact(Kind::SETTING, b"k", b"v")).unwrap();
        agent.complete(Kind::SETTING);
        start(agent);
        talk(agent, host, &mut 0, 1_000);
        assert_eq!(host.replica.facts().next().unwrap().2.count.seen, Some(0), "counts start with the boot");
    });
}

#[test]
fn a_full_ring_keeps_the_more_severe_events() {
    let mut memory = Memory::<512, { 3 * event_bytes(0, 5) }>::new();
    let mut agent = Agent::new(CONFIG, DeviceId::new(b"dev").unwrap(), Keys::PLAIN, &mut memory);
    let mut host = Host::new();
    start(&mut agent);
    for severity in [Severity::Warning, Severity::Info, Severity::Critical, Severity::Critical] {
        agent.event(severity, EventType::TEXT, b"", &[0; 5]).unwrap();
    }
    talk(&mut agent, &mut host, &mut 0, 1_000);
    let mut told: Vec<_> = host.take_done().into_iter().filter(|done| !done.contains('8')).collect();
    told.sort();
    assert_eq!(told, ["event 2 #1", "event 3 #1", "event 3 #2", "lost 1"]);
}

#[test]
fn events_that_do_not_fit_spoil_no_packet() {
    for len in 0..=48 {
        with_agent(Config::new().profile(Profile { mtu: 150, ..PROFILE }), |agent, host| {
            let mut now = 0;
            start(agent);
            talk(agent, host, &mut now, 1_000);
            for severity in Severity::ALL {
                agent.event(severity, EventType::TEXT, b"", &[1; 48][..len]).unwrap();
                agent.event(severity, EventType::TEXT, b"", b"").unwrap();
            }
            let mut buffer = [0; 512];
            let sent = agent.poll_transmit(now, &mut buffer).expect("news");
            let (_, body) = open(&Plain, Direction::Up, &mut buffer[..sent]).unwrap();
            assert!(Uplink::read(body).is_ok(), "data of {len} bytes: {body:02x?}");
        });
    }
}

#[test]
fn a_flapping_fact_is_told_once_when_its_hold_down_ends() {
    with_agent(CONFIG.hold_down_ms(5_000), |agent, host| {
        let mut now = 0;
        start(agent);
        talk(agent, host, &mut now, 10_000);
        agent.tick(now);
        agent.record(&fact(Kind::SETTING, b"k", b"1")).unwrap();
        talk(agent, host, &mut now, 10_500);
        host.take_said();
        agent.tick(now);
        for value in [b"2", b"3", b"4"] {
            agent.record(&fact(Kind::SETTING, b"k", value)).unwrap();
        }
        talk(agent, host, &mut now, 14_000);
        assert_eq!(host.take_said(), [""; 0], "held down");
        talk(agent, host, &mut now, 16_000);
        assert_eq!(host.take_said(), ["Delta"]);
        same(agent, host);
    });
}
