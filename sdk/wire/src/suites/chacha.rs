//! Suite 1: ChaCha20-Poly1305, RFC 8439.
//!
//! Cipher and authenticator are the crates `chacha20` and `poly1305`; here is what §2.8 of the RFC makes of them, block by block, because the crate
//! that does it for messages of any length takes 1 KB more of a device. The RFC's vectors hold it, and that crate at many lengths.

use super::{KeySet, Side};
use crate::packet::{MAX_CHECK, NONCE, PacketError, Suite, SuiteId};
use chacha20::cipher::{Array, BlockSizeUser, KeyIvInit, StreamCipherCore};
use chacha20::{ChaChaCore, R20, variants::Ietf};
use poly1305::Poly1305;
use poly1305::universal_hash::{KeyInit, UniversalHash};
use zeroize::Zeroize;

type Core = ChaChaCore<R20, Ietf>;
type Block = Array<u8, <Core as BlockSizeUser>::BlockSize>;

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
        let mut packet = Packet::new(self.keys.seals(self.side), nonce);
        packet.apply(body);
        packet.authenticate(clear, body);
        super::put_tag(Some(&packet.mac.finalize()), body, check);
    }

    fn open(&self, nonce: &[u8; NONCE], clear: &[u8], body: &mut [u8], check: &[u8]) -> Result<(), PacketError> {
        let check = check.try_into().map_err(|_| PacketError::Check)?;
        let mut packet = Packet::new(self.keys.opens(self.side), nonce);
        packet.authenticate(clear, body);
        packet.mac.clone().verify(check).map_err(|_| PacketError::Check)?; // in constant time
        packet.apply(body);
        Ok(())
    }
}

/// One packet under one nonce.
struct Packet {
    cipher: Core,
    mac: Poly1305,
}

impl Packet {
    // Block 0 of the key stream keys the authenticator; the cipher then stands at block 1.
    #[inline(never)]
    fn new(key: &[u8; 32], nonce: &[u8; NONCE]) -> Self {
        let mut cipher = Core::new(key.into(), nonce.into());
        let mut block = Block::default();
        cipher.write_keystream_block(&mut block);
        let mut key = poly1305::Key::default();
        key.iter_mut().zip(&block).for_each(|(to, from)| *to = *from);
        let mac = Poly1305::new(&key);
        block.zeroize();
        key.zeroize();
        Self { cipher, mac }
    }

    #[inline(never)]
    fn apply(&mut self, body: &mut [u8]) {
        let mut block = Block::default();
        for chunk in body.chunks_mut(block.len()) {
            self.cipher.write_keystream_block(&mut block);
            chunk.iter_mut().zip(&block).for_each(|(byte, key)| *byte ^= key);
        }
        block.zeroize();
    }

    #[inline(never)]
    fn authenticate(&mut self, clear: &[u8], sealed: &[u8]) {
        let mut lengths = poly1305::Block::default();
        let counts = [clear.len() as u64, sealed.len() as u64].into_iter().flat_map(u64::to_le_bytes);
        lengths.iter_mut().zip(counts).for_each(|(to, from)| *to = from);
        for part in [clear, sealed, &lengths] {
            self.mac.update_padded(part);
        }
    }
}
