//! Builds the simulation and runs it: histories by seed, or the mutants.
//!
//! What a history is, which options there are and what a mutant undoes is said in `tests/sim`.

use crate::command::program;
use crate::house;
use anyhow::{Result, bail};

/// Histories, with the simulation's own options.
pub fn run(options: &[String]) -> Result<()> {
    simulate(options.to_vec())
}

/// The mutants whose name holds `name`, or a share of them.
pub fn mutants(name: Option<String>, share: Option<String>) -> Result<()> {
    let share = share.into_iter().flat_map(|share| ["--share".to_owned(), share]);
    simulate(["mutants".to_owned()].into_iter().chain(name).chain(share).collect())
}

/// It prints for itself, and its exit code is the verdict.
fn simulate(options: Vec<String>) -> Result<()> {
    let mut cargo = program("cargo", &house::root());
    cargo.args(["run", "--quiet", "--release", "--package", "tidings-sim", "--"]).args(options);
    if !cargo.status()?.success() {
        bail!("the simulation did not end well; what it said is above");
    }
    Ok(())
}
