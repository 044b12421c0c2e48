//! Measures the stack of each public call under each suite, in an emulator, and fails past a limit.
//!
//! The images `stack` and, for the border to C, `stack_c` paint memory and walk the longest ways they know; 128 bytes is the least that the first can
//! tell. What an interrupt or the caller itself needs comes on top.

use crate::budgets::{self, Budget};
use crate::house;
use crate::images;
use anyhow::{Context, Result, bail};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Display;
use tidings_c_abi::archive;
use tidings_c_abi::target::Target;

/// The image that measures the calls of Rust.
const IMAGE: &str = "stack";
/// The image that measures those of C, on the archive.
const FROM_C: &str = "stack_c";
/// Targets whose code the emulated board runs.
pub const TARGETS: [&str; 2] = ["thumbv6m-none-eabi", "thumbv7em-none-eabi"];

/// One line of the table.
#[derive(Serialize)]
pub struct Row {
    /// What is called.
    pub call: String,
    /// The image whose suite it was called under.
    pub image: String,
    /// The target that it was built for.
    pub target: &'static str,
    /// What it takes at its worst.
    pub bytes: u64,
    /// What it may take.
    #[serde(flatten)]
    pub budget: Budget,
    verdict: &'static str,
}

/// Measures, prints the table, and judges it.
pub fn run(json: bool) -> Result<()> {
    let rows = measure()?;
    print(&rows, json)?;
    let broken = rows.iter().filter(|row| row.bytes > row.budget.limit).count();
    if broken > 0 {
        bail!("{broken} budgets of stack are broken");
    }
    Ok(())
}

/// The worst of each call, by target, image and call.
pub fn measure() -> Result<Vec<Row>> {
    let root = house::root();
    let folder = root.join("tests/size");
    let budgets = budgets::read(&root)?;
    let mut rows = Vec::new();
    for target in TARGETS {
        images::build(&folder, target, &[IMAGE])?;
        images::build_stack_c(&folder, target, FROM_C, &archive::build(&Target::named(target)?, &[])?)?;
        let told = [IMAGE, FROM_C].map(|image| images::emulate(&folder, target, image, &[]));
        let worst = worst(&told.into_iter().collect::<Result<String>>()?)?;
        for (image, budget) in budgets.stacks() {
            rows.extend(image_rows(image, budget, target, &worst));
        }
    }
    for (image, _) in budgets.stacks() {
        if !rows.iter().any(|row| row.image == image) {
            bail!("the images `{IMAGE}` and `{FROM_C}` tell nothing of `{image}`");
        }
    }
    Ok(rows)
}

/// The worst of each suite and call.
type Worst = BTreeMap<(String, String), u64>;

fn worst(output: &str) -> Result<Worst> {
    let mut worst = Worst::new();
    for line in output.lines() {
        let [suite, call, bytes] = line.split(' ').collect::<Vec<_>>()[..] else {
            bail!("not a line of an image: {line}")
        };
        let bytes: u64 = bytes.parse().with_context(|| format!("no number: {line}"))?;
        let most: &mut u64 = worst.entry((suite.to_owned(), call.to_owned())).or_default();
        *most = bytes.max(*most);
    }
    Ok(worst)
}

fn image_rows(image: &str, budget: Budget, target: &'static str, worst: &Worst) -> Vec<Row> {
    let calls = worst.iter().filter(|((suite, _), _)| suite == image);
    calls.map(|((_, call), bytes)| Row::new(call, image, target, *bytes, budget)).collect()
}

impl Row {
    pub(crate) fn new(call: &str, image: &str, target: &'static str, bytes: u64, budget: Budget) -> Self {
        Self { call: call.to_owned(), image: image.to_owned(), target, bytes, budget, verdict: budget.verdict(bytes) }
    }
}

fn print(rows: &[Row], json: bool) -> Result<()> {
    if json {
        for row in rows {
            println!("{}", serde_json::to_string(row)?);
        }
        return Ok(());
    }
    let budgets: BTreeMap<&str, Budget> = rows.iter().map(|row| (row.image.as_str(), row.budget)).collect();
    println!("{:<28} {:<20}{}", "stack in bytes", "target", columns(budgets.keys()));
    for target in TARGETS {
        let mut calls = BTreeMap::<&str, BTreeMap<&str, u64>>::new();
        for row in rows.iter().filter(|row| row.target == target) {
            calls.entry(&row.call).or_default().insert(&row.image, row.bytes);
        }
        for (call, bytes) in calls {
            let cells = budgets.keys().map(|image| bytes.get(image).map_or_else(|| "–".to_owned(), u64::to_string));
            println!("{call:<28} {target:<20}{}", columns(cells));
        }
        let worst = budgets.keys().map(|image| worst_of(rows, target, image).to_string());
        println!("{:<28} {target:<20}{}", "worst", columns(worst));
    }
    println!("{:<49}{}", "goal", columns(budgets.values().map(|budget| budget.goal)));
    println!("{:<49}{}", "limit", columns(budgets.values().map(|budget| budget.limit)));
    rows.iter()
        .filter(|row| row.bytes > row.budget.limit)
        .for_each(|row| println!("{} {}: {}", row.image, row.call, row.verdict));
    Ok(())
}

/// The stack of the worst call of an image on a target.
pub fn worst_of(rows: &[Row], target: &str, image: &str) -> u64 {
    let calls = rows.iter().filter(|row| row.target == target && row.image == image);
    calls.map(|row| row.bytes).max().unwrap_or_default()
}

fn columns(cells: impl Iterator<Item = impl Display>) -> String {
    cells.map(|cell| format!(" {cell:>8}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_of_each_call_counts() {
        let worst = worst("plain record 128\nplain record 700\nsealed record 300\nplain record 200\n").expect("lines");
        let told: Vec<_> = worst.values().copied().collect();
        assert_eq!(told, [700, 300]);
        assert!(super::worst("plain record\n").is_err());
    }
}
