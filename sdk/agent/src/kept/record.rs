//! The form of a kept event in its store.
//!
//! ```text
//! severity u8 | epoch u32 | number u32 | uptime_s u32 | at: low u32, high u8 | type u16 | actor len u8 | actor | data        little-endian
//! ```
//!
//! Promise: what was written is read back; anything else gives nothing. Not here: a check sum, which is the store's.

use tidings_wire::cursor::{Reader, Writer};
use tidings_wire::event::{MAX_ACTOR, MAX_DATA, Origin};
use tidings_wire::{EventType, Severity};

const FIXED: usize = 21;
/// Bytes of the longest record.
pub const MAX_RECORD: usize = FIXED + MAX_ACTOR + MAX_DATA;

/// A kept event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Record<'a> {
    pub severity: Severity,
    pub origin: Origin,
    /// Of the clock of its boot, in ms; its low 40 bits are kept.
    pub at: u64,
    pub event_type: EventType,
    pub actor: &'a [u8],
    pub data: &'a [u8],
}

impl<'a> Record<'a> {
    /// Writes it into `room` and gives its bytes.
    pub fn write<'r>(&self, room: &'r mut [u8; MAX_RECORD]) -> &'r [u8] {
        let mut out = Writer::new(room);
        let Origin { epoch, number, uptime_s } = self.origin;
        out.u8(self.severity as u8).u32le(epoch).u32le(number).u32le(uptime_s);
        out.u32le(self.at as u32).u8((self.at >> 32) as u8);
        out.raw(&self.event_type.0.to_le_bytes()).u8(self.actor.len() as u8).raw(self.actor).raw(self.data);
        let len = out.len();
        room.get(..len).unwrap_or_default()
    }

    /// Reads one.
    pub fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut from = Reader::new(bytes);
        let severity = Some(from.u8().ok()?).filter(|bits| usize::from(*bits) < Severity::COUNT)?;
        let origin = Origin { epoch: from.u32le().ok()?, number: from.u32le().ok()?, uptime_s: from.u32le().ok()? };
        let at = u64::from(from.u32le().ok()?) | u64::from(from.u8().ok()?) << 32;
        let event_type = EventType(u16::from_le_bytes(from.array().ok()?));
        let actor = usize::from(from.u8().ok()?);
        let actor = from.take(actor).ok().filter(|actor| actor.len() <= MAX_ACTOR)?;
        let data =
            from.take(bytes.len().saturating_sub(FIXED + actor.len())).ok().filter(|data| data.len() <= MAX_DATA)?;
        let whole = origin.epoch > 0 && origin.number > 0;
        whole.then_some(Self { severity: Severity::from_bits(severity), origin, at, event_type, actor, data })
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let origin = Origin { epoch: 7, number: u32::MAX, uptime_s: 3 };
        let record = Record {
            severity: Severity::Warning,
            origin,
            at: (1 << 39) + 5,
            event_type: EventType(0x8001),
            actor: &[1; MAX_ACTOR],
            data: &[2; MAX_DATA],
        };
        let mut room = [0; MAX_RECORD];
        let bytes = record.write(&mut room).to_vec();
        assert_eq!(bytes.len(), MAX_RECORD);
        assert_eq!(Record::read(&bytes), Some(record));
        for short in 0..FIXED + MAX_ACTOR {
            assert_eq!(Record::read(&bytes[..short]), None, "{short} bytes");
        }
        let bare = Record { actor: b"", data: b"", ..record };
        assert_eq!(Record::read(bare.write(&mut room)), Some(bare));
        assert_eq!(Record::read(&[&bytes[..], &[0]].concat()), None, "data over its bound");
        assert_eq!(Record::read(&[&[4], &bytes[1..]].concat()), None, "no such severity");
        assert_eq!(Record::read(&[&bytes[..1], &[0; 4], &bytes[5..]].concat()), None, "no epoch");
    }
}
