//! Opens uplink packets and seals answers, plain or with the keys of the device.
//!
//! Suite and key id are pinned by the key file: a packet that names others is refused, whatever it says, before any cipher runs.

use tidings_wire::MAX_ID;
use tidings_wire::cursor::Writer;
use tidings_wire::packet::{self, Direction, Envelope, NONCE, PacketError, Plain, Suite, SuiteId, Unique};
use tidings_wire::suites::{Ascon128, ChaCha20Poly1305, KeySet};

use crate::device_id::DeviceId;
use crate::keys::{Keyring, Refusal, random};
use crate::replica::{Opened, Reply};

/// Longest answer: envelope, an Ack with all that a replica says, check.
const ANSWER_BYTES: usize = 96 + MAX_ID;

/// A packet whose check holds.
#[derive(Debug)]
pub struct Letter<'a> {
    /// Who sent it.
    pub device: DeviceId,
    /// How the answer is sealed.
    pub seal: Seal,
    /// What the replica needs.
    pub opened: Opened<'a>,
}

/// The clear fields that an answer repeats.
#[derive(Debug, Clone, Copy)]
pub struct Seal {
    suite: SuiteId,
    kid: Option<u8>,
    id: Option<DeviceId>,
}

impl Seal {
    /// Whether it is more than a check sum.
    pub fn is_sealed(&self) -> bool {
        self.suite != SuiteId::PLAIN
    }
}

/// A packet that is not taken.
#[derive(Debug)]
pub struct Unopened {
    /// The device that it names.
    pub device: Option<DeviceId>,
    /// Why.
    pub why: Refusal,
}

/// Opens a packet in place; `link` is the device that the transport names.
///
/// # Errors
/// [`Unopened`]: noise, another version, direction, suite or key.
pub fn open<'p>(keys: &Keyring, link: Option<DeviceId>, packet: &'p mut [u8]) -> Result<Letter<'p>, Unopened> {
    let early = |error| Unopened { device: None, why: Refusal::Packet(error) };
    let (clear, _) = Envelope::read(packet).map_err(early)?;
    if clear.direction() != Direction::Up {
        return Err(early(PacketError::Direction));
    }
    let id = clear.id.and_then(DeviceId::new);
    let device = id.or(link).ok_or(Unopened { device: None, why: Refusal::NoId })?;
    let refused = |why| Unopened { device: Some(device), why };
    let seal = Seal { suite: clear.suite, kid: clear.kid, id };
    let set = keys.keys(&device, clear.suite, clear.kid).map_err(refused)?;
    let opened = with_suite(clear.suite, set, |suite| packet::open(suite, Direction::Up, packet));
    let (envelope, body) = opened.map_err(|error| match error {
        PacketError::Check if set.is_some() => refused(Refusal::Check),
        error => early(error),
    })?;
    let Unique::Counter(ctr) = envelope.unique else { return Err(early(PacketError::Direction)) };
    Ok(Letter { device, seal, opened: Opened { epoch: envelope.epoch, ctr, body } })
}

/// Makes the answer's packet. Empty if there are no random bytes for its nonce, or the keys are gone: the device asks again.
#[must_use]
pub fn seal(keys: &Keyring, device: &DeviceId, seal: &Seal, reply: &Reply) -> Vec<u8> {
    let Ok(set) = keys.keys(device, seal.suite, seal.kid) else { return Vec::new() };
    let unique = match set.map(|_| random::<NONCE>()) {
        None => Unique::None,
        Some(Ok(nonce)) => Unique::Random(nonce),
        Some(Err(_)) => return Vec::new(),
    };
    let id = seal.id.as_ref().map(DeviceId::as_bytes);
    let envelope = Envelope { suite: seal.suite, kid: seal.kid, id, epoch: reply.epoch, unique };
    let mut buffer = [0; ANSWER_BYTES];
    let mut out = Writer::new(&mut buffer);
    envelope.write(&mut out);
    let clear = out.len();
    reply.body.write(&mut out);
    let body = out.len() - clear;
    // An answer that did not fit would be cut; its bound is the constant's promise, and the device would ask again.
    let len = with_suite(seal.suite, set, |suite| packet::seal(suite, &envelope, &mut buffer, clear, body));
    len.map_or_else(Vec::new, |len| buffer[..len].to_vec())
}

fn with_suite<T>(id: SuiteId, keys: Option<&KeySet>, act: impl FnOnce(&dyn Suite) -> T) -> T {
    match keys {
        None => act(&Plain),
        Some(keys) if id == SuiteId::ASCON_AEAD128 => act(&Ascon128::host(keys)),
        Some(keys) => act(&ChaCha20Poly1305::host(keys)),
    }
}
