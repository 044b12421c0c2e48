//! Runs the tests of the wire crate, of the agent with its mailbox, and of the collector's core in Miri, on the nightly that set-up installs.
//!
//! Our crates forbid unsafe code but for the C border and the ports; what Miri watches is what they ask of the crates they use, and the memory
//! orderings of the mailbox with real threads under many schedules. Tests that would take minutes there are cut short by `cfg!(miri)`.

use crate::command::{Echo, finish, program};
use crate::house;
use anyhow::{Result, bail};
use std::time::Duration;

/// The nightly, of a day on which Miri was part of it. Set-up installs it; stable Rust has no Miri.
pub use tidings_c_abi::core_library::NIGHTLY as TOOLCHAIN;
/// What it needs besides the compiler; with its source it also builds the core library of targets that have none.
pub const COMPONENTS: [&str; 2] = ["miri", "rust-src"];

const LIMIT: Duration = Duration::from_secs(900);
/// Miri is a hundred times slower than the machine: properties over many bodies are left to the tests of the workspace.
const RUNS: [&[&str]; 3] = [
    &["--package", "tidings-wire", "--lib"],
    &["--package", "tidings", "--lib", "--test", "a_mailbox_crosses_threads", "--features", "embedded,sealed,std"],
    &["--package", "tidings-collector", "--test", "replica", "--", "--skip", "arbitrary_bytes"],
];

/// Runs them all; the first that fails ends it.
pub fn run() -> Result<()> {
    for arguments in RUNS {
        let mut cargo = program("cargo", &house::root());
        cargo.arg(format!("+{TOOLCHAIN}")).args(["miri", "test"]).args(arguments);
        cargo.env("MIRIFLAGS", "-Zmiri-disable-isolation"); // backtraces name files by the working folder
        println!("miri: {}", arguments.join(" "));
        if !finish(&mut cargo, LIMIT, Echo::Live)?.ok {
            bail!("Miri does not like `{}`; its words are above", arguments.join(" "));
        }
    }
    Ok(())
}
