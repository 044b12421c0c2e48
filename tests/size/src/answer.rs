//! What a host answers to a packet: that it holds everything. Enough of a host to keep the engine talking.

use tidings::wire::cursor::Writer;
use tidings::wire::message::{Ack, Downlink, Message, Uplink};
use tidings::wire::packet::{Direction, Envelope, Plain, SuiteId, Unique, open, seal};
use tidings::{KindMask, wire::MAX_PACKET};

/// Writes the answer to `packet` into `out`; gives its length. A Hello is answered with the wish for everything.
pub fn to(packet: &[u8], out: &mut [u8]) -> Option<usize> {
    let mut room = [0; MAX_PACKET];
    let packet_copy = room.get_mut(..packet.len())?;
    packet_copy.copy_from_slice(packet);
    let (envelope, body) = open(&Plain, Direction::Up, packet_copy).ok()?;
    let Unique::Counter(echo) = envelope.unique else { return None };
    let (applied, want) = match Uplink::read(body).ok()?.message {
        Message::Hello(hello) => (hello.standing.seq, hello.standing.compared),
        Message::Delta { upto, .. } => (upto, KindMask::NONE),
        Message::Range { as_of, .. } => (as_of, KindMask::NONE),
        Message::Beat { seq, .. } => (seq, KindMask::NONE),
        _ => return None,
    };
    let ack = Ack { echo, applied, want, ..Ack::default() };
    let answer = Envelope { suite: SuiteId::PLAIN, unique: Unique::None, kid: None, ..envelope };
    let mut writer = Writer::new(out);
    answer.write(&mut writer);
    let clear = writer.len();
    Downlink::Ack(ack).write(&mut writer);
    let body = writer.len() - clear;
    seal(&Plain, &answer, out, clear, body)
}
