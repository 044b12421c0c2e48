//! The facts that an agent holds, one by one, for a console or a self-test.

use crate::agent::{Held, answer, tidings_agent_t};
use crate::borrowed::tidings_bytes_t;
use crate::handle::with;
use crate::status::{TIDINGS_NOTHING, tidings_status_t};

/// A fact as the agent holds it.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tidings_view_t {
    /// Its kind: `TIDINGS_KIND_…`.
    pub kind: u8,
    /// Its key, in the agent's memory: until the next call that records, removes, receives or drains.
    pub key: tidings_bytes_t,
    /// Its value, as its key.
    pub value: tidings_bytes_t,
}

/// Sets `*view` to the fact of this index, in the order of kind and key from 0 up; `TIDINGS_NOTHING` past the last one.
///
/// Thread context. Bounded by the table. Fails with NULL, MISALIGNED, HANDLE, BUSY or OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_view(
    agent: *mut tidings_agent_t,
    index: usize,
    view: *mut tidings_view_t,
) -> tidings_status_t {
    let bytes = |bytes: &[u8]| tidings_bytes_t { ptr: bytes.as_ptr().cast(), len: bytes.len() };
    // SAFETY: the contract at the head of the header.
    unsafe {
        with::<Held>(agent, |held| match held.agent.facts().nth(index) {
            Some((kind, key, value)) => {
                answer(held, view, tidings_view_t { kind: kind.0, key: bytes(key), value: bytes(value) })
            }
            None => Ok(TIDINGS_NOTHING),
        })
    }
}
