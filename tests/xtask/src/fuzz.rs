//! Builds the fuzz targets of `tests/fuzz` and runs them for a while each; prints executions and coverage, and fails on a crash.
//!
//! Stable Rust will do: coverage is LLVM's own pass, the fuzzer is the one that `libfuzzer-sys` brings. No address sanitizer: our crates
//! forbid unsafe code, and debug assertions are on. Runs are not the same twice; what they find is kept as a file.

use crate::command::{Echo, Finished, expect, finish, program};
use crate::house;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Coverage of edges, with the operands of comparisons.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";
/// Bytes of an input, seconds that one may take, MiB of memory.
const BOUNDS: [&str; 3] = ["-max_len=2048", "-timeout=10", "-rss_limit_mb=1024"];
const BUILD_LIMIT: Duration = Duration::from_secs(1200);
/// What a run may take beyond its time.
const GRACE: Duration = Duration::from_secs(120);

/// The folder, the host's target and the names of what is run.
struct Bench {
    folder: PathBuf,
    built: PathBuf,
    host: String,
    targets: Vec<String>,
}

/// What a run of a target told.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    executions: u64,
    edges: u64,
    features: u64,
    inputs: u64,
}

/// Runs every target, or the one of that name, for so many seconds each; of this tree, or of a changed copy of it.
pub fn run(only: Option<&str>, seconds: u64, copy: Option<&Path>) -> Result<()> {
    let bench = Bench::build(only, copy)?;
    println!("{:<16} {:>12} {:>10} {:>12} {:>8}", "fuzz target", "executions", "edges", "features", "inputs");
    let mut crashed = Vec::new();
    for target in &bench.targets {
        let begun = Instant::now();
        let finished = bench.fuzz(target, seconds)?;
        match told(&finished.output).filter(|_| finished.ok) {
            Some(Told { executions, edges, features, inputs }) => {
                println!("{target:<16} {executions:>12} {edges:>10} {features:>12} {inputs:>8}");
            }
            None => {
                println!("{}", tail(&finished.output));
                println!(
                    "{target:<16} CRASHED after {:.1} s: {}",
                    begun.elapsed().as_secs_f32(),
                    why(&finished.output)
                );
                crashed.push(target.as_str());
            }
        }
    }
    if !crashed.is_empty() {
        bail!("crashed: {}; the inputs lie in {}", crashed.join(", "), bench.folder.join("artifacts").display());
    }
    Ok(())
}

/// Thins the committed corpora to the inputs that reach something that others do not.
pub fn minimise() -> Result<()> {
    let bench = Bench::build(None, None)?;
    for target in &bench.targets {
        let (seeds, thin) = (bench.seeds(target), bench.folder.join("target/thin").join(target));
        fs::remove_dir_all(&thin).ok(); // absent the first time
        fs::create_dir_all(&thin)?;
        expect(bench.program(target).arg("-merge=1").args([&thin, &seeds]), BUILD_LIMIT)?;
        fs::remove_dir_all(&seeds)?;
        fs::create_dir_all(&seeds)?;
        let mut kept = 0;
        for entry in fs::read_dir(&thin)? {
            let entry = entry?;
            fs::copy(entry.path(), seeds.join(entry.file_name()))?;
            kept += 1;
        }
        println!("{target:<16} {kept:>4} seeds");
    }
    Ok(())
}

impl Bench {
    // A copy builds into the folder of the original: what both depend on is there. It starts from the committed corpora alone.
    fn build(only: Option<&str>, copy: Option<&Path>) -> Result<Self> {
        let folder = copy.map_or_else(house::root, Path::to_path_buf).join("tests/fuzz");
        let targets = targets(&folder)?.into_iter().filter(|name| only.is_none_or(|only| name == only)).collect();
        let built = house::root().join("tests/fuzz/target");
        let bench = Self { host: house::host_target()?, folder, built, targets };
        if bench.targets.is_empty() {
            bail!("there is no fuzz target {}", only.unwrap_or_default());
        }
        let mut cargo = program("cargo", &bench.folder);
        cargo.args(["build", "--release", "--target", &bench.host]).env("RUSTFLAGS", FLAGS);
        cargo.env("CARGO_TARGET_DIR", &bench.built);
        for target in &bench.targets {
            cargo.args(["--bin", target]);
        }
        expect(&mut cargo, BUILD_LIMIT)?;
        if copy.is_some() {
            fs::remove_dir_all(bench.folder.join("target/corpus")).ok(); // absent the first time
        }
        Ok(bench)
    }

    fn program(&self, target: &str) -> std::process::Command {
        let path = self.built.join(&self.host).join("release").join(target);
        program(&path.to_string_lossy(), &self.folder)
    }

    fn seeds(&self, target: &str) -> PathBuf {
        self.folder.join("corpus").join(target)
    }

    fn fuzz(&self, target: &str, seconds: u64) -> Result<Finished> {
        let found = self.folder.join("target/corpus").join(target);
        let crashes = self.folder.join("artifacts").join(target);
        for folder in [&found, &crashes] {
            fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        let mut fuzzer = self.program(target);
        fuzzer.args(BOUNDS).arg(format!("-max_total_time={seconds}")).arg("-print_final_stats=1");
        fuzzer.arg(format!("-artifact_prefix={}/", crashes.display())).args([&found, &self.seeds(target)]);
        finish(&mut fuzzer, Duration::from_secs(seconds) + GRACE, Echo::Quiet)
    }
}

fn targets(folder: &Path) -> Result<Vec<String>> {
    let listed = fs::read_dir(folder.join("fuzz_targets")).context("there are no fuzz targets")?;
    let names = listed.map(|entry| Ok(entry?.path().file_stem().unwrap_or_default().to_string_lossy().into_owned()));
    let mut names: Vec<String> = names.collect::<Result<_>>()?;
    names.sort();
    Ok(names)
}

/// `#81 DONE cov: 9 ft: 10 corp: 3/20b …`, then `stat::number_of_executed_units: 81`.
fn told(output: &str) -> Option<Told> {
    let done = output.lines().rev().find(|line| line.contains("DONE"))?;
    let after = |mark: &str| {
        let digits = done.split_once(mark)?.1.trim_start();
        digits.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
    };
    let executed = output.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"))?;
    Some(Told {
        executions: executed.trim().parse().ok()?,
        edges: after("cov:")?,
        features: after("ft:")?,
        inputs: after("corp:")?,
    })
}

fn tail(output: &str) -> String {
    let lines: Vec<&str> = output.lines().collect();
    lines[lines.len().saturating_sub(40)..].join("\n")
}

/// The words of the panic, if it was one.
fn why(output: &str) -> &str {
    let panicked = output.lines().skip_while(|line| !line.contains("panicked at")).nth(1);
    panicked.or_else(|| output.lines().find(|line| line.contains("ERROR:"))).unwrap_or("it did not end well")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fuzzers_last_words_are_read() {
        let output = "#2\tINITED cov: 3 ft: 4 corp: 1/1b exec/s: 0 rss: 27Mb\n\
            #4600\tDONE   cov: 919 ft: 5475 corp: 1265/107Kb lim: 512 exec/s: 51119 rss: 29Mb\n\
            stat::number_of_executed_units: 4601\nstat::average_exec_per_sec:     51119\n";
        assert_eq!(told(output), Some(Told { executions: 4601, edges: 919, features: 5475, inputs: 1265 }));
        assert_eq!(told("==1== ERROR: libFuzzer: deadly signal\n"), None);
        assert_eq!(
            why("thread '<unnamed>' (7) panicked at a.rs:1:2:\nepoch 1 after 1\n==1== ERROR: x\n"),
            "epoch 1 after 1"
        );
        assert_eq!(why("==1== ERROR: libFuzzer: timeout\n"), "==1== ERROR: libFuzzer: timeout");
    }
}
