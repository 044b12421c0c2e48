//! A device that cannot hear gets no answer, and its facts converge all the same.

use crate::device::*;

fn facts() -> Facts {
    Facts::new(&[(SOFT, "a", "1"), (USER, "u", "2")])
}

fn sends(line: &mut Line, body: Vec<u8>) -> Vec<String> {
    let heard = line.send(&one_way(body));
    assert_eq!(heard.reply, None);
    heard.told
}

/// Buckets and the carousel have passed once.
fn synced() -> Line {
    let mut line = Line::new();
    sends(&mut line, buckets(&facts(), 0));
    let told = sends(&mut line, range(0, &[(SOFT, "", true, &[("a", "1")]), (USER, "", true, &[("u", "2")])]));
    assert_eq!(told.last().unwrap(), "resync done: 2 added, 0 changed, 0 removed");
    assert_eq!(line.host.state().pending, 0);
    line
}

#[test]
fn any_body_starts_an_epoch_with_everything_pending() {
    let mut line = Line::new();
    assert_eq!(sends(&mut line, delta(0, 8, &[put(SOFT, "a", "1")]))[0], "new device");
    assert_eq!((line.host.state().pending, line.host.state().applied), (u32::MAX, 8));
    line.epoch = 2;
    sends(&mut line, delta(0, 1, &[put(SOFT, "a", "2")]));
    assert_eq!((line.host.state().pending, line.host.state().applied), (u32::MAX, 1));
    assert_eq!(line.held(), ["1 a=2"], "the changes of the old epoch do not count");
    assert!(!line.host.state().ask);
}

#[test]
fn a_new_epoch_starts_coverage_again() {
    let mut line = Line::new();
    sends(&mut line, range(0, &[(SOFT, "", false, &[("a", "1")])]));
    line.epoch = 2;
    sends(&mut line, range(0, &[(SOFT, "a", true, &[])]));
    assert_eq!(line.host.state().pending, u32::MAX);
}

#[test]
fn a_question_to_a_device_that_now_cannot_hear_is_dropped() {
    let mut line = Line::synced(&facts());
    assert!(line.send(&delta(7, 1, &[])).asks());
    line.epoch = 2;
    let told = sends(&mut line, beat(0, facts().short()));
    assert_eq!(told.last().unwrap(), "resync done: 0 added, 0 changed, 0 removed");
}

#[test]
fn a_gap_is_applied_and_everything_is_pending_again() {
    let mut line = synced();
    let told = sends(&mut line, delta(5, 1, &[put(SOFT, "a", "9")]));
    assert_eq!(told, ["changed 1 a=9 was=1 by delta", "resync asked: changes are missing"]);
    assert_eq!((line.host.state().pending, line.host.state().applied), (BOTH.0, 6));
}

#[test]
fn the_carousel_heals() {
    let mut line = synced();
    sends(&mut line, delta(5, 1, &[]));
    sends(&mut line, range(6, &[(SOFT, "", true, &[("b", "1")])]));
    assert_eq!(
        sends(&mut line, range(6, &[(USER, "", true, &[("u", "2")])])),
        ["resync done: 1 added, 0 changed, 1 removed"]
    );
}

#[test]
fn a_matching_digest_clears_what_is_pending() {
    for body in [beat(6, facts().short()), delta_with_digest(6, 0, facts().short(), &[]), buckets(&facts(), 6)] {
        let mut line = synced();
        sends(&mut line, delta(5, 1, &[]));
        assert_eq!(sends(&mut line, body), ["resync done: 0 added, 0 changed, 0 removed"]);
        assert_eq!(line.host.state().pending, 0);
    }
}

#[test]
fn a_digest_that_differs_makes_everything_pending() {
    let mut line = synced();
    assert_eq!(sends(&mut line, beat(0, 1)), ["resync asked: a digest differs"]);
    assert_eq!(line.host.state().pending, BOTH.0);
}

#[test]
fn another_seq_is_no_reason_to_ask() {
    let mut line = synced();
    assert_eq!(sends(&mut line, beat(9, facts().short())), [""; 0]);
    assert_eq!((line.host.state().pending, line.host.state().ask), (0, false));
}

#[test]
fn buckets_keep_coverage_unless_there_was_a_gap() {
    let other = Facts::new(&[(SOFT, "a", "1"), (SOFT, "b", "1"), (USER, "u", "2")]);
    for (seq, covered) in [(0, true), (1, false)] {
        let mut line = synced();
        sends(&mut line, buckets(&other, 0));
        sends(&mut line, range(0, &[(SOFT, "", false, &[("a", "1")])]));
        sends(&mut line, buckets(&other, seq));
        sends(&mut line, range(seq, &[(SOFT, "a", true, &[("b", "1")])]));
        assert_eq!(line.host.state().pending == 0, covered);
    }
}

#[test]
fn coverage_does_not_outlive_the_doubt_that_it_answers() {
    let both = Facts::new(&[(SOFT, "a", "1"), (SOFT, "b", "1"), (USER, "u", "9")]);
    let only_user = Facts::new(&[(SOFT, "a", "1"), (USER, "u", "9")]);
    let between = [
        vec![delta(5, 1, &[])],
        vec![beat(0, facts().short()), buckets(&both, 0)],
        vec![buckets(&only_user, 0), buckets(&both, 0)],
        vec![range(0, &[(SOFT, "a", true, &[])]), buckets(&both, 0)],
    ];
    for (case, bodies) in between.into_iter().enumerate() {
        let mut line = synced();
        sends(&mut line, buckets(&both, 0));
        sends(&mut line, range(0, &[(SOFT, "", false, &[("a", "1")])]));
        bodies.into_iter().for_each(|body| drop(sends(&mut line, body)));
        sends(&mut line, range(6, &[(SOFT, "a", true, &[])]));
        assert_eq!(line.host.state().pending, BOTH.0, "case {case}: what comes before the key was not told again");
    }
}

#[test]
fn older_epochs_are_dropped_in_silence() {
    let mut line = synced();
    line.epoch = 3;
    sends(&mut line, beat(0, facts().short()));
    let old = line.send_as(2, 99, &one_way(delta(0, 1, &[put(SOFT, "z", "1")])));
    assert_eq!(old, Heard { reply: None, told: vec![], stored: false });
}

#[test]
fn an_operators_resync_waits_for_the_carousel() {
    let mut line = synced();
    line.host.ask(&mut tidings_collector::effects::Effects::new());
    assert_eq!((line.host.state().pending, line.host.state().ask), (BOTH.0, false));
}
