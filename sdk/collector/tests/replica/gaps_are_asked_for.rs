//! A Delta is taken only if it joins what is held.

use crate::device::*;

#[test]
fn an_interval_past_the_held_one_is_refused_and_asked_for() {
    let mut line = Line::synced(&Facts::default());
    let heard = line.send(&delta(3, 2, &[put(SOFT, "a", "1")]));
    assert!(heard.refused() && heard.asks());
    assert_eq!(heard.told, ["resync asked: changes are missing"]);
    assert_eq!((heard.ack().applied, line.held().len()), (0, 0));
}

#[test]
fn an_interval_that_overlaps_is_applied_whole() {
    let mut line = Line::synced(&Facts::default());
    line.send(&delta(0, 2, &[put(SOFT, "a", "1")]));
    let heard = line.send(&delta(1, 4, &[put(SOFT, "a", "2"), remove(SOFT, "never-held")]));
    assert_eq!(heard.told, ["changed 1 a=2 was=1 by delta"]);
    assert_eq!(heard.ack().applied, 5);
}

#[test]
fn a_gap_does_not_forget_the_packet_that_fills_it() {
    let facts = Facts::new(&[(SOFT, "a", "1"), (SOFT, "b", "2")]);
    let mut line = Line::synced(&Facts::default());
    line.send(&delta(1, 1, &[put(SOFT, "b", "2")]));
    let filled = line.send(&delta(0, 2, &[put(SOFT, "a", "1"), put(SOFT, "b", "2")]));
    assert!(!filled.refused() && filled.asks());
    assert_eq!(line.send(&buckets(&facts, 2)).told, ["resync done: 0 added, 0 changed, 0 removed"]);
}

#[test]
fn a_refused_packet_is_not_accepted_and_may_come_again() {
    let mut line = Line::synced(&Facts::default());
    line.send_as(1, 50, &delta(1, 1, &[put(SOFT, "b", "2")]));
    assert!(!line.send_as(1, 50, &delta(0, 1, &[put(SOFT, "a", "1")])).refused());
    assert_eq!(line.held(), ["1 a=1"]);
}

#[test]
fn a_record_of_an_unknown_extension_is_skipped() {
    let mut line = Line::synced(&Facts::default());
    let mut body = delta(0, 1, &[put(SOFT, "a", "1")]);
    body.extend([0x81, 3, 9, 9, 9, SOFT << 2, 1, b'b', 1, b'2']);
    line.send(&body);
    assert_eq!(line.held(), ["1 a=1", "1 b=2"]);
}
