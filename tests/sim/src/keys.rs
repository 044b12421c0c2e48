//! The keys of the simulated device: every history is sealed, so what the link spoils or repeats meets the real cipher and its nonces.
//!
//! There are two sets with one digest key; a device may go over from either to the other, and the host takes both.

use std::sync::LazyLock;
use tidings_wire::packet::Envelope;
use tidings_wire::suites::{ChaCha20Poly1305, KeySet};

/// How many sets there are.
pub const SETS: usize = 2;

/// The sets.
pub static KEYS: LazyLock<[KeySet; SETS]> = LazyLock::new(|| {
    core::array::from_fn(|n| {
        let n = n as u8;
        KeySet::new(n, [10 + n; 32], [20 + n; 32], [3; 16]).unwrap_or_else(|error| unreachable!("they differ: {error}"))
    })
});

/// The suites as the device has them.
pub static DEVICE: LazyLock<[ChaCha20Poly1305<'static>; SETS]> =
    LazyLock::new(|| core::array::from_fn(|n| ChaCha20Poly1305::device(&KEYS[n])));

/// The suites as the host has them.
pub static HOST: LazyLock<[ChaCha20Poly1305<'static>; SETS]> =
    LazyLock::new(|| core::array::from_fn(|n| ChaCha20Poly1305::host(&KEYS[n])));

/// Which set a packet names; the first if it names none that there is.
#[must_use]
pub fn set_of(packet: &[u8]) -> usize {
    let kid = Envelope::read(packet).ok().and_then(|(envelope, _)| envelope.kid);
    kid.map(usize::from).filter(|set| *set < SETS).unwrap_or(0)
}
