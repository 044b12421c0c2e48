//! The ring shows what a `VecDeque` would hold: when full, the oldest of the lowest severity goes, or the new one if it is lower; each
//! severity's numbers are dense, so that what went shows as a gap.

use super::host::{self, Marks};
use proptest::prelude::*;
use std::collections::VecDeque;
use tidings::epoch::RamEpoch;
use tidings::wire::event::MAX_IN_GROUP;
use tidings::wire::message::Message;
use tidings::{Agent, Config, DeviceId, EventType, Keys, Memory, Severity, config, event_bytes};

const CONFIG: Config = Config::new().profile(config::TCP);
/// Room for a handful.
const ROOM: usize = 200;

#[derive(Debug, Clone)]
enum Act {
    Happens(u8, u8, Vec<u8>),
    /// A packet leaves; it arrives or not, and is answered or not.
    Packet {
        answered: bool,
    },
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0u8..4, 0u8..17, prop::collection::vec(any::<u8>(), 0..49)).prop_map(|(s, a, d)| Act::Happens(s, a, d)),
        1 => any::<bool>().prop_map(|answered| Act::Packet { answered }),
    ]
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    severity: u8,
    number: u32,
    actor: Vec<u8>,
    data: Vec<u8>,
}

#[derive(Debug, Default)]
struct Model {
    queue: VecDeque<Entry>,
    head: Marks,
    acked: Marks,
}

impl Model {
    fn push(&mut self, severity: u8, actor: Vec<u8>, data: Vec<u8>) {
        let head = &mut self.head[usize::from(severity)];
        *head += 1;
        let entry = Entry { severity, number: *head, actor, data };
        while self.bytes() + bytes_of(&entry) > ROOM {
            let lowest = self.queue.iter().map(|held| held.severity).min();
            if lowest.is_none_or(|lowest| lowest > severity) {
                return;
            }
            let oldest = self.queue.iter().position(|held| Some(held.severity) == lowest).expect("it was found");
            self.queue.remove(oldest);
        }
        self.queue.push_back(entry);
    }

    fn bytes(&self) -> usize {
        self.queue.iter().map(bytes_of).sum()
    }

    /// What a packet with room for everything shows of a severity: the first number, and what follows without a gap.
    fn shown(&self, severity: u8) -> Option<(u32, Vec<Entry>)> {
        let at = usize::from(severity);
        if self.head[at] == self.acked[at] {
            return None;
        }
        let held: Vec<_> = self.queue.iter().filter(|entry| entry.severity == severity).cloned().collect();
        let first = held.first().map_or(self.head[at] + 1, |entry| entry.number);
        let dense = held.into_iter().zip(first..).take_while(|(entry, number)| entry.number == *number);
        Some((first, dense.map(|(entry, _)| entry).take(MAX_IN_GROUP.into()).collect()))
    }

    fn acknowledge(&mut self, marks: Marks) {
        self.acked = marks;
        self.queue.retain(|entry| entry.number > marks[usize::from(entry.severity)]);
    }
}

fn bytes_of(entry: &Entry) -> usize {
    event_bytes(entry.actor.len(), entry.data.len())
}

/// Sends the next packet and compares its events with the model's; acknowledges them if asked.
fn packet(agent: &mut Agent<'_>, model: &mut Model, answered: bool) {
    let (packet, now_ms) = host::sent(agent);
    if packet.read(|uplink| matches!(uplink.message, Message::Hello(_))) {
        packet.acknowledge(agent, now_ms, model.acked);
        return;
    }
    let mut marks = model.acked;
    packet.read(|uplink| {
        let mut groups: Vec<Option<(u32, Vec<Entry>)>> = vec![None; Severity::COUNT];
        for group in uplink.events.groups() {
            let severity = group.severity as u8;
            let entries = group.events().map(|(number, event)| Entry {
                severity,
                number,
                actor: event.actor.to_vec(),
                data: event.data.to_vec(),
            });
            groups[usize::from(severity)] = Some((group.first, entries.collect()));
            marks[usize::from(severity)] = group.first + u32::from(group.count) - 1;
        }
        let expected: Vec<_> = (0..Severity::COUNT as u8).map(|severity| model.shown(severity)).collect();
        assert_eq!(groups, expected);
    });
    if answered {
        packet.acknowledge(agent, now_ms, marks);
        model.acknowledge(marks);
    }
}

proptest! {
    #[test]
    fn under_any_pressure(acts in prop::collection::vec(act(), 0..80)) {
        let mut memory = Memory::<512, ROOM>::new();
        let id = DeviceId::new(b"d").expect("one byte");
        let mut agent = Agent::new(CONFIG, id, Keys::PLAIN, &mut memory);
        agent.start(0, &mut RamEpoch::new()).expect("an epoch");
        let mut model = Model::default();
        packet(&mut agent, &mut model, true);
        for act in acts {
            match act {
                Act::Happens(severity, actor, data) => {
                    let actor = vec![b'a'; usize::from(actor.min(16))];
                    agent.event(Severity::from_bits(severity), EventType::TEXT, &actor, &data).expect("short enough");
                    model.push(severity, actor, data);
                }
                Act::Packet { answered } => packet(&mut agent, &mut model, answered),
            }
        }
        while model.head != model.acked {
            packet(&mut agent, &mut model, true);
        }
        prop_assert!(agent.is_synced());
    }
}
