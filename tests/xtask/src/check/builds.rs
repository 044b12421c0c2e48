//! Rules that cargo judges: format, lints, documentation, sets of features, device targets.
//!
//! Lone packages are judged in their own folders, where their own cargo configuration counts.

use super::House;
use super::source::DEVICE_CRATES;
use crate::command::{Echo, finish, program};
use crate::house::Package;
use crate::setup::TARGETS;
use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(1200);
/// The target of the feature sets: the smallest core, without compare-and-swap.
const SMALLEST: &str = "thumbv6m-none-eabi";
const MOST_FEATURES: usize = 6;

/// Packages that rustfmt would change.
pub fn unformatted(house: &House) -> Result<Vec<String>> {
    each_package(house, &["fmt", "--check", "--all"], |_| &["fmt", "--check"])
}

/// What clippy says of the workspace and of each lone package.
pub fn clippy(house: &House) -> Result<Vec<String>> {
    const ALL: [&str; 7] = ["clippy", "--quiet", "--all-targets", "--all-features", "--", "-D", "warnings"];
    const FIRMWARE: [&str; 5] = ["clippy", "--quiet", "--", "-D", "warnings"]; // a device has no test harness
    const PLAIN: [&str; 6] = ["clippy", "--quiet", "--all-features", "--", "-D", "warnings"];
    let mut faults = each_package(house, &ALL, |package| if package.is_firmware() { &FIRMWARE } else { &ALL })?;
    for package in house.packages.iter().filter(|package| package.lone && package.is_firmware()) {
        faults.extend(cargo(package.folder(), &PLAIN)?);
    }
    Ok(faults)
}

/// Keys that open nothing, for firmware that is looked at and never runs: it does not build without.
pub fn keys_of_nobody() -> Result<PathBuf> {
    let folder = crate::house::root().join("target/tmp");
    fs::create_dir_all(&folder)?;
    let (file, keys) = (folder.join("keys-of-nobody.bin"), std::array::from_fn::<u8, 81, _>(|at| at as u8));
    if !fs::read(&file).is_ok_and(|held| held == keys) {
        fs::write(&file, keys)?;
    }
    Ok(file)
}

fn each_package(
    house: &House,
    workspace: &[&str],
    lone: fn(&Package) -> &'static [&'static str],
) -> Result<Vec<String>> {
    let mut faults = cargo(&house.root, workspace)?;
    for package in house.packages.iter().filter(|package| package.lone) {
        faults.extend(cargo(package.folder(), lone(package))?);
    }
    Ok(faults)
}

/// What rustdoc warns of.
pub fn documentation(house: &House) -> Result<Vec<String>> {
    let mut command = program("cargo", &house.root);
    command.args(["doc", "--quiet", "--no-deps", "--workspace", "--all-features"]).env("RUSTDOCFLAGS", "-D warnings");
    judge(command)
}

/// Sets of the agent's features that do not compile, and a fault when there are too many to try them all.
pub fn feature_sets(house: &House) -> Result<Vec<String>> {
    let Some(agent) = house.packages.iter().find(|package| package.name == "tidings") else {
        return Ok(vec!["there is no package `tidings`".to_owned()]);
    };
    let features: Vec<&str> = agent.features.keys().map(String::as_str).filter(|name| *name != "default").collect();
    if features.len() > MOST_FEATURES {
        return Ok(vec![format!("{} features, {MOST_FEATURES} are allowed: {}", features.len(), features.join(", "))]);
    }
    let mut faults = Vec::new();
    for set in 0..1_usize << features.len() {
        let chosen: Vec<&str> =
            features.iter().enumerate().filter(|(bit, _)| set >> bit & 1 == 1).map(|(_, name)| *name).collect();
        let check = ["check", "--quiet", "--package=tidings", "--no-default-features", "--features"];
        let features = chosen.join(",");
        // What needs the standard library is judged where there is one.
        let target: &[&str] = if chosen.contains(&"std") { &[] } else { &["--target", SMALLEST] };
        faults.extend(cargo(&house.root, &[&check[..], &[&features], target].concat())?);
    }
    Ok(faults)
}

/// Device crates that do not build for a device target.
pub fn device_targets(house: &House) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for target in TARGETS {
        for room in DEVICE_CRATES {
            let manifest = format!("--manifest-path={room}/Cargo.toml");
            faults.extend(cargo(&house.root, &["build", "--quiet", "--target", target, &manifest])?);
        }
    }
    Ok(faults)
}

fn cargo(folder: &Path, arguments: &[&str]) -> Result<Vec<String>> {
    let mut command = program("cargo", folder);
    command.args(arguments).env("TIDINGS_KEY_FILE", keys_of_nobody()?);
    judge(command)
}

/// No fault when the command ends well; else one that holds the command and its words.
fn judge(mut command: std::process::Command) -> Result<Vec<String>> {
    let finished = finish(&mut command, LIMIT, Echo::Quiet)?;
    if finished.ok {
        return Ok(Vec::new());
    }
    let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy()).collect();
    let folder = command.get_current_dir().unwrap_or(Path::new(".")).display();
    Ok(vec![format!("cargo {} in {folder}\n{}", arguments.join(" "), finished.output)])
}
