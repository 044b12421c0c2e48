//! What an archive holds of others: asked of cargo, told as a CycloneDX list of parts and as a text with their licences.
//!
//! Promise: exactly the crates that are linked, of this lock file. Not here: proc-macros and build tools, of which nothing is linked.

use crate::core_library::CoreLibrary;
use crate::program::{program, run};
use crate::rooms;
use crate::target::{DEVICES, host};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::fs;
use std::path::PathBuf;

/// A crate that is linked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence, as SPDX writes it.
    pub licence: String,
    /// Where its source is on this machine.
    folder: PathBuf,
}

impl Part {
    /// Whether it comes from this repository.
    pub fn is_ours(&self) -> bool {
        self.name.starts_with("tidings")
    }

    fn purl(&self) -> String {
        format!("pkg:cargo/{}@{}", self.name, self.version)
    }
}

/// Every crate in the archives, our own included, sorted.
///
/// # Errors
/// cargo does not answer.
pub fn parts() -> Result<Vec<Part>> {
    let root = rooms::root();
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let mut tree = program(&cargo, &root);
    tree.args(["tree", "--quiet", "--locked", "--package=tidings-c", "--edges=normal,no-proc-macro", "--prefix=none"]);
    let listed = run(tree.args(["--target=thumbv7em-none-eabi", "--no-dedupe", "--format={p}"]))?;
    let mut metadata = program(&cargo, &root);
    let metadata: Value =
        serde_json::from_str(&run(metadata.args(["metadata", "--quiet", "--locked", "--format-version=1"]))?)?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists no packages")?;
    let mut parts = Vec::new();
    for line in listed.lines() {
        let mut words = line.split(' ');
        let (Some(name), Some(version)) = (words.next(), words.next().and_then(|word| word.strip_prefix('v'))) else {
            continue;
        };
        let package = packages.iter().find(|package| package["name"] == name && package["version"] == version);
        parts.push(part(package.with_context(|| format!("cargo metadata does not know {name} {version}"))?)?);
    }
    parts.sort();
    parts.dedup();
    Ok(parts)
}

fn part(package: &Value) -> Result<Part> {
    let text =
        |field: &str| package[field].as_str().map(str::to_owned).with_context(|| format!("a package without {field}"));
    let manifest = PathBuf::from(text("manifest_path")?);
    let folder = manifest.parent().context("a manifest lies in a folder")?.to_path_buf();
    Ok(Part { name: text("name")?, version: text("version")?, licence: text("license")?, folder })
}

/// The list of parts as CycloneDX 1.5.
pub fn sbom(parts: &[Part], cores: &[String], version: &str) -> Value {
    let component = |part: &Part| {
        json!({
            "type": "library", "bom-ref": part.purl(), "name": part.name, "version": part.version, "purl": part.purl(),
            "licenses": [{ "expression": part.licence }],
        })
    };
    let rust = |version: &String| {
        json!({
            "type": "library", "bom-ref": format!("rust-core {version}"), "name": "rust core and compiler_builtins", "version": version,
            "licenses": [{ "expression": "(MIT OR Apache-2.0) AND (Apache-2.0 WITH LLVM-exception)" }],
        })
    };
    let components: Vec<Value> = parts.iter().map(component).chain(cores.iter().map(rust)).collect();
    let refs: Vec<Value> = components.iter().map(|component| component["bom-ref"].clone()).collect();
    json!({
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": { "component": {
            "type": "library", "bom-ref": "libtidings", "name": "libtidings", "version": version,
            "licenses": [{ "expression": "MIT OR Apache-2.0" }],
        } },
        "components": components,
        "dependencies": [{ "ref": "libtidings", "dependsOn": refs }],
    })
}

/// The versions of Rust whose core library is in an archive; more than one, if one was built from its source.
///
/// # Errors
/// A core library is missing, or its compiler does not answer.
pub fn cores() -> Result<Vec<String>> {
    let targets = [host()?].into_iter().chain(DEVICES);
    let mut versions = targets.map(|target| CoreLibrary::of(&target)?.version()).collect::<Result<Vec<_>>>()?;
    versions.sort();
    versions.dedup();
    Ok(versions)
}

/// The licences of what is not ours, each text once.
///
/// # Errors
/// A crate brings no licence text, or it cannot be read.
pub fn text(parts: &[Part], cores: &[String]) -> Result<String> {
    let mut texts: Vec<(String, Vec<String>)> = Vec::new();
    let mut out = "# Third-party notices\n\nLinked into the archives, besides what is of this project:\n\n".to_owned();
    for part in parts.iter().filter(|part| !part.is_ours()) {
        let title = format!("{} {}", part.name, part.version);
        out += &format!("- {title}: {}\n", part.licence);
        for text in licences(part)? {
            match texts.iter_mut().find(|(known, _)| *known == text) {
                Some((_, titles)) => titles.push(title.clone()),
                None => texts.push((text, vec![title.clone()])),
            }
        }
    }
    out += &format!(
        "- rust core and compiler_builtins {}: MIT OR Apache-2.0, and Apache-2.0 WITH LLVM-exception for code from LLVM's compiler-rt\n",
        cores.join(", ")
    );
    for (text, titles) in texts {
        out += &format!("\n## {}\n\n```text\n{}\n```\n", titles.join(", "), text.trim_end());
    }
    Ok(out)
}

fn licences(part: &Part) -> Result<Vec<String>> {
    let entries = fs::read_dir(&part.folder).with_context(|| format!("the source of {} is not there", part.name))?;
    let is_one = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        path.is_file()
            && ["LICENSE", "LICENCE", "COPYING", "UNLICENSE", "NOTICE"].iter().any(|start| name.starts_with(start))
    };
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_one).collect();
    files.sort();
    anyhow::ensure!(!files.is_empty(), "{} {} brings no licence text", part.name, part.version);
    files
        .iter()
        .map(|file| fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display())))
        .collect()
}
