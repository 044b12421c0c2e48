//! A device that reports more facts than it may is refused, told of once, and hurts nobody.

use tidings_collector::replica::{Replica, Settings};

use crate::device::*;

fn three() -> Line {
    let mut line = Line::to(Replica::new(Settings { max_facts: 3, ..SETTINGS }));
    line.send(&hello(Facts::default().standing(0)));
    line.send(&delta(0, 3, &[put(SOFT, "a", "1"), put(SOFT, "b", "1"), put(USER, "c", "1")]));
    line
}

#[test]
fn one_too_many_refuses_the_whole_packet() {
    let mut line = three();
    let heard = line.send(&delta(3, 2, &[put(SOFT, "a", "2"), put(SOFT, "d", "1")]));
    assert!(heard.refused());
    assert_eq!(heard.told, ["report refused: more than 3 facts"]);
    assert_eq!((heard.ack().applied, line.held()), (3, vec!["1 a=1".into(), "1 b=1".into(), "2 c=1".into()]));
    assert_eq!(line.send(&delta(3, 2, &[put(SOFT, "d", "1")])).told.len(), 0, "told once");
}

#[test]
fn replacing_and_shrinking_go_on_at_the_limit() {
    let mut line = three();
    assert!(!line.send(&delta(3, 1, &[remove(SOFT, "a"), put(SOFT, "d", "1")])).refused());
    assert!(!line.send(&delta(4, 1, &[put(SOFT, "e", "1"), put(SOFT, "e", "2"), remove(SOFT, "e")])).refused());
    assert!(!line.send(&range(5, &[(SOFT, "", true, &[("x", "1"), ("y", "1")])])).refused());
    assert_eq!(line.held(), ["1 x=1", "1 y=1", "2 c=1"]);
}

#[test]
fn a_snapshot_beyond_the_limit_is_refused() {
    let mut line = three();
    assert!(line.send(&range(3, &[(SOFT, "", true, &[("x", "1"), ("y", "1"), ("z", "1")])])).refused());
    assert!(line.send(&range(3, &[(SOFT, "a", false, &[("aa", "1"), ("b", "1")])])).refused());
    assert_eq!(line.held().len(), 3);
}

#[test]
fn overlapping_segments_do_not_slip_past_the_limit() {
    let mut line = three();
    let twice = range(3, &[(SOFT, "", true, &[]), (SOFT, "", true, &[("w", "1"), ("x", "1"), ("y", "1"), ("z", "1")])]);
    assert!(line.send(&twice).refused());
    assert_eq!(line.host.fact_count(), 3);
}
