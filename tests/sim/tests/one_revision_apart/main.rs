//! A device and a host one revision of the format apart, both ways, on a line that loses and repeats: what they share arrives whole.
//!
//! The real agent and the real replica are of today; `later` makes of what one of them says what a later one would say: fields at the ends, longer
//! values, facts of kinds without a vocabulary, records and messages that nobody knows yet.

mod later;
mod line;

use line::{Line, Revision};
use tidings::facts::{RawFact, Update, UpdateState};
use tidings::{EventType, Kind, Severity};
use tidings_collector::present;

const SEEDS: u64 = 200;

#[test]
fn a_later_device_and_todays_host_agree_about_what_they_share() {
    for seed in 1..=SEEDS {
        Line::new(seed, Revision::LaterDevice).lives();
    }
}

#[test]
fn todays_device_and_a_later_host_agree_about_what_they_share() {
    for seed in 1..=SEEDS {
        Line::new(seed, Revision::LaterHost).lives();
    }
}

#[test]
fn two_of_one_revision_agree_on_the_same_line() {
    for seed in 1..=SEEDS {
        Line::new(seed, Revision::Same).lives();
    }
}

#[test]
fn a_value_that_grew_reads_as_before() {
    let mut line = Line::new(1, Revision::LaterDevice);
    line.record(&Update::slot(0).state(UpdateState::FAILED).target("2.0").percent(40).error(-7)); // no field is left out
    line.settle();
    let (key, value) = line.held(Kind::UPDATE).pop().expect("one is held");
    let grown = [&value[..], &[9, 9]].concat();
    line.record(&RawFact { kind: Kind::UPDATE, key: &key, value: &grown });
    line.settle();
    assert_eq!(line.held(Kind::UPDATE), [(key.clone(), grown.clone())], "the host keeps what it does not know");
    let words = |value: &[u8]| present::details(Kind::UPDATE.0, &key, value);
    assert_eq!(words(&grown), words(&value));
    assert!(words(&value).contains("2.0"));
}

#[test]
fn facts_of_an_unknown_kind_are_kept_and_come_and_go() {
    let mut line = Line::new(2, Revision::LaterDevice);
    let fact = |value| RawFact { kind: later::KIND, key: b"a", value };
    line.record(&fact(b"1"));
    line.settle();
    assert_eq!(line.held(later::KIND), [(b"a".to_vec(), b"1".to_vec())]);
    assert_eq!(present::details(later::KIND.0, b"a", b"1"), "31", "shown as bytes");
    line.remove(&fact(b""));
    line.settle();
    assert_eq!(line.held(later::KIND), []);
}

#[test]
fn events_in_a_message_of_an_unknown_type_arrive_once() {
    let mut line = Line::new(3, Revision::LaterDevice);
    line.settle();
    line.event(Severity::Critical, EventType::TAMPER, b"lid");
    line.says_something_unknown();
    assert_eq!(line.host.events, [(3, b"lid".to_vec())]);
    line.settle();
    assert_eq!(line.host.events.len(), 1);
}
