//! The firmware images of `tests/size`: building, reading and running them.
//!
//! It judges nothing; `size`, `stack` and `instructions` do.

use crate::command::{expect, program};
use crate::house;
use anyhow::{Context, Result};
use object::{File, Object, ObjectSection, ObjectSymbol};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

const FLASH: [&str; 3] = [".text", ".rodata", ".data"];
const RAM: [&str; 2] = [".data", ".bss"];
/// What the names of panic code contain, whatever the mangling.
const PANIC_MARKS: [&str; 4] = ["panic_fmt", "panicking", "panic_bounds_check", "panic_const"];
const EMULATOR_LIMIT: Duration = Duration::from_secs(60);
const LIMIT: Duration = Duration::from_secs(900);

/// The compiler of the C reference for each target, and what it must know of it.
const C: [(&str, &str, &[&str]); 4] = [
    ("thumbv6m-none-eabi", "arm-none-eabi-gcc", &["-mthumb", "-mcpu=cortex-m0"]),
    ("thumbv7em-none-eabi", "arm-none-eabi-gcc", &["-mthumb", "-mcpu=cortex-m4"]),
    ("thumbv8m.main-none-eabi", "arm-none-eabi-gcc", &["-mthumb", "-mcpu=cortex-m33"]),
    ("riscv32imac-unknown-none-elf", "riscv64-unknown-elf-gcc", &["-march=rv32imac", "-mabi=ilp32"]),
];
/// As small as it gets, without a standard library and without start-up code.
const C_OPTIONS: [&str; 11] = [
    "-std=c11",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-Os",
    "-flto",
    "-ffreestanding",
    "-fno-tree-loop-distribute-patterns",
    "-nostdlib",
    "-Wl,--gc-sections",
    "-Wl,--entry=start",
];

/// What an ELF file takes, in bytes, and the panic code in it.
pub struct Measured {
    /// `.text` + `.rodata` + `.data`.
    pub flash: u64,
    /// `.data` + `.bss`.
    pub ram: u64,
    /// Symbols of panic code.
    pub panics: Vec<String>,
}

/// Builds these images for a target.
pub fn build(folder: &Path, target: &str, names: &[&str]) -> Result<()> {
    let mut cargo = program("cargo", folder);
    cargo.args(["build", "--release", "--target", target]);
    for name in names {
        cargo.args(["--bin", name]);
    }
    expect(&mut cargo, LIMIT).map(drop)
}

/// Builds the image that calls the border from C on its archive and measures itself. Its C files are `c/stack.c` and the samples of the border's tests.
pub fn build_stack_c(folder: &Path, target: &str, image: &str, archive: &Path) -> Result<()> {
    let rooms = [house::root().join("tests/c_abi/c"), tidings_c_abi::rooms::bindings().join("include")];
    let mut parts = vec![archive.to_path_buf()];
    for source in [folder.join("c/stack.c"), rooms[0].join("samples.c")] {
        let name = source.file_stem().context("a file has a name")?.to_string_lossy().into_owned();
        let object = image_path(folder, target, &format!("{name}.o"));
        fs::create_dir_all(object.parent().context("an object lies in a folder")?)?;
        let (compiler, options) = compiler(target)?;
        let mut gcc = program(compiler, folder);
        gcc.args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-Os", "-ffreestanding", "-c"]).args(options);
        gcc.args(rooms.iter().map(|room| format!("-I{}", room.display()))).arg(source).arg("-o").arg(&object);
        expect(&mut gcc, LIMIT)?;
        parts.push(object);
    }
    let mut cargo = program("cargo", folder);
    cargo.args(["build", "--release", "--target", target, "--features", "from-c", "--bin", image]);
    expect(cargo.env("TIDINGS_STACK_PARTS", env::join_paths(parts)?), LIMIT).map(drop)
}

/// Builds the reference of that name in `c/` for a target, and measures it.
pub fn measure_c(folder: &Path, target: &str, name: &str) -> Result<Measured> {
    read(&build_c(folder, target, name, &[format!("c/{name}.c")])?)
}

/// Builds the file of that name in `c/` for a target with an archive of the C border, and again with nothing behind the border; measures both.
///
/// Of the compiler's own library the second has what the first has, since a firmware divides somewhere.
pub fn measure_border(folder: &Path, target: &str, name: &str, archive: &Path) -> Result<[Measured; 2]> {
    let source = format!("c/{name}.c");
    let image = build_c(folder, target, name, &[source.clone(), archive.display().to_string()])?;
    let bytes = fs::read(&image)?;
    let file = File::parse(&*bytes)?;
    let globals = file.symbols().filter(ObjectSymbol::is_global).filter_map(|symbol| symbol.name().ok());
    let runtime = globals.filter(|name| name.starts_with("__aeabi_")); // what the archive has of its own is local
    let runtime = runtime.map(|name| format!("-Wl,--undefined={name}"));
    let parts: Vec<_> = [source, "c/nothing.s".into()].into_iter().chain(runtime).collect();
    Ok([read(&image)?, read(&build_c(folder, target, &format!("{name}-nothing"), &parts)?)?])
}

fn build_c(folder: &Path, target: &str, name: &str, parts: &[String]) -> Result<PathBuf> {
    let (compiler, options) = compiler(target)?;
    let image = image_path(folder, target, &format!("{name}-c"));
    let mut gcc = program(compiler, folder);
    gcc.args(C_OPTIONS).args(options).arg("-I").arg(tidings_c_abi::rooms::bindings().join("include"));
    gcc.args(parts).arg("-o").arg(&image).arg("-lgcc");
    expect(&mut gcc, LIMIT).context("run `cargo xtask setup` if there is no compiler")?;
    Ok(image)
}

fn compiler(target: &str) -> Result<(&'static str, &'static [&'static str])> {
    let known = C.iter().find(|(of, ..)| *of == target).map(|(_, compiler, options)| (*compiler, *options));
    known.with_context(|| format!("no C compiler is known for {target}"))
}

/// Measures an image that was built.
pub fn measure(folder: &Path, target: &str, name: &str) -> Result<Measured> {
    read(&image_path(folder, target, name))
}

/// Runs an Arm image on the emulated board until it ends; gives what it printed over semihosting.
pub fn emulate(folder: &Path, target: &str, name: &str, options: &[&str]) -> Result<String> {
    let mut emulator = program("qemu-system-arm", folder);
    emulator.args(["-machine", "mps2-an386", "-display", "none", "-monitor", "none", "-serial", "none"]).args(options);
    emulator.args(["-semihosting-config", "enable=on,target=native", "-kernel"]).arg(image_path(folder, target, name));
    expect(&mut emulator, EMULATOR_LIMIT).context("run `cargo xtask setup` if there is no emulator")
}

fn image_path(folder: &Path, target: &str, name: &str) -> PathBuf {
    folder.join("target").join(target).join("release").join(name)
}

fn read(path: &Path) -> Result<Measured> {
    let bytes = fs::read(path).with_context(|| format!("there is no image {}", path.display()))?;
    let file = File::parse(&*bytes).with_context(|| format!("{} is no ELF file", path.display()))?;
    Ok(Measured { flash: sum(&file, &FLASH), ram: sum(&file, &RAM), panics: panics(&file) })
}

fn sum(file: &File, sections: &[&str]) -> u64 {
    sections.iter().filter_map(|name| file.section_by_name(name)).map(|section| section.size()).sum()
}

fn panics(file: &File) -> Vec<String> {
    let names = file.symbols().filter_map(|symbol| symbol.name().ok().map(str::to_owned));
    names.filter(|name| PANIC_MARKS.iter().any(|mark| name.contains(mark))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_in_c_does_its_job() {
        let folder = crate::house::root().join("tests/size/c");
        let built = tempfile::tempdir().expect("a folder");
        let works = built.path().join("works");
        let mut gcc = program("gcc", &folder);
        gcc.args(["-std=c11", "-Wall", "-Wextra", "-Werror", "works.c", "-o"]).arg(&works);
        expect(&mut gcc, LIMIT).expect("it compiles");
        expect(&mut program(&works.to_string_lossy(), &folder), EMULATOR_LIMIT).expect("it works");
    }
}
