//! Repetition and reordering of packets leave no trace.

use crate::device::*;

#[test]
fn the_same_packet_again_gets_the_same_answer() {
    let mut line = Line::synced(&Facts::default());
    let body = delta(0, 1, &[put(SOFT, "a", "1")]);
    let first = line.send_as(1, 9, &body);
    let again = line.send_as(1, 9, &body);
    assert_eq!(again.reply, first.reply);
    assert_eq!((again.told.len(), again.stored), (0, false));
}

#[test]
fn an_older_packet_is_dropped_without_an_answer() {
    let mut line = Line::synced(&Facts::default());
    line.send_as(1, 9, &beat(0, 0));
    let old = line.send_as(1, 8, &delta(0, 1, &[put(SOFT, "a", "1")]));
    assert_eq!(old, Heard { reply: None, told: vec![], stored: false });
}

#[test]
fn an_interval_already_held_is_acknowledged_and_skipped() {
    let mut line = Line::synced(&Facts::default());
    line.send(&delta(0, 2, &[put(SOFT, "a", "1")]));
    let heard = line.send(&delta_with_digest(0, 1, 12345, &[put(SOFT, "a", "0")]));
    assert!(!heard.asks(), "a digest of the past is not compared");
    assert_eq!((heard.refused(), heard.told.len(), heard.ack().applied), (false, 0, 2));
    assert_eq!(line.held(), ["1 a=1"]);
}

#[test]
fn confirming_what_is_held_tells_nothing() {
    let facts = Facts::new(&[(SOFT, "a", "1")]);
    let mut line = Line::synced(&facts);
    assert_eq!(line.send(&range(0, &[(SOFT, "", true, &[("a", "1")])])).told.len(), 0);
    assert_eq!(line.send(&delta(0, 1, &[told(put(SOFT, "a", "1"), 5, 1)])).told.len(), 0);
}

#[test]
fn a_beat_stores_state_only() {
    let mut line = Line::synced(&Facts::default());
    let heard = line.send(&beat(0, 0));
    assert_eq!((heard.told.len(), heard.stored), (0, true));
}

/// The limits of the wire: the last counter of an epoch and the last epoch are counters and epochs like any other.
#[test]
fn the_last_counter_and_the_last_epoch_are_taken_and_nothing_comes_after_them() {
    const LAST_CTR: u64 = (1 << 56) - 1;
    let mut line = Line::synced(&Facts::default());
    let last = line.send_as(1, LAST_CTR, &delta(0, 1, &[put(SOFT, "a", "1")]));
    assert_eq!((last.ack().echo, last.ack().applied), (LAST_CTR, 1));
    let wrapped = line.send_as(1, 0, &delta(1, 1, &[put(SOFT, "a", "2")]));
    assert_eq!(wrapped, Heard { reply: None, told: vec![], stored: false });
    let facts = Facts::new(&[(SOFT, "a", "1")]);
    line.send_as(u32::MAX, 0, &hello(facts.standing(0)));
    assert_eq!((line.host.state().epoch, line.held()), (u32::MAX, vec!["1 a=1".to_owned()]));
    let older = line.send_as(1, LAST_CTR, &beat(0, 0));
    assert_eq!((older.told.len(), line.host.state().epoch), (1, u32::MAX), "told that it is stale");
}
