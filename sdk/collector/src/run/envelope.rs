//! Opens uplink packets and seals answers, under the plain suite.
//!
//! The suite is pinned here: a packet that names another one is refused, whatever it says.

use tidings_wire::MAX_ID;
use tidings_wire::cursor::Writer;
use tidings_wire::packet::{self, Direction, Envelope, PacketError, Plain, SuiteId, Unique};

use crate::device_id::DeviceId;
use crate::replica::{Opened, Reply};

/// Longest answer: envelope, an Ack with all that a replica says, check.
const ANSWER_BYTES: usize = 64 + MAX_ID;

/// A packet whose check holds.
#[derive(Debug)]
pub struct Letter<'a> {
    /// The device that the packet names.
    pub id: Option<DeviceId>,
    /// The key id that the packet names; the answer repeats it.
    pub kid: Option<u8>,
    /// What the replica needs.
    pub opened: Opened<'a>,
}

/// Opens a packet in place.
///
/// # Errors
/// [`PacketError`]: noise, another version, direction or suite.
pub fn open(packet: &mut [u8]) -> Result<Letter<'_>, PacketError> {
    let (envelope, body) = packet::open(&Plain, Direction::Up, packet)?;
    let Unique::Counter(ctr) = envelope.unique else { return Err(PacketError::Direction) };
    let id = envelope.id.and_then(DeviceId::new);
    Ok(Letter { id, kid: envelope.kid, opened: Opened { epoch: envelope.epoch, ctr, body } })
}

/// Makes the answer's packet; `id` if the uplink packet bore one.
#[must_use]
pub fn seal(reply: &Reply, id: Option<&DeviceId>, kid: Option<u8>) -> Vec<u8> {
    let id = id.map(DeviceId::as_bytes);
    let envelope = Envelope { suite: SuiteId::PLAIN, kid, id, epoch: reply.epoch, unique: Unique::None };
    let mut buffer = [0; ANSWER_BYTES];
    let mut out = Writer::new(&mut buffer);
    envelope.write(&mut out);
    let clear = out.len();
    reply.body.write(&mut out);
    let body = out.len() - clear;
    // An answer that did not fit would be cut; its bound is the constant's promise, and the device would ask again.
    packet::seal(&Plain, &envelope, &mut buffer, clear, body).map_or_else(Vec::new, |len| buffer[..len].to_vec())
}

/// The counter of packets that were refused for this reason.
#[must_use]
pub fn counter(error: PacketError) -> &'static str {
    match error {
        PacketError::Malformed => "refused_malformed",
        PacketError::Version(_) => "refused_version",
        PacketError::Direction => "refused_direction",
        PacketError::Suite(_) => "refused_suite",
        _ => "refused_check",
    }
}
