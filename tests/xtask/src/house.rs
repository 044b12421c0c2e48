//! The repository as data: its packages with their local dependencies, and its text files.
//!
//! It reads; it judges nothing. Packages come from `cargo metadata`, so they are what cargo believes, not what a
//! folder looks like.

use crate::command::{expect, program};
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Folders that hold no source of ours.
const NOT_SOURCE: [&str; 5] = ["target", ".git", "__pycache__", "node_modules", "work"];
const METADATA_LIMIT: Duration = Duration::from_secs(300);

/// A package, as `cargo metadata --no-deps` describes it.
#[derive(Deserialize)]
pub struct Package {
    /// Its name in Cargo.toml.
    pub name: String,
    /// The absolute path of its Cargo.toml.
    pub manifest_path: PathBuf,
    /// What it depends on, development and build dependencies included.
    pub dependencies: Vec<Dependency>,
    /// Its features and what each turns on.
    pub features: BTreeMap<String, Vec<String>>,
    /// What cargo builds of it.
    pub targets: Vec<Target>,
    /// A workspace of its own, apart from the main one.
    #[serde(skip)]
    pub lone: bool,
}

/// One entry under `[dependencies]` or its siblings.
#[derive(Deserialize)]
pub struct Dependency {
    /// The name of the package depended on.
    pub name: String,
    /// Where it lies, if it is local.
    pub path: Option<PathBuf>,
}

/// A library, binary, test… of a package.
#[derive(Deserialize)]
pub struct Target {
    /// Among others `lib` and `bin`.
    pub kind: Vec<String>,
    /// `cargo test` runs its unit tests.
    pub test: bool,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

impl Package {
    /// The folder that holds its Cargo.toml.
    pub fn folder(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(Path::new("/"))
    }

    /// It has a library whose unit tests run on the host, even if the rest needs a device.
    pub fn has_tested_library(&self) -> bool {
        self.targets.iter().any(|target| target.test && target.kind.iter().any(|kind| kind == "lib"))
    }

    /// It builds for a device by default: its own cargo configuration names a target.
    pub fn is_firmware(&self) -> bool {
        let configured = fs::read_to_string(self.folder().join(".cargo/config.toml")).unwrap_or_default();
        configured.lines().any(|line| line.trim_start().starts_with("target ="))
    }
}

/// The root of the repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

/// The target of this machine.
pub fn host_target() -> Result<String> {
    let version = expect(program("rustc", &root()).arg("-vV"), METADATA_LIMIT)?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc does not name its host")
}

/// Every package: the workspace first, then the lone ones by path.
pub fn packages(root: &Path) -> Result<Vec<Package>> {
    let mut all = metadata(&root.join("Cargo.toml"))?;
    let members: BTreeSet<PathBuf> = all.iter().map(|package| package.manifest_path.clone()).collect();
    for file in files(root)?.into_iter().filter(|file| file.ends_with("Cargo.toml")) {
        let manifest = root.join(&file);
        if file != Path::new("Cargo.toml") && !members.contains(&manifest) {
            let lone = metadata(&manifest)?.into_iter().filter(|package| package.manifest_path == manifest);
            all.extend(lone.map(|package| Package { lone: true, ..package }));
        }
    }
    Ok(all)
}

fn metadata(manifest: &Path) -> Result<Vec<Package>> {
    let folder = manifest.parent().context("a manifest lies in a folder")?;
    let mut cargo = program("cargo", folder);
    cargo.args(["metadata", "--no-deps", "--format-version=1", "--manifest-path"]).arg(manifest);
    let output = expect(&mut cargo, METADATA_LIMIT)?;
    let json = output.lines().find(|line| line.starts_with('{')).context("cargo metadata printed no JSON")?;
    let metadata: Metadata = serde_json::from_str(json).context("cannot read cargo metadata")?;
    Ok(metadata.packages)
}

/// Every file of ours, relative to the root, sorted.
pub fn files(root: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() && !NOT_SOURCE.iter().any(|name| entry.file_name() == *name) {
                folders.push(entry.path());
            } else if kind.is_file() {
                found.push(entry.path().strip_prefix(root)?.to_path_buf());
            }
        }
    }
    found.sort();
    Ok(found)
}
