//! Fragments for links whose datagrams are smaller than a packet (SPEC §9): `id u8 | head u8 | part`.
//!
//! No check of its own and no order assumed: the packet's check decides. One [`Slot`] holds one packet; a listener keeps at least two a source.

use crate::{MAX_PACKET, Malformed};

/// Bytes that the shim adds to each part.
pub const HEAD: usize = 2;
/// Most fragments of a packet.
pub const MAX_PARTS: usize = 128;

const LAST: u8 = 0x80;

/// Cuts a packet into link datagrams.
#[derive(Debug, Clone, Copy)]
pub struct Cutter<'a> {
    packet: &'a [u8],
    id: u8,
    part: usize,
    index: u8,
    done: bool,
}

impl<'a> Cutter<'a> {
    /// Cuts `packet` for datagrams of `link_mtu` bytes under fragment id `id`.
    ///
    /// # Errors
    /// [`Malformed`] if the packet is empty or would need more than [`MAX_PARTS`] fragments.
    pub fn new(packet: &'a [u8], id: u8, link_mtu: usize) -> Result<Self, Malformed> {
        let part = link_mtu.saturating_sub(HEAD);
        if packet.is_empty() || part == 0 || packet.len() > part.saturating_mul(MAX_PARTS) {
            return Err(Malformed);
        }
        Ok(Self { packet, id, part, index: 0, done: false })
    }

    /// Writes the next datagram into `out` and returns its length; `None` after the last, or if `out` is too small.
    pub fn next(&mut self, out: &mut [u8]) -> Option<usize> {
        if self.done {
            return None;
        }
        let (part, rest) = self.packet.split_at_checked(self.part).unwrap_or((self.packet, &[]));
        let last = if rest.is_empty() { LAST } else { 0 };
        let datagram = out.get_mut(..part.len() + HEAD)?;
        let (head, body) = datagram.split_at_mut_checked(HEAD)?;
        head.copy_from_slice(&[self.id, last | self.index]);
        body.copy_from_slice(part);
        self.packet = rest;
        self.index += 1;
        self.done = rest.is_empty();
        Some(part.len() + HEAD)
    }
}

/// Reassembles one packet; all fragments but the last must be of one length.
#[derive(Debug)]
pub struct Slot {
    id: Option<u8>,
    part: u16,
    last: Option<u8>,
    last_len: u16,
    seen: u128,
    bytes: [u8; MAX_PACKET],
}

impl Slot {
    /// An empty slot.
    pub const fn new() -> Self {
        Self { id: None, part: 0, last: None, last_len: 0, seen: 0, bytes: [0; MAX_PACKET] }
    }

    /// The id that the slot is collecting.
    pub const fn id(&self) -> Option<u8> {
        self.id
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        (self.id, self.part, self.last, self.last_len, self.seen) = (None, 0, None, 0, 0);
    }

    /// Takes a datagram in; gives the packet when it is whole. A conflicting fragment restarts the slot.
    ///
    /// # Errors
    /// [`Malformed`] if the datagram is no fragment (the slot is as it was) or its set reaches past [`MAX_PACKET`] (the slot is empty).
    pub fn push(&mut self, datagram: &[u8]) -> Result<Option<&mut [u8]>, Malformed> {
        let ([id, head], part) = datagram.split_first_chunk::<HEAD>().ok_or(Malformed)?;
        let (index, last) = (head & !LAST, head & LAST != 0);
        if part.is_empty() || usize::from(index) * part.len() > MAX_PACKET || part.len() > MAX_PACKET {
            return Err(Malformed);
        }
        if self.id != Some(*id) || self.conflicts(index, last, part) {
            self.clear();
            self.id = Some(*id);
        }
        self.keep(index, last, part)?;
        self.whole()
    }

    fn conflicts(&self, index: u8, last: bool, part: &[u8]) -> bool {
        let len = part.len() as u16;
        let other_last = match self.last {
            Some(known) if last => known != index || self.last_len != len,
            Some(known) => index >= known || self.last_len > len,
            None => last && self.seen >> index != 0,
        };
        let other_len = self.part != 0 && if last { len > self.part } else { len != self.part };
        other_last || other_len || (self.has(index) && self.stored(index, part.len()) != Some(part))
    }

    fn has(&self, index: u8) -> bool {
        self.seen >> index & 1 == 1
    }

    fn stored(&self, index: u8, len: usize) -> Option<&[u8]> {
        let from = self.offset(index)?;
        self.bytes.get(from..from + len)
    }

    // The last part alone does not tell where it belongs: until another came it is kept at the end of the room.
    fn offset(&self, index: u8) -> Option<usize> {
        if index == 0 {
            Some(0)
        } else if self.part != 0 {
            Some(usize::from(index) * usize::from(self.part))
        } else {
            MAX_PACKET.checked_sub(usize::from(self.last_len))
        }
    }

    fn keep(&mut self, index: u8, last: bool, part: &[u8]) -> Result<(), Malformed> {
        let len = part.len() as u16;
        if last {
            (self.last, self.last_len) = (Some(index), len);
        } else if self.part == 0 {
            self.part = len;
            self.place_early_last()?;
        }
        let from = self.offset(index).ok_or(Malformed)?;
        let Some(room) = self.bytes.get_mut(from..from + part.len()) else {
            self.clear();
            return Err(Malformed);
        };
        room.copy_from_slice(part);
        self.seen |= 1 << index;
        Ok(())
    }

    fn place_early_last(&mut self) -> Result<(), Malformed> {
        let Some(index) = self.last.filter(|index| *index > 0) else { return Ok(()) };
        let len = usize::from(self.last_len);
        let to = usize::from(index) * usize::from(self.part);
        if to + len > MAX_PACKET {
            self.clear();
            return Err(Malformed);
        }
        self.bytes.copy_within(MAX_PACKET - len.., to);
        Ok(())
    }

    fn whole(&mut self) -> Result<Option<&mut [u8]>, Malformed> {
        let Some(last) = self.last else { return Ok(None) };
        let all = u128::MAX >> (127 - u32::from(last));
        if self.seen & all != all {
            return Ok(None);
        }
        let len = usize::from(last) * usize::from(self.part) + usize::from(self.last_len);
        self.clear();
        self.bytes.get_mut(..len).map(Some).ok_or(Malformed)
    }
}

impl Default for Slot {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::vec::Vec;

    fn cut(packet: &[u8], id: u8, mtu: usize) -> Vec<Vec<u8>> {
        let mut cutter = Cutter::new(packet, id, mtu).unwrap();
        let mut out = std::vec![0; mtu];
        core::iter::from_fn(|| cutter.next(&mut out).map(|n| out[..n].to_vec())).collect()
    }

    #[test]
    fn any_order_gives_the_packet() {
        let packet: Vec<u8> = (0..97).collect();
        let parts = cut(&packet, 3, 20);
        for first in 0..parts.len() {
            let mut slot = Slot::new();
            for step in 0..parts.len() {
                let got = slot.push(&parts[(first + step * 5) % parts.len()]).unwrap();
                assert_eq!(got.is_some(), step + 1 == parts.len());
                assert!(got.is_none_or(|whole| whole == packet));
            }
        }
    }

    #[test]
    fn one_fragment_is_enough_for_a_small_packet() {
        assert_eq!(Slot::new().push(&cut(&[1, 2], 9, 20)[0]).unwrap().unwrap(), [1, 2]);
    }

    #[test]
    fn a_conflict_restarts_the_slot() {
        let (old, new) = (cut(&[1; 40], 1, 20), cut(&[2; 40], 1, 20));
        let mut slot = Slot::new();
        assert_eq!(slot.push(&old[0]), Ok(None));
        assert_eq!(slot.push(&new[1]), Ok(None));
        assert_eq!(slot.push(&new[0]), Ok(None));
        assert_eq!(slot.push(&old[0]), Ok(None), "restarted with the old packet");
        new[..2].iter().for_each(|part| assert_eq!(slot.push(part), Ok(None)));
        assert_eq!(slot.push(&new[2]).unwrap().unwrap(), [2; 40]);
    }

    #[test]
    fn a_set_has_one_end_and_one_length() {
        let cases: [[&[u8]; 2]; 6] = [
            [&[7, 1, 5, 5], &[7, 0x81, 5, 5]],
            [&[7, 0x81, 5, 5], &[7, 1, 5, 5]],
            [&[7, 2, 5, 5], &[7, 0x81, 5, 5]],
            [&[7, 0x81, 5, 5], &[7, 2, 5, 5]],
            [&[7, 0, 5, 5], &[7, 0x81, 5, 5, 5]],
            [&[7, 0x82, 5, 5, 5], &[7, 0, 5, 5]],
        ];
        for [first, second] in cases {
            let mut slot = Slot::new();
            assert_eq!(slot.push(first), Ok(None));
            assert_eq!(slot.push(second), Ok(None), "{first:?} and {second:?}");
            assert_eq!(slot.seen, 1 << (second[1] & 0x7F), "the second one starts the set");
        }
    }

    #[test]
    fn bounds_are_refused() {
        assert!(Cutter::new(&[], 0, 20).is_err());
        assert!(Cutter::new(&[0; 300], 0, 4).is_err());
        for bad in [&[][..], &[1], &[1, 0]] {
            assert!(Slot::new().push(bad).is_err());
        }
        let mut late = std::vec![1, 0x7F];
        late.resize(200, 0);
        assert!(Slot::new().push(&late).is_err());
    }
}
