//! Runs other programs under a time limit and keeps what they print.
//!
//! Promise: a program that hangs is killed by `timeout` and is a failure with its command in it. Standard input is empty.

use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::{Command, Stdio};

/// Longest run of a compiler or a test program, in seconds.
const LIMIT_S: &str = "600";

/// A program in a folder, under the time limit.
pub fn program(name: &str, folder: &Path) -> Command {
    let mut command = Command::new("timeout");
    command.args(["--kill-after=5", LIMIT_S, name]).current_dir(folder).stdin(Stdio::null());
    command
}

/// Runs it to its end; gives both streams, standard output first.
///
/// # Errors
/// It cannot be started, or does not exit with 0; then the error holds all that it printed.
pub fn run(command: &mut Command) -> Result<String> {
    let shown = shown(command);
    let output = command.output().with_context(|| format!("cannot start `{shown}`: run `cargo xtask setup`"))?;
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    if !output.status.success() {
        bail!("`{shown}` failed with {}\n{text}", output.status);
    }
    Ok(text)
}

fn shown(command: &Command) -> String {
    let words: Vec<_> = command.get_args().skip(2).map(|word| word.to_string_lossy()).collect();
    words.join(" ")
}
