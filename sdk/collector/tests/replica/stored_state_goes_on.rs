//! A replica restored from what was stored cannot be told from one that never stopped.

use std::collections::BTreeMap;

use tidings_collector::effects::{Change, Effect, Effects, Op};
use tidings_collector::replica::{DeviceState, Fact, Opened, Replica, Settings};
use tidings_wire::Severity;

use crate::device::*;

fn restarted(host: &Replica) -> Replica {
    let state = serde_json::to_string(host.state()).unwrap();
    let facts: Vec<(u8, Vec<u8>, Fact)> =
        host.facts().map(|(kind, key, fact)| (kind, key.to_vec(), fact.clone())).collect();
    Replica::restore(SETTINGS, serde_json::from_str(&state).unwrap(), facts.into_iter().rev())
}

/// A history that visits every rule.
fn history() -> Vec<(u32, Vec<u8>)> {
    let one = Facts::new(&[(SOFT, "a", "1"), (SOFT, "b", "1"), (USER, "u", "1")]);
    let two = Facts::new(&[(SOFT, "a", "2"), (SOFT, "b", "1"), (USER, "u", "1")]);
    vec![
        (1, hello(one.standing(0))),
        (1, buckets(&one, 0)),
        (1, range(0, &[(SOFT, "", false, &[("a", "1")])])),
        (1, with_events(&range(0, &[(SOFT, "a", true, &[("b", "1")])]), &[(Severity::Info, 3, &["x"])])),
        (1, range(0, &[(USER, "", true, &[("u", "1")])])),
        (1, delta_with_digest(0, 3, two.short(), &[told(put(SOFT, "a", "2"), 1, 3), told(remove(SOFT, "no"), 1, 1)])),
        (1, delta(3, 1, &[told(remove(SOFT, "b"), 1, 2)])),
        (1, delta(4, 1, &[told(put(SOFT, "b", "1"), 1, 3)])),
        (1, delta(5, 1, &[told(put(SOFT, "a", "2"), 1, 4)])),
        (1, delta(9, 1, &[])),
        (1, beat(5, two.short() ^ 1)),
        (1, buckets(&two, 5)),
        (2, beat(0, two.short())),
        (2, hello(two.standing(1))),
        (2, delta(1, 1, &[told(put(SOFT, "a", "3"), 1, 2)])),
        (1, beat(0, 0)),
        (4, one_way(delta(3, 1, &[put(USER, "v", "1")]))),
        (4, one_way(buckets(&two, 4))),
        (4, one_way(range(4, &[(USER, "", true, &[("u", "1")])]))),
        (4, one_way(beat(4, 1))),
    ]
}

#[test]
fn a_restart_after_any_packet_changes_nothing() {
    let mut whole = Line::new();
    let mut cut = Line::new();
    for (at, (epoch, body)) in history().into_iter().enumerate() {
        cut.host = restarted(&cut.host);
        let ctr = at as u64;
        assert_eq!(cut.send_as(epoch, ctr, &body), whole.send_as(epoch, ctr, &body), "packet {at}");
        assert_eq!(cut.host.state(), whole.host.state(), "packet {at}");
        assert_eq!(cut.held(), whole.held(), "packet {at}");
    }
}

/// What a store makes of the effects.
fn store(held: &mut BTreeMap<(u8, Vec<u8>), Fact>, effects: &Effects) {
    for effect in effects.iter() {
        match effect {
            Effect::Change(Change { op: Op::Removed | Op::Withdrawn, kind, key, .. }) => {
                held.remove(&(kind, key.to_vec()));
            }
            Effect::Change(Change { kind, key, value, count, .. }) => {
                held.insert((kind, key.to_vec()), Fact { value: value.to_vec(), count });
            }
            Effect::Counted { kind, key, count } => held.get_mut(&(kind, key.to_vec())).expect("held").count = count,
            Effect::Cleared { kind } => held.retain(|(of, _), _| *of != kind),
            _ => {}
        }
    }
}

#[test]
fn the_effects_tell_all_that_is_held_of_facts() {
    let (mut host, mut held) = (Replica::new(SETTINGS), BTreeMap::new());
    for (at, (epoch, body)) in history().into_iter().enumerate() {
        let mut effects = Effects::new();
        host.receive(Opened { epoch, ctr: at as u64, body: &body }, NOW, &mut effects).unwrap();
        store(&mut held, &effects);
        let wanted: BTreeMap<_, _> =
            host.facts().map(|(kind, key, fact)| ((kind, key.to_vec()), fact.clone())).collect();
        assert_eq!(held, wanted, "packet {at}");
    }
}

#[test]
fn a_lost_database_heals_to_the_exact_state() {
    let facts = Facts::new(&[(SOFT, "a", "1"), (USER, "u", "2")]);
    let mut line = Line::synced(&facts);
    line.send(&delta(0, 7, &[]));
    line.host = Replica::new(SETTINGS);
    assert!(line.send(&beat(7, facts.short())).refused());
    assert!(line.send(&hello(facts.standing(7))).asks());
    assert_eq!(line.send(&buckets(&facts, 7)).ack().want, BOTH);
    line.send(&range(7, &[(SOFT, "", true, &facts.of(SOFT)), (USER, "", true, &facts.of(USER))]));
    assert!(!line.send(&beat(7, facts.short())).asks());
    assert_eq!(line.held(), ["1 a=1", "2 u=2"]);
}

#[test]
fn an_old_backup_heals() {
    let old = Facts::new(&[(SOFT, "a", "1"), (USER, "gone", "1")]);
    let backup = Line::synced(&old).host;
    let new = Facts::new(&[(SOFT, "a", "2"), (SOFT, "b", "1")]);
    let mut line = Line::to(restarted(&backup));
    line.ctr = 500;
    assert!(line.send(&delta(40, 1, &[put(SOFT, "b", "1")])).asks());
    assert_eq!(line.send(&buckets(&new, 41)).ack().want, BOTH);
    line.send(&range(41, &[(SOFT, "", true, &new.of(SOFT)), (USER, "", true, &[])]));
    assert_eq!(line.held(), ["1 a=2", "1 b=1"]);
}

#[test]
fn state_of_an_earlier_version_is_read() {
    let state: DeviceState = serde_json::from_str(r#"{"epoch":3,"applied":2,"later_field":true}"#).unwrap();
    let mut host = Replica::restore(SETTINGS, state, []);
    let reply = host.receive(Opened { epoch: 3, ctr: 0, body: &beat(2, 0) }, NOW, &mut Effects::new()).unwrap();
    assert_eq!(reply.unwrap().epoch, 3);
}

#[test]
fn a_refused_packet_that_ends_a_grave_is_stored() {
    let mut line = Line::to(Replica::new(Settings { max_facts: 3, ..SETTINGS }));
    line.send(&hello(Facts::default().standing(0)));
    line.send(&delta(0, 3, &[put(SOFT, "a", "1"), put(SOFT, "b", "1"), put(USER, "c", "1")]));
    line.send(&delta(3, 1, &[told(remove(SOFT, "a"), 1, 2)]));
    let too_many = [put(SOFT, "d", "1"), put(SOFT, "e", "1")];
    assert!(line.send(&delta(3, 2, &too_many)).refused());
    let before = line.host.state().clone();
    let mut effects = Effects::new();
    let body = delta(4, 2, &too_many); // from here on the device knows that the removal was heard
    line.host.receive(Opened { epoch: line.epoch, ctr: line.ctr + 1, body: &body }, NOW, &mut effects).unwrap();
    assert_ne!(*line.host.state(), before);
    assert!(effects.state_changed(), "a store would miss it");
}
