//! Installs what is missing to build, test and demonstrate, and says what it does; a second run does nothing.
//!
//! It never upgrades what is already there, except that a `qemu-utils` too new for the distribution's emulator steps
//! back to the version that fits.

use crate::command::{Echo, Finished, expect, finish};
use crate::house;
use crate::miri;
use anyhow::{Context, Result, bail};
use std::env;
use std::fs;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The device targets that the SDK is built and measured for.
pub const TARGETS: [&str; 4] =
    ["thumbv6m-none-eabi", "thumbv7em-none-eabi", "thumbv8m.main-none-eabi", "riscv32imac-unknown-none-elf"];

/// The further targets that archives of the C border are built for. `thumbv8m.base-none-eabi` is not among them, for not every server has it: where
/// it is missing, the nightly of Miri builds its core library.
const ARCHIVE_TARGETS: [&str; 4] =
    ["thumbv7m-none-eabi", "thumbv7em-none-eabihf", "thumbv8m.main-none-eabihf", "riscv32imc-unknown-none-elf"];

/// The embedded Linux that the gateway is built for; `rust-lld` links the first, so no C toolchain is needed.
const LINUX_TARGETS: [&str; 2] = ["aarch64-unknown-linux-musl", "armv7-unknown-linux-gnueabihf"];

/// Cargo sub-commands, and the rustup component that brings each.
const COMPONENTS: [(&str, &str); 2] = [("cargo-fmt", "rustfmt"), ("cargo-clippy", "clippy")];

/// Programs that the tests and the demo call, and the Debian package that brings each.
const PROGRAMS: [(&str, &str); 17] = [
    ("c++", "g++"),
    ("qemu-system-arm", QEMU),
    ("qemu-system-riscv32", QEMU_MISC),
    ("arm-none-eabi-gcc", "gcc-arm-none-eabi"),
    ("riscv64-unknown-elf-gcc", "gcc-riscv64-unknown-elf"),
    ("clang", "clang"),
    ("valgrind", "valgrind"),
    ("cppcheck", "cppcheck"),
    ("cmake", "cmake"),
    ("pkg-config", "pkgconf"),
    ("ip", "iproute2"),
    ("node", "nodejs"),
    ("npm", "npm"),
    ("openssl", "openssl"),
    ("python3", "python3"),
    ("dpkg-deb", "dpkg"),
    ("dpkg-query", "dpkg"),
];

/// Libraries that a compiler comes without: the compiler, the file that it then finds, and the Debian package.
const LIBRARIES: [(&str, &str, &str); 2] =
    [("arm-none-eabi-gcc", "libc.a", "libnewlib-arm-none-eabi"), ("clang", SANITIZER, "libclang-rt-dev")];

const SANITIZER: &str =
    if cfg!(target_arch = "aarch64") { "libclang_rt.asan-aarch64.a" } else { "libclang_rt.asan-x86_64.a" };
const QEMU: &str = "qemu-system-arm";
const QEMU_MISC: &str = "qemu-system-misc";
const EMULATORS: [&str; 2] = [QEMU, QEMU_MISC];
const LIMIT: Duration = Duration::from_secs(900);

/// Brings the machine up to what the other sub-commands need.
pub fn run() -> Result<()> {
    install_targets()?;
    install_components()?;
    install_miri()?;
    install_programs()?;
    install_node_packages()
}

fn install_targets() -> Result<()> {
    let sysroot = expect(Command::new("rustc").args(["--print", "sysroot"]), LIMIT)?;
    let library = Path::new(sysroot.trim()).join("lib/rustlib");
    let wanted = [&TARGETS[..], &ARCHIVE_TARGETS, &LINUX_TARGETS].concat();
    let missing: Vec<&str> = wanted.iter().copied().filter(|target| !library.join(target).is_dir()).collect();
    if missing.is_empty() {
        println!("set-up: the {} targets are present", wanted.len());
        return Ok(());
    }
    rustup("target", &missing)
}

fn install_components() -> Result<()> {
    let missing: Vec<&str> =
        COMPONENTS.into_iter().filter(|(probe, _)| !answers(probe)).map(|(_, component)| component).collect();
    if missing.is_empty() {
        println!("set-up: rustfmt and clippy are present");
        return Ok(());
    }
    rustup("component", &missing)
}

/// A toolchain of its own, pinned: what Miri accepts changes from day to day. It also builds the core libraries that no server has.
fn install_miri() -> Result<()> {
    let toolchain = miri::TOOLCHAIN;
    let has = |component: &str| rustup_lists(toolchain).is_some_and(|listed| listed.contains(component));
    if miri::COMPONENTS.into_iter().all(has) {
        println!("set-up: Miri and the library source of {toolchain} are present");
        return Ok(());
    }
    println!("set-up: rustup toolchain install {toolchain} with {}", miri::COMPONENTS.join(", "));
    if find("rustup").is_none() {
        bail!("Miri is missing, and so is rustup: install Rust through rustup (https://rustup.rs)");
    }
    let mut rustup = Command::new("rustup");
    rustup.args(["toolchain", "install", toolchain, "--profile", "minimal", "--no-self-update"]);
    rustup.args(miri::COMPONENTS.iter().flat_map(|component| ["--component", component]));
    if !finish(&mut rustup, LIMIT, Echo::Live)?.ok {
        bail!("rustup cannot install {toolchain}: is the network up? Its own words are above");
    }
    Ok(())
}

/// The components of a toolchain that is installed.
fn rustup_lists(toolchain: &str) -> Option<String> {
    let mut rustup = Command::new("rustup");
    rustup.args(["component", "list", "--installed", "--toolchain", toolchain]);
    finish(&mut rustup, LIMIT, Echo::Quiet).ok().filter(|listed| listed.ok).map(|listed| listed.output)
}

/// rustup leaves a proxy for components that are not installed, so being in PATH is not enough.
fn answers(probe: &str) -> bool {
    finish(Command::new(probe).arg("--version"), LIMIT, Echo::Quiet).is_ok_and(|finished| finished.ok)
}

fn rustup(what: &str, names: &[&str]) -> Result<()> {
    println!("set-up: rustup {what} add {}", names.join(" "));
    if find("rustup").is_none() {
        bail!(
            "Rust's {what}s {} are missing, and so is rustup: install Rust through rustup (https://rustup.rs)",
            names.join(", ")
        );
    }
    let finished = finish(Command::new("rustup").args([what, "add"]).args(names), LIMIT, Echo::Live)?;
    if !finished.ok {
        bail!("rustup cannot add {}: is the network up? Its own words are above", names.join(", "));
    }
    Ok(())
}

fn install_programs() -> Result<()> {
    let mut missing: Vec<&str> =
        PROGRAMS.into_iter().filter(|(program, _)| find(program).is_none()).map(|(_, package)| package).collect();
    missing
        .extend(LIBRARIES.iter().filter(|(compiler, file, _)| !brings(compiler, file)).map(|(.., package)| *package));
    missing.dedup();
    if missing.is_empty() {
        let names: Vec<&str> = PROGRAMS.iter().map(|(program, _)| *program).collect();
        println!("set-up: {} are present", names.join(", "));
        return Ok(());
    }
    if find("apt-get").is_none() {
        bail!("no apt-get here: install what gives you {} by the means of this system", missing.join(", "));
    }
    if !apt("apt-get", &["update"])?.ok {
        println!("set-up: apt-get update failed; trying with the lists that are here");
    }
    install_packages(&missing)
}

/// The emulator of the RP2040, in the version that the port's `package.json` names, and nothing else: it depends on nothing.
fn install_node_packages() -> Result<()> {
    let folder = house::root().join("examples/rp2040/emulator");
    let wanted = version_of(&folder.join("package.json"), "/dependencies/rp2040js")?;
    if version_of(&folder.join("node_modules/rp2040js/package.json"), "/version").is_ok_and(|there| there == wanted) {
        println!("set-up: rp2040js {wanted} is present");
        return Ok(());
    }
    println!("set-up: npm install rp2040js@{wanted}");
    let arguments = ["install", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"];
    let finished = finish(Command::new("npm").args(arguments).current_dir(&folder), LIMIT, Echo::Live)?;
    if !finished.ok {
        bail!("npm cannot install rp2040js {wanted}: is the network up? Its own words are above");
    }
    Ok(())
}

fn version_of(package: &Path, pointer: &str) -> Result<String> {
    let text = fs::read_to_string(package).with_context(|| format!("there is no {}", package.display()))?;
    let json: serde_json::Value = serde_json::from_str(&text)?;
    let version = json.pointer(pointer).and_then(serde_json::Value::as_str);
    version.map(str::to_owned).with_context(|| format!("{} has no {pointer}", package.display()))
}

/// A compiler names the whole path of a file that it finds, and else the bare name.
fn brings(compiler: &str, file: &str) -> bool {
    let asked = expect(Command::new(compiler).arg(format!("-print-file-name={file}")), LIMIT);
    asked.is_ok_and(|answer| Path::new(answer.trim()).is_file())
}

fn install_packages(missing: &[&str]) -> Result<()> {
    let plain = apt("apt-get", &[&INSTALL[..], missing].concat())?;
    if plain.ok {
        return Ok(());
    }
    if missing.iter().any(|package| EMULATORS.contains(package)) && emulator_and_utils_disagree(&plain.output) {
        return install_with_older_utils(missing);
    }
    bail!("apt-get cannot install {}: is the network up? Its own words are above", missing.join(", "))
}

const INSTALL: [&str; 3] = ["install", "--yes", "--no-install-recommends"];

/// A `qemu-utils` from backports forbids the emulator of the release; apt does not step back unless it is told to.
fn emulator_and_utils_disagree(output: &str) -> bool {
    output.lines().any(|line| line.contains("qemu-utils") && line.contains("Breaks"))
}

fn install_with_older_utils(missing: &[&str]) -> Result<()> {
    let listed = expect(Command::new("apt-cache").args(["madison", "qemu-utils"]), LIMIT)?;
    let version = first_version(&listed).context("apt-cache madison lists no version of qemu-utils")?;
    println!("set-up: qemu-utils is newer than the emulator allows; it steps back to {version}");
    let utils = format!("qemu-utils={version}");
    let arguments = [&INSTALL[..], &["--allow-downgrades"], missing, &[&utils]].concat();
    if !apt("apt-get", &arguments)?.ok {
        bail!("apt-get cannot install the emulators beside qemu-utils {version}: its own words are above");
    }
    Ok(())
}

/// The version column of the first line of `apt-cache madison`: `package | version | source`.
fn first_version(listed: &str) -> Option<&str> {
    listed.lines().find_map(|line| line.split('|').nth(1)).map(str::trim).filter(|version| !version.is_empty())
}

fn apt(tool: &str, arguments: &[&str]) -> Result<Finished> {
    let mut command = as_root(tool)?;
    command.args(["-o", "DPkg::Lock::Timeout=300"]).args(arguments);
    println!("set-up: {tool} {}", arguments.join(" "));
    finish(&mut command, LIMIT, Echo::Live)
}

/// The program itself for root, else through sudo, which may ask for a password on a terminal only.
fn as_root(tool: &str) -> Result<Command> {
    let mut command = Command::new("env");
    if !nix::unistd::geteuid().is_root() {
        if find("sudo").is_none() {
            bail!("`{tool}` needs root, and there is no sudo: run `cargo xtask setup` as root once");
        }
        command = Command::new("sudo");
        if !std::io::stdin().is_terminal() {
            command.arg("--non-interactive");
        }
        command.arg("env");
    }
    command.args(["DEBIAN_FRONTEND=noninteractive", "LC_ALL=C", tool]);
    Ok(command)
}

/// Where a program lies: PATH, then the system folders that a plain user's PATH leaves out.
fn find(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let system = ["/usr/sbin", "/sbin"].map(PathBuf::from);
    env::split_paths(&path).chain(system).map(|folder| folder.join(name)).find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_to_step_back_to_is_the_first_that_madison_lists() {
        let listed = "qemu-utils | 1:7.2+dfsg-7+deb12u18+b3 | http://deb.example/debian bookworm/main amd64 Packages\n\
                      qemu-utils | 1:7.2+dfsg-7+deb12u15 | http://deb.example/security bookworm/main amd64 Packages\n";
        assert_eq!(first_version(listed), Some("1:7.2+dfsg-7+deb12u18+b3"));
        assert_eq!(first_version(""), None);
        assert_eq!(first_version("N: Unable to locate package qemu-utils\n"), None);
    }

    #[test]
    fn only_the_emulator_conflict_is_answered_with_a_downgrade() {
        assert!(emulator_and_utils_disagree(
            "The following packages have unmet dependencies:\n qemu-utils : Breaks: qemu-system-common (< 1:8.2)\n"
        ));
        assert!(!emulator_and_utils_disagree("E: Unable to fetch some archives: qemu-utils\n"));
    }
}
