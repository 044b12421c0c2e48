//! Age and count travel beside the value: when it changed, and how many changes a report stands for.

use crate::device::*;

#[test]
fn a_change_is_dated_by_its_age() {
    let mut line = Line::synced(&Facts::default());
    let records = [told(put(SOFT, "a", "1"), 250, 1), told(put(SOFT, "b", "1"), u32::MAX, 1), put(SOFT, "c", "1")];
    assert_eq!(
        line.send(&delta(0, 3, &records)).told,
        ["added 1 a=1 at=999750 by delta", "added 1 b=1 at=0 by delta", "added 1 c=1 by delta"]
    );
}

#[test]
fn coalesced_changes_are_counted() {
    let mut line = Line::synced(&Facts::new(&[(SOFT, "a", "0")]));
    let mut count = |n, value: &str, seq| line.send(&delta(seq, 1, &[told(put(SOFT, "a", value), 0, n)])).told;
    assert_eq!(count(3, "1", 0), ["changed 1 a=1 was=0 at=1000000 times=3 by delta"]);
    assert_eq!(count(4, "2", 1), ["changed 1 a=2 was=1 at=1000000 by delta"]);
    assert_eq!(count(1, "3", 2), ["changed 1 a=3 was=2 at=1000000 times=253 by delta"], "the count wraps");
}

#[test]
fn there_and_back_is_told_though_the_value_is_the_same() {
    let mut line = Line::synced(&Facts::new(&[(SOFT, "a", "0")]));
    let body = delta(0, 2, &[told(put(SOFT, "a", "0"), 9, 2)]);
    assert_eq!(line.send(&body).told, ["changed 1 a=0 was=0 at=999991 times=2 by delta"]);
    assert_eq!(line.send(&delta(1, 2, &[told(put(SOFT, "a", "0"), 9, 2)])).told.len(), 0, "once");
}

#[test]
fn counts_start_again_at_a_boot() {
    let facts = Facts::new(&[(SOFT, "a", "0")]);
    let mut line = Line::synced(&facts);
    line.send(&delta(0, 1, &[told(put(SOFT, "a", "1"), 0, 7)]));
    line.send_as(2, 0, &hello(Facts::new(&[(SOFT, "a", "1")]).standing(0)));
    let heard = line.send_as(2, 1, &delta(0, 1, &[told(put(SOFT, "a", "2"), 0, 8)]));
    assert_eq!(heard.told, ["changed 1 a=2 was=1 at=1000000 times=8 by delta"]);
}

#[test]
fn the_count_goes_on_while_a_removal_is_not_acknowledged() {
    let mut line = Line::synced(&Facts::default());
    line.send(&delta(0, 1, &[told(put(SOFT, "a", "1"), 0, 1)]));
    assert_eq!(
        line.send(&delta(1, 1, &[told(remove(SOFT, "a"), 0, 2)])).told,
        ["removed 1 a= was=1 at=1000000 by delta"]
    );
    // The answer was lost: the device still stands where it was.
    assert_eq!(
        line.send(&delta(1, 4, &[told(put(SOFT, "a", "1"), 0, 5)])).told,
        ["added 1 a=1 at=1000000 times=3 by delta"]
    );
}

#[test]
fn the_count_starts_again_once_a_removal_is_acknowledged() {
    let mut line = Line::synced(&Facts::default());
    line.send(&delta(0, 1, &[told(put(SOFT, "a", "1"), 0, 1)]));
    line.send(&delta(1, 1, &[told(remove(SOFT, "a"), 0, 2)]));
    assert_eq!(line.send(&delta(2, 1, &[told(put(SOFT, "a", "1"), 0, 1)])).told, ["added 1 a=1 at=1000000 by delta"]);
}

#[test]
fn what_a_snapshot_told_is_not_counted_twice() {
    let mut line = Line::synced(&Facts::new(&[(SOFT, "a", "0")]));
    assert_eq!(line.send(&range(4, &[(SOFT, "", true, &[("a", "1")])])).told, ["changed 1 a=1 was=0 by snapshot"]);
    assert_eq!(line.send(&delta(0, 4, &[told(put(SOFT, "a", "1"), 0, 4)])).told.len(), 0);
    let heard = line.send(&delta(4, 3, &[told(put(SOFT, "a", "2"), 0, 7)]));
    assert_eq!(heard.told, ["changed 1 a=2 was=1 at=1000000 times=3 by delta"]);
}

#[test]
fn a_removal_found_by_a_snapshot_counts_as_one() {
    let mut line = Line::synced(&Facts::default());
    line.send(&delta(0, 1, &[told(put(SOFT, "a", "1"), 0, 1)]));
    line.send(&range(2, &[(SOFT, "", true, &[])]));
    let heard = line.send(&delta(1, 2, &[told(put(SOFT, "a", "1"), 0, 3)]));
    assert_eq!(heard.told, ["added 1 a=1 at=1000000 by delta"]);
}

#[test]
fn a_fact_told_without_a_count_has_not_changed_since_boot() {
    let mut line = Line::synced(&Facts::default());
    line.send(&delta(0, 1, &[put(SOFT, "a", "1")]));
    let heard = line.send(&delta(1, 3, &[told(put(SOFT, "a", "2"), 0, 3)]));
    assert_eq!(heard.told, ["changed 1 a=2 was=1 at=1000000 times=3 by delta"]);
}

#[test]
fn remembered_counts_are_bounded() {
    const MANY: u32 = 60;
    let keys: Vec<String> = (0..MANY).map(|n| n.to_string()).collect();
    let mut line = Line::synced(&Facts::default());
    let puts: Vec<_> = keys.iter().map(|key| told(put(SOFT, key, ""), 0, 1)).collect();
    line.send(&delta(0, MANY, &puts));
    let removals: Vec<_> = keys.iter().map(|key| told(remove(SOFT, key), 0, 2)).collect();
    line.send(&delta(MANY, MANY, &removals));
    assert_eq!(line.host.state().graves.len(), tidings_collector::replica::GRAVES);
}
