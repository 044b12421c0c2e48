//! From the fleet secret to the keys of a device: HKDF-SHA256, RFC 5869.
//!
//! ```text
//! up 32 ‖ down 32 = HKDF(secret, salt "tidings 1", info "keys" ‖ idlen ‖ id ‖ kid, 64 bytes)
//! digest 16       = HKDF(secret, salt "tidings 1", info "digest" ‖ idlen ‖ id, 16 bytes)
//! ```
//!
//! The digest key does not depend on the key id, so that a change of keys leaves every digest as it is.

use hkdf::Hkdf;
use sha2::Sha256;
use tidings_wire::suites::{KeyError, KeySet};
use zeroize::Zeroizing;

use crate::decode::parse_hex;
use crate::device_id::DeviceId;

const SALT: &[u8] = b"tidings 1";
const SECRET_BYTES: usize = 32;

/// What all keys of a fleet are derived from: 32 bytes, wiped when dropped, never printed.
pub struct FleetSecret(Zeroizing<[u8; SECRET_BYTES]>);

impl FleetSecret {
    /// A new one from the operating system's random generator.
    ///
    /// # Errors
    /// The generator failed.
    pub fn generate() -> std::io::Result<Self> {
        random().map(Zeroizing::new).map(Self)
    }

    /// The secret of these 64 hex digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(parse_hex(text).ok()?);
        Some(Self(Zeroizing::new(bytes.as_slice().try_into().ok()?)))
    }

    /// The secret as hex, for the key file.
    #[must_use]
    pub fn to_hex(&self) -> Zeroizing<String> {
        super::form::hex(&self.0[..])
    }

    /// The keys of a device under a key id.
    ///
    /// # Errors
    /// [`KeyError`] if `kid` is over 127.
    pub fn keys(&self, id: &DeviceId, kid: u8) -> Result<KeySet, KeyError> {
        let (mut both, mut digest) = (Zeroizing::new([0; 64]), [0; 16]);
        let (len, id) = ([id.as_bytes().len() as u8], id.as_bytes());
        self.expand(&[b"keys", &len, id, &[kid]], &mut both[..]);
        self.expand(&[b"digest", &len, id], &mut digest);
        let halves: [[u8; 32]; 2] = std::array::from_fn(|half| std::array::from_fn(|i| both[half * 32 + i]));
        let [up, down] = halves;
        KeySet::new(kid, up, down, digest)
    }

    fn expand(&self, info: &[&[u8]], out: &mut [u8]) {
        let derived = Hkdf::<Sha256>::new(Some(SALT), &self.0[..]).expand_multi_info(info, out);
        debug_assert!(derived.is_ok(), "HKDF gives up to 8160 bytes");
    }
}

/// Bytes from the operating system's random generator.
///
/// # Errors
/// The generator failed.
pub fn random<const N: usize>() -> std::io::Result<[u8; N]> {
    let (mut bytes, mut filled) = ([0; N], 0);
    while filled < N {
        filled += rustix::rand::getrandom(&mut bytes[filled..], rustix::rand::GetRandomFlags::empty())?;
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> FleetSecret {
        FleetSecret::from_hex(&"0b".repeat(32)).expect("32 bytes")
    }

    fn id(text: &str) -> DeviceId {
        DeviceId::new(text.as_bytes()).expect("an id")
    }

    #[test]
    fn derived_keys_never_change() {
        let keys = secret().keys(&id("pump-7"), 3).expect("a key id");
        // Made with an HKDF written for this test in another language: `tests/compat/test_sealed.py`.
        let wanted = "03094053f4a4f26d1437871c09102eda9e5c9384a90258a8721cd7f785cc0847caebd5147246d0a14841f12c30d96ee58284d8c20192f99ce60f028cff6264139d583d46ccdcfd8fac5c9a541b3ca90028";
        assert_eq!(*super::super::form::hex(&keys.to_bytes()), wanted);
    }

    #[test]
    fn devices_and_key_ids_have_keys_of_their_own_and_one_digest_key_a_device() {
        let keys = |name, kid| secret().keys(&id(name), kid).expect("a key id").to_bytes();
        let (first, next, other) = (keys("pump-7", 3), keys("pump-7", 4), keys("pump-8", 3));
        assert!(first[1..33] != next[1..33] && first[33..65] != next[33..65] && first[65..] == next[65..]);
        assert!(first[1..33] != other[1..33] && first[33..65] != other[33..65] && first[65..] != other[65..]);
        // The length of the id is part of what is derived from: no id continues another one into its key id.
        assert_ne!(keys("a", b'b')[1..], keys("ab", 0)[1..]);
    }

    #[test]
    fn key_ids_over_127_and_short_secrets_are_refused() {
        assert_eq!(secret().keys(&id("d"), 128).err(), Some(KeyError::Kid));
        assert!(FleetSecret::from_hex(&"0b".repeat(31)).is_none() && FleetSecret::from_hex("zz").is_none());
    }

    #[test]
    fn random_bytes_differ() {
        assert_ne!(random::<16>().expect("a generator"), random::<16>().expect("a generator"));
    }
}
