//! Counts the instructions of calls in an emulator whose clock moves by instructions, and fails past a limit.
//!
//! The count is exact and the same on every machine. Instructions are not cycles: flash, memory and caches of a real part come on top.

use crate::budgets::{self, Budget, Call};
use crate::house;
use crate::images;
use anyhow::{Context, Result, bail};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The image that measures itself.
const IMAGE: &str = "instructions";
/// An instruction takes `1 << SHIFT` ns of the emulated clock, as the image expects.
const SHIFT: u32 = 10;

/// One line of the table.
#[derive(Serialize)]
pub struct Row {
    /// The call's name.
    pub call: String,
    /// What is done in it.
    pub what: String,
    /// The target that it was built for.
    pub target: String,
    /// What it takes.
    pub instructions: u64,
    /// What it may take.
    #[serde(flatten)]
    pub budget: Budget,
    verdict: &'static str,
}

/// Measures, prints the table, and judges it.
pub fn run(json: bool) -> Result<()> {
    let rows = measure()?;
    print(&rows, json)?;
    let broken = rows.iter().filter(|row| row.instructions > row.budget.limit).count();
    if broken > 0 {
        bail!("{broken} budgets of instructions are broken");
    }
    Ok(())
}

/// Every call of the budgets on every target of its budget.
pub fn measure() -> Result<Vec<Row>> {
    let root = house::root();
    let folder = root.join("tests/size");
    let calls = budgets::read(&root)?.calls;
    let targets: BTreeSet<String> = calls.iter().flat_map(|call| call.instructions.keys().cloned()).collect();
    let mut rows = Vec::new();
    for target in &targets {
        images::build(&folder, target, &[IMAGE])?;
        let clock = format!("shift={SHIFT}");
        let output = images::emulate(&folder, target, IMAGE, &["-icount", &clock])?;
        let counted = counted(&output)?;
        for call in &calls {
            rows.extend(row(call, target, &counted)?);
        }
    }
    Ok(rows)
}

fn counted(output: &str) -> Result<BTreeMap<&str, u64>> {
    let count = |line| {
        let (call, number) = str::split_once(line, ' ').with_context(|| format!("not a line of {IMAGE}: {line}"))?;
        Ok((call, number.trim().parse().with_context(|| format!("no number: {line}"))?))
    };
    output.lines().map(count).collect()
}

fn row(call: &Call, target: &str, counted: &BTreeMap<&str, u64>) -> Result<Option<Row>> {
    let Call { name, what, .. } = call;
    let Some(budget) = call.instructions.get(target).copied() else { return Ok(None) };
    let instructions = *counted.get(name.as_str()).with_context(|| format!("`{name}` is not measured"))?;
    let (call, what, target) = (name.clone(), what.clone(), target.to_owned());
    Ok(Some(Row { call, what, target, instructions, budget, verdict: budget.verdict(instructions) }))
}

fn print(rows: &[Row], json: bool) -> Result<()> {
    if !json {
        println!("{:<46} {:<20} {:>12} {:>6} {:>6}", "call", "target", "instructions", "goal", "limit");
    }
    for row in rows {
        if json {
            println!("{}", serde_json::to_string(row)?);
            continue;
        }
        let Row { what, target, instructions, budget: Budget { goal, limit }, verdict, .. } = row;
        println!("{what:<46} {target:<20} {instructions:>12} {goal:>6} {limit:>6}  {verdict}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_call_and_a_number() {
        assert_eq!(counted("a 3080\nb 341\n").expect("lines"), BTreeMap::from([("a", 3080), ("b", 341)]));
        assert!(counted("a\n").is_err() && counted("a b\n").is_err());
    }
}
