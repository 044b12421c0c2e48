//! The host's end of a sealed link: opens what the agent sends and seals answers.

use tidings::suites::{ChaCha20Poly1305, KeySet};
use tidings::wire::cursor::Writer;
use tidings::wire::message::{Ack, AckFlags, Downlink, Hello, Message, Uplink};
use tidings::wire::packet::{Direction, Envelope, Suite, SuiteId, Unique, open, seal};
use tidings::{Agent, Config, DeviceId, config};

pub const CONFIG: Config = Config::new().profile(config::SERIAL);

pub fn id() -> DeviceId {
    DeviceId::new(b"pump-7").expect("1 to 16 bytes")
}

/// Keys of one device: those of two key ids differ, the digest key does not.
pub fn keys(kid: u8) -> KeySet {
    KeySet::new(kid, [kid + 1; 32], [kid + 101; 32], [0xAB; 16]).expect("the keys differ")
}

/// The next packet, however long it takes.
pub fn sent(agent: &mut Agent<'_>) -> Vec<u8> {
    let mut buffer = [0; 512];
    let at = agent.next_deadline().max(1);
    let len = agent.poll_transmit(at, &mut buffer).expect("something is due");
    buffer[..len].to_vec()
}

/// What the host reads of a packet.
#[derive(Debug, PartialEq, Eq)]
pub struct Seen {
    pub kid: Option<u8>,
    pub epoch: u32,
    pub ctr: u64,
    pub hello: bool,
}

pub fn read(keys: &KeySet, packet: &[u8]) -> Seen {
    let mut bytes = packet.to_vec();
    let (envelope, body) =
        open(&ChaCha20Poly1305::host(keys), Direction::Up, &mut bytes).expect("sealed with these keys");
    let Unique::Counter(ctr) = envelope.unique else { panic!("an uplink packet has a counter") };
    let hello = matches!(Uplink::read(body).expect("a good body").message, Message::Hello(_));
    Seen { kid: envelope.kid, epoch: envelope.epoch, ctr, hello }
}

/// An answer that acknowledges what `seen` told, sealed by `suite`.
pub fn ack(suite: &dyn Suite, seen: &Seen) -> Vec<u8> {
    answer(suite, seen, &Downlink::Ack(Ack { echo: seen.ctr, ..Ack::default() }))
}

/// An answer that says that the host knows epochs up to `known`.
pub fn stale(suite: &dyn Suite, seen: &Seen, known: u32) -> Vec<u8> {
    answer(suite, seen, &Downlink::Stale { echo: seen.ctr, known })
}

/// An answer that asks for Hello with these bytes in it.
pub fn challenge(suite: &dyn Suite, seen: &Seen, bytes: [u8; 8]) -> Vec<u8> {
    let flags = AckFlags::NEED_HELLO.with(AckFlags::NOT_APPLIED, true);
    answer(suite, seen, &Downlink::Ack(Ack { echo: seen.ctr, flags, challenge: Some(bytes), ..Ack::default() }))
}

/// The Hello in a packet.
pub fn hello(keys: &KeySet, packet: &[u8]) -> Hello {
    let mut bytes = packet.to_vec();
    let (_, body) = open(&ChaCha20Poly1305::host(keys), Direction::Up, &mut bytes).expect("sealed with these keys");
    match Uplink::read(body).expect("a good body").message {
        Message::Hello(hello) => hello,
        other => panic!("{other:?} is no Hello"),
    }
}

fn answer(suite: &dyn Suite, seen: &Seen, body: &Downlink<'_>) -> Vec<u8> {
    let unique = if suite.id() == SuiteId::PLAIN { Unique::None } else { Unique::Random([7; 12]) };
    let envelope = Envelope { suite: suite.id(), kid: seen.kid, id: Some(b"pump-7"), epoch: seen.epoch, unique };
    let mut buffer = [0; 128];
    let mut out = Writer::new(&mut buffer);
    envelope.write(&mut out);
    let clear = out.len();
    body.write(&mut out);
    let body = out.len() - clear;
    let len = seal(suite, &envelope, &mut buffer, clear, body).expect("it fits");
    buffer[..len].to_vec()
}
