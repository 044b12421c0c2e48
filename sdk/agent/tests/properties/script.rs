//! What a firmware may do to its facts, as data that proptest draws, and what a plain map makes of it.

use proptest::prelude::*;
use std::collections::BTreeMap;
use tidings::facts::{Coverage, RawFact};
use tidings::{Agent, Kind, RecordError, Recorded};

/// Ordinary kinds; none is volatile.
const KINDS: [u8; 3] = [1, 2, 15];
const KEYS: u8 = 12;

/// One thing that a firmware does.
#[derive(Debug, Clone)]
pub enum Act {
    Record(u8, u8, Vec<u8>),
    Remove(u8, u8),
    /// A scan that lists these, and how it ends.
    Scan(u8, Vec<(u8, Vec<u8>)>, End),
    Complete(u8),
    Fail(u8),
    Off(u8),
    On(u8),
    /// Packets and acknowledgements until nothing is left to say.
    Report,
}

#[derive(Debug, Clone, Copy)]
pub enum End {
    Finished,
    Partial,
    Failed,
    Abandoned,
}

pub fn act() -> impl Strategy<Value = Act> {
    let kind = || prop::sample::select(&KINDS[..]);
    let value = || prop::collection::vec(any::<u8>(), 0..40);
    let end = prop::sample::select(&[End::Finished, End::Partial, End::Failed, End::Abandoned][..]);
    prop_oneof![
        12 => (kind(), 0..KEYS, value()).prop_map(|(kind, key, value)| Act::Record(kind, key, value)),
        5 => (kind(), 0..KEYS).prop_map(|(kind, key)| Act::Remove(kind, key)),
        3 => (kind(), prop::collection::vec((0..KEYS, value()), 0..8), end)
            .prop_map(|(kind, list, end)| Act::Scan(kind, list, end)),
        2 => kind().prop_map(Act::Complete),
        1 => kind().prop_map(Act::Fail),
        1 => kind().prop_map(Act::Off),
        1 => kind().prop_map(Act::On),
        2 => Just(Act::Report),
    ]
}

/// A key of that number; their lengths differ, and short ones are beginnings of long ones.
pub fn key(number: u8) -> Vec<u8> {
    vec![b'k'; usize::from(number) % 4 + 1].into_iter().chain([number / 4]).collect()
}

/// What the facts should be.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Model {
    pub facts: BTreeMap<(u8, Vec<u8>), Vec<u8>>,
    off: Vec<u8>,
}

impl Model {
    /// Does it to both, and compares what the device says of it.
    pub fn follow(&mut self, agent: &mut Agent<'_>, act: &Act) {
        match act {
            Act::Record(kind, number, value) => {
                let outcome = agent.record(&raw(*kind, &key(*number), value));
                self.recorded(*kind, *number, value, outcome);
            }
            Act::Remove(kind, number) => {
                let outcome = agent.remove(&raw(*kind, &key(*number), b"any")).expect("the key is short");
                let held = self.facts.remove(&(*kind, key(*number)));
                assert_eq!(outcome, if held.is_some() { Recorded::Changed } else { Recorded::Unchanged });
            }
            Act::Scan(kind, list, end) => self.scan(agent, *kind, list, *end),
            Act::Complete(kind) => agent.complete(Kind(*kind)),
            Act::Fail(kind) => agent.fail(Kind(*kind)),
            Act::Off(kind) => {
                agent.switch_off(Kind(*kind));
                self.facts.retain(|(of, _), _| of != kind);
                self.off.push(*kind);
            }
            Act::On(kind) => {
                agent.switch_on(Kind(*kind));
                self.off.retain(|of| of != kind);
            }
            Act::Report => drop(super::host::until_idle(agent)),
        }
        assert_eq!(held(agent), self.facts, "after {act:?}");
    }

    fn scan(&mut self, agent: &mut Agent<'_>, kind: u8, list: &[(u8, Vec<u8>)], end: End) {
        let mut scan = agent.scan(Kind(kind));
        let listed: Vec<_> = list.iter().map(|(number, _)| key(*number)).collect();
        for (number, value) in list {
            let outcome = scan.record(&raw(kind, &key(*number), value));
            self.recorded(kind, *number, value, outcome);
        }
        match end {
            End::Finished => {
                scan.finish();
                self.facts.retain(|(of, key), _| *of != kind || listed.contains(key));
            }
            End::Partial => scan.partial(),
            End::Failed => scan.fail(),
            End::Abandoned => drop(scan),
        }
    }

    fn recorded(&mut self, kind: u8, number: u8, value: &[u8], outcome: Result<Recorded, RecordError>) {
        let place = (kind, key(number));
        let expected = if self.off.contains(&kind) {
            Recorded::SwitchedOff
        } else if self.facts.get(&place).is_some_and(|held| held == value) {
            Recorded::Unchanged
        } else {
            Recorded::Changed
        };
        match outcome {
            Ok(recorded) => {
                assert_eq!(recorded, expected);
                if recorded == Recorded::Changed {
                    self.facts.insert(place, value.to_vec());
                }
            }
            // An old value is not left as current.
            Err(RecordError::Full) => {
                assert_eq!(expected, Recorded::Changed);
                self.facts.remove(&place);
            }
            Err(other) => panic!("{other}"),
        }
    }
}

/// A fact of bytes.
pub fn raw<'a>(kind: u8, key: &'a [u8], value: &'a [u8]) -> RawFact<'a> {
    RawFact { kind: Kind(kind), key, value }
}

/// What the device holds of the kinds of the script; its order is checked on the way.
pub fn held(agent: &Agent<'_>) -> BTreeMap<(u8, Vec<u8>), Vec<u8>> {
    let all: Vec<_> = agent.facts().map(|(kind, key, value)| ((kind.0, key.to_vec()), value.to_vec())).collect();
    assert!(all.windows(2).all(|pair| pair[0].0 < pair[1].0), "sorted, and each key once");
    all.into_iter().filter(|((kind, _), _)| KINDS.contains(kind)).collect()
}

/// Kinds of the script that digests compare.
pub fn compared(agent: &Agent<'_>) -> Vec<u8> {
    KINDS.into_iter().filter(|kind| agent.coverage(Kind(*kind)) == Some(Coverage::COMPLETE)).collect()
}
