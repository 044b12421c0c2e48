//! The device's keys, out of the image; nothing if it was built to speak plain.
//!
//! Promise: whoever has keys in the image seals with them. Not here: keeping the image from who can read it. A product has its keys in a
//! partition of their own, written at the factory, behind the chip's debug lock.

use tidings::Keys;

/// The keys, for ever; `None` if the image is plain, or if this was called before.
#[cfg(feature = "plain")]
pub fn take() -> Option<Keys<'static>> {
    None
}

/// The keys, for ever; `None` if the image is plain, or if this was called before.
#[cfg(not(feature = "plain"))]
pub fn take() -> Option<Keys<'static>> {
    use tidings::suites::{ChaCha20Poly1305, KeySet};

    // `build.rs` has looked at them.
    static KEYS: &[u8; KeySet::BYTES] = include_bytes!(concat!(env!("OUT_DIR"), "/keys.bin"));
    let set = KeySet::from_bytes(KEYS).ok()?;
    let set = cortex_m::singleton!(SET: KeySet = set)?;
    let suite = cortex_m::singleton!(SUITE: ChaCha20Poly1305<'static> = ChaCha20Poly1305::device(set))?;
    Some(Keys::sealed(suite, set))
}
