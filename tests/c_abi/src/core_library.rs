//! Where the core library of a target comes from: Rust brings it compiled, or the pinned nightly compiles it from its source.
//!
//! Promise: what Rust brings is used where it is there; what is built is as small as the rest of the archive. Not here: how either is installed,
//! which `cargo xtask setup` does.

use crate::program::{program, run};
use crate::rooms;
use crate::target::{Target, sysroot};
use anyhow::{Context, Result};
use std::env;
use std::path::Path;
use std::process::Command;

/// The nightly that set-up installs, for Miri, with the source of `core`: stable Rust builds no core library.
pub const NIGHTLY: &str = "nightly-2026-10-30";
/// With what it calls to copy and compare memory, as in the libraries that Rust brings.
const FROM_SOURCE: [&str; 2] = ["-Zbuild-std=core", "-Zbuild-std-features=compiler-builtins-mem"];

/// The compiler that makes an archive, and its core library.
#[derive(Debug, PartialEq, Eq)]
pub struct CoreLibrary {
    /// The folder of the compiler.
    pub sysroot: String,
    /// The toolchain that compiles the library; none where it is there.
    toolchain: Option<&'static str>,
}

impl CoreLibrary {
    /// The core library of a target.
    ///
    /// # Errors
    /// It is neither there nor can it be built.
    pub fn of(target: &Target) -> Result<Self> {
        let sysroot = sysroot()?;
        match Path::new(&sysroot).join("lib/rustlib").join(target.name).join("lib").is_dir() {
            true => Ok(Self { sysroot, toolchain: None }),
            false => Self::built_by(NIGHTLY).with_context(|| {
                format!(
                    "the core library of {0} is not here: `rustup target add {0}`, or, where rustup has none, `cargo xtask setup` installs \
                     {NIGHTLY} with its source",
                    target.name
                )
            }),
        }
    }

    fn built_by(toolchain: &'static str) -> Result<Self> {
        let compiler = run(program("rustup", Path::new(".")).args(["which", "--toolchain", toolchain, "rustc"]))?;
        let folder = Path::new(compiler.trim()).ancestors().nth(2).context("rustup names no compiler")?;
        let source = folder.join("lib/rustlib/src/rust/library/core");
        anyhow::ensure!(source.is_dir(), "{toolchain} lacks the component rust-src");
        Ok(Self { sysroot: folder.to_string_lossy().into_owned(), toolchain: Some(toolchain) })
    }

    /// `cargo rustc` with this compiler, in the root of the repository.
    pub fn cargo_rustc(&self) -> Command {
        let root = rooms::root();
        let Some(toolchain) = self.toolchain else {
            let mut cargo = program(&env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned()), &root);
            cargo.arg("rustc");
            return cargo;
        };
        let mut rustup = program("rustup", &root);
        rustup.args(["run", toolchain, "cargo", "rustc"]).args(FROM_SOURCE);
        rustup
    }

    /// The version of the compiler; of one that is no release, with its commit.
    ///
    /// # Errors
    /// The compiler does not answer.
    pub fn version(&self) -> Result<String> {
        let told = run(program(&format!("{}/bin/rustc", self.sysroot), Path::new(".")).arg("--version"))?;
        let version = told.trim().strip_prefix("rustc ").context("rustc tells no version")?;
        let release = version.split(' ').next().filter(|release| !release.contains('-'));
        Ok(release.unwrap_or(version).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_core_library_that_is_neither_there_nor_can_be_built_is_an_error() {
        let why = CoreLibrary::built_by("nightly-2015-05-15").expect_err("nobody installed it");
        assert!(why.to_string().contains("nightly-2015-05-15"), "{why}");
    }

    #[test]
    fn the_library_of_this_machine_is_there() {
        let here = CoreLibrary::of(&crate::target::host().expect("rustc answers")).expect("a core library");
        assert_eq!(here.toolchain, None);
        assert!(here.version().expect("rustc answers").starts_with("1."));
    }

    #[test]
    fn the_pinned_nightly_can_build_one() {
        let built = CoreLibrary::built_by(NIGHTLY).expect("cargo xtask setup");
        assert_eq!(built.toolchain, Some(NIGHTLY));
        assert!(built.version().expect("it answers").contains("-nightly ("));
    }
}
