//! The keys of the simulated device: every history is sealed, so what the link spoils or repeats meets the real cipher and its nonces.

use std::sync::LazyLock;
use tidings_wire::suites::{ChaCha20Poly1305, KeySet};

/// One set for all histories.
pub static KEYS: LazyLock<KeySet> = LazyLock::new(|| {
    KeySet::new(1, [1; 32], [2; 32], [3; 16]).unwrap_or_else(|error| unreachable!("the keys differ: {error}"))
});

/// The suite as the device has it.
pub static DEVICE: LazyLock<ChaCha20Poly1305<'static>> = LazyLock::new(|| ChaCha20Poly1305::device(&KEYS));

/// The suite as the host has it.
pub static HOST: LazyLock<ChaCha20Poly1305<'static>> = LazyLock::new(|| ChaCha20Poly1305::host(&KEYS));
