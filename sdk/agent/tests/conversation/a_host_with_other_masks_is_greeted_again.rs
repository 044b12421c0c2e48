//! A host that wants a kind which the device does not compare has the masks of another life in mind: it is told the right ones.
//!
//! A late Hello of an earlier life under the same epoch, after a roll-back of the store, once left both waiting for ever.

use crate::host::{self, answer};
use tidings::epoch::RamEpoch;
use tidings::facts::Software;
use tidings::wire::message::{Ack, Message};
use tidings::wire::{Kind, KindMask};
use tidings::{Agent, Config, DeviceId, Keys, Memory};

/// The next packet, taken by the host: its counter, and whether it is a Hello.
fn sent(agent: &mut Agent<'_>, now: &mut u64) -> (u64, bool) {
    *now = agent.next_deadline().max(*now);
    host::sent(agent, *now, |uplink| matches!(uplink.message, Message::Hello(_)))
}

#[test]
fn wanting_what_is_not_compared_brings_a_hello_and_wanting_what_is_does_not() {
    for (kind, greeted) in [(Kind::SOFTWARE, false), (Kind::VENDOR, true)] {
        let mut memory = Memory::<512, 64>::new();
        let id = DeviceId::new(b"lamp").expect("an id");
        let mut agent = Agent::new(Config::new(), id, Keys::PLAIN, &mut memory);
        agent.record(&Software::slot(0).version("1")).expect("room");
        agent.complete(Kind::SOFTWARE);
        let mut now = 0;
        agent.start(now, &mut RamEpoch::new()).expect("RAM takes everything");
        let (echo, hello) = sent(&mut agent, &mut now);
        assert!(hello);
        answer(&mut agent, now, Ack { echo, ..Ack::default() });
        let (echo, hello) = sent(&mut agent, &mut now);
        assert!(!hello, "a Beat, or what was recorded since");
        answer(&mut agent, now, Ack { echo, want: KindMask::of(kind), ..Ack::default() });
        assert_eq!(sent(&mut agent, &mut now).1, greeted, "{kind}");
    }
}
