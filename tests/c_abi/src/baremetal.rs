//! The firmware of `examples/c-baremetal`: built as its README says, and started in QEMU with the keys that its factory writes.
//!
//! Promise: the image holds no keys; they lie in their own page, which the emulator fills. Not here: what the firmware tells.

use crate::archive;
use crate::program::{program, run};
use crate::rooms;
use crate::target::Target;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Warnings that all C here is free of.
pub const WARNINGS: [&str; 6] = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Werror"];

/// A board that the example runs on.
#[derive(Debug, Clone, Copy)]
pub struct Board {
    /// What QEMU calls it, and the folder of its files.
    pub machine: &'static str,
    /// Its core.
    pub target: &'static str,
    /// Where its keys lie.
    key_page: &'static str,
}

/// A Cortex-M4 with a console.
pub const MPS2_AN386: Board = Board { machine: "mps2-an386", target: "thumbv7em-none-eabi", key_page: "0x3fc00" };
/// A Cortex-M0 with its epoch in the chip's flash.
pub const MICROBIT: Board = Board { machine: "microbit", target: "thumbv6m-none-eabi", key_page: "0x3f400" };

impl Board {
    /// Builds the firmware into `folder`, with `options` for the compiler; gives the image.
    ///
    /// # Errors
    /// The archive or the firmware does not build.
    pub fn build(&self, folder: &Path, options: &[&str]) -> Result<PathBuf> {
        let target = Target::named(self.target)?;
        let archive = archive::build(&target, &[])?;
        let example = rooms::root().join("examples/c-baremetal");
        let image = folder.join(format!("c-baremetal-{}.elf", self.machine));
        let mut gcc = program(target.compiler(), folder);
        gcc.args(WARNINGS).args(target.flags).args(["-std=c11", "-Os", "-ffreestanding", "-nostdlib"]).args(options);
        gcc.arg("-I").arg(rooms::bindings().join("include"));
        gcc.args(c_files(&example)?).args(c_files(&example.join(self.machine))?).arg(archive).arg("-lgcc");
        gcc.arg(format!("-Wl,-T,{}", example.join(format!("{}.ld", self.machine)).display()));
        run(gcc.arg("-Wl,--gc-sections,--fatal-warnings").arg("-o").arg(&image))?;
        Ok(image)
    }

    /// The emulator with this image, in `folder`, which is the board's own; `keys` is the file that the factory writes into their page.
    pub fn emulator(&self, image: &Path, folder: &Path, keys: Option<&Path>) -> Command {
        let mut qemu = Command::new("qemu-system-arm");
        qemu.args(["-machine", self.machine, "-display", "none", "-monitor", "none"]);
        qemu.args(["-semihosting-config", "enable=on,target=native", "-kernel"]).arg(image).current_dir(folder);
        if let Some(keys) = keys {
            let page = self.key_page;
            qemu.arg("-device").arg(format!("loader,file={},addr={page},force-raw=on", keys.display()));
        }
        qemu
    }
}

/// The C files of a folder, sorted.
///
/// # Errors
/// It cannot be read.
pub fn c_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("there is no {}", folder.display()))?.flatten();
    let is_c = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "c");
    let mut files: Vec<_> = entries.map(|entry| entry.path()).filter(is_c).collect();
    files.sort();
    Ok(files)
}
