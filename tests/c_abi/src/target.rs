//! The cores that archives are built for.
//!
//! Not here: Xtensa, which the Rust compiler of rust-lang.org does not know; asking for it is an error that says so.

use anyhow::{Context, Result, bail};
use std::path::Path;

use crate::program::{program, run};

/// A core, by what Rust calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// Its name in Rust.
    pub name: &'static str,
    /// What people call it, and the folder of its archive in a release.
    pub core: &'static str,
    /// Flags of gcc that suit it, for the release's notes and the tests; empty for the host.
    pub flags: &'static [&'static str],
}

/// Every core with an archive, but for the host.
pub const DEVICES: [Target; 9] = [
    device("thumbv6m-none-eabi", "cortex-m0", &["-mcpu=cortex-m0", "-mthumb"]),
    device("thumbv7m-none-eabi", "cortex-m3", &["-mcpu=cortex-m3", "-mthumb"]),
    device("thumbv7em-none-eabi", "cortex-m4", &["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=soft"]),
    device(
        "thumbv7em-none-eabihf",
        "cortex-m4f",
        &["-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16"],
    ),
    device("thumbv8m.base-none-eabi", "cortex-m23", &["-mcpu=cortex-m23", "-mthumb"]),
    device("thumbv8m.main-none-eabi", "cortex-m33", &["-mcpu=cortex-m33", "-mthumb", "-mfloat-abi=soft"]),
    device(
        "thumbv8m.main-none-eabihf",
        "cortex-m33f",
        &["-mcpu=cortex-m33", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv5-sp-d16"],
    ),
    device("riscv32imc-unknown-none-elf", "rv32imc", &["-march=rv32imc", "-mabi=ilp32"]),
    device("riscv32imac-unknown-none-elf", "rv32imac", &["-march=rv32imac", "-mabi=ilp32"]),
];

const fn device(name: &'static str, core: &'static str, flags: &'static [&'static str]) -> Target {
    Target { name, core, flags }
}

impl Target {
    /// The target of this name, or the host for `host` and for the host's own name.
    ///
    /// # Errors
    /// There is none; the error says why, where there is a reason.
    pub fn named(name: &str) -> Result<Self> {
        let host = host()?;
        if name == "host" || name == host.name {
            return Ok(host);
        }
        if name.starts_with("xtensa") {
            bail!(
                "{name}: the Rust compiler of rust-lang.org has no Xtensa. Build `bindings/c` with Espressif's own compiler (espup) and \
                 the steps in tests/c_abi/src/archive.rs, or use an ESP32-C or -H part (riscv32imc, riscv32imac)"
            );
        }
        let known = || DEVICES.iter().map(|device| device.name).collect::<Vec<_>>().join(", ");
        DEVICES
            .into_iter()
            .find(|device| device.name == name)
            .with_context(|| format!("no archive is made for {name}; there are host, {}", known()))
    }

    /// The gcc that makes code for it.
    pub fn compiler(&self) -> &'static str {
        match self.name {
            _ if self.is_host() => "gcc",
            name if name.starts_with("riscv32") => "riscv64-unknown-elf-gcc",
            _ => "arm-none-eabi-gcc",
        }
    }

    /// True for the machine that this runs on.
    pub fn is_host(&self) -> bool {
        self.flags.is_empty()
    }
}

/// The machine that this runs on.
///
/// # Errors
/// `rustc` does not answer.
pub fn host() -> Result<Target> {
    let version = run(program("rustc", Path::new(".")).arg("-vV"))?;
    let name = version.lines().find_map(|line| line.strip_prefix("host: ")).context("rustc does not name its host")?;
    Ok(Target { name: name.to_owned().leak(), core: "host", flags: &[] })
}

/// The folder of the Rust compiler.
///
/// # Errors
/// `rustc` does not answer.
pub fn sysroot() -> Result<String> {
    Ok(run(program("rustc", Path::new(".")).args(["--print", "sysroot"]))?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_built_is_refused_with_a_reason() {
        let why = |name: &str| Target::named(name).expect_err("no such archive").to_string();
        assert!(why("xtensa-esp32-none-elf").contains("espup"));
        assert!(why("thumbv9").contains("thumbv6m-none-eabi"));
        assert!(Target::named("host").expect("a host").is_host());
    }
}
