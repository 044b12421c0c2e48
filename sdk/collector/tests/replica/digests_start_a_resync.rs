//! A digest that differs is noticed when nothing else is open, and healed for the kinds that differ.

use crate::device::*;

fn facts() -> Facts {
    Facts::new(&[(SOFT, "a", "1"), (USER, "u", "2")])
}

#[test]
fn a_beat_that_agrees_asks_nothing() {
    assert!(!Line::synced(&facts()).send(&beat(0, facts().short())).asks());
}

#[test]
fn a_beat_that_differs_asks() {
    let heard = Line::synced(&facts()).send(&beat(0, facts().short() ^ 1));
    assert!(heard.asks() && !heard.refused());
    assert_eq!(heard.told, ["resync asked: a digest differs"]);
}

#[test]
fn a_beat_with_another_seq_asks() {
    for seq in [4, 6] {
        let mut line = Line::synced(&facts());
        line.send(&delta(0, 5, &[]));
        assert_eq!(line.send(&beat(seq, facts().short())).told, ["resync asked: the change counters differ"]);
    }
}

#[test]
fn a_delta_is_compared_after_it_is_applied() {
    let mut line = Line::synced(&facts());
    let after = Facts::new(&[(SOFT, "a", "9"), (USER, "u", "2")]);
    assert!(!line.send(&delta_with_digest(0, 1, after.short(), &[put(SOFT, "a", "9")])).asks());
    assert!(line.send(&delta_with_digest(1, 1, after.short(), &[put(SOFT, "a", "8")])).asks());
}

#[test]
fn no_digest_is_compared_while_a_resync_is_open() {
    let mut line = Line::new();
    line.send(&hello(facts().standing(0)));
    line.send(&buckets(&facts(), 0));
    let heard = line.send(&delta_with_digest(0, 1, 12345, &[]));
    assert_eq!((heard.asks(), heard.ack().want, heard.told.len()), (false, BOTH, 0));
}

#[test]
fn buckets_want_all_if_the_difference_hides_in_the_upper_bits() {
    let mut line = Line::synced(&facts());
    let mut standing = facts().standing(0);
    standing.total ^= 1 << 40;
    assert_eq!(line.send(&buckets_of(&standing, &facts())).ack().want, BOTH);
}

#[test]
fn a_greeting_sets_the_seq_even_downwards() {
    let mut line = Line::synced(&facts());
    line.send(&delta(0, 9, &[]));
    let mut standing = facts().standing(2);
    standing.acc_epoch = 1;
    assert_eq!(line.send(&hello(standing)).ack().applied, 2);
    assert!(!line.send(&delta(2, 1, &[put(SOFT, "a", "3")])).refused());
    assert_eq!(line.held()[0], "1 a=3");
}
