//! What a test needs to drive a board in QEMU: the firmware, the running board, its console, its link and a debugger.
//!
//! Every wait has a deadline, and a failed one panics with what was heard so far. The tests themselves are in `tests/`.

pub mod board;
pub mod collector;
pub mod console;
pub mod debugger;
pub mod firmware;
pub mod tap;
pub mod traffic;

use std::time::Duration;

/// How long a test waits for anything to happen: far longer than it takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);
