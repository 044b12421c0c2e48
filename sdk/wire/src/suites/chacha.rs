//! Suite 1: ChaCha20-Poly1305, RFC 8439.

use super::{KeySet, Side};
use crate::packet::{MAX_CHECK, NONCE, PacketError, Suite, SuiteId};
use chacha20poly1305::{AeadInOut, ChaCha20Poly1305 as Cipher, KeyInit, Tag};

/// Suite 1: ChaCha20-Poly1305, a 16-byte tag; it borrows the keys and holds no copy.
#[derive(Clone, Copy)]
pub struct ChaCha20Poly1305<'k> {
    keys: &'k KeySet,
    side: Side,
}

impl<'k> ChaCha20Poly1305<'k> {
    /// The suite as the device uses it.
    pub const fn device(keys: &'k KeySet) -> Self {
        Self { keys, side: Side::Device }
    }

    /// The suite as the host uses it.
    pub const fn host(keys: &'k KeySet) -> Self {
        Self { keys, side: Side::Host }
    }
}

impl Suite for ChaCha20Poly1305<'_> {
    fn id(&self) -> SuiteId {
        SuiteId::CHACHA20_POLY1305
    }

    fn check_len(&self) -> usize {
        MAX_CHECK
    }

    fn seal(&self, nonce: &[u8; NONCE], clear: &[u8], body: &mut [u8], check: &mut [u8]) {
        let cipher = Cipher::new(self.keys.seals(self.side).into());
        let tag = cipher.encrypt_inout_detached(nonce.into(), clear, (&mut *body).into());
        super::put_tag(tag.ok().as_ref().map(Tag::as_slice), body, check);
    }

    fn open(&self, nonce: &[u8; NONCE], clear: &[u8], body: &mut [u8], check: &[u8]) -> Result<(), PacketError> {
        let tag = check.try_into().map_err(|_| PacketError::Check)?;
        let cipher = Cipher::new(self.keys.opens(self.side).into());
        cipher.decrypt_inout_detached(nonce.into(), clear, body.into(), tag).map_err(|_| PacketError::Check)
    }
}
