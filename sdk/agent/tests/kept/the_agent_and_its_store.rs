//! The agent with a store of events in memory: what is kept, what is refused, and what then still travels.

use std::collections::VecDeque;

use tidings::epoch::RamEpoch;
use tidings::wire::event::{Event, Origin};
use tidings::wire::message::Uplink;
use tidings::wire::packet::Envelope;
use tidings::{
    Agent, Config, DeviceId, EventStore, EventType, KeepError, KeptEvents, Keys, Memory, RecordError, Severity,
    kept_event_bytes,
};

/// A queue with room for `room` records; it fails while it is broken.
#[derive(Debug, Default)]
struct Queue {
    records: VecDeque<Vec<u8>>,
    room: usize,
    broken: bool,
}

impl EventStore for Queue {
    type Error = &'static str;

    fn least(&self) -> Severity {
        Severity::Warning
    }

    fn append(&mut self, record: &[u8]) -> Result<(), Self::Error> {
        if self.broken || self.records.len() >= self.room {
            return Err("no room");
        }
        self.records.push_back(record.to_vec());
        Ok(())
    }

    fn review(&mut self, is_done: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), Self::Error> {
        if self.broken {
            return Err("broken");
        }
        self.records.retain(|record| !is_done(record));
        Ok(())
    }
}

fn agent<const EVENTS: usize>(memory: &mut Memory<512, EVENTS>) -> Agent<'_> {
    Agent::new(Config::new(), DeviceId::new(b"lamp").expect("an id"), Keys::PLAIN, memory)
}

/// When [`heard`] asks for a packet, in ms.
const LATER: u64 = 1_000_000;

/// An event: severity, number, data, origin.
type Told = (Severity, u32, Vec<u8>, Option<Origin>);

/// What the next packet says of events. The first packet is a Hello, which says nothing, so this one is told without
/// an answer as a link that cannot hear would have it.
fn told(agent: &mut Agent<'_>) -> Vec<Told> {
    heard(agent).into_iter().map(|(told, _)| told).collect()
}

/// As [`told`], with the age of each.
fn heard(agent: &mut Agent<'_>) -> Vec<(Told, u32)> {
    let mut buffer = [0; 512];
    let len = agent.poll_transmit(LATER, &mut buffer).expect("something is due");
    let (_, clear) = Envelope::read(&buffer[..len]).expect("a packet");
    let uplink = Uplink::read(&buffer[clear..len - 4]).expect("a body");
    let groups = uplink.events.groups();
    groups
        .flat_map(|group| {
            let severity = group.severity;
            let event = move |(number, event): (u32, Event<'_>)| {
                ((severity, number, event.data.to_vec(), event.origin), event.age_ms)
            };
            group.events().map(event)
        })
        .collect()
}

/// An agent whose link cannot answer says its events at once.
fn deaf<const EVENTS: usize>(memory: &mut Memory<512, EVENTS>) -> Agent<'_> {
    let config = Config::new().one_way(true);
    let mut agent = Agent::new(config, DeviceId::new(b"lamp").expect("an id"), Keys::PLAIN, memory);
    agent.start(0, &mut RamEpoch::new()).expect("it is kept");
    agent
}

#[test]
fn only_what_is_severe_enough_is_kept_and_all_of_it_travels() {
    let mut memory = Memory::new();
    let mut agent = deaf::<400>(&mut memory);
    let mut kept = KeptEvents::new(Queue { room: 9, ..Queue::default() });
    for (severity, data) in [(Severity::Notice, b"n"), (Severity::Warning, b"w"), (Severity::Critical, b"c")] {
        assert_eq!(agent.event_kept(&mut kept, severity, EventType::TEXT, b"", data), Ok(()));
    }
    let origin = |number| Some(Origin { epoch: 1, number, uptime_s: 0 });
    assert_eq!(
        told(&mut agent),
        [
            (Severity::Notice, 1, b"n".to_vec(), None),
            (Severity::Warning, 1, b"w".to_vec(), origin(1)),
            (Severity::Critical, 1, b"c".to_vec(), origin(2)),
        ]
    );
    assert_eq!(kept.release().records.len(), 2);
}

#[test]
fn nobody_knows_how_old_an_event_of_an_earlier_boot_is() {
    let (mut first, mut second) = (Memory::new(), Memory::<512, 400>::new());
    let mut kept = KeptEvents::new(Queue { room: 9, ..Queue::default() });
    let before = deaf::<400>(&mut first).event_kept(&mut kept, Severity::Warning, EventType::TEXT, b"", b"before");
    assert_eq!(before, Ok(()));
    let mut kept = KeptEvents::new(kept.release());
    let config = Config::new().one_way(true);
    let mut agent = Agent::new(config, DeviceId::new(b"lamp").expect("an id"), Keys::PLAIN, &mut second);
    agent.start(40, &mut RamEpoch::at(1)).expect("it is kept");
    assert_eq!(agent.event_kept(&mut kept, Severity::Warning, EventType::TEXT, b"", b"since"), Ok(()));
    let ages: Vec<_> =
        heard(&mut agent).into_iter().map(|((.., data, origin), age)| (data, origin.map(|o| o.epoch), age)).collect();
    let since = u32::try_from(LATER - 40).expect("minutes");
    assert_eq!(ages, [(b"before".to_vec(), Some(1), u32::MAX), (b"since".to_vec(), Some(2), since)]);
}

#[test]
fn what_is_not_kept_is_told_to_the_caller_and_travels_all_the_same() {
    let mut memory = Memory::new();
    let mut agent = deaf::<400>(&mut memory);
    let mut kept = KeptEvents::new(Queue { room: 1, ..Queue::default() });
    assert_eq!(agent.event_kept(&mut kept, Severity::Critical, EventType::TEXT, b"", b"a"), Ok(()));
    let full = agent.event_kept(&mut kept, Severity::Critical, EventType::TEXT, b"", b"b");
    assert_eq!(full, Err(KeepError::Store("no room")));
    let told: Vec<_> = told(&mut agent).into_iter().map(|(_, _, data, origin)| (data, origin.is_some())).collect();
    assert_eq!(told, [(b"a".to_vec(), true), (b"b".to_vec(), false)]);
}

#[test]
fn bounds_and_a_missing_epoch_are_refused() {
    let mut memory = Memory::new();
    let mut agent = agent::<400>(&mut memory);
    let mut kept = KeptEvents::new(Queue { room: 9, ..Queue::default() });
    let early = agent.event_kept(&mut kept, Severity::Critical, EventType::TEXT, b"", b"x");
    assert_eq!(early, Err(KeepError::NoEpoch));
    let long = agent.event_kept(&mut kept, Severity::Critical, EventType::TEXT, &[0; 17], b"");
    assert_eq!(long, Err(KeepError::Event(RecordError::TooLong)));
    assert_eq!(kept.release().records.len(), 0);
}

#[test]
fn memory_that_holds_no_kept_event_is_told_of() {
    const ENOUGH: usize = kept_event_bytes(0, 8);
    let mut memory = Memory::new();
    let mut agent = deaf::<ENOUGH>(&mut memory);
    let mut kept = KeptEvents::new(Queue { room: 9, ..Queue::default() });
    assert_eq!(agent.event_kept(&mut kept, Severity::Critical, EventType::TEXT, b"", &[7; 8]), Ok(()));
    let over = agent.event_kept(&mut kept, Severity::Critical, EventType::TEXT, b"", &[7; 20]);
    assert_eq!(over, Err(KeepError::Memory));
    let said = told(&mut agent);
    assert!(said.iter().any(|(.., data, origin)| data == &[7; 8] && origin.is_some()), "{said:?}");
}

#[test]
fn a_store_that_fails_is_tried_again() {
    let mut memory = Memory::new();
    let mut agent = deaf::<400>(&mut memory);
    let mut kept = KeptEvents::new(Queue { room: 9, ..Queue::default() });
    assert_eq!(agent.event_kept(&mut kept, Severity::Critical, EventType::TEXT, b"", b"a"), Ok(()));
    let mut queue = kept.release();
    queue.broken = true;
    let mut memory = Memory::new();
    let mut agent = deaf::<400>(&mut memory);
    let mut kept = KeptEvents::new(queue);
    assert_eq!(agent.maintain_events(&mut kept), Err("broken"));
    let mut queue = kept.release();
    queue.broken = false;
    let mut kept = KeptEvents::new(queue);
    assert_eq!(agent.maintain_events(&mut kept), Ok(()));
    assert_eq!(told(&mut agent).len(), 1);
}

#[test]
fn what_is_no_record_is_given_up() {
    let mut memory = Memory::new();
    let mut agent = deaf::<400>(&mut memory);
    let mut queue = Queue { room: 9, ..Queue::default() };
    queue.records.push_back(b"something else".to_vec());
    let mut kept = KeptEvents::new(queue);
    assert_eq!(agent.maintain_events(&mut kept), Ok(()));
    assert_eq!(kept.release().records.len(), 0);
}

#[test]
fn kept_events_leave_room_for_any_other() {
    let mut memory = Memory::new();
    let mut agent = deaf::<400>(&mut memory);
    let mut kept = KeptEvents::new(Queue { room: 99, ..Queue::default() });
    for _ in 0..20 {
        assert_eq!(agent.event_kept(&mut kept, Severity::Warning, EventType::TEXT, b"", &[7; 8]), Ok(()));
    }
    agent.event(Severity::Critical, EventType::TAMPER, &[b'a'; 16], &[9; 48]).expect("within bounds");
    assert_eq!(agent.stats().events_dropped, 0);
    let full = KeptEvents::new(Queue::default());
    let refused = agent.event_kept(&mut { full }, Severity::Critical, EventType::TEXT, b"", b"refused");
    assert_eq!(refused, Err(KeepError::Store("no room")));
    let said = told(&mut agent);
    assert!(said.iter().any(|(.., data, _)| data == b"refused"), "a full store loses no event: {said:?}");
}
