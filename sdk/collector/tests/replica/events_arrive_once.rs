//! Events come once, losses are counted exactly, and neither depends on what becomes of the rest of the packet.

use tidings_wire::event::{Event, Group, Origin};
use tidings_wire::message::head;
use tidings_wire::{EventType, Severity};

use crate::device::*;

#[test]
fn events_of_a_refused_body_are_stored_with_their_mark() {
    let mut line = Line::synced(&Facts::default());
    line.send(&delta(0, 2, &[]));
    let heard = line.send(&with_events(&range(1, &[]), &[(Severity::Info, 1, &["one"])]));
    assert!(heard.refused());
    assert_eq!((heard.told.len(), heard.stored, heard.ack().marks[0]), (1, true, 1));
}

#[test]
fn each_number_is_taken_once() {
    let mut line = Line::synced(&Facts::default());
    let two = with_events(&beat(0, 0), &[(Severity::Info, 1, &["a", "b"])]);
    assert_eq!(line.send(&two).told, ["event 0 #1 a at=999993", "event 0 #2 b at=999993"]);
    assert_eq!(line.send(&two).told.len(), 0);
    let overlapping = with_events(&beat(0, 0), &[(Severity::Info, 2, &["b", "c"])]);
    let heard = line.send(&overlapping);
    assert_eq!(heard.told, ["event 0 #3 c at=999993"]);
    assert_eq!(heard.ack().marks, [3, 0, 0, 0]);
}

#[test]
fn numbers_that_are_missing_are_lost() {
    let mut line = Line::synced(&Facts::default());
    let heard = line.send(&with_events(&beat(0, 0), &[(Severity::Warning, 4, &["d"]), (Severity::Critical, 8, &[])]));
    assert_eq!(heard.told, ["lost 3 of severity 2", "event 2 #4 d at=999993", "lost 7 of severity 3"]);
    assert_eq!(heard.ack().marks, [0, 0, 4, 7]);
    assert_eq!(line.host.state().lost, [0, 0, 3, 7]);
    assert_eq!(
        line.send(&with_events(&beat(0, 0), &[(Severity::Critical, 8, &["h"])])).told,
        ["event 3 #8 h at=999993"]
    );
}

#[test]
fn events_of_a_refused_delta_count() {
    let mut line = Line::synced(&Facts::default());
    let heard = line.send(&with_events(&delta(9, 1, &[]), &[(Severity::Notice, 1, &["x"])]));
    assert!(heard.refused() && heard.stored);
    assert_eq!((heard.told[0].as_str(), heard.ack().marks), ("event 1 #1 x at=999993", [0, 1, 0, 0]));
}

#[test]
fn events_of_a_skipped_delta_and_a_refused_range_count() {
    let mut line = Line::synced(&Facts::default());
    line.send(&delta(0, 5, &[]));
    let skipped = line.send(&with_events(&delta(0, 1, &[]), &[(Severity::Info, 1, &["x"])]));
    let refused = line.send(&with_events(&range(1, &[]), &[(Severity::Info, 2, &["y"])]));
    assert!(!skipped.refused() && refused.refused());
    assert_eq!((skipped.told.len(), refused.told.len()), (1, 1));
}

#[test]
fn a_greeting_with_events_is_malformed() {
    let mut greeting = hello(Facts::default().standing(0));
    greeting[0] |= head::EVENTS;
    assert!(tidings_wire::message::Uplink::read(&greeting).is_err());
}

#[test]
fn an_age_beyond_the_hosts_clock_saturates() {
    let mut line = Line::synced(&Facts::default());
    line.now = 3;
    assert_eq!(line.send(&with_events(&beat(0, 0), &[(Severity::Info, 1, &["a"])])).told, ["event 0 #1 a at=0"]);
}

/// A Beat with one event of a device that keeps it: its number, age, and origin's epoch and number.
fn kept(number: u32, age_ms: u32, (epoch, counted): (u32, u32)) -> Vec<u8> {
    let mut body = body(|out| {
        out.u8(head::BEAT | head::EVENTS);
        out.u8(1);
        let at = Group::write_head(out, Severity::Critical, number);
        let origin = Some(Origin { epoch, number: counted, uptime_s: 60 });
        Event { event_type: EventType::TAMPER, age_ms, actor: b"", data: b"x", origin }.write(out);
        Group::patch_count(out, at, Severity::Critical, 1);
    });
    body.extend_from_slice(&beat(0, 0)[1..]);
    body
}

#[test]
fn a_kept_event_counts_once_under_whatever_number_and_epoch_it_comes() {
    let mut line = Line::synced(&Facts::default());
    let epoch = line.host.state().epoch;
    assert_eq!(line.send(&kept(1, 7, (epoch, 1))).told, ["event 3 #1 x at=999993"]);
    let again = line.send(&kept(2, 7, (epoch, 1)));
    assert_eq!((again.told.len(), again.ack().marks[3]), (0, 2), "it is marked, so that the device gives it up");
    assert_eq!(line.send(&kept(3, u32::MAX, (epoch, 2))).told, ["event 3 #3 x at=?"]);
    assert_eq!(line.send(&kept(4, 7, (epoch, 1))).told.len(), 0, "an older one");
}

#[test]
fn an_origin_that_is_yet_to_come_is_no_reason_to_pass_over_others() {
    let mut line = Line::synced(&Facts::default());
    let epoch = line.host.state().epoch;
    assert_eq!(line.send(&kept(1, 7, (epoch + 9, 1))).told.len(), 1);
    assert_eq!(line.send(&kept(2, 7, (epoch, 1))).told.len(), 1);
}

#[test]
fn a_kept_event_that_is_held_already_leaves_its_mark_even_if_the_body_is_refused() {
    let mut line = Line::synced(&Facts::default());
    let epoch = line.host.state().epoch;
    line.send(&kept(1, 7, (epoch, 1)));
    let mut body = kept(2, 7, (epoch, 1));
    body.truncate(body.len() - beat(0, 0).len() + 1);
    body[0] = head::RANGE | head::EVENTS;
    body.extend_from_slice(&range(1, &[])[1..]);
    line.send(&delta(0, 2, &[]));
    let heard = line.send(&body);
    assert!(heard.refused() && heard.told.is_empty());
    assert_eq!((heard.ack().marks[3], heard.stored), (2, true), "what is told is stored");
}
