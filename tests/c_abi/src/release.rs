//! The folder that C users get: header, an archive a core, CMake package, pkg-config file, licences, notices, SBOM, checksums.
//!
//! Promise: it needs no Rust and nothing outside itself; the same source gives the same folder. Not here: packing and publishing it.

use crate::archive;
use crate::notices::{self, Part};
use crate::program::{program, run};
use crate::rooms;
use crate::target::{DEVICES, host};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// What is copied as it is: from the root of the repository, into the release.
const COPIES: [(&str, &str); 8] = [
    ("bindings/c/include/tidings.h", "include/tidings.h"),
    ("bindings/c/statuses.txt", "statuses.txt"),
    ("bindings/c/README.md", "README-bindings.md"),
    ("bindings/c/MIGRATING.md", "MIGRATING.md"),
    ("LICENSE-MIT", "LICENSE-MIT"),
    ("LICENSE-APACHE", "LICENSE-APACHE"),
    ("bindings/c/release/zephyr/module.yml", "zephyr/module.yml"),
    ("bindings/c/release/zephyr/Kconfig", "zephyr/Kconfig"),
];
/// What is filled in with versions and targets: from `bindings/c/release`, into the release.
const FILLED: [(&str, &str); 10] = [
    ("README.md", "README.md"),
    ("CMakeLists.txt", "CMakeLists.txt"),
    ("tidings-config.cmake", "lib/cmake/tidings/tidings-config.cmake"),
    ("tidings-config-version.cmake", "lib/cmake/tidings/tidings-config-version.cmake"),
    ("tidings.pc", "lib/pkgconfig/tidings.pc"),
    ("esp-idf.cmake", "esp-idf.cmake"),
    ("idf_component.yml", "idf_component.yml"),
    ("library.json", "library.json"),
    ("platformio.py", "platformio.py"),
    ("zephyr/CMakeLists.txt", "zephyr/CMakeLists.txt"),
];
/// The first block of C in the README.
const HELLO: &str = "examples/hello.c";
const CHECKSUMS: &str = "SHA256SUMS";

/// Makes the release anew, where cargo puts what it builds, and gives its folder.
///
/// # Errors
/// An archive does not build, or a file cannot be read or written.
pub fn make() -> Result<PathBuf> {
    let folder = rooms::target().join("c-release").join(format!("tidings-c-{}", version()));
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let targets = archives(&folder)?;
    for (from, to) in COPIES {
        put(&folder, to, &fs::read(rooms::root().join(from)).with_context(|| format!("cannot read {from}"))?)?;
    }
    copy_all(&folder, "examples/c-baremetal")?;
    copy_all(&folder, "examples/c-host")?;
    copy_all(&folder, "examples/c-rtos")?;
    for (from, to) in FILLED {
        let text = fs::read_to_string(rooms::bindings().join("release").join(from))
            .with_context(|| format!("cannot read {from}"))?;
        put(&folder, to, fill(&text, &targets)?.as_bytes())?;
    }
    put(&folder, HELLO, hello()?.as_bytes())?;
    tell_parts(&folder, &notices::parts()?, &notices::cores()?)?;
    sum_up(&folder)?;
    Ok(folder)
}

/// The version of the release.
pub fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// Puts the archives of every core there, and names the cores.
fn archives(folder: &Path) -> Result<Vec<&'static str>> {
    let mut targets = Vec::new();
    for target in [host()?].iter().chain(&DEVICES) {
        for (features, place) in [(&[][..], ""), (&["one-way"], "one-way/")] {
            let archive = archive::build(target, features)?;
            put(folder, &format!("lib/{}/{place}{}", target.name, archive::NAME), &fs::read(archive)?)?;
        }
        targets.push(target.name);
    }
    Ok(targets)
}

/// Every file of a folder of the repository, at the same place in the release.
fn copy_all(folder: &Path, from: &str) -> Result<()> {
    let root = rooms::root();
    let mut names = Vec::new();
    list(&root, &root.join(from), &mut names)?;
    names.iter().try_for_each(|name| put(folder, name, &fs::read(root.join(name))?))
}

fn fill(text: &str, targets: &[&str]) -> Result<String> {
    let mut parts = version().split('.');
    let (major, minor) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let text = text.replace("@VERSION@", version()).replace("@MAJOR@", major).replace("@MINOR@", minor);
    Ok(text.replace("@HOST@", host()?.name).replace("@TARGETS@", &targets.join(", ")))
}

fn hello() -> Result<String> {
    let readme = fs::read_to_string(rooms::bindings().join("README.md"))?;
    let block = readme.split_once("```c\n").and_then(|(_, rest)| rest.split_once("```"));
    Ok(block.context("the README has no block of C")?.0.to_owned())
}

fn tell_parts(folder: &Path, parts: &[Part], cores: &[String]) -> Result<()> {
    let sbom = serde_json::to_string_pretty(&notices::sbom(parts, cores, version()))?;
    put(folder, "sbom.cdx.json", format!("{sbom}\n").as_bytes())?;
    put(folder, "THIRD-PARTY.md", notices::text(parts, cores)?.as_bytes())
}

fn put(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().context("a file lies in a folder")?)?;
    fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// Checksums of every file, as `sha256sum --check` reads them.
fn sum_up(folder: &Path) -> Result<()> {
    let mut names = Vec::new();
    list(folder, folder, &mut names)?;
    names.sort();
    let sums = run(program("sha256sum", folder).args(&names))?;
    put(folder, CHECKSUMS, sums.as_bytes())
}

/// Every file under a folder, relative to the release.
///
/// # Errors
/// A folder cannot be read.
pub fn list(root: &Path, folder: &Path, names: &mut Vec<String>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(root, &path, names)?;
        } else {
            names.push(path.strip_prefix(root)?.to_string_lossy().into_owned());
        }
    }
    Ok(())
}
