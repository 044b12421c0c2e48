//! The table of the ports: printed, and written between two marks of `examples/README.md`.

use super::Row;
use crate::house;
use anyhow::{Context, Result};
use std::fs;

const BEGIN: &str = "<!-- ports:begin (cargo xtask ports --bless) -->\n";
const END: &str = "<!-- ports:end -->";
const HEAD: [&str; 2] = [
    "| port | core | flash B | RAM B | stack B | facts | first sync B | change B | reset B | |",
    "|---|---|---:|---:|---:|---:|---:|---:|---:|---|",
];

/// Prints the table.
pub fn print(rows: &[Row]) {
    println!("\n{}", table(rows));
}

/// Writes the table into `examples/README.md`.
pub fn write(rows: &[Row]) -> Result<()> {
    let path = house::root().join("examples/README.md");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let (before, rest) = text.split_once(BEGIN).context("no mark where the table begins")?;
    let (_, after) = rest.split_once(END).context("no mark where the table ends")?;
    fs::write(&path, format!("{before}{BEGIN}{}{END}{after}", table(rows))).context("cannot write the table")
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
