//! Additive keyed digests (SPEC §6): the sum of SipHash-2-4 over facts, O(1) per change, independent of order.
//!
//! Keyed, so that nobody who may choose names can make two different states look alike; the packet's own check protects it on the way.

use crate::Kind;

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
    let mut sip = Sip::new(key);
    sip.write(&[kind.0, fact_key.len() as u8]);
    sip.write(fact_key);
    sip.write(value);
    sip.finish()
}

/// A keyed hash that stands for a secret or a personal name on the wire (SPEC §7, scalar tag 7, account form 2).
pub fn keyed_hash(key: &DigestKey, secret: &[u8]) -> [u8; 8] {
    let mut sip = Sip::new(key);
    sip.write(secret);
    sip.finish().to_le_bytes()
}

/// SipHash-2-4 (Aumasson and Bernstein, 2012), byte by byte: a third of the flash of a streaming one that takes words.
struct Sip {
    v: [u64; 4],
    tail: u64,
    len: u8,
}

const START: [u64; 4] = [0x736f_6d65_7073_6575, 0x646f_7261_6e64_6f6d, 0x6c79_6765_6e65_7261, 0x7465_6462_7974_6573];

impl Sip {
    fn new(key: &DigestKey) -> Self {
        let mut sip = Self { v: START, tail: 0, len: 0 };
        for (n, word) in sip.v.iter_mut().enumerate() {
            let half = key.0.get(n % 2 * 8..).and_then(|half| half.first_chunk());
            *word ^= half.map_or(0, |half| u64::from_le_bytes(*half));
        }
        sip
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.tail = self.tail >> 8 | u64::from(byte) << 56;
            self.len = self.len.wrapping_add(1);
            if self.len.is_multiple_of(8) {
                self.absorb();
            }
        }
    }

    fn finish(mut self) -> u64 {
        // Zeros up to the last byte of a word, which is the length.
        let last = [0, 0, 0, 0, 0, 0, 0, self.len];
        self.write(last.get(usize::from(self.len % 8)..).unwrap_or(&[]));
        let [a, b, c, d] = self.v;
        self.v = [a, b, c ^ 0xFF, d];
        self.rounds(4);
        self.v.iter().fold(0, |sum, word| sum ^ word)
    }

    fn absorb(&mut self) {
        let [a, b, c, d] = self.v;
        self.v = [a, b, c, d ^ self.tail];
        self.rounds(2);
        let [a, b, c, d] = self.v;
        self.v = [a ^ self.tail, b, c, d];
    }

    #[inline(never)]
    fn rounds(&mut self, n: u8) {
        let [mut a, mut b, mut c, mut d] = self.v;
        for _ in 0..n {
            a = a.wrapping_add(b);
            c = c.wrapping_add(d);
            b = b.rotate_left(13) ^ a;
            d = d.rotate_left(16) ^ c;
            a = a.rotate_left(32).wrapping_add(d);
            c = c.wrapping_add(b);
            d = d.rotate_left(21) ^ a;
            b = b.rotate_left(17) ^ c;
            c = c.rotate_left(32);
        }
        self.v = [a, b, c, d];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_the_reference_vector_of_siphash_2_4() {
        let mut key = [0u8; 16];
        key.iter_mut().zip(0u8..).for_each(|(k, i)| *k = i);
        let mut sip = Sip::new(&DigestKey(key));
        sip.write(&[0, 1, 2]);
        sip.write(&[3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
        assert_eq!(sip.finish(), 0xa129_ca61_49be_45e5);
    }

    #[test]
    fn agrees_with_another_implementation_at_every_length() {
        use core::hash::Hasher;
        let bytes: [u8; 80] = core::array::from_fn(|i| i as u8 ^ 0x5A);
        for len in 0..bytes.len() {
            let mut other = siphasher::sip::SipHasher24::new_with_key(&[7; 16]);
            other.write(&bytes[..len]);
            assert_eq!(u64::from_le_bytes(keyed_hash(&DigestKey([7; 16]), &bytes[..len])), other.finish(), "{len}");
        }
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
