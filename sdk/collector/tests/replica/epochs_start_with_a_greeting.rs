//! A boot begins with Hello or Buckets; what does not outlive a boot is forgotten without a removal.

use tidings_wire::message::{AckFlags, BootReason, Hello, Standing};
use tidings_wire::{KindMask, Severity};

use crate::device::*;

const HEALTH: u8 = 7;

fn rebooted(facts: &Facts) -> Vec<u8> {
    let hello = Hello {
        standing: facts.standing(0),
        boot_reason: BootReason::WATCHDOG,
        uptime_s: 3,
        resets: 2,
        ..Hello::default()
    };
    body(|out| hello.write(out))
}

#[test]
fn a_device_never_heard_of_must_greet() {
    let mut line = Line::new();
    for body in [beat(0, 0), delta(0, 1, &[put(SOFT, "a", "1")]), range(0, &[])] {
        let heard = line.send(&body);
        assert_eq!(heard.ack().flags, AckFlags::NEED_HELLO.with(AckFlags::NOT_APPLIED, true));
        assert_eq!((heard.told.len(), heard.stored), (0, false));
    }
    let heard = line.send(&hello(Facts::default().standing(0)));
    assert_eq!(heard.told, ["new device"]);
    assert_eq!(heard.ack().flags, AckFlags::default());
}

#[test]
fn the_request_for_a_greeting_says_nothing_of_the_old_epoch() {
    let mut line = Line::synced(&Facts::default());
    line.send(&with_events(&delta(0, 4, &[]), &[(Severity::Info, 1, &["x"])]));
    let ack = line.send_as(2, 0, &with_events(&beat(0, 0), &[(Severity::Info, 1, &["y"])])).ack();
    assert_eq!((ack.applied, ack.want, ack.marks), (0, KindMask::NONE, [0; 4]));
}

#[test]
fn a_reboot_with_nothing_changed_is_one_greeting() {
    let facts = Facts::new(&[(SOFT, "a", "1")]);
    let mut line = Line::synced(&facts);
    let heard = line.send_as(2, 0, &rebooted(&facts));
    assert_eq!(heard.told, ["rebooted 3 s ago: watchdog, 2 resets"]);
    assert_eq!((heard.ack().want, heard.asks()), (KindMask::NONE, false));
}

#[test]
fn a_reboot_with_changes_asks_for_the_kinds_that_differ() {
    let mut line = Line::synced(&Facts::new(&[(SOFT, "a", "1"), (USER, "u", "1")]));
    let facts = Facts::new(&[(SOFT, "a", "2"), (USER, "u", "1")]);
    assert!(line.send_as(2, 0, &rebooted(&facts)).asks());
    assert_eq!(line.send_as(2, 1, &buckets(&facts, 0)).ack().want.0, 1 << SOFT);
    let healed = line.send_as(2, 2, &range(0, &[(SOFT, "", true, &facts.of(SOFT))]));
    assert_eq!(healed.told, ["changed 1 a=2 was=1 by snapshot", "resync done: 0 added, 1 changed, 0 removed"]);
}

#[test]
fn buckets_may_start_an_epoch_too() {
    let facts = Facts::new(&[(SOFT, "a", "1")]);
    let mut line = Line::synced(&facts);
    let heard = line.send_as(2, 0, &buckets(&facts, 6));
    assert_eq!((heard.ack().applied, heard.ack().want), (6, KindMask::NONE));
}

#[test]
fn volatile_kinds_are_cleared_at_a_boot_without_removals() {
    let mut line = Line::synced(&Facts::default());
    line.send(&delta(0, 1, &[put(HEALTH, "load", "9")]));
    let heard = line.send_as(2, 0, &rebooted(&Facts::default()));
    assert_eq!(heard.told[0], "cleared 7");
    assert!(!heard.told.iter().any(|line| line.starts_with("removed")));
    assert_eq!(line.held().len(), 0);
}

#[test]
fn event_marks_outlive_an_epoch_only_within_a_boot() {
    let acc = |acc_epoch| hello(Standing { acc_epoch, ..Facts::default().standing(0) });
    let mut line = Line::synced(&Facts::default());
    line.send(&with_events(&beat(0, 0), &[(Severity::Critical, 1, &["x", "y"])]));
    let same_boot = line.send_as(2, 0, &acc(1));
    assert_eq!(
        (same_boot.ack().marks, &same_boot.told[..]),
        ([0, 0, 0, 2], &["new epoch without a boot".to_owned()][..])
    );
    assert_eq!(line.send_as(4, 0, &acc(3)).ack().marks, [0; 4]);
}

#[test]
fn event_marks_outlive_an_epoch_whose_answers_never_arrived() {
    let acc = |acc_epoch| hello(Standing { acc_epoch, ..Facts::default().standing(0) });
    let mut line = Line::synced(&Facts::default());
    line.send(&with_events(&beat(0, 0), &[(Severity::Critical, 1, &["x", "y"])]));
    for epoch in 2..5 {
        assert_eq!(line.send_as(epoch, 0, &acc(1)).ack().marks, [0, 0, 0, 2], "epoch {epoch}, all of one boot");
    }
    assert_eq!(line.send_as(5, 0, &acc(0)).ack().marks, [0; 4], "a boot");
    assert_eq!(line.send_as(6, 0, &acc(4)).ack().marks, [0; 4], "4 was of the boot before");
}

#[test]
fn a_foreign_collector_is_told_once() {
    let mut line = Line::new();
    let greeting = |instance| body(|out| Hello { instance, ..Hello::default() }.write(out));
    assert_eq!(line.send(&greeting(Some(0xBAD))).told, ["new device", "last spoke to another collector, 00000bad"]);
    assert_eq!(line.send(&greeting(Some(0xBAD))).told.len(), 0);
    assert_eq!(line.send(&greeting(Some(SETTINGS.instance))).told.len(), 0);
    assert_eq!(line.host.state().foreign_instance, None);
}
