//! A port's firmware: built by its own manifest and settings with the keys of one device, then measured.
//!
//! Flash is what the image stores: code, constants and initial values. Memory is what is laid out before the firmware runs; the stack is not part of it.

use super::list::Port;
use crate::command::{expect, program};
use crate::house;
use anyhow::{Context, Result};
use object::{File, Object, ObjectSection, SectionFlags};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const BUILD_LIMIT: Duration = Duration::from_secs(900);
/// Epochs of a new device start above this.
const EPOCH_FLOOR: &str = "0";
/// Room that a linker script keeps free for the stack and the heap.
const RESERVED: [&str; 3] = [".stack", ".heap", ".stack_dummy"];

/// What an image takes, in bytes.
pub struct Size {
    /// Stored.
    pub flash: u64,
    /// Laid out in memory.
    pub ram: u64,
}

/// Builds the release image of a port, as a factory image of the device with these keys.
pub fn build(port: &Port, key: &Path) -> Result<PathBuf> {
    build_with(port, key, &[])
}

/// The same with more arguments for cargo.
pub fn build_with(port: &Port, key: &Path, more: &[&str]) -> Result<PathBuf> {
    executable(cargo(port, port.target, "build", key).args(more), BUILD_LIMIT)
}

/// Builds a port for another target; for one that needs a linker of its own, it is only compiled.
pub fn build_for(port: &Port, target: &str, key: &Path) -> Result<()> {
    let what = if target.contains("-none-") { "build" } else { "check" };
    expect(&mut cargo(port, target, what, key), BUILD_LIMIT).map(drop)
}

fn cargo(port: &Port, target: &str, what: &str, key: &Path) -> Command {
    let root = house::root();
    let mut cargo = program("cargo", &root.join("examples").join(port.name));
    cargo.args([what, "--release", "--target", target, "--target-dir"]).arg(root.join("target/ports"));
    cargo.env("TIDINGS_KEY_FILE", key).env("TIDINGS_EPOCH_FLOOR", EPOCH_FLOOR).env_remove("TIDINGS_DEVICE_ID");
    // The port's own `.cargo/config.toml` says how to link; these would override it.
    for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
        cargo.env_remove(name);
    }
    cargo
}

/// Runs `cargo build …` and returns where it put the binary.
pub fn executable(cargo: &mut Command, limit: Duration) -> Result<PathBuf> {
    let output = expect(cargo.arg("--message-format=json-render-diagnostics"), limit)?;
    let messages = output.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let mut built = messages.filter_map(|message| Some(PathBuf::from(message.get("executable")?.as_str()?)));
    built.next().context("cargo built no binary")
}

/// Measures an image.
pub fn measure(path: &Path) -> Result<Size> {
    let bytes = fs::read(path).with_context(|| format!("there is no image {}", path.display()))?;
    let file = File::parse(&*bytes).with_context(|| format!("{} is no ELF file", path.display()))?;
    let mut size = Size { flash: 0, ram: 0 };
    for section in file.sections() {
        let SectionFlags::Elf { sh_flags } = section.flags() else { continue };
        let name = section.name().unwrap_or_default();
        if sh_flags & u64::from(object::elf::SHF_ALLOC) == 0 || RESERVED.contains(&name) {
            continue;
        }
        if section.kind() != object::SectionKind::UninitializedData {
            size.flash += section.size();
        }
        if sh_flags & u64::from(object::elf::SHF_WRITE) != 0 {
            size.ram += section.size();
        }
    }
    Ok(size)
}
