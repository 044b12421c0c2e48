//! The host's end of a plain link: reads packets and acknowledges them.

use tidings::wire::cursor::Writer;
use tidings::wire::message::{Ack, Downlink, Message, Uplink};
use tidings::wire::packet::{Direction, Envelope, Plain, Unique, open, seal};
use tidings::{Agent, Severity};

/// Highest number that was seen, by severity.
pub type Marks = [u32; Severity::COUNT];

/// A packet of the device.
pub struct Packet(Vec<u8>);

/// The next packet, however long it takes, and when it left.
pub fn sent(agent: &mut Agent<'_>) -> (Packet, u64) {
    let mut buffer = [0; 2304];
    let at = agent.next_deadline().max(1);
    let len = agent.poll_transmit(at, &mut buffer).expect("something is due");
    (Packet(buffer[..len].to_vec()), at)
}

impl Packet {
    /// Calls `see` with the body.
    pub fn read<T>(&self, see: impl FnOnce(Uplink<'_>) -> T) -> T {
        let mut bytes = self.0.clone();
        let (_, body) = open(&Plain, Direction::Up, &mut bytes).expect("the device's packet opens");
        see(Uplink::read(body).expect("its body is well formed"))
    }

    /// Acknowledges everything in it, with these marks.
    pub fn acknowledge(&self, agent: &mut Agent<'_>, now_ms: u64, marks: Marks) {
        let applied = self.read(|uplink| match uplink.message {
            Message::Hello(hello) => hello.standing.seq,
            Message::Delta { upto, .. } => upto,
            Message::Range { as_of, .. } => as_of,
            Message::Beat { seq, .. } => seq,
            other => panic!("not asked for: {other:?}"),
        });
        let (envelope, _) = Envelope::read(&self.0).expect("it was read");
        let Unique::Counter(echo) = envelope.unique else { panic!("an uplink packet has a counter") };
        let answer = Envelope { unique: Unique::None, ..envelope };
        let mut buffer = [0; 256];
        let mut out = Writer::new(&mut buffer);
        answer.write(&mut out);
        let clear = out.len();
        Downlink::Ack(Ack { echo, applied, marks, ..Ack::default() }).write(&mut out);
        let body = out.len() - clear;
        let len = seal(&Plain, &answer, &mut buffer, clear, body).expect("it fits");
        agent.handle_input(now_ms, &mut buffer[..len]).expect("it answers the open step");
    }
}

/// Acknowledges packets until the device has only a Beat to say; gives that Beat's digest.
pub fn until_idle(agent: &mut Agent<'_>) -> u32 {
    for _ in 0..10_000 {
        let (packet, now_ms) = sent(agent);
        let beat = packet.read(|uplink| match uplink.message {
            Message::Beat { digest, .. } => Some(digest),
            _ => None,
        });
        packet.acknowledge(agent, now_ms, [0; Severity::COUNT]);
        if let Some(digest) = beat {
            return digest;
        }
    }
    panic!("the device never comes to rest");
}
