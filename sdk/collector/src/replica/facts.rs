//! The facts of one device with a digest for each kind, kept as they change.
//!
//! Bytes go in and come out as the device sent them. It reports nothing and enforces no limit: [`super::Replica`] does.

use std::collections::BTreeMap;
use std::hash::Hasher;
use std::ops::Bound;

use siphasher::sip::SipHasher24;
use tidings_wire::digest::{Digest, DigestKey};
use tidings_wire::{Kind, KindMask};

use crate::effects::Count;

/// A fact as held: the bytes that the device sent, never encoded again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Value bytes, 0–512.
    pub value: Vec<u8>,
    /// The change count as last seen.
    pub count: Count,
}

/// All facts of one device.
pub(super) struct Facts {
    key: DigestKey,
    kinds: BTreeMap<u8, Table>,
    len: usize,
}

#[derive(Default)]
struct Table {
    facts: BTreeMap<Vec<u8>, Fact>,
    digest: Digest,
}

impl Facts {
    pub(super) fn new(key: DigestKey) -> Self {
        Self { key, kinds: BTreeMap::new(), len: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u8, &[u8], &Fact)> {
        self.kinds.iter().flat_map(|(kind, table)| table.facts.iter().map(|(key, fact)| (*kind, key.as_slice(), fact)))
    }

    /// The facts of `kind` with a key in `(from, to]`; an empty `from` is before every key, no `to` is the end of
    /// the kind. `to` comes after `from`, as in each segment that the wire crate reads.
    pub(super) fn within<'a>(
        &'a self,
        kind: u8,
        from: &'a [u8],
        to: Option<&'a [u8]>,
    ) -> impl Iterator<Item = (&'a [u8], &'a Fact)> {
        let to = to.map_or(Bound::Unbounded, Bound::Included);
        let table = self.kinds.get(&kind);
        let facts = table.map(|table| table.facts.range::<[u8], _>((Bound::Excluded(from), to)));
        facts.into_iter().flatten().map(|(key, fact)| (key.as_slice(), fact))
    }

    pub(super) fn get(&self, kind: u8, key: &[u8]) -> Option<&Fact> {
        self.kinds.get(&kind)?.facts.get(key)
    }

    /// The fact, for a change of its count only.
    pub(super) fn get_mut(&mut self, kind: u8, key: &[u8]) -> Option<&mut Fact> {
        self.kinds.get_mut(&kind)?.facts.get_mut(key)
    }

    /// Sets a fact; one that is held keeps its memory.
    pub(super) fn put(&mut self, kind: u8, key: &[u8], value: &[u8], count: Count) {
        let hash = |value: &[u8]| self::hash(&self.key, kind, key, value);
        let table = self.kinds.entry(kind).or_default();
        table.digest.add(hash(value));
        if let Some(fact) = table.facts.get_mut(key) {
            table.digest.sub(hash(&fact.value));
            fact.value.clear();
            fact.value.extend_from_slice(value);
            fact.count = count;
        } else {
            table.facts.insert(key.to_vec(), Fact { value: value.to_vec(), count });
            self.len += 1;
        }
    }

    pub(super) fn remove(&mut self, kind: u8, key: &[u8]) -> Option<Fact> {
        let table = self.kinds.get_mut(&kind)?;
        let fact = table.facts.remove(key)?;
        table.digest.sub(hash(&self.key, kind, key, &fact.value));
        self.len -= 1;
        Some(fact)
    }

    /// Takes out a whole kind; its facts come back in order of their keys.
    pub(super) fn take_kind(&mut self, kind: Kind) -> impl ExactSizeIterator<Item = (Vec<u8>, Fact)> + use<> {
        let facts = self.kinds.remove(&kind.0).unwrap_or_default().facts;
        self.len -= facts.len();
        facts.into_iter()
    }

    pub(super) fn digest(&self, kind: Kind) -> Digest {
        self.kinds.get(&kind.0).map_or(Digest::EMPTY, |table| table.digest)
    }

    /// The sum of the digests of `kinds`.
    pub(super) fn total(&self, kinds: KindMask) -> Digest {
        let mut total = Digest::EMPTY;
        for (kind, table) in &self.kinds {
            if kinds.has(Kind(*kind)) {
                total.add(table.digest.0);
            }
        }
        total
    }
}

/// The hash of SPEC §6. [`tidings_wire::digest::hash`] is the same, made small for devices; here it is made fast.
fn hash(digest_key: &DigestKey, kind: u8, key: &[u8], value: &[u8]) -> u64 {
    let mut sip = SipHasher24::new_with_key(&digest_key.0);
    sip.write(&[kind, key.len() as u8]);
    sip.write(key);
    sip.write(value);
    sip.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fast_hash_is_the_devices_hash() {
        let bytes: Vec<u8> = (0..=255).cycle().take(512).map(|n: u8| n.wrapping_mul(73)).collect();
        for digest_key in [DigestKey([0; 16]), DigestKey([0xA7; 16])] {
            for key in 1..=64 {
                for value in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 63, 255, 256, 511, 512] {
                    let (kind, key, value) = (key as u8 % 32, &bytes[..key], &bytes[..value]);
                    let devices = tidings_wire::digest::hash(&digest_key, Kind(kind), key, value);
                    assert_eq!(hash(&digest_key, kind, key, value), devices);
                }
            }
        }
    }
}
