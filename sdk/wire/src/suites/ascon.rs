//! Suite 2: Ascon-AEAD128, NIST SP 800-232.
//!
//! It uses the first 16 bytes of each key, and the nonce with four zero bytes at the end. What the cipher itself leaves on the stack is not wiped:
//! `ascon-aead` 0.6.0 offers that only together with `std`.

use super::{KeySet, Side};
use crate::packet::{MAX_CHECK, NONCE, PacketError, Suite, SuiteId};
use ascon_aead::aead::{AeadInOut, KeyInit};
use ascon_aead::{AsconAead128, AsconAead128Key, AsconAead128Nonce, AsconAead128Tag};
use zeroize::Zeroize;

/// Suite 2: Ascon-AEAD128, a 16-byte tag, the smallest code; it borrows the keys and holds no copy.
#[derive(Clone, Copy)]
pub struct Ascon128<'k> {
    keys: &'k KeySet,
    side: Side,
}

impl<'k> Ascon128<'k> {
    /// The suite as the device uses it.
    pub const fn device(keys: &'k KeySet) -> Self {
        Self { keys, side: Side::Device }
    }

    /// The suite as the host uses it.
    pub const fn host(keys: &'k KeySet) -> Self {
        Self { keys, side: Side::Host }
    }
}

fn cipher(key: &[u8; 32]) -> AsconAead128 {
    let mut short = AsconAead128Key::default();
    short.iter_mut().zip(key).for_each(|(to, from)| *to = *from);
    let cipher = AsconAead128::new(&short);
    short.as_mut_slice().zeroize();
    cipher
}

fn padded(nonce: &[u8; NONCE]) -> AsconAead128Nonce {
    let mut padded = AsconAead128Nonce::default();
    padded.iter_mut().zip(nonce).for_each(|(to, from)| *to = *from);
    padded
}

impl Suite for Ascon128<'_> {
    fn id(&self) -> SuiteId {
        SuiteId::ASCON_AEAD128
    }

    fn check_len(&self) -> usize {
        MAX_CHECK
    }

    fn seal(&self, nonce: &[u8; NONCE], clear: &[u8], body: &mut [u8], check: &mut [u8]) {
        let tag = cipher(self.keys.seals(self.side)).encrypt_inout_detached(&padded(nonce), clear, (&mut *body).into());
        super::put_tag(tag.ok().as_ref().map(AsconAead128Tag::as_slice), body, check);
    }

    fn open(&self, nonce: &[u8; NONCE], clear: &[u8], body: &mut [u8], check: &[u8]) -> Result<(), PacketError> {
        let tag = check.try_into().map_err(|_| PacketError::Check)?;
        let cipher = cipher(self.keys.opens(self.side));
        let opened = cipher.decrypt_inout_detached(&padded(nonce), clear, (&mut *body).into(), tag);
        // The cipher decrypts before it compares.
        opened.map_err(|_| {
            body.fill(0);
            PacketError::Check
        })
    }
}
