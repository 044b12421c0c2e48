//! C firmware in QEMU: the tests of the border with newlib, and the example, whose facts reach a real collector.

use crate::programs::MANY;
use crate::workshop::{archive_of, compiler, done, folder, sources};
use rustix::process::{Pid, Signal, kill_process};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tidings_c_abi::rooms;
use tidings_c_abi::target::Target;
use tidings_qemu::collector::{Collector, Hears};
use tidings_qemu::eventually;

/// The outer limit, in seconds.
const LIMIT_S: &str = "120";

fn qemu(image: &Path) -> Command {
    let mut qemu = Command::new("timeout");
    qemu.args([
        "--kill-after=5",
        LIMIT_S,
        "qemu-system-arm",
        "-machine",
        "mps2-an386",
        "-display",
        "none",
        "-monitor",
        "none",
    ]);
    qemu.arg("-kernel").arg(image).stdin(Stdio::null());
    qemu
}

fn example(file: &str) -> PathBuf {
    rooms::root().join("examples/c-baremetal").join(file)
}

/// The tests in `tests/c_abi/c` as firmware: an M4 also runs what was built for an M0 or an M3.
fn tests_hold_on(target: &str) {
    let here = folder();
    let target = Target::named(target).expect("it is in the list");
    let mut gcc = compiler(target.compiler(), here.path());
    gcc.args(target.flags).args(["-std=c11", "-Os", "-Dmain=run_checks", "-c"]);
    done(gcc.args(sources("tests/c_abi/c")));
    let mut gcc = compiler(target.compiler(), here.path());
    gcc.args(target.flags).args([
        "-std=c11",
        "-Os",
        "-DHAS_LIBC",
        "-nostartfiles",
        "--specs=rdimon.specs",
        "-o",
        "firmware.elf",
    ]);
    gcc.arg(example("startup.c"))
        .args(sources("tests/c_abi/firmware"))
        .arg(format!("-Wl,-T,{}", example("mps2-an386.ld").display()));
    let objects = std::fs::read_dir(here.path()).expect("ours").flatten().map(|entry| entry.path());
    gcc.args(objects.filter(|path| path.extension().is_some_and(|e| e == "o"))).arg(archive_of(&target));
    done(&mut gcc);
    let printed =
        done(qemu(&here.path().join("firmware.elf")).args(["-semihosting-config", "enable=on,target=native"]));
    let count =
        printed.lines().last().and_then(|line| line.strip_suffix(" checks hold, 0 do not")?.parse::<u32>().ok());
    assert!(count.is_some_and(|count| count > MANY), "{printed}");
}

#[test]
fn tests_hold_on_a_cortex_m0s_archive() {
    tests_hold_on("thumbv6m-none-eabi");
}

#[test]
fn tests_hold_on_a_cortex_m3s_archive() {
    tests_hold_on("thumbv7m-none-eabi");
}

#[test]
fn tests_hold_on_a_cortex_m4s_archive() {
    tests_hold_on("thumbv7em-none-eabi");
}

/// QEMU under its time limit; both end with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // `timeout` hands the signal on.
        let _ = kill_process(Pid::from_child(&self.0), Signal::TERM);
        let _ = self.0.wait();
    }
}

#[test]
fn the_bare_example_reaches_the_collector() {
    let here = folder();
    let target = Target::named("thumbv7em-none-eabi").expect("it is in the list");
    let mut gcc = compiler(target.compiler(), here.path());
    gcc.args(target.flags).args([
        "-std=c11",
        "-Os",
        "-ffreestanding",
        "-nostdlib",
        "-Wl,--gc-sections,--fatal-warnings",
    ]);
    gcc.args(sources("examples/c-baremetal")).arg(format!("-Wl,-T,{}", example("mps2-an386.ld").display()));
    done(gcc.arg(archive_of(&target)).args(["-lgcc", "-o", "firmware.elf"]));
    let collector = Collector::start(Hears::Plain);
    let link = format!("tcp:{}", collector.address());
    let board = qemu(&here.path().join("firmware.elf")).args(["-serial", &link]).spawn();
    let _board = Running(board.expect("timeout and qemu-system-arm are installed: cargo xtask setup"));
    let told = eventually("four facts and a second sample", || {
        let changes = collector.changes(0);
        let uptimes = changes.iter().filter(|change| change["kind"] == "health").count();
        (uptimes >= 2
            && ["software", "account", "setting"]
                .iter()
                .all(|kind| changes.iter().any(|change| change["kind"] == *kind)))
        .then_some(changes)
    });
    let image = told.iter().find(|change| change["kind"] == "software").expect("it was waited for");
    assert_eq!((&image["device"], &image["value"]["version"]), (&"c-baremetal".into(), &"1.4.2".into()));
    let account = told.iter().find(|change| change["kind"] == "account").expect("it was waited for");
    assert_eq!(account["key"]["account"]["name"], "admin", "{account}");
}
