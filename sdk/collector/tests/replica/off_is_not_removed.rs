//! An opt-out, a slow source and a failed source never look like a removal.

use tidings_wire::KindMask;
use tidings_wire::message::Standing;

use crate::device::*;

fn facts() -> Facts {
    Facts::new(&[(SOFT, "a", "1"), (SOFT, "b", "2"), (USER, "u", "3")])
}

fn only_software(off: u32) -> Standing {
    let compared = KindMask(1 << SOFT);
    Standing { compared, off: KindMask(off), total: facts().digest(compared).0, ..facts().standing(0) }
}

#[test]
fn a_kind_switched_off_is_withdrawn() {
    let mut line = Line::synced(&facts());
    let heard = line.send(&hello(Standing { acc_epoch: 1, ..only_software(1 << USER) }));
    assert_eq!(heard.told, ["withdrawn 2 u= was=3 by off"]);
    assert!(!heard.asks());
    assert_eq!(line.held(), ["1 a=1", "1 b=2"]);
    assert_eq!((line.host.state().off, line.host.state().compared), (1 << USER, 1 << SOFT));
}

#[test]
fn a_kind_switched_on_again_is_added_by_snapshot() {
    let mut line = Line::synced(&facts());
    line.send(&hello(Standing { acc_epoch: 1, ..only_software(1 << USER) }));
    assert!(line.send(&hello(Standing { acc_epoch: 1, ..facts().standing(0) })).asks());
    assert_eq!(line.send(&buckets(&facts(), 0)).ack().want.0, 1 << USER);
    let heard = line.send(&range(0, &[(USER, "", true, &[("u", "3")])]));
    assert_eq!(heard.told, ["added 2 u=3 by snapshot", "resync done: 1 added, 0 changed, 0 removed"]);
}

#[test]
fn a_kind_in_neither_mask_is_untouched() {
    let mut line = Line::synced(&facts());
    let heard = line.send(&hello(Standing { acc_epoch: 1, ..only_software(0) }));
    assert_eq!((heard.told.len(), heard.asks()), (0, false));
    assert_eq!(line.held(), ["1 a=1", "1 b=2", "2 u=3"]);
    assert!(!line.send(&beat(0, facts().digest(KindMask(1 << SOFT)).short())).asks());
}

#[test]
fn a_loading_kind_is_not_asked_for_after_a_boot() {
    let mut line = Line::synced(&facts());
    let mut half = Facts::new(&[(SOFT, "a", "9")]).standing(0);
    half.compared = KindMask(1 << SOFT);
    half.total = Facts::new(&[(SOFT, "a", "9")]).digest(half.compared).0;
    line.send_as(2, 0, &hello(half));
    let want = line.send_as(2, 1, &buckets_of(&half, &Facts::new(&[(SOFT, "a", "9")]))).ack().want;
    assert_eq!(want.0, 1 << SOFT);
    let heard = line.send_as(2, 2, &range(0, &[(SOFT, "", true, &[("a", "9")])]));
    assert_eq!(heard.told[..2], ["removed 1 b= was=2 by snapshot", "changed 1 a=9 was=1 by snapshot"]);
    assert_eq!(line.held(), ["1 a=9", "2 u=3"]);
}
