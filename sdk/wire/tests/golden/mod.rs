//! The golden vectors, built with the crate's own writers; what each one means is written by hand beside it.
//!
//! Not here: comparing them with the committed bytes, which is the test's; reading them in another language, which is `tests/compat`.

pub mod reread;
pub mod vector;

mod downlink;
mod events;
mod facts;
mod framing;
mod messages;
mod refused;
mod registries;
mod sealed;
mod sync;

use vector::Vector;

/// Every vector, in the order of the index.
pub fn all() -> Vec<Vector> {
    [
        messages::all(),
        events::all(),
        downlink::all(),
        facts::all(),
        registries::all(),
        framing::all(),
        sync::all(),
        refused::all(),
        sealed::all(),
    ]
    .concat()
}
