//! Undoes one rule of the protocol after another in a copy of the tree, and sees whether anybody notices.
//!
//! Promise: the tree itself is never touched; a mutant that does not apply, does not compile or is not caught is an error. Not here: which
//! rules there are; see `mutants.toml`.

use serde::Deserialize;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

/// Histories in which a scenario must fail.
const HISTORIES: &str = "400";
/// Time in which a fuzz target must crash.
const SECONDS: &str = "60";
/// Folders that are not copied.
const LEFT_OUT: [&str; 3] = ["target", ".git", "node_modules"];

#[derive(Debug, Deserialize)]
struct List {
    mutant: Vec<Mutant>,
}

/// One place to change.
#[derive(Debug, Deserialize)]
struct Edit {
    file: PathBuf,
    find: String,
    replace: String,
}

/// One rule undone.
#[derive(Debug, Deserialize)]
struct Mutant {
    name: String,
    #[serde(flatten)]
    edit: Edit,
    #[serde(default)]
    also: Vec<Edit>,
    scenario: Option<String>,
    test: Option<String>,
    fuzz: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Caught,
    Survived,
    DoesNotApply,
    DoesNotCompile,
}

/// A part of the list: every `whole`-th, from the `part`-th.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    part: usize,
    whole: usize,
}

impl Share {
    /// The whole list.
    pub const ALL: Self = Self { part: 1, whole: 1 };

    /// Reads `1/4`, or `today/4`: the next quarter each day.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (part, whole) = text.split_once('/')?;
        let whole = whole.parse().ok()?;
        let part = if part == "today" { today().checked_rem(whole)? + 1 } else { part.parse().ok()? };
        (part >= 1 && part <= whole).then_some(Self { part, whole })
    }

    fn has(self, at: usize) -> bool {
        at % self.whole + 1 == self.part
    }
}

/// Tries the mutants whose name holds `only`, of these a share; true if all were caught.
///
/// # Errors
/// The copy could not be made or changed, cargo not be run, or no mutant is meant.
pub fn run(root: &Path, scratch: &Path, only: &str, share: Share) -> io::Result<bool> {
    let list = fs::read_to_string(root.join("tests/sim/mutants.toml"))?;
    let list: List = toml::from_str(&list).map_err(io::Error::other)?;
    copy(root, scratch)?;
    let named = list.mutant.iter().filter(|mutant| mutant.name.contains(only)).enumerate();
    let meant: Vec<_> = named.filter(|(at, _)| share.has(*at)).map(|(_, mutant)| mutant).collect();
    if meant.is_empty() {
        return Err(io::Error::other("no mutant has that name"));
    }
    let mut tally = [0; 2];
    for mutant in meant {
        let verdict = mutant.try_on(root, scratch)?;
        println!("{verdict:?}: {} ({})", mutant.name, mutant.judge());
        tally[usize::from(verdict == Verdict::Caught)] += 1;
    }
    println!("{} mutants caught, {} not", tally[1], tally[0]);
    Ok(tally[0] == 0)
}

impl Mutant {
    fn judge(&self) -> &str {
        self.scenario.as_deref().or(self.test.as_deref()).or(self.fuzz.as_deref()).unwrap_or("nobody")
    }

    fn try_on(&self, root: &Path, tree: &Path) -> io::Result<Verdict> {
        let mut originals = Vec::new();
        let mut applies = true;
        for edit in core::iter::once(&self.edit).chain(&self.also) {
            let path = tree.join(&edit.file);
            let original = fs::read_to_string(&path)?;
            applies &= original.matches(&edit.find).count() == 1;
            fs::write(&path, original.replacen(&edit.find, &edit.replace, 1))?;
            originals.push((path, original));
        }
        let verdict = if applies { self.judge_in(root, tree) } else { Ok(Verdict::DoesNotApply) };
        originals.iter().try_for_each(|(path, original)| fs::write(path, original))?;
        verdict
    }

    fn judge_in(&self, root: &Path, tree: &Path) -> io::Result<Verdict> {
        let (compiled, passed) = match (&self.scenario, &self.test, &self.fuzz) {
            (Some(scenario), ..) => {
                let compiled = cargo(tree, &["build", "--profile", "test", "-p", "tidings-sim"])?;
                let args = ["--first", "--histories", HISTORIES, "--scenario", scenario];
                (compiled, compiled && succeeds(Command::new(tree.join("target/debug/tidings-sim")).args(args))?)
            }
            (None, Some(test), _) => {
                let words: Vec<_> = test.split(' ').collect();
                let compiled = cargo(tree, &[&["test", "--no-run"], &words[..]].concat())?;
                (compiled, compiled && cargo(tree, &[&["test"], &words[..]].concat())?)
            }
            (None, None, Some(target)) => fuzz(root, tree, target)?,
            (None, None, None) => (true, true),
        };
        Ok(match (compiled, passed) {
            (false, _) => Verdict::DoesNotCompile,
            (true, true) => Verdict::Survived,
            (true, false) => Verdict::Caught,
        })
    }
}

/// The number of the day.
#[must_use]
pub fn today() -> usize {
    const SECONDS_A_DAY: u64 = 86_400;
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    (since.as_secs() / SECONDS_A_DAY) as usize
}

fn cargo(tree: &Path, args: &[&str]) -> io::Result<bool> {
    succeeds(Command::new("cargo").args(args).current_dir(tree).env("CARGO_TARGET_DIR", tree.join("target")))
}

/// Whether the target compiles, and whether it survives.
fn fuzz(root: &Path, tree: &Path, target: &str) -> io::Result<(bool, bool)> {
    let mut xtask = Command::new("cargo");
    xtask.args(["xtask", "fuzz", target, "--seconds", SECONDS, "--copy"]).arg(tree).current_dir(root);
    let ran = xtask.output()?;
    let output = String::from_utf8_lossy(&ran.stdout);
    let crash = output.lines().find(|line| line.contains("CRASHED"));
    if let Some(crash) = crash {
        println!("{crash}");
    }
    Ok((ran.status.success() || crash.is_some(), ran.status.success()))
}

fn succeeds(command: &mut Command) -> io::Result<bool> {
    Ok(command.stdout(Stdio::null()).stderr(Stdio::null()).status()?.success())
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (name, kind) = (entry.file_name(), entry.file_type()?);
        if kind.is_dir() && LEFT_OUT.iter().any(|left| name == **left) {
            continue;
        }
        if kind.is_dir() {
            copy(&entry.path(), &to.join(name))?;
        } else if kind.is_file() {
            copy_if_changed(&entry.path(), &to.join(name))?;
        }
    }
    Ok(())
}

/// A file that is the same keeps its time, so that cargo does not build it again.
fn copy_if_changed(from: &Path, to: &Path) -> io::Result<()> {
    let bytes = fs::read(from)?;
    if fs::read(to).is_ok_and(|there| there == bytes) { Ok(()) } else { fs::write(to, bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_cover_the_list_once() {
        let shares = ["1/3", "2/3", "3/3"].map(|text| Share::read(text).expect("a share"));
        assert!((0..10).all(|at| shares.iter().filter(|share| share.has(at)).count() == 1));
        assert!((0..10).all(|at| Share::ALL.has(at)));
        assert_eq!(["0/3", "4/3", "1/0", "today/0", "3", "a/b"].map(Share::read), [None; 6]);
        assert!(Share::read("today/3").is_some_and(|today| shares.contains(&today)));
    }
}
