//! What a test needs to drive a board in QEMU: the firmware, the running board, its console, its link and a debugger.
//!
//! Every wait has a deadline, and a failed one panics with what was heard so far. The tests themselves are in `tests/`.

pub mod bench;
pub mod board;
pub mod collector;
pub mod console;
pub mod debugger;
pub mod firmware;
pub mod flash;
pub mod fleet;
pub mod folder;
pub mod story;
pub mod tap;
pub mod traffic;

use std::{
    thread,
    time::{Duration, Instant},
};

/// How long a test waits for anything to happen: far longer than it takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Asks again and again until `what` gives something; `None` if patience runs out.
pub fn in_time<T>(mut what: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = what() {
            return Some(found);
        }
        if Instant::now() >= deadline {
            return None;
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// As [`in_time`], for what must come.
///
/// # Panics
/// If it does not.
pub fn eventually<T>(hoped_for: &str, what: impl FnMut() -> Option<T>) -> T {
    in_time(what).unwrap_or_else(|| panic!("waited in vain for {hoped_for}"))
}
