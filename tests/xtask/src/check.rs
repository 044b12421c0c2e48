//! Holds the house rules, one after the other, and names each place that breaks one.
//!
//! A rule is a sentence and a function that lists its faults. All rules run, so one run shows all that is wrong. What
//! the compiler's own lints hold is not repeated here.

mod builds;
mod direction;
mod shape;
mod source;
mod wire_types;

pub use builds::keys_of_nobody;

use crate::house::{self, Package};
use anyhow::{Result, bail};
use source::Source;
use std::path::PathBuf;
use std::time::Instant;

/// What the rules look at.
pub struct House {
    /// The root of the repository, absolute.
    pub root: PathBuf,
    /// Every package, lone ones included.
    pub packages: Vec<Package>,
    /// Every text file.
    pub sources: Vec<Source>,
}

/// A rule as a sentence, and what lists the places that break it.
type Rule = (&'static str, fn(&House) -> Result<Vec<String>>);

const READING: [Rule; 8] = [
    ("dependencies point one way: examples, bindings → agent → wire ← collector", direction::faults),
    ("every .rs file opens with `//!`", source::without_promise),
    ("no function is longer than 60 lines", shape::too_long),
    ("device crates say no_std and forbid unsafe", source::loose_device_crates),
    ("wire types hold nothing that postcard cannot evolve", wire_types::faults),
    ("nothing is unfinished or skipped", source::unfinished),
    ("no file names this machine", source::machine_paths),
    ("the code is formatted", builds::unformatted),
];

const COMPILING: [Rule; 4] = [
    ("clippy is silent", builds::clippy),
    ("the documentation builds without a warning", builds::documentation),
    ("each set of the agent's features compiles for a device", builds::feature_sets),
    ("the device crates build for each device target", builds::device_targets),
];

/// Runs the rules that read, and unless `quick` also those that compile.
pub fn run(quick: bool) -> Result<()> {
    let root = house::root();
    let house = House { packages: house::packages(&root)?, sources: source::read(&root)?, root };
    let rules = READING.iter().chain(COMPILING.iter().filter(|_| !quick));
    let mut broken = 0;
    for (sentence, judge) in rules {
        let begun = Instant::now();
        let faults = judge(&house)?;
        let word = if faults.is_empty() { "ok    " } else { "BROKEN" };
        println!("{word} {sentence} ({:.1} s)", begun.elapsed().as_secs_f32());
        faults.iter().for_each(|fault| println!("       {}", fault.trim_end().replace('\n', "\n       ")));
        broken += usize::from(!faults.is_empty());
    }
    shape::report(&house);
    if broken > 0 {
        bail!("{broken} house rules are broken");
    }
    Ok(())
}
