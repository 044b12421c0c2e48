//! The table of the ports: printed, written between two marks of `examples/README.md`, and compared with what stands there.
//!
//! Not here: exact figures. Another compiler moves sizes a little, and a run that is a little slower sends a Hello more.

use super::Row;
use crate::house;
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;

const BEGIN: &str = "<!-- ports:begin (cargo xtask ports --bless) -->\n";
const END: &str = "<!-- ports:end -->";
const HEAD: [&str; 2] = [
    "| port | core | flash B | RAM B | stack B | facts | first sync B | change B | reset B | |",
    "|---|---|---:|---:|---:|---:|---:|---:|---:|---|",
];

/// How far a size of the image and a figure of a run may be from what stands in the table, as parts of it.
const SIZE_OFF: f64 = 0.02;
const RUN_OFF: f64 = 0.35;
/// The last column of sizes and that of the facts, counted from the border of the table; figures of a run are around the latter.
const RAM: usize = 4;
const FACTS: usize = 6;

/// Prints the table.
pub fn print(rows: &[Row]) {
    println!("\n{}", table(rows));
}

/// Writes the table into `examples/README.md`.
pub fn write(rows: &[Row]) -> Result<()> {
    let [before, _, after] = parts()?;
    fs::write(path(), format!("{before}{BEGIN}{}{END}{after}", table(rows))).context("cannot write the table")
}

/// Rows that stand otherwise in `examples/README.md`, or not at all.
pub fn strangers(rows: &[Row]) -> Result<Vec<String>> {
    let [_, table, _] = parts()?;
    let stands = |row: &&Row| table.lines().any(|old| is_alike(old, &line(row)));
    let strange = rows.iter().filter(|row| !stands(row));
    Ok(strange.map(|row| format!("examples/README.md says otherwise (--bless writes it): {}", line(row))).collect())
}

/// The same words and facts, and figures that are not far off.
fn is_alike(old: &str, new: &str) -> bool {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.split('|').collect(), new.split('|').collect());
    let same = |(column, (old, new)): (usize, (&&str, &&str))| {
        let (Ok(was), Ok(is)) = (old.trim().parse::<f64>(), new.trim().parse::<f64>()) else { return old == new };
        let off = if column == FACTS {
            0.0
        } else if column <= RAM {
            SIZE_OFF
        } else {
            RUN_OFF
        };
        (was - is).abs() <= was * off
    };
    old.len() == new.len() && old.iter().zip(&new).enumerate().all(same)
}

fn path() -> PathBuf {
    house::root().join("examples/README.md")
}

/// What stands before the table, the table, and what stands after it.
fn parts() -> Result<[String; 3]> {
    let text = fs::read_to_string(path()).with_context(|| format!("cannot read {}", path().display()))?;
    let (before, rest) = text.split_once(BEGIN).context("no mark where the table begins")?;
    let (table, after) = rest.split_once(END).context("no mark where the table ends")?;
    Ok([before, table, after].map(str::to_owned))
}

fn table(rows: &[Row]) -> String {
    HEAD.iter().map(|line| (*line).to_owned()).chain(rows.iter().map(line)).map(|line| line + "\n").collect()
}

fn line(row: &Row) -> String {
    let Row { name, core, size, ran } = row;
    let run = match ran {
        Some(ran) => {
            let stack = if ran.stack == 0 { "–".to_owned() } else { ran.stack.to_string() };
            format!("{stack} | {} | {} | {} | {} | ran", ran.facts, ran.first_sync, ran.change, ran.reset)
        }
        None => "– | – | – | – | – | built".to_owned(),
    };
    format!("| [`{name}`]({name}) | {core} | {} | {} | {run} |", size.flash, size.ram)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_may_be_a_little_off_and_words_and_facts_may_not() {
        let old = "| [`a`](a) | Cortex-M0 | 20000 | 300 | 3584 | 32 | 660 | 56 | 51 | ran |";
        assert!(is_alike(old, old));
        for (from, to) in [("20000", "20399"), ("3584", "3616"), ("660", "700"), ("300", "304")] {
            assert!(is_alike(old, &old.replace(from, to)), "{to}");
        }
        for (from, to) in
            [("20000", "20401"), ("32 ", "33 "), ("660", "900"), ("ran", "built"), ("M0", "M3"), ("3584", "–")]
        {
            assert!(!is_alike(old, &old.replacen(from, to, 1)), "{to}");
        }
    }
}
