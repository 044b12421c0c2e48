//! The other end of a port's own checks (`examples/port-kit/src/check.rs`): sends lines back, and judges what the port cannot.
//!
//! Promise: a check that says `FAIL`, or that is missing, is an error; so are a clock of another speed, an epoch that a reset lost, and a heap. Not here:
//! what an agent does on the port.

use super::image;
use super::list::{Machine, Port, Reset};
use super::machine::Running;
use anyhow::{Context, Result, bail, ensure};
use object::{File, Object, ObjectSymbol};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::ops::Range;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

// As in `check.rs` of the port kit.
const BEGIN: &str = "port-check begins";
const END: &str = "port-check ends";
const LOOPBACK: &str = "loopback ";
const SPAN_S: f64 = 2.0;
const CHECKS: [&str; 4] = ["ok clock", "ok link", "ok epoch", "ok stack"];

/// What an emulator's clock may make of that: a busy machine loses ticks, which makes it longer, and nothing makes it shorter.
const SPANS_S: Range<f64> = 1.8..3.2;
const LINE_WITHIN: Duration = Duration::from_secs(60);

/// What a run of the checks told.
struct Told {
    lines: Vec<String>,
    /// Seconds here between the two lines about the clock.
    span_s: f64,
    found: u64,
    stored: u64,
}

/// Builds the port with its checks, runs them, resets the board, and runs them again.
pub fn run(port: &Port, machine: &Machine, key: &Path) -> Result<()> {
    println!("── {}: its own checks of the board", port.name);
    let image = image::build_with(port, key, &["--features", "port-check"])?;
    has_no_heap(&image)?;
    let folder = tempfile::tempdir().context("no temporary folder")?;
    let mut board = Running::power_on(machine, &image, folder.path())?;
    let mut link = reader(board.take_link()?)?;
    let first = listen(&mut link)?;
    judge(&first)?;
    println!("── {}: its own checks after a reset", port.name);
    match machine.reset {
        Reset::Pin => board.reset()?,
        Reset::Power => {
            drop(board);
            board = Running::power_on(machine, &image, folder.path())?;
            link = reader(board.take_link()?)?;
        }
    }
    let second = listen(&mut link)?;
    judge(&second)?;
    ensure!(
        second.found == first.stored,
        "a reset lost the epoch: {} was stored, {} found",
        first.stored,
        second.found
    );
    second.lines.iter().filter(|line| line.starts_with("ok ")).for_each(|line| println!("   {line}"));
    let span_s = keeps_time(&[first.span_s, second.span_s])?;
    println!("   ok rate: {SPAN_S} s there are {span_s:.2} s here");
    println!("   ok epoch: {} outlived the reset\n   ok heap: none in the image", second.found);
    Ok(())
}

fn reader(link: UnixStream) -> Result<BufReader<UnixStream>> {
    link.set_read_timeout(Some(LINE_WITHIN))?;
    Ok(BufReader::new(link))
}

/// Hears a whole run, and sends back what wants to come back.
fn listen(link: &mut BufReader<UnixStream>) -> Result<Told> {
    while !line(link)?.starts_with(BEGIN) {}
    let mut told = Told { lines: Vec::new(), span_s: 0.0, found: 0, stored: 0 };
    let mut ticks = Vec::new();
    loop {
        let said = line(link)?;
        if said.starts_with(LOOPBACK) {
            link.get_mut().write_all(format!("{said}\n").as_bytes())?;
        } else if said.starts_with("clock at") {
            ticks.push(Instant::now());
        } else if let Some(numbers) = said.strip_prefix("epoch found ") {
            let (found, stored) = numbers.split_once(", stored ").context("no numbers of epochs")?;
            (told.found, told.stored) = (found.parse()?, stored.parse()?);
        }
        let is_last = said.starts_with(END);
        told.lines.push(said);
        if is_last {
            let [from, to] = ticks[..] else { bail!("not two words on the clock: {:?}", told.lines) };
            told.span_s = to.duration_since(from).as_secs_f64();
            return Ok(told);
        }
    }
}

fn line(link: &mut BufReader<UnixStream>) -> Result<String> {
    let mut line = Vec::new();
    ensure!(link.read_until(b'\n', &mut line).context("the port says nothing")? > 0, "the emulator hung up");
    Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
}

fn judge(told: &Told) -> Result<()> {
    let lines = &told.lines;
    ensure!(!lines.iter().any(|line| line.starts_with("FAIL")), "a check failed: {lines:#?}");
    for check in CHECKS {
        ensure!(lines.iter().any(|line| line.starts_with(check)), "no `{check}`: {lines:#?}");
    }
    Ok(())
}

/// The shortest span: a machine that is busy now is not in a while, and a clock of another speed is so each time.
fn keeps_time(spans_s: &[f64]) -> Result<f64> {
    let span_s = spans_s.iter().copied().min_by(f64::total_cmp).context("the clock was never looked at")?;
    ensure!(SPANS_S.contains(&span_s), "{SPAN_S} s of its clock are {span_s:.2} s here");
    Ok(span_s)
}

/// Rust's allocator, C's, and the ends of a heap that nobody may use.
fn has_no_heap(image: &Path) -> Result<()> {
    let bytes = fs::read(image).with_context(|| format!("there is no image {}", image.display()))?;
    let elf = File::parse(&*bytes).with_context(|| format!("{} is no ELF file", image.display()))?;
    let allocates = |name: &str| name.contains("__rust_alloc") || name == "malloc" || name == "_sbrk";
    let found = elf.symbols().filter_map(|symbol| symbol.name().ok().filter(|name| allocates(name))).next();
    found.map_or(Ok(()), |name| Err(anyhow::anyhow!("the image allocates: it holds {name}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(lines: &[&str]) -> Told {
        Told { lines: lines.iter().map(|line| (*line).to_owned()).collect(), span_s: SPAN_S, found: 0, stored: 1 }
    }

    #[test]
    fn a_failed_or_missing_check_and_a_clock_of_another_speed_are_errors() {
        assert!(judge(&told(&CHECKS)).is_ok());
        assert!(judge(&told(&CHECKS[1..])).is_err());
        assert!(judge(&told(&[&CHECKS[..], &["FAIL link"]].concat())).is_err());
        assert!(keeps_time(&[4.0, 2.1]).is_ok());
        assert!(keeps_time(&[4.0, 4.1]).is_err() && keeps_time(&[1.1, 2.0]).is_err());
    }

    #[test]
    fn a_program_that_allocates_is_told_from_one_that_does_not() {
        assert!(has_no_heap(&std::env::current_exe().expect("a test is a program")).is_err());
    }
}
