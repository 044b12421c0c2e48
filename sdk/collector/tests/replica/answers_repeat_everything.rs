//! Every answer repeats all requests, so that losing one costs nothing; refusals echo the packet they refuse.

use tidings_wire::message::{AckFlags, head};

use crate::device::*;

#[test]
fn pending_kinds_are_wanted_until_they_are_covered() {
    let facts = Facts::new(&[(SOFT, "a", "1"), (USER, "b", "2")]);
    let mut line = Line::new();
    line.send(&hello(facts.standing(0)));
    assert_eq!(line.send(&buckets(&facts, 0)).ack().want, BOTH);
    let delta = line.send(&delta(0, 1, &[put(SOFT, "c", "3")]));
    assert_eq!((delta.ack().want, delta.ack().applied), (BOTH, 1));
    assert_eq!(line.send(&range(1, &[(USER, "", true, &[("b", "2")])])).ack().want.0, 1 << SOFT);
}

#[test]
fn nothing_is_wanted_while_buckets_are_asked_for() {
    let mut line = Line::new();
    let heard = line.send(&hello(Facts::new(&[(SOFT, "a", "1")]).standing(0)));
    assert!(heard.asks());
    assert_eq!((heard.ack().want.0, line.host.state().pending), (0, BOTH.0));
    let again = line.send(&delta(0, 1, &[put(SOFT, "a", "1")]));
    assert!(again.asks(), "level-triggered");
}

#[test]
fn each_answer_echoes_its_packet_under_its_epoch() {
    let mut line = Line::synced(&Facts::default());
    for body in [beat(0, 0), delta(9, 1, &[]), delta(0, 1, &[])] {
        let heard = line.send(&body);
        assert_eq!((heard.ack().echo, heard.reply.map(|reply| reply.epoch)), (line.ctr, Some(1)));
    }
    let newer = line.send_as(5, 77, &beat(0, 0));
    assert_eq!((newer.ack().echo, newer.reply.map(|reply| reply.epoch)), (77, Some(5)));
}

#[test]
fn the_collector_names_itself_to_a_greeting_only() {
    let mut line = Line::new();
    assert_eq!(line.send(&hello(Facts::default().standing(0))).ack().instance, Some(SETTINGS.instance));
    assert_eq!(line.send(&beat(0, 0)).ack().instance, None);
}

#[test]
fn an_unknown_body_type_is_refused_but_its_events_count() {
    let mut line = Line::synced(&Facts::default());
    let body = with_events(&[0x0A, 1, 2, 3], &[(tidings_wire::Severity::Info, 1, &["x"])]);
    assert_eq!(body[0], 0x0A | head::EVENTS);
    let heard = line.send(&body);
    assert_eq!(heard.ack().flags, AckFlags::NOT_APPLIED.with(AckFlags::UNSUPPORTED, true));
    assert_eq!(heard.ack().marks, [1, 0, 0, 0]);
}

#[test]
fn an_operators_resync_stands_until_buckets_come() {
    let facts = Facts::new(&[(SOFT, "a", "1")]);
    let mut line = Line::synced(&facts);
    let mut effects = tidings_collector::effects::Effects::new();
    line.host.ask(&mut effects);
    line.host.ask(&mut effects);
    assert_eq!(effects.iter().len(), 1, "told once");
    assert!(effects.state_changed());
    assert!(line.send(&beat(0, facts.short())).asks());
    assert!(line.send(&beat(0, facts.short())).asks());
    let done = line.send(&buckets(&facts, 0));
    assert_eq!(done.told, ["resync done: 0 added, 0 changed, 0 removed"]);
    assert!(!done.asks());
}
