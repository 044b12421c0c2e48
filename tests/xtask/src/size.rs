//! Builds the firmware images of `tests/size`, measures them and fails past a limit.
//!
//! Flash is `.text` + `.rodata` + `.data`, memory is `.data` + `.bss`, each less the empty baseline image. Stack is that
//! of the worst call, measured in an emulator by the image `stack`.

use crate::budgets::{self, Budget, Image};
use crate::command::{expect, program};
use crate::house;
use anyhow::{Context, Result, bail};
use object::{File, Object, ObjectSection, ObjectSymbol};
use serde::Serialize;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

const FLASH: [&str; 3] = [".text", ".rodata", ".data"];
const RAM: [&str; 2] = [".data", ".bss"];
const BASELINE: &str = "baseline";
/// The image that measures its own stack.
const STACK: &str = "stack";
/// What the names of panic code contain, whatever the mangling.
const PANIC_MARKS: [&str; 4] = ["panic_fmt", "panicking", "panic_bounds_check", "panic_const"];
const EMULATOR_LIMIT: Duration = Duration::from_secs(60);
const LIMIT: Duration = Duration::from_secs(900);

/// What an ELF file takes, in bytes, and the panic code in it.
struct Measured {
    flash: u64,
    ram: u64,
    panics: Vec<String>,
}

/// One line of the table.
#[derive(Serialize)]
struct Row<'a> {
    image: &'a str,
    what: &'a str,
    target: &'a str,
    memory: &'static str,
    bytes: u64,
    #[serde(flatten)]
    budget: Budget,
    verdict: &'static str,
}

/// Measures every image on every target of its budget, prints the table, and judges it.
pub fn run(json: bool) -> Result<()> {
    let root = house::root();
    let folder = root.join("tests/size");
    let budgets = budgets::read(&root)?;
    let targets: BTreeSet<&String> = budgets.images.iter().flat_map(|image| image.flash.keys()).collect();
    let mut rows = Vec::new();
    let mut faults = Vec::new();
    for target in targets {
        build(&folder, target)?;
        let baseline = measure(&folder, target, BASELINE)?;
        for image in &budgets.images {
            let measured = measure(&folder, target, &image.name)?;
            rows.extend(image_rows(image, target, &measured, &baseline));
            if let Some(budget) = image.stack {
                rows.push(row(image, target, "stack", worst_stack(&folder, target)?, budget));
            }
            faults.extend(panic_faults(image, target, &measured));
        }
    }
    print(&rows, json)?;
    faults.extend(rows.iter().filter_map(Row::fault));
    conclude(&faults)
}

fn image_rows<'a>(image: &'a Image, target: &'a str, measured: &Measured, baseline: &Measured) -> Vec<Row<'a>> {
    let flash = measured.flash.saturating_sub(baseline.flash);
    let ram = measured.ram.saturating_sub(baseline.ram);
    let budgets = [("flash", flash, image.flash.get(target).copied()), ("ram", ram, image.ram)];
    budgets.into_iter().filter_map(|(memory, bytes, budget)| Some(row(image, target, memory, bytes, budget?))).collect()
}

fn panic_faults(image: &Image, target: &str, measured: &Measured) -> Vec<String> {
    let traces = measured.panics.iter().filter(|_| image.panic_free);
    traces.map(|symbol| format!("{} for {target} holds {symbol}", image.name)).collect()
}

fn row<'a>(image: &'a Image, target: &'a str, memory: &'static str, bytes: u64, budget: Budget) -> Row<'a> {
    Row { image: &image.name, what: &image.what, target, memory, bytes, budget, verdict: budget.verdict(bytes) }
}

impl Row<'_> {
    /// An image without flash of its own lost its contents to the optimiser: its numbers mean nothing.
    fn fault(&self) -> Option<String> {
        let Self { image, target, memory, bytes, budget, .. } = self;
        if *memory == "flash" && *bytes == 0 {
            return Some(format!("{image} for {target} is as empty as the baseline"));
        }
        (*bytes > budget.limit)
            .then(|| format!("{image} for {target}: {bytes} B of {memory}, the limit is {}", budget.limit))
    }
}

fn build(folder: &Path, target: &str) -> Result<()> {
    let mut cargo = program("cargo", folder);
    cargo.args(["build", "--release", "--bins", "--target", target]);
    expect(&mut cargo, LIMIT).map(drop)
}

/// Runs the image that measures itself; it prints a line `NAME BYTES` a call.
fn worst_stack(folder: &Path, target: &str) -> Result<u64> {
    let mut emulator = program("qemu-system-arm", folder);
    emulator.args(["-machine", "mps2-an386", "-display", "none", "-monitor", "none", "-serial", "none"]);
    emulator.args(["-semihosting-config", "enable=on,target=native", "-kernel"]).arg(image_path(folder, target, STACK));
    let output = expect(&mut emulator, EMULATOR_LIMIT).context("run `cargo xtask setup` if there is no emulator")?;
    let calls = output.lines().filter_map(|line| line.split_once(' ')?.1.trim().parse().ok());
    calls.max().with_context(|| format!("the image `{STACK}` printed no number"))
}

fn image_path(folder: &Path, target: &str, name: &str) -> PathBuf {
    folder.join("target").join(target).join("release").join(name)
}

fn measure(folder: &Path, target: &str, name: &str) -> Result<Measured> {
    let path = image_path(folder, target, name);
    let bytes = fs::read(&path).with_context(|| format!("there is no image {}", path.display()))?;
    let file = File::parse(&*bytes).with_context(|| format!("{} is no ELF file", path.display()))?;
    Ok(Measured { flash: sum(&file, &FLASH), ram: sum(&file, &RAM), panics: panics(&file) })
}

fn sum(file: &File, sections: &[&str]) -> u64 {
    sections.iter().filter_map(|name| file.section_by_name(name)).map(|section| section.size()).sum()
}

fn panics(file: &File) -> Vec<String> {
    let names = file.symbols().filter_map(|symbol| symbol.name().ok().map(str::to_owned));
    names.filter(|name| PANIC_MARKS.iter().any(|mark| name.contains(mark))).collect()
}

fn print(rows: &[Row], json: bool) -> Result<()> {
    if !json {
        println!("{:<38} {:<20} {:<6} {:>6} {:>6} {:>6}", "device image", "target", "memory", "bytes", "goal", "limit");
    }
    for row in rows {
        if json {
            println!("{}", serde_json::to_string(row)?);
        } else {
            let Budget { goal, limit } = row.budget;
            println!(
                "{:<38} {:<20} {:<6} {:>6} {goal:>6} {limit:>6}  {}",
                row.what, row.target, row.memory, row.bytes, row.verdict
            );
        }
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
