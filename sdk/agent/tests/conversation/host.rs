//! The other end of a plain link to the device `lamp` in its first epoch: it reads what leaves and answers what the test says.

use tidings::Agent;
use tidings::wire::cursor::Writer;
use tidings::wire::message::{Ack, Downlink, Uplink};
use tidings::wire::packet::{Envelope, Plain, SuiteId, Unique, seal};

/// Bytes of the check of a plain packet.
const CHECK: usize = 4;

/// The next packet, which leaves at `now`, and its counter.
pub fn sent<R>(agent: &mut Agent<'_>, now: u64, read: impl FnOnce(&Uplink<'_>) -> R) -> (u64, R) {
    let mut buffer = [0; 512];
    let len = agent.poll_transmit(now, &mut buffer).expect("something is due");
    let (envelope, clear) = Envelope::read(&buffer[..len]).expect("a packet");
    let Unique::Counter(ctr) = envelope.unique else { panic!("an uplink packet has a counter") };
    (ctr, read(&Uplink::read(&buffer[clear..len - CHECK]).expect("a body")))
}

/// Answers the open step at `now`.
pub fn answer(agent: &mut Agent<'_>, now: u64, ack: Ack<'_>) {
    let mut buffer = [0; 128];
    let asked = Envelope { suite: SuiteId::PLAIN, kid: None, id: Some(b"lamp"), epoch: 1, unique: Unique::None };
    let mut out = Writer::new(&mut buffer);
    asked.write(&mut out);
    let clear = out.len();
    Downlink::Ack(ack).write(&mut out);
    let body = out.len() - clear;
    let len = seal(&Plain, &asked, &mut buffer, clear, body).expect("it fits");
    agent.handle_input(now, &mut buffer[..len]).expect("it answers the open step");
}
