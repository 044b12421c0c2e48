//! A host that wants a long snapshot gets changes all the same: Ranges and Deltas take turns while there is something to tell.

use tidings::epoch::RamEpoch;
use tidings::facts::{Scalar, Setting, Software};
use tidings::wire::cursor::Writer;
use tidings::wire::message::{Ack, Downlink, Message, Uplink};
use tidings::wire::packet::{Envelope, Plain, SuiteId, Unique, seal};
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
    let mut buffer = [0; 512];
    let now = agent.next_deadline();
    let len = agent.poll_transmit(now, &mut buffer).expect("something is due");
    let (envelope, clear) = Envelope::read(&buffer[..len]).expect("a packet");
    let Unique::Counter(ctr) = envelope.unique else { panic!("an uplink packet has a counter") };
    let what = match Uplink::read(&buffer[clear..len - 4]).expect("a body").message {
        Message::Hello(hello) => {
            *applied = hello.standing.seq;
            Sent::Hello
        }
        Message::Range { .. } => Sent::Range,
        Message::Delta { upto, .. } => {
            *applied = upto;
            Sent::Delta
        }
        _ => Sent::Other,
    };
    (ctr, what)
}

fn answer(agent: &mut Agent<'_>, ack: Ack<'_>) {
    let mut buffer = [0; 128];
    let asked = Envelope { suite: SuiteId::PLAIN, kid: None, id: Some(b"lamp"), epoch: 1, unique: Unique::None };
    let mut out = Writer::new(&mut buffer);
    asked.write(&mut out);
    let clear = out.len();
    Downlink::Ack(ack).write(&mut out);
    let body = out.len() - clear;
    let len = seal(&Plain, &asked, &mut buffer, clear, body).expect("it fits");
    agent.handle_input(agent.next_deadline(), &mut buffer[..len]).expect("it answers the open step");
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
        answer(&mut agent, Ack { echo, applied, want: KindMask::of(Kind::SOFTWARE), ..Ack::default() });
        agent.record(&Setting::named("round", Scalar::Int(round))).expect("room");
    }
    assert!(ranges >= 5 && deltas >= 5, "{ranges} Ranges, {deltas} Deltas");
}
