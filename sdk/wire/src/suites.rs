//! Sealed suites and the keys that they use: ChaCha20-Poly1305 (feature `chacha20poly1305`) and Ascon-AEAD128 (feature `ascon`).
//!
//! Promise: in place, no heap, one key a direction, constant-time comparison of tags, and no way to print a key. Not here: which nonce is used (the
//! [`Envelope`](crate::packet::Envelope) says it, the sender makes sure that it is new), where keys come from, and hardware: a vendor implements
//! [`Suite`](crate::packet::Suite).

#[cfg(feature = "ascon")]
mod ascon;
#[cfg(feature = "chacha20poly1305")]
mod chacha;
mod key_set;

#[cfg(feature = "ascon")]
pub use ascon::Ascon128;
#[cfg(feature = "chacha20poly1305")]
pub use chacha::ChaCha20Poly1305;
pub use key_set::{KeyError, KeySet, Side};

// The ciphers fail only on lengths that no packet has; should one, nothing leaves in clear.
#[cfg(any(feature = "ascon", feature = "chacha20poly1305"))]
fn put_tag(tag: Option<&[u8]>, body: &mut [u8], check: &mut [u8]) {
    match tag {
        Some(tag) => check.iter_mut().zip(tag).for_each(|(to, from)| *to = *from),
        None => {
            body.fill(0);
            check.fill(0);
        }
    }
}
