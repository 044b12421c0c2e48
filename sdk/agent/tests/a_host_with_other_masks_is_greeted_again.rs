//! A host that wants a kind which the device does not compare has the masks of another life in mind: it is told the right ones.
//!
//! A late Hello of an earlier life under the same epoch, after a roll-back of the store, once left both waiting for ever.

use tidings::epoch::RamEpoch;
use tidings::facts::Software;
use tidings::wire::cursor::Writer;
use tidings::wire::message::{Ack, Downlink, Message, Uplink};
use tidings::wire::packet::{Envelope, Plain, Unique, seal};
use tidings::wire::{Kind, KindMask};
use tidings::{Agent, Config, DeviceId, Keys, Memory};

/// The next packet, taken by the host: its counter, and whether it is a Hello.
fn sent(agent: &mut Agent<'_>, now: &mut u64) -> (u64, bool) {
    let mut buffer = [0; 512];
    *now = agent.next_deadline().max(*now);
    let len = agent.poll_transmit(*now, &mut buffer).expect("something is due");
    let (envelope, clear) = Envelope::read(&buffer[..len]).expect("a packet");
    let Unique::Counter(ctr) = envelope.unique else { panic!("an uplink packet has a counter") };
    let body = &buffer[clear..len - 4];
    (ctr, matches!(Uplink::read(body).expect("a body").message, Message::Hello(_)))
}

fn answer(agent: &mut Agent<'_>, now: u64, ack: Ack<'_>) {
    let mut buffer = [0; 128];
    let asked = Envelope {
        suite: tidings::wire::packet::SuiteId::PLAIN,
        kid: None,
        id: Some(b"lamp"),
        epoch: 1,
        unique: Unique::None,
    };
    let mut out = Writer::new(&mut buffer);
    asked.write(&mut out);
    let clear = out.len();
    Downlink::Ack(ack).write(&mut out);
    let body = out.len() - clear;
    let len = seal(&Plain, &asked, &mut buffer, clear, body).expect("it fits");
    agent.handle_input(now, &mut buffer[..len]).expect("it answers the open step");
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
