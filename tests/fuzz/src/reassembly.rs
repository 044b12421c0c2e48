//! Reassembly of fragments written plainly: parts in a map, and the rules of SPEC §9 one after another.
//!
//! It copies and searches as it likes; the real one must give the same for every datagram.

use std::collections::BTreeMap;
use tidings_wire::MAX_PACKET;
use tidings_wire::fragment::HEAD;

const LAST: u8 = 0x80;

/// The parts of one packet.
#[derive(Debug, Default)]
pub struct Plainly {
    id: Option<u8>,
    parts: BTreeMap<u8, Vec<u8>>,
    last: Option<u8>,
}

impl Plainly {
    /// Takes a datagram in; gives the packet when it is whole, and an error where the real one must.
    #[allow(clippy::result_unit_err, reason = "the real error has no content either")]
    pub fn push(&mut self, datagram: &[u8]) -> Result<Option<Vec<u8>>, ()> {
        let [id, head, part @ ..] = datagram else { return Err(()) };
        let (index, is_last) = (head & !LAST, head & LAST != 0);
        if part.is_empty() || part.len() > MAX_PACKET || usize::from(index) * part.len() > MAX_PACKET {
            return Err(());
        }
        if self.id != Some(*id) || self.conflicts(index, is_last, part) {
            *self = Self { id: Some(*id), ..Self::default() };
        }
        self.parts.insert(index, part.to_vec());
        if is_last {
            self.last = Some(index);
        }
        if self.reaches() > MAX_PACKET {
            *self = Self::default();
            return Err(());
        }
        let Some(last) = self.last.filter(|last| self.parts.len() == usize::from(*last) + 1) else { return Ok(None) };
        let packet = (0..=last).flat_map(|index| self.parts[&index].clone()).collect();
        *self = Self::default();
        Ok(Some(packet))
    }

    /// The length of every part but the last.
    fn part_len(&self) -> Option<usize> {
        self.parts.iter().find(|(index, _)| self.last != Some(**index)).map(|(_, part)| part.len())
    }

    fn conflicts(&self, index: u8, is_last: bool, part: &[u8]) -> bool {
        let other_end = match self.last {
            Some(last) => is_last != (index == last) || index > last,
            None => is_last && self.parts.keys().any(|other| *other >= index),
        };
        let longer_end = |last: u8| !is_last && self.parts[&last].len() > part.len();
        let other_len = self.part_len().is_some_and(|len| if is_last { part.len() > len } else { part.len() != len });
        let other_bytes = self.parts.get(&index).is_some_and(|known| known != part);
        other_end || other_len || other_bytes || self.last.is_some_and(longer_end)
    }

    /// Where the furthest part ends, as far as that is known.
    fn reaches(&self) -> usize {
        let len = self.part_len().unwrap_or(0);
        self.parts.iter().map(|(index, part)| usize::from(*index) * len + part.len()).max().unwrap_or(0)
    }
}

/// A fragment as it travels.
pub fn datagram(id: u8, index: u8, last: bool, part: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEAD + part.len());
    bytes.extend([id, index & !LAST | if last { LAST } else { 0 }]);
    bytes.extend(part);
    bytes
}
