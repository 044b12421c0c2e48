//! On a link that cannot answer, an event counts as delivered only after it left three times, however large the facts beside it are.

use tidings::epoch::RamEpoch;
use tidings::facts::RawFact;
use tidings::wire::message::{Message, Uplink};
use tidings::wire::packet::Envelope;
use tidings::{Agent, Config, DeviceId, EventType, Keys, Kind, Memory, Severity, config};

#[test]
fn an_event_that_found_no_room_in_a_delta_was_not_told_by_it() {
    let profile = config::Profile { mtu: 200, ..config::SERIAL };
    let mut memory = Memory::<1024, 256>::new();
    let id = DeviceId::new(b"lamp").expect("an id");
    let mut agent = Agent::new(Config::new().profile(profile).one_way(true), id, Keys::PLAIN, &mut memory);
    agent.start(0, &mut RamEpoch::new()).expect("RAM takes everything");
    let mut told = 0;
    for round in 0..60_u8 {
        let value = [round; 130];
        agent.record(&RawFact { kind: Kind::VENDOR, key: b"abc", value: &value }).expect("it fits");
        if round == 5 {
            agent.event(Severity::Critical, EventType::TAMPER, &[b'a'; 16], &[9; 48]).expect("within bounds");
        }
        let mut buffer = [0; 512];
        let now = agent.next_deadline().max(u64::from(round) * 60_000);
        let Some(len) = agent.poll_transmit(now, &mut buffer) else { continue };
        let (_, clear) = Envelope::read(&buffer[..len]).expect("a packet");
        let uplink = Uplink::read(&buffer[clear..len - 4]).expect("a body");
        if matches!(uplink.message, Message::Delta { .. }) {
            told += uplink.events.groups().map(|group| group.events().count()).sum::<usize>();
        }
    }
    assert_eq!(told, 3, "Deltas with it");
}
