//! A packet of an older life gets Stale, at most a few a minute, and two senders under one name are noticed.

use tidings_wire::message::Standing;

use crate::device::*;

fn greeting(acc_epoch: u32) -> Vec<u8> {
    hello(Standing { acc_epoch, ..Facts::default().standing(0) })
}

fn known_epoch(epoch: u32) -> Line {
    let mut line = Line::new();
    line.send_as(epoch, 0, &greeting(0));
    line.send_as(epoch, 1, &beat(0, 0));
    line
}

#[test]
fn an_older_epoch_is_told_the_known_one_and_changes_nothing() {
    let mut line = known_epoch(5);
    let heard = line.send_as(3, 70, &delta(0, 1, &[put(SOFT, "a", "1")]));
    assert_eq!((heard.stale(), heard.stored), (Some(5), false));
    let reply = heard.reply.unwrap();
    assert_eq!((reply.epoch, reply.body.echo()), (3, 70));
    assert_eq!(heard.told, ["packet of old epoch 3, known is 5"]);
    assert_eq!(line.held().len(), 0);
}

#[test]
fn a_second_first_greeting_of_an_epoch_is_stale() {
    let mut line = known_epoch(5);
    assert_eq!(line.send_as(5, 0, &greeting(0)).stale(), Some(5), "the device forgot that it was in this epoch");
    assert_eq!(line.send_as(5, 2, &greeting(5)).stale(), None, "new masks in mid-boot");
}

#[test]
fn a_repeated_greeting_is_not_stale() {
    let mut line = Line::new();
    line.send_as(5, 0, &greeting(0));
    assert_eq!(line.send_as(5, 1, &greeting(0)).stale(), None);
    line.send_as(5, 2, &beat(0, 0));
    line.send_as(6, 0, &greeting(0));
    assert_eq!(line.send_as(6, 1, &greeting(0)).stale(), None, "what was heard in epoch 5 does not count in 6");
}

#[test]
fn a_flood_gets_a_few_answers_a_minute() {
    let mut line = known_epoch(5);
    let stales = |line: &mut Line| (0..100).filter(|_| line.send_as(3, 1, &beat(0, 0)).stale().is_some()).count();
    assert_eq!(stales(&mut line), 4);
    line.now += 59_999;
    assert_eq!(stales(&mut line), 0);
    line.now += 1;
    assert_eq!(stales(&mut line), 4);
}

#[test]
fn a_clock_that_steps_back_does_not_silence_the_host() {
    let mut line = known_epoch(5);
    for _ in 0..9 {
        line.send_as(3, 1, &beat(0, 0));
    }
    line.now = 5;
    assert_eq!(line.send_as(3, 1, &beat(0, 0)).stale(), Some(5));
    line.now = u64::MAX;
    assert_eq!(line.send_as(3, 1, &beat(0, 0)).stale(), Some(5));
}

#[test]
fn two_senders_that_take_turns_are_noticed() {
    let mut line = known_epoch(5);
    let mut told = vec![];
    for turn in 0..6 {
        line.now += 60_000;
        let (loser, winner) = (5 + turn, 6 + turn);
        told.extend(line.send_as(winner, 0, &greeting(0)).told);
        line.send_as(winner, 1, &beat(0, 0));
        told.extend(line.send_as(loser, 2, &beat(0, 0)).told);
    }
    let alarms = told.iter().filter(|line| line.contains("two senders")).count();
    assert_eq!(alarms, 2, "{told:#?}");
}

#[test]
fn reboots_and_replays_are_no_clone() {
    let mut line = known_epoch(5);
    let mut told = vec![];
    for epoch in 6..30 {
        told.extend(line.send_as(epoch, 0, &greeting(0)).told);
        line.send_as(epoch, 1, &beat(0, 0));
        told.extend(line.send_as(epoch - 1, 1, &beat(0, 0)).told);
        told.extend(line.send_as(epoch - 1, 0, &greeting(0)).told);
        if epoch % 2 == 0 {
            told.extend(line.send_as(epoch - 1, 2, &beat(0, 0)).told); // was on its way while the device rebooted
        }
    }
    assert!(!told.iter().any(|line| line.contains("two senders")), "{told:#?}");
}
