//! Builds the firmware images of `tests/size`, measures their flash and memory, and fails past a limit.
//!
//! Flash is `.text` + `.rodata` + `.data`, less that of the same application with nothing to call; memory is `.data` + `.bss`. A reference has no
//! limit: it is what the same job takes at least, or takes elsewhere.

use crate::budgets::{self, Border, Budget, Image, Reference};
use crate::house;
use crate::images::{self, Measured};
use anyhow::{Context, Result, bail};
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;
use tidings_c_abi::{archive, target::Target};

/// One line of the table.
#[derive(Serialize)]
pub struct Row {
    /// The image's name.
    pub image: String,
    /// What is in it.
    pub what: String,
    /// The target it was built for.
    pub target: String,
    /// `flash` or `ram`.
    pub memory: &'static str,
    /// What it takes.
    pub bytes: u64,
    /// What it may take; none for a reference.
    #[serde(flatten)]
    pub budget: Option<Budget>,
    verdict: &'static str,
}

/// What was measured, and what is wrong with it.
pub struct Table {
    /// The lines, by target and then in the order of the budgets.
    pub rows: Vec<Row>,
    /// Panic code where none may be.
    faults: Vec<String>,
}

/// Measures every image on every target of its budget, prints the table, and judges it.
pub fn run(json: bool) -> Result<()> {
    let Table { rows, mut faults } = measure()?;
    print(&rows, json)?;
    faults.extend(rows.iter().filter_map(Row::fault));
    conclude(&faults)
}

/// Builds and measures everything.
pub fn measure() -> Result<Table> {
    let root = house::root();
    let folder = root.join("tests/size");
    let budgets = budgets::read(&root)?;
    let targets: BTreeSet<&String> = budgets.images.iter().flat_map(|image| image.flash.keys()).collect();
    let names: BTreeSet<&str> = budgets.images.iter().flat_map(|image| [&*image.name, &*image.application]).collect();
    let names: Vec<_> = names.into_iter().collect();
    let mut table = Table { rows: Vec::new(), faults: Vec::new() };
    for target in targets {
        images::build(&folder, target, &names)?;
        for image in &budgets.images {
            let measured = images::measure(&folder, target, &image.name)?;
            let application = images::measure(&folder, target, &image.application)?;
            table.rows.extend(image_rows(image, target, &measured, &application));
            table.faults.extend(panic_faults(&image.name, image.panic_free, target, &measured));
        }
        for border in budgets.borders.iter().filter(|border| border.flash.contains_key(target)) {
            let archive = archive::build(&Target::named(target)?, &[])?;
            let [measured, application] = images::measure_border(&folder, target, &border.name, &archive)?;
            table.faults.extend(panic_faults(&border.name, border.panic_free, target, &measured));
            let rows = border_rows(border, target, &measured, &application, &table.rows)?;
            table.rows.extend(rows);
        }
        for reference in &budgets.references {
            table.rows.extend(reference_rows(&folder, target, reference)?);
        }
    }
    Ok(table)
}

fn image_rows(image: &Image, target: &str, measured: &Measured, application: &Measured) -> Vec<Row> {
    let flash = measured.flash.saturating_sub(application.flash);
    let budgets = [("flash", flash, image.flash.get(target)), ("ram", measured.ram, image.ram.as_ref())];
    let within = budgets.into_iter().filter_map(|(memory, bytes, budget)| Some((memory, bytes, *budget?)));
    within.map(|(memory, bytes, budget)| row(&image.name, &image.what, target, memory, bytes, Some(budget))).collect()
}

fn reference_rows(folder: &Path, target: &str, reference: &Reference) -> Result<[Row; 2]> {
    let measured = images::measure_c(folder, target, &reference.name)?;
    let taken = [("flash", measured.flash), ("ram", measured.ram)];
    Ok(taken.map(|(memory, bytes)| row(&reference.name, &reference.what, target, memory, bytes, None)))
}

fn border_rows(
    border: &Border,
    target: &str,
    measured: &Measured,
    application: &Measured,
    rows: &[Row],
) -> Result<Vec<Row>> {
    let flash = measured.flash.saturating_sub(application.flash);
    let budgets = [("flash", flash, border.flash.get(target)), ("ram", measured.ram, border.ram.as_ref())];
    let within = budgets.into_iter().filter_map(|(memory, bytes, above)| Some((memory, bytes, above?)));
    let row = |(memory, bytes, above): (&'static str, u64, &Budget)| {
        let mut beside = rows.iter().filter(|row| row.target == target && row.memory == memory);
        let beside = beside.find(|row| row.image == border.beside);
        let beside = beside.with_context(|| format!("no image `{}` beside `{}`", border.beside, border.name))?;
        Ok(row(&border.name, &border.what, target, memory, bytes, Some(above.above(beside.bytes))))
    };
    within.map(row).collect()
}

fn panic_faults(name: &str, panic_free: bool, target: &str, measured: &Measured) -> Vec<String> {
    let traces = measured.panics.iter().filter(|_| panic_free);
    traces.map(|symbol| format!("{name} for {target} holds {symbol}")).collect()
}

fn row(image: &str, what: &str, target: &str, memory: &'static str, bytes: u64, budget: Option<Budget>) -> Row {
    let verdict = budget.map_or("reference", |budget| budget.verdict(bytes));
    Row { image: image.into(), what: what.into(), target: target.into(), memory, bytes, budget, verdict }
}

impl Row {
    /// An image without flash of its own lost its contents to the optimiser: its numbers mean nothing.
    fn fault(&self) -> Option<String> {
        let Self { image, target, memory, bytes, .. } = self;
        if *memory == "flash" && *bytes == 0 {
            return Some(format!("{image} for {target} is as empty as its application"));
        }
        let limit = self.budget?.limit;
        (*bytes > limit).then(|| format!("{image} for {target}: {bytes} B of {memory}, the limit is {limit}"))
    }
}

fn print(rows: &[Row], json: bool) -> Result<()> {
    if !json {
        println!("{:<38} {:<28} {:<6} {:>6} {:>6} {:>6}", "device image", "target", "memory", "bytes", "goal", "limit");
    }
    for row in rows {
        if json {
            println!("{}", serde_json::to_string(row)?);
            continue;
        }
        let [goal, limit] =
            row.budget.map_or_else(Default::default, |budget| [budget.goal, budget.limit].map(|n| n.to_string()));
        println!(
            "{:<38} {:<28} {:<6} {:>6} {goal:>6} {limit:>6}  {}",
            row.what, row.target, row.memory, row.bytes, row.verdict
        );
    }
    Ok(())
}

fn conclude(faults: &[String]) -> Result<()> {
    faults.iter().for_each(|fault| eprintln!("{fault}"));
    if !faults.is_empty() {
        bail!("{} budgets of size are broken", faults.len());
    }
    Ok(())
}
