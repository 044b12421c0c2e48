//! Sets up, checks and runs every test of the repository, and counts them all on its last line.
//!
//! A part that fails does not stop the others; the failed ones are listed at the end. Each part has a deadline of its
//! own, so a hang is a failure with a name.

use crate::check::keys_of_nobody;
use crate::command::{Echo, finish, program};
use crate::house::{self, Package};
use crate::tally::Tally;
use anyhow::{Context, Result};
use std::env;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

/// What a run on a clean machine does without: what it builds is built once, and nobody debugs it.
const LEAN: [(&str, &str); 3] =
    [("CARGO_INCREMENTAL", "0"), ("CARGO_PROFILE_DEV_DEBUG", "0"), ("CARGO_PROFILE_TEST_DEBUG", "0")];

/// One part of the whole: a program whose output is counted.
struct Part {
    name: String,
    command: Command,
    limit: Duration,
}

impl Part {
    fn new(name: impl Into<String>, minutes: u64, mut command: Command) -> Self {
        command.envs(LEAN);
        Self { name: name.into(), command, limit: Duration::from_secs(minutes * 60) }
    }
}

/// How a part went.
struct Outcome {
    name: String,
    tally: Tally,
    seconds: f32,
}

/// Runs all parts; the count of tests is the last line, so failure is told by the exit code alone.
pub fn run() -> Result<ExitCode> {
    let root = house::root();
    let mut outcomes = vec![play(own(&root, "set-up", 30, &["setup"])?)?];
    if outcomes[0].tally.failed == 0 {
        for part in parts(&root)? {
            outcomes.push(play(part)?);
        }
    }
    Ok(conclude(&outcomes))
}

fn parts(root: &Path) -> Result<Vec<Part>> {
    let mut parts = vec![own(root, "house rules", 30, &["check"])?, workspace_tests(root)];
    for package in house::packages(root)?.iter().filter(|package| package.lone) {
        parts.extend(lone_tests(package)?);
    }
    parts.push(a_million_boots(root));
    parts.push(stranger_decoder(root));
    for seed in ["1", "today"] {
        let name = format!("histories in simulation, seed {seed}");
        parts.push(own(root, &name, 20, &["sim", "--histories", "10000", "--seed", seed])?);
    }
    parts.push(own(root, "fuzz targets, for a moment", 30, &["fuzz", "--seconds", "5"])?);
    parts.push(own(root, "the wire, the mailbox and the collector's core in Miri", 20, &["miri"])?);
    parts.push(own(root, "today's sixth of the mutants", 20, &["mutants", "--share", "today/6"])?);
    parts.push(own(root, "the demo, headless", 20, &["demo", "--headless"])?);
    parts.push(own(root, "the demo in plain, to see that its captures show", 20, &["demo", "--headless", "--plain"])?);
    parts.push(own(root, "the sample ports", 15, &["ports"])?);
    parts.push(own(root, "size of the device images", 20, &["size"])?);
    parts.push(own(root, "stack of each call", 10, &["stack"])?);
    parts.push(own(root, "instructions of the main calls", 10, &["instructions"])?);
    parts.push(own(root, "bytes on the wire", 5, &["bytes"])?);
    parts.push(own(root, "the README's table of costs", 20, &["costs"])?);
    Ok(parts)
}

/// A sub-command of this very program.
fn own(root: &Path, name: &str, minutes: u64, arguments: &[&str]) -> Result<Part> {
    let this = env::current_exe().context("this program has no path")?;
    let mut command = program(&this.to_string_lossy(), root);
    command.args(arguments);
    Ok(Part::new(name, minutes, command))
}

fn workspace_tests(root: &Path) -> Part {
    let mut command = program("cargo", root);
    command.args(["test", "--workspace", "--no-fail-fast"]);
    Part::new("tests of the workspace", 30, command)
}

/// The tests of a package outside the workspace: all of a host program, the library of a firmware.
fn lone_tests(package: &Package) -> Result<Option<Part>> {
    let mut command = program("cargo", package.folder());
    command.args(["test", "--no-fail-fast"]).env("TIDINGS_KEY_FILE", keys_of_nobody()?);
    if package.is_firmware() {
        if !package.has_tested_library() {
            return Ok(None);
        }
        command.args(["--lib", "--target", &house::host_target()?]);
    }
    Ok(Some(Part::new(format!("tests of {}", package.name), 20, command)))
}

/// The power cuts of the epoch stores and of the event queue in full: more boots, more pages, more cuts than the quick run of the workspace's tests.
fn a_million_boots(root: &Path) -> Part {
    let mut command = program("cargo", root);
    command
        .args(["test", "--release", "--package", "tidings", "--test", "epoch", "--test", "kept"])
        .env("TIDINGS_BOOTS", "1000000");
    Part::new("a million boots with power cuts", 20, command)
}

/// The decoder that was written from SPEC.md alone, on the golden vectors.
fn stranger_decoder(root: &Path) -> Part {
    let mut command = program("python3", root);
    command.args(["-m", "unittest", "discover", "--start-directory", "tests/compat"]);
    Part::new("the decoder in Python on the vectors", 5, command)
}

fn play(mut part: Part) -> Result<Outcome> {
    println!("\n── {} (at most {} min)", part.name, part.limit.as_secs() / 60);
    let begun = Instant::now();
    let finished = finish(&mut part.command, part.limit, Echo::Live)?;
    let tally = Tally::read(&finished.output, finished.ok);
    let seconds = begun.elapsed().as_secs_f32();
    println!("── {}: {} passed, {} failed, {seconds:.1} s", part.name, tally.passed, tally.failed);
    Ok(Outcome { name: part.name, tally, seconds })
}

fn conclude(outcomes: &[Outcome]) -> ExitCode {
    let mut total = Tally::default();
    println!();
    for Outcome { name, tally, seconds } in outcomes {
        let word = if tally.failed == 0 { "ok    " } else { "FAILED" };
        println!("{word} {name} ({seconds:.1} s)");
        total += *tally;
    }
    println!("\n{} passed, {} failed", total.passed, total.failed);
    ExitCode::from(u8::from(total.failed > 0))
}
