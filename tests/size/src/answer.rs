//! A host that answers packets: it holds everything, or wants it. Enough of a host to keep the engine talking.

use tidings::wire::cursor::Writer;
use tidings::wire::message::{Ack, AckFlags, Downlink, Message, Uplink};
use tidings::wire::packet::{Direction, Envelope, Suite, SuiteId, Unique, open, seal};
use tidings::{KindMask, wire::MAX_PACKET};

/// A host draws it at random; here its length is all that counts.
const NONCE: [u8; 12] = [7; 12];

/// What the host makes of the next packet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// It lost its state and goes the longest way: asks for Buckets, then wants everything.
    Lost,
    /// It holds everything.
    Synced,
    /// It knows a newer epoch.
    Ahead,
}

/// The host of one device.
pub struct Host<'s> {
    suite: &'s dyn Suite,
    /// What it makes of the next packet.
    pub mood: Mood,
    want: KindMask,
}

impl<'s> Host<'s> {
    /// A host that lost its state.
    pub fn new(suite: &'s dyn Suite) -> Self {
        Self { suite, mood: Mood::Lost, want: KindMask::NONE }
    }

    /// Writes the answer to `packet` into `out`; gives its length.
    pub fn answer(&mut self, packet: &[u8], out: &mut [u8]) -> Option<usize> {
        let mut room = [0; MAX_PACKET];
        let packet_copy = room.get_mut(..packet.len())?;
        packet_copy.copy_from_slice(packet);
        let (envelope, body) = open(self.suite, Direction::Up, packet_copy).ok()?;
        let Unique::Counter(echo) = envelope.unique else { return None };
        let answer = match self.mood {
            Mood::Ahead => Downlink::Stale { echo, known: envelope.epoch + 1 },
            _ => Downlink::Ack(self.ack(echo, &Uplink::read(body).ok()?)?),
        };
        let unique = if envelope.suite == SuiteId::PLAIN { Unique::None } else { Unique::Random(NONCE) };
        let envelope = Envelope { unique, ..envelope };
        let mut writer = Writer::new(out);
        envelope.write(&mut writer);
        let clear = writer.len();
        answer.write(&mut writer);
        let body = writer.len() - clear;
        seal(self.suite, &envelope, out, clear, body)
    }

    fn ack(&mut self, echo: u64, uplink: &Uplink<'_>) -> Option<Ack<'static>> {
        let lost = self.mood == Mood::Lost;
        let (applied, ask) = match uplink.message {
            Message::Hello(hello) => (hello.standing.seq, lost),
            Message::Buckets { standing, .. } => {
                self.want = standing.compared;
                (standing.seq, false)
            }
            Message::Delta { upto, .. } => (upto, false),
            Message::Range { as_of, segments } => {
                let covered = segments.into_iter().flatten().filter(|segment| segment.last);
                covered.for_each(|segment| self.want.remove(segment.kind));
                (as_of, false)
            }
            Message::Beat { seq, .. } => (seq, lost),
            Message::Unknown(_) => return None,
        };
        let mut marks = [0; 4];
        for group in uplink.events.groups() {
            if let Some(mark) = marks.get_mut(group.severity as usize) {
                *mark = (group.first + u32::from(group.count)).saturating_sub(1);
            }
        }
        let flags = AckFlags::default().with(AckFlags::ASK, ask);
        Some(Ack { echo, applied, want: self.want, marks, flags, instance: Some(7), ..Ack::default() })
    }
}
