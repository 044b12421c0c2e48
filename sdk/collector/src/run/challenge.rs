//! Challenges: a sealed device of which nothing is known must show that it speaks now, or old recordings would be taken for news.
//!
//! Nothing is kept for a challenge: it is a keyed hash of id and epoch, and the key lives as long as the process.

use tidings_wire::digest::keyed_hash;
use tidings_wire::message::{Ack, AckFlags, Downlink, Message, Uplink};
use tidings_wire::{DigestKey, MAX_ID};

use crate::device_id::DeviceId;
use crate::keys::random;
use crate::replica::{Opened, Reply};

/// What makes challenges.
pub struct Challenges(DigestKey);

impl Challenges {
    /// With a key of their own.
    ///
    /// # Errors
    /// The operating system gives no random bytes.
    pub fn new() -> std::io::Result<Self> {
        random().map(DigestKey).map(Self)
    }

    /// The answer that asks a stranger to show that it speaks now; none if it just did, or if it cannot hear.
    pub fn demand(&self, id: &DeviceId, packet: &Opened<'_>) -> Option<Reply> {
        let challenge = self.of(id, packet.epoch);
        let uplink = Uplink::read(packet.body).ok()?;
        let shown = matches!(&uplink.message, Message::Hello(hello) if hello.challenge == Some(challenge));
        let flags = AckFlags::NEED_HELLO.with(AckFlags::NOT_APPLIED, true);
        let body = Downlink::Ack(Ack { echo: packet.ctr, flags, challenge: Some(challenge), ..Ack::default() });
        (!shown && !uplink.one_way).then_some(Reply { epoch: packet.epoch, body })
    }

    fn of(&self, id: &DeviceId, epoch: u32) -> [u8; 8] {
        let mut text = [0; MAX_ID + 4];
        let (front, back) = text.split_at_mut(4);
        front.copy_from_slice(&epoch.to_le_bytes());
        let id = id.as_bytes();
        back[..id.len()].copy_from_slice(id);
        keyed_hash(&self.0, &text[..4 + id.len()])
    }
}
