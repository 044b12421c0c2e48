//! Additive keyed digests (SPEC §6): the sum of SipHash-2-4 over facts, O(1) per change, independent of order.
//!
//! Keyed, so that nobody who may choose names can make two different states look alike; the packet's own check protects it on the way.

use crate::Kind;
use core::hash::Hasher;
use siphasher::sip::SipHasher24;

/// The 16 bytes that key a device's digests; all zero under the plain suite.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct DigestKey(pub [u8; 16]);

/// A sum of fact hashes modulo 2⁶⁴.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Digest(pub u64);

impl Digest {
    /// The digest of no fact.
    pub const EMPTY: Self = Self(0);

    /// Takes a fact's hash in.
    pub fn add(&mut self, hash: u64) {
        self.0 = self.0.wrapping_add(hash);
    }

    /// Takes a fact's hash out.
    pub fn sub(&mut self, hash: u64) {
        self.0 = self.0.wrapping_sub(hash);
    }

    /// The low 32 bits, as Delta, Beat and Buckets carry them.
    pub const fn short(self) -> u32 {
        self.0 as u32
    }
}

/// The hash of one fact.
pub fn hash(key: &DigestKey, kind: Kind, fact_key: &[u8], value: &[u8]) -> u64 {
    let mut sip = SipHasher24::new_with_key(&key.0);
    sip.write(&[kind.0, fact_key.len() as u8]);
    sip.write(fact_key);
    sip.write(value);
    sip.finish()
}

/// A keyed hash that stands for a secret or a personal name on the wire (SPEC §7, scalar tag 7, account form 2).
pub fn keyed_hash(key: &DigestKey, secret: &[u8]) -> [u8; 8] {
    let mut sip = SipHasher24::new_with_key(&key.0);
    sip.write(secret);
    sip.finish().to_le_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_the_reference_vector_of_siphash_2_4() {
        let mut key = [0u8; 16];
        key.iter_mut().zip(0u8..).for_each(|(k, i)| *k = i);
        let mut sip = SipHasher24::new_with_key(&key);
        sip.write(&[0, 1, 2]);
        sip.write(&[3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
        assert_eq!(sip.finish(), 0xa129_ca61_49be_45e5);
    }

    #[test]
    fn order_of_changes_does_not_matter() {
        let hashes: [u64; 3] = [u64::MAX, 7, 1 << 63];
        let mut there = Digest::EMPTY;
        hashes.iter().for_each(|h| there.add(*h));
        let mut back = there;
        hashes.iter().rev().for_each(|h| back.sub(*h));
        assert_eq!(back, Digest::EMPTY);
    }
}
