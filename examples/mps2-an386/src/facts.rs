//! The state that the console changes: facts `(kind, key) → value`, sorted, in a fixed table.
//!
//! Plain bytes throughout, so that the table can lie in RAM that outlives a reset. It does not know what a fact means.

use bytemuck::{Pod, Zeroable};

/// Facts that fit.
pub const FACTS_MAX: usize = 96;
/// Longest key, in bytes.
pub const KEY_MAX: usize = 64;
/// Longest value, in bytes.
pub const VALUE_MAX: usize = 96;

/// Up to [`FACTS_MAX`] facts. A full table refuses new facts and still takes changes of those it holds.
#[repr(C)]
#[derive(Clone, Copy, Pod, Zeroable)]
pub struct Facts {
    count: u32,
    slots: [Slot; FACTS_MAX],
}

#[repr(C)]
#[derive(Clone, Copy, Pod, Zeroable)]
struct Slot {
    kind: u8,
    key_len: u8,
    value_len: u8,
    unused: u8,
    key: [u8; KEY_MAX],
    value: [u8; VALUE_MAX],
}

/// What a [`Facts::put`] did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// The key is new.
    Added,
    /// The key had another value.
    Changed,
    /// The key had this value already; nothing was touched.
    Same,
}

/// Why a [`Facts::put`] changed nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// [`FACTS_MAX`] facts are held: remove one first.
    Full,
    /// Key or value is empty where it may not be, or longer than [`KEY_MAX`] or [`VALUE_MAX`].
    Size,
}

impl Facts {
    /// Facts held.
    pub fn len(&self) -> usize {
        self.used().len()
    }

    /// Whether none is held.
    pub fn is_empty(&self) -> bool {
        self.used().is_empty()
    }

    /// Every fact as `(kind, key, value)`, rising by kind, then key.
    pub fn iter(&self) -> impl Iterator<Item = (u8, &[u8], &[u8])> {
        self.used().iter().map(|slot| (slot.kind, slot.key(), slot.value()))
    }

    /// The value of a fact.
    pub fn get(&self, kind: u8, key: &[u8]) -> Option<&[u8]> {
        let at = self.find(kind, key).ok()?;
        self.slots.get(at).map(Slot::value)
    }

    /// Adds a fact or changes its value.
    ///
    /// # Errors
    /// [`Refused`]; the table is then as it was.
    pub fn put(&mut self, kind: u8, key: &[u8], value: &[u8]) -> Result<Put, Refused> {
        let new = Slot::new(kind, key, value).ok_or(Refused::Size)?;
        match self.find(kind, key) {
            Ok(at) => Ok(self.replace(at, new)),
            Err(_) if self.len() == FACTS_MAX => Err(Refused::Full),
            Err(at) => {
                self.count += 1;
                // The last of the used slots is the free one: rotating brings it to its place.
                if let Some([free, ..]) = self.used_mut().get_mut(at..).map(rotate_right) {
                    *free = new;
                }
                Ok(Put::Added)
            }
        }
    }

    /// Removes a fact; says whether it was there.
    pub fn remove(&mut self, kind: u8, key: &[u8]) -> bool {
        let Ok(at) = self.find(kind, key) else { return false };
        if let Some(tail) = self.used_mut().get_mut(at..) {
            tail.rotate_left(1);
        }
        self.count -= 1;
        true
    }

    /// Whether every count and length is within its bound, as bytes from retained RAM may not be.
    pub(crate) fn is_sound(&self) -> bool {
        self.count as usize <= FACTS_MAX && self.used().iter().all(Slot::is_sound)
    }

    fn replace(&mut self, at: usize, new: Slot) -> Put {
        match self.slots.get_mut(at) {
            Some(old) if old.value() != new.value() => {
                *old = new;
                Put::Changed
            }
            _ => Put::Same,
        }
    }

    fn find(&self, kind: u8, key: &[u8]) -> Result<usize, usize> {
        self.used().binary_search_by(|slot| (slot.kind, slot.key()).cmp(&(kind, key)))
    }

    fn used(&self) -> &[Slot] {
        self.slots.get(..self.count as usize).unwrap_or(&[])
    }

    fn used_mut(&mut self) -> &mut [Slot] {
        self.slots.get_mut(..self.count as usize).unwrap_or(&mut [])
    }
}

fn rotate_right(slots: &mut [Slot]) -> &mut [Slot] {
    if !slots.is_empty() {
        slots.rotate_right(1);
    }
    slots
}

impl Slot {
    fn new(kind: u8, key: &[u8], value: &[u8]) -> Option<Self> {
        let mut slot = Self {
            kind,
            key_len: u8::try_from(key.len()).ok()?,
            value_len: u8::try_from(value.len()).ok()?,
            ..Self::zeroed()
        };
        slot.key.get_mut(..key.len())?.copy_from_slice(key);
        slot.value.get_mut(..value.len())?.copy_from_slice(value);
        (!key.is_empty()).then_some(slot)
    }

    fn key(&self) -> &[u8] {
        self.key.get(..usize::from(self.key_len)).unwrap_or(&[])
    }

    fn value(&self) -> &[u8] {
        self.value.get(..usize::from(self.value_len)).unwrap_or(&[])
    }

    fn is_sound(&self) -> bool {
        usize::from(self.key_len) <= KEY_MAX && usize::from(self.value_len) <= VALUE_MAX
    }
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::collections::BTreeMap;
    use std::vec::Vec;

    fn listed(facts: &Facts) -> Vec<(u8, Vec<u8>, Vec<u8>)> {
        facts.iter().map(|(kind, key, value)| (kind, key.to_vec(), value.to_vec())).collect()
    }

    #[test]
    fn a_long_mixed_history_equals_a_sorted_map() {
        let mut facts = Facts::zeroed();
        let mut model = BTreeMap::new();
        let mut seed = 1_u32;
        for _ in 0..20_000 {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let [a, b, c, _] = seed.to_be_bytes();
            let (kind, key, value) = (a % 3, &[b % 60][..], &[c % 4][..]);
            if a >= 128 {
                let known = model.contains_key(&(kind, key.to_vec()));
                let put = facts.put(kind, key, value);
                assert_eq!(put == Err(Refused::Full), !known && model.len() == FACTS_MAX);
                if put.is_ok() {
                    model.insert((kind, key.to_vec()), value.to_vec());
                }
            } else if a >= 20 || model.len() < FACTS_MAX {
                assert_eq!(facts.remove(kind, key), model.remove(&(kind, key.to_vec())).is_some());
            }
            assert_eq!(facts.len(), model.len());
        }
        let expected: Vec<_> = model.into_iter().map(|((kind, key), value)| (kind, key, value)).collect();
        assert_eq!(listed(&facts), expected);
    }

    #[test]
    fn a_full_table_refuses_new_facts_and_still_takes_changes() {
        let mut facts = Facts::zeroed();
        for n in 0..FACTS_MAX as u8 {
            assert_eq!(facts.put(1, &[n], b"v"), Ok(Put::Added));
        }
        assert_eq!(facts.put(1, &[200], b"v"), Err(Refused::Full));
        assert_eq!(facts.put(1, &[5], b"w"), Ok(Put::Changed));
        assert_eq!(facts.put(1, &[5], b"w"), Ok(Put::Same));
        assert_eq!(facts.get(1, &[5]), Some(&b"w"[..]));
        assert!(facts.remove(1, &[0]));
        assert_eq!(facts.put(1, &[200], b"v"), Ok(Put::Added));
    }

    #[test]
    fn sizes_are_bounded() {
        let mut facts = Facts::zeroed();
        assert_eq!(facts.put(1, &[0; KEY_MAX + 1], b""), Err(Refused::Size));
        assert_eq!(facts.put(1, b"", b""), Err(Refused::Size));
        assert_eq!(facts.put(1, b"k", &[0; VALUE_MAX + 1]), Err(Refused::Size));
        assert_eq!(facts.put(1, &[0; KEY_MAX], &[0; VALUE_MAX]), Ok(Put::Added));
        assert_eq!(facts.len(), 1);
    }
}
