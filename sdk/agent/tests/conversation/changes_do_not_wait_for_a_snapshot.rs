//! A host that wants a long snapshot gets changes all the same: Ranges and Deltas take turns while there is something to tell.

use crate::host::{self, answer};
use tidings::epoch::RamEpoch;
use tidings::facts::{Scalar, Setting, Software};
use tidings::wire::message::{Ack, Message};
use tidings::wire::{Kind, KindMask};
use tidings::{Agent, Config, DeviceId, Keys, Memory, config};

/// What left, and what the host then holds.
enum Sent {
    Hello,
    Range,
    Delta,
    Other,
}

/// The next packet: its counter, what it is, and the seq up to which the host holds all once it has it.
fn sent(agent: &mut Agent<'_>, applied: &mut u32) -> (u64, Sent) {
    host::sent(agent, agent.next_deadline(), |uplink| match &uplink.message {
        Message::Hello(hello) => {
            *applied = hello.standing.seq;
            Sent::Hello
        }
        Message::Range { .. } => Sent::Range,
        Message::Delta { upto, .. } => {
            *applied = *upto;
            Sent::Delta
        }
        _ => Sent::Other,
    })
}

#[test]
fn each_range_is_followed_by_what_changed() {
    let profile = config::Profile { mtu: 150, ..config::SERIAL };
    let mut memory = Memory::<4096, 64>::new();
    let id = DeviceId::new(b"lamp").expect("an id");
    let mut agent = Agent::new(Config::new().profile(profile).hold_down_ms(0), id, Keys::PLAIN, &mut memory);
    for slot in 0..100 {
        agent.record(&Software::slot(slot).version("1.0.0-rc1")).expect("room");
    }
    agent.complete(Kind::SOFTWARE);
    agent.start(0, &mut RamEpoch::new()).expect("RAM takes everything");
    let (mut applied, mut ranges, mut deltas, mut last_was_range) = (0, 0, 0, false);
    for round in 0..20_i64 {
        let (echo, what) = sent(&mut agent, &mut applied);
        let is_range = matches!(what, Sent::Range);
        assert!(!(is_range && last_was_range), "two Ranges in a row while a change waits");
        (ranges, deltas) = (ranges + u32::from(is_range), deltas + u32::from(matches!(what, Sent::Delta)));
        last_was_range = is_range;
        let now = agent.next_deadline();
        answer(&mut agent, now, Ack { echo, applied, want: KindMask::of(Kind::SOFTWARE), ..Ack::default() });
        agent.record(&Setting::named("round", Scalar::Int(round))).expect("room");
    }
    assert!(ranges >= 5 && deltas >= 5, "{ranges} Ranges, {deltas} Deltas");
}
