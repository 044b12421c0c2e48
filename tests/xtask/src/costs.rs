//! The README's table of costs, and the stack of each call in the README of `bindings/c`: made from what `size`, `stack`, `instructions` and `bytes`
//! measure, and held to it.
//!
//! Bytes on the wire are the same everywhere. Code depends on compilers: where theirs are others than those that the table names, its
//! figures of code are not compared; the limits of the budgets hold anyway.

mod border;

use crate::bytes::{self, number};
use crate::command::{expect, program};
use crate::{budgets, house, instructions, size, stack};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::Path;
use std::time::Duration;

const BEGIN: &str = "<!-- costs:begin -->\n";
/// The README whose table of calls tells their stack.
const BORDER: &str = "bindings/c/README.md";
const END: &str = "<!-- costs:end -->";
const LIMIT: Duration = Duration::from_secs(60);
/// The columns of code, and what people call them.
const CORES: [(&str, &str); 4] = [
    ("thumbv6m-none-eabi", "Cortex-M0"),
    ("thumbv7em-none-eabi", "Cortex-M4"),
    ("thumbv8m.main-none-eabi", "Cortex-M33"),
    ("riscv32imac-unknown-none-elf", "RV32IMAC"),
];

/// The three parts of the block.
struct Costs {
    wire: String,
    compilers: String,
    code: String,
    /// All of the border's README.
    border: String,
}

impl Costs {
    fn text(&self) -> String {
        format!("{}\n{}\n{}", self.wire, self.compilers, self.code)
    }
}

/// Compares both READMEs with what is measured, or writes them.
pub fn run(bless: bool) -> Result<()> {
    let root = house::root();
    let path = root.join("README.md");
    let text = fs::read_to_string(&path).context("there is no README.md")?;
    let (before, rest) = text.split_once(BEGIN).context("README.md has no costs:begin")?;
    let (told, after) = rest.split_once(END).context("README.md has no costs:end")?;
    let costs = measure(&root)?;
    if bless {
        fs::write(&path, format!("{before}{BEGIN}{}{END}{after}", costs.text()))?;
        fs::write(root.join(BORDER), &costs.border)?;
        println!("README.md and {BORDER} tell what was measured");
        return Ok(());
    }
    println!("{}", judge(told, &costs)?);
    judge_border(told, &fs::read_to_string(root.join(BORDER))?, &costs)
}

/// The stack of a call is code, too: of other compilers it is not compared.
fn judge_border(told: &str, border: &str, costs: &Costs) -> Result<()> {
    if told.contains(&costs.compilers) && border != costs.border {
        let other = costs.border.lines().filter(|line| !border.lines().any(|known| known == *line));
        bail!(
            "{BORDER} does not tell what is measured; `cargo xtask costs --bless` writes:\n{}",
            other.collect::<Vec<_>>().join("\n")
        );
    }
    Ok(())
}

fn judge(told: &str, costs: &Costs) -> Result<&'static str> {
    if told == costs.text() {
        return Ok("README.md tells what is measured");
    }
    if told.contains(&costs.compilers) || !told.starts_with(&costs.wire) {
        bail!("README.md does not tell what is measured; `cargo xtask costs --bless` writes:\n{}", costs.text());
    }
    Ok(
        "README.md tells the bytes on the wire that are measured; its figures of code are of other compilers, and not compared",
    )
}

fn measure(root: &Path) -> Result<Costs> {
    let budgets = budgets::read(root)?;
    let stack = stack::measure()?;
    let code = [flash(&size::measure()?.rows), stacks(&stack), calls(&instructions::measure()?)].join("\n");
    let border = border::with_stacks(&fs::read_to_string(root.join(BORDER))?, &stack)?;
    Ok(Costs { wire: wire(&bytes::rows(&budgets)?), compilers: compilers(root)?, code, border })
}

fn compilers(root: &Path) -> Result<String> {
    let rustc = expect(program("rustc", root).arg("--version"), LIMIT)?;
    let release = rustc.split(' ').nth(1).context("rustc tells no version")?.to_owned();
    let gcc = expect(program("arm-none-eabi-gcc", root).arg("-dumpfullversion"), LIMIT)?;
    let riscv = expect(program("riscv64-unknown-elf-gcc", root).arg("-dumpfullversion"), LIMIT)?;
    let (gcc, riscv) = (gcc.trim(), riscv.trim());
    Ok(format!(
        "Code was measured with rustc {release}, `opt-level = \"z\"`, LTO; C with gcc {gcc} for Arm and {riscv} for RISC-V, `-Os`.\n"
    ))
}

fn wire(rows: &[bytes::Row]) -> String {
    let mut table = "| bytes of a packet, device id not counted | plain | ChaCha20-Poly1305 | JSON, unsealed | CBOR, unsealed |\n|---|---|---|---|---|\n".to_owned();
    for pair in rows.chunks(2) {
        let [plain, sealed] = pair else { continue };
        let (json, cbor) = (number(plain.json_bytes), number(plain.cbor_bytes));
        table += &format!("| {} | {} | {} | {json} | {cbor} |\n", plain.what, plain.bytes, sealed.bytes);
    }
    table
}

fn flash(rows: &[size::Row]) -> String {
    let mut table = heading("bytes of flash; RAM", CORES.iter().map(|(_, core)| *core).chain(["RAM"]));
    // A core on which everything was measured; what comes from C was not on all.
    for image in rows.iter().filter(|row| row.memory == "flash" && row.target == CORES[1].0) {
        let taken = |target: &str, memory: &str| {
            let row = rows.iter().find(|row| row.image == image.image && row.target == target && row.memory == memory);
            row.map_or_else(|| "–".to_owned(), |row| row.bytes.to_string())
        };
        let mut cells: Vec<_> = CORES.iter().map(|(target, _)| taken(target, "flash")).collect();
        cells.push(taken(CORES[1].0, "ram"));
        table += &line(&image.what, &cells);
    }
    table
}

fn stacks(rows: &[stack::Row]) -> String {
    let mut table = heading("bytes of stack, the worst call", CORES.iter().map(|(_, core)| *core).take(2));
    for (image, what) in [
        ("plain", "plain"),
        ("sealed", "ChaCha20-Poly1305"),
        ("ascon", "Ascon-AEAD128"),
        ("c_all", "from C: plain"),
        ("c_sealed", "from C: ChaCha20-Poly1305"),
    ] {
        let cells = stack::TARGETS.map(|target| stack::worst_of(rows, target, image).to_string());
        table += &line(what, &cells);
    }
    table
}

fn calls(rows: &[instructions::Row]) -> String {
    let mut table = heading("instructions, 64 facts held", CORES.iter().map(|(_, core)| *core).take(2));
    for call in rows.iter().filter(|row| row.target == CORES[0].0) {
        let count = |target: &str| {
            let row = rows.iter().find(|row| row.call == call.call && row.target == target);
            row.map_or_else(|| "–".to_owned(), |row| row.instructions.to_string())
        };
        table += &line(&call.what, &[count(CORES[0].0), count(CORES[1].0)]);
    }
    table
}

fn heading<'a>(what: &str, columns: impl Iterator<Item = &'a str>) -> String {
    let columns: Vec<_> = columns.map(str::to_owned).collect();
    format!("{}{}", line(what, &columns), line("---", &vec!["---".to_owned(); columns.len()]))
}

fn line(first: &str, cells: &[String]) -> String {
    format!("| {first} | {} |\n", cells.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stale_table_is_refused_and_code_of_other_compilers_is_not_compared() {
        let costs = |wire: &str, compilers: &str, code: &str| {
            let [wire, compilers, code] = [wire, compilers, code].map(str::to_owned);
            Costs { wire, compilers, code, border: "border 1".to_owned() }
        };
        let now = costs("wire 1", "rustc 1", "code 1");
        assert!(judge(&now.text(), &now).is_ok());
        assert!(judge(&costs("wire 1", "rustc 1", "code 2").text(), &now).is_err());
        assert!(judge(&costs("wire 1", "rustc 2", "code 2").text(), &now).is_ok());
        assert!(judge(&costs("wire 2", "rustc 2", "code 2").text(), &now).is_err());
        assert!(judge("", &now).is_err());
        assert!(judge_border(&now.text(), "border 1", &now).is_ok());
        assert!(judge_border(&now.text(), "border 2", &now).is_err());
        assert!(judge_border(&costs("wire 1", "rustc 2", "code 2").text(), "border 2", &now).is_ok());
    }
}
