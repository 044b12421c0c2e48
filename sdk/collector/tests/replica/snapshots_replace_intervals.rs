//! A segment replaces its interval; a kind is whole only when segments cover it from its start.

use crate::device::*;

fn facts() -> Facts {
    Facts::new(&[(SOFT, "a", "1"), (SOFT, "b", "1"), (SOFT, "c", "1"), (SOFT, "d", "1"), (USER, "b", "1")])
}

/// A line whose host wants both kinds.
fn wanting(held: &Facts) -> Line {
    let mut line = Line::synced(held);
    let other = Facts::new(&[(SOFT, "x", "y"), (USER, "x", "y")]);
    let mut standing = other.standing(5);
    standing.acc_epoch = 1;
    assert_eq!(line.send(&buckets_of(&standing, &other)).ack().want, BOTH);
    line
}

#[test]
fn only_the_interval_is_replaced() {
    let mut line = Line::synced(&facts());
    let heard = line.send(&range(0, &[(SOFT, "a", false, &[("bb", "2"), ("c", "1")])]));
    assert_eq!(heard.told, ["removed 1 b= was=1 by snapshot", "added 1 bb=2 by snapshot"]);
    assert_eq!(line.held(), ["1 a=1", "1 bb=2", "1 c=1", "1 d=1", "2 b=1"]);
}

#[test]
fn last_runs_to_the_end_of_its_kind_only() {
    let mut line = Line::synced(&facts());
    line.send(&range(0, &[(SOFT, "b", true, &[])]));
    assert_eq!(line.held(), ["1 a=1", "1 b=1", "2 b=1"]);
    line.send(&range(0, &[(SOFT, "", true, &[])]));
    assert_eq!(line.held(), ["2 b=1"]);
}

#[test]
fn a_snapshot_older_than_what_is_held_is_refused() {
    let mut line = wanting(&facts());
    let heard = line.send(&range(4, &[(SOFT, "", true, &[])]));
    assert!(heard.refused());
    assert_eq!((heard.told.len(), line.held().len(), heard.ack().want), (0, 5, BOTH));
}

#[test]
fn the_last_segment_alone_does_not_cover_a_kind() {
    let mut line = wanting(&facts());
    assert_eq!(line.send(&range(5, &[(SOFT, "b", true, &[("c", "1")])])).ack().want, BOTH);
    assert_eq!(line.send(&range(5, &[(SOFT, "", false, &[("a", "1")])])).ack().want, BOTH);
    assert_eq!(line.send(&range(5, &[(SOFT, "b", true, &[("c", "1")])])).ack().want, BOTH, "(a, b] is missing");
    assert_eq!(line.send(&range(5, &[(SOFT, "a", true, &[("c", "1")])])).ack().want.0, 1 << USER);
}

#[test]
fn chunks_cover_in_any_size_and_may_overlap() {
    let mut line = wanting(&facts());
    line.send(&range(5, &[(SOFT, "", false, &[("a", "1"), ("b", "1")])]));
    line.send(&range(5, &[(SOFT, "", false, &[("a", "1")])]));
    line.send(&range(5, &[(SOFT, "b", false, &[("c", "1")])]));
    assert_eq!(line.send(&range(5, &[(SOFT, "c", true, &[])])).ack().want.0, 1 << USER);
    let done = line.send(&range(5, &[(USER, "", true, &[])]));
    assert_eq!(done.told, ["removed 2 b= was=1 by snapshot", "resync done: 0 added, 0 changed, 2 removed"]);
}

#[test]
fn a_new_comparison_starts_coverage_again() {
    let mut line = wanting(&facts());
    line.send(&range(5, &[(SOFT, "", false, &[("b", "1")])]));
    let other = Facts::new(&[(SOFT, "x", "z"), (USER, "x", "y")]);
    line.send(&buckets(&other, 5));
    assert_eq!(line.send(&range(5, &[(SOFT, "b", true, &[])])).ack().want, BOTH);
}

#[test]
fn several_kinds_share_a_packet() {
    let mut line = wanting(&facts());
    let heard = line.send(&range(5, &[(SOFT, "", true, &[("z", "1")]), (USER, "", true, &[("z", "1")])]));
    assert_eq!(heard.ack().want.0, 0);
    assert_eq!(line.held(), ["1 z=1", "2 z=1"]);
    assert_eq!(heard.told.last().unwrap(), "resync done: 2 added, 0 changed, 5 removed");
}

#[test]
fn an_unknown_kind_is_kept_as_bytes() {
    let mut line = Line::synced(&Facts::default());
    line.send(&range(0, &[(29, "", true, &[("k", "\u{0}v")])]));
    assert_eq!(line.held(), ["29 k=\u{0}v"]);
}
