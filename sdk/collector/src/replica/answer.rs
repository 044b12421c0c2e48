//! The answer to a packet: always the whole truth on the device, so that one lost answer costs nothing (SPEC §10, rule 10).
//!
//! It says what to send; under which key, with which id and to where, the caller knows.

use tidings_wire::KindMask;
use tidings_wire::message::{Ack, AckFlags, Downlink, Message};

use super::{Arrival, Refused, Replica};

/// The answer to a packet, to be sent to where it came from, with the device id if that packet had one.
///
/// The caller may add retry-after, a challenge or a command to an Ack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reply {
    /// The epoch to send it under: that of the packet, which is not always the known one.
    pub epoch: u32,
    /// What to say.
    pub body: Downlink<'static>,
}

impl Replica {
    pub(super) fn ack(
        &self,
        arrival: &Arrival<'_>,
        message: &Message<'_>,
        taken: Result<(), Refused>,
    ) -> Downlink<'static> {
        let ask = self.state.ask;
        let greeted = matches!(message, Message::Hello(_));
        Downlink::Ack(Ack {
            echo: arrival.ctr,
            flags: refusal(taken).with(AckFlags::ASK, ask),
            applied: self.state.applied,
            want: if ask { KindMask::NONE } else { self.pending() },
            marks: self.state.marks,
            instance: greeted.then_some(self.settings.instance),
            ..Ack::default()
        })
    }
}

/// The answer under an epoch that is not known: nothing of what is held belongs to it.
pub(super) fn need_hello(echo: u64) -> Downlink<'static> {
    let flags = AckFlags::NEED_HELLO.with(AckFlags::NOT_APPLIED, true);
    Downlink::Ack(Ack { echo, flags, ..Ack::default() })
}

fn refusal(taken: Result<(), Refused>) -> AckFlags {
    match taken {
        Ok(()) => AckFlags::default(),
        Err(Refused::NotApplied) => AckFlags::NOT_APPLIED,
        Err(Refused::Unsupported) => AckFlags::NOT_APPLIED.with(AckFlags::UNSUPPORTED, true),
    }
}
