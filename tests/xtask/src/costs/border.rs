//! The stack of each call in the table of calls of `bindings/c/README.md`: the last two columns of its rows.
//!
//! Promise: a row tells the worst of the functions that it names, and every function that was measured stands in a row. Not here: what a call may
//! take, which the budgets say.

use crate::stack;
use anyhow::{Context, Result, ensure};
use std::collections::BTreeSet;

/// What the rows of the table begin with.
const ROW: &str = "| `tidings_";
/// What stands for each kind of fact in a name, and the function of which there is one a kind.
const EACH_KIND: &str = "KIND";
const OF_A_KIND: &str = "tidings_record_";
/// The images under the plain suite and under a sealed one.
const IMAGES: [&str; 2] = ["c_all", "c_sealed"];

/// The README with these figures in its table.
pub fn with_stacks(readme: &str, rows: &[stack::Row]) -> Result<String> {
    let measured: BTreeSet<&str> =
        rows.iter().filter(|row| IMAGES.contains(&&*row.image)).map(|row| &*row.call).collect();
    let mut told = BTreeSet::new();
    let mut text = String::new();
    for line in readme.lines() {
        if line.starts_with(ROW) {
            let functions = functions(line, &measured);
            text += &with_stack(line, &functions, rows)?;
            told.extend(functions);
        } else {
            text += line;
        }
        text.push('\n');
    }
    let untold: Vec<_> = measured.iter().filter(|function| !told.contains(**function)).collect();
    ensure!(untold.is_empty(), "no row of the table of calls names {untold:?}");
    Ok(text)
}

/// The functions that a row names, each kind's for `KIND`.
fn functions(line: &str, measured: &BTreeSet<&str>) -> Vec<String> {
    let kinds = || measured.iter().filter_map(|function| function.strip_prefix(OF_A_KIND));
    let names = line.split('|').nth(1).unwrap_or_default().split('`').filter(|word| word.starts_with("tidings_"));
    names
        .flat_map(|name| match name.strip_suffix(EACH_KIND) {
            Some(start) => kinds().map(|kind| format!("{start}{kind}")).collect(),
            None => vec![name.to_owned()],
        })
        .collect()
}

fn with_stack(line: &str, functions: &[String], rows: &[stack::Row]) -> Result<String> {
    let mut cells: Vec<String> = line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    let first = cells.len().checked_sub(stack::TARGETS.len()).context("a row without columns")?;
    for (cell, target) in cells[first..].iter_mut().zip(stack::TARGETS) {
        *cell = worst(functions, target, rows)?;
    }
    Ok(format!("| {} |", cells.join(" | ")))
}

/// The worst of these functions: plain, then sealed where that differs.
fn worst(functions: &[String], target: &str, rows: &[stack::Row]) -> Result<String> {
    let of = |function: &String, image: &str| {
        let row = rows.iter().find(|row| row.call == *function && row.target == target && row.image == image);
        row.map(|row| row.bytes)
    };
    for function in functions {
        ensure!(IMAGES.iter().any(|image| of(function, image).is_some()), "nobody measured the stack of {function}");
    }
    let worst = IMAGES.map(|image| functions.iter().filter_map(|function| of(function, image)).max());
    let mut figures: Vec<String> = worst.into_iter().flatten().map(|bytes| bytes.to_string()).collect();
    figures.dedup();
    Ok(figures.join(" / "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budgets::Budget;

    fn rows(measured: &[(&str, &str, u64)]) -> Vec<stack::Row> {
        let budget = Budget { goal: 1, limit: 2 };
        let of = |target| measured.iter().map(move |row| stack::Row::new(row.1, row.0, target, row.2, budget));
        stack::TARGETS.into_iter().flat_map(of).collect()
    }

    const TABLE: &str = "| call | bound | M0 | M4 |\n|---|---|---|---|\n\
        | `tidings_record_KIND`, `tidings_x` | table | ? | ? |\n| `tidings_y` | constant | ? | ? |\n";

    #[test]
    fn a_row_tells_the_worst_of_its_functions_once_if_the_suite_makes_no_difference() {
        let measured = rows(&[
            ("c_all", "tidings_record_a", 10),
            ("c_all", "tidings_record_b", 30),
            ("c_sealed", "tidings_record_a", 10),
            ("c_sealed", "tidings_x", 40),
            ("c_all", "tidings_y", 8),
            ("c_sealed", "tidings_y", 8),
            ("plain", "record", 99),
        ]);
        let text = with_stacks(TABLE, &measured).expect("all are measured");
        assert!(text.contains("| `tidings_record_KIND`, `tidings_x` | table | 30 / 40 | 30 / 40 |\n"), "{text}");
        assert!(text.ends_with("| `tidings_y` | constant | 8 | 8 |\n"), "{text}");
        assert_eq!(with_stacks(&text, &measured).expect("again"), text);
    }

    #[test]
    fn a_function_without_a_row_and_a_row_that_nobody_measured_are_errors() {
        let all = [("c_all", "tidings_record_a", 1), ("c_all", "tidings_x", 1), ("c_all", "tidings_y", 1)];
        assert!(with_stacks(TABLE, &rows(&all)).is_ok());
        assert!(with_stacks(TABLE, &rows(&all[..2])).is_err());
        let more = [&all[..], &[("c_all", "tidings_z", 1)]].concat();
        assert!(with_stacks(TABLE, &rows(&more)).is_err());
    }
}
