//! The C programs of `tests/c_abi/c`, under every compiler, standard and watchdog there is.

use crate::workshop::{archive_here, compiler, done, folder, made, names, sources};
use std::path::Path;
use tidings_c_abi::program::program;
use tidings_c_abi::rooms;

const CHECKS: &str = "tests/c_abi/c";
/// Fewer than this, and a part of the programs did not run.
pub const MANY: u32 = 7000;

fn build(compiler_name: &str, flags: &[&str], into: &Path) {
    let mut command = compiler(compiler_name, into);
    done(command.args(flags).args(sources(CHECKS)).args(["-x", "none"]).arg(archive_here()).args(["-o", "program"]));
}

/// The count that the program prints on its last line.
fn count(printed: &str) -> u32 {
    let last = printed.lines().last().unwrap_or_default();
    let count = last.strip_suffix(" checks hold, 0 do not").and_then(|count| count.parse().ok());
    count.unwrap_or_else(|| panic!("no count at the end of\n{printed}"))
}

fn holds(compiler_name: &str, flags: &[&str]) {
    let here = folder();
    build(compiler_name, flags, here.path());
    let count = count(&done(&mut made(here.path())));
    assert!(count > MANY, "{count}");
}

#[test]
fn gcc_c99() {
    holds("gcc", &["-std=c99"]);
}

#[test]
fn gcc_c11() {
    holds("gcc", &["-std=c11", "-O2"]);
}

#[test]
fn gcc_cpp17() {
    holds("gcc", &["-x", "c++", "-std=c++17"]);
}

#[test]
fn gcc_cpp11() {
    holds("gcc", &["-x", "c++", "-std=c++11"]);
}

#[test]
fn clang_c99() {
    holds("clang", &["-std=c99"]);
}

#[test]
fn clang_c11() {
    holds("clang", &["-std=c11", "-O2"]);
}

#[test]
fn clang_cpp17() {
    holds("clang", &["-x", "c++", "-std=c++17"]);
}

#[test]
fn short_enums_change_nothing() {
    holds("gcc", &["-std=c11", "-fshort-enums", "-funsigned-char"]);
}

#[test]
fn gcc_sanitizers() {
    holds("gcc", &["-std=c11", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]);
}

#[test]
fn clang_sanitizers() {
    holds("clang", &["-std=c11", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]);
}

#[test]
fn valgrind() {
    let here = folder();
    build("gcc", &["-std=c11", "-g", "-DUNDER_VALGRIND"], here.path());
    let mut watched = program("valgrind", here.path());
    let printed = done(watched.args(["--quiet", "--leak-check=full", "--error-exitcode=9", "./program"]));
    assert!(count(&printed) > MANY, "{printed}");
}

#[test]
fn cppcheck() {
    let mut command = program("cppcheck", &rooms::root());
    command.args(["--quiet", "--std=c11", "--error-exitcode=9", "--enable=warning,portability,performance"]);
    command.args([
        "--suppress=missingInclude",
        "-I",
        "bindings/c/include",
        CHECKS,
        "tests/c_abi/link",
        "tests/c_abi/script",
    ]);
    done(command.args(["examples/c-baremetal", "examples/c-host", "examples/c-rtos"]));
}

#[test]
fn every_function_is_called() {
    let here = folder();
    done(compiler("gcc", here.path()).arg("-c").args(sources(CHECKS)));
    let mut called = std::collections::BTreeSet::new();
    for file in std::fs::read_dir(here.path()).expect("just made").flatten() {
        called.extend(names(&file.path(), false));
    }
    let exported = names(&archive_here(), true);
    assert!(exported.len() > 100, "{exported:?}");
    let idle: Vec<_> = exported.difference(&called).collect();
    assert!(idle.is_empty(), "no C program calls {idle:?}");
}
