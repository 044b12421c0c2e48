//! What an archive is to those who link it: one object beside others, and nobody's memcpy but the firmware's.

use crate::workshop::{archive_of, compiler, done, folder, names, sources};
use object::read::archive::ArchiveFile;
use object::{File, Object, ObjectSection};
use std::fs;
use std::path::{Path, PathBuf};
use tidings_c_abi::archive::PREFIX;
use tidings_c_abi::program::program;
use tidings_c_abi::rooms;
use tidings_c_abi::target::{DEVICES, Target};

fn cortex_m4() -> Target {
    Target::named("thumbv7em-none-eabi").expect("it is in the list")
}

#[test]
fn an_archive_is_one_object_without_bitcode_debug_or_paths() {
    for device in &DEVICES {
        let bytes = fs::read(archive_of(device)).expect("just built");
        let archive = ArchiveFile::parse(&*bytes).expect("an archive");
        let members: Vec<_> = archive.members().map(|member| member.expect("a member")).collect();
        assert_eq!(members.len(), 1, "{}", device.name);
        let file = File::parse(members[0].data(&*bytes).expect("data")).expect("an object");
        let odd = |name: &&str| name.starts_with(".llvm") || name.starts_with(".debug") || name.contains("eh_frame");
        let sections: Vec<_> = file.sections().map(|section| section.name().unwrap_or_default().to_owned()).collect();
        assert!(!sections.iter().any(|name| odd(&name.as_str())), "{sections:?}");
        let home = rooms::root().to_string_lossy().into_owned();
        assert!(
            !bytes.windows(home.len()).any(|part| part == home.as_bytes()),
            "{} tells where it was built",
            device.name
        );
    }
}

#[test]
fn the_same_source_gives_the_same_bytes() {
    let first = fs::read(archive_of(&cortex_m4())).expect("just built");
    let stamp = rooms::bindings().join("src/lib.rs");
    let text = fs::read(&stamp).expect("source");
    fs::write(&stamp, text).expect("the source is writable"); // a newer time stamp: cargo builds again
    assert!(first == fs::read(archive_of(&cortex_m4())).expect("just built"));
}

/// Another library of Rust: a copy of ours under another prefix, with all that it keeps to itself.
fn another(archive: &Path, folder: &Path) -> PathBuf {
    let other = folder.join("libother.a");
    done(program("arm-none-eabi-objcopy", folder).arg("--prefix-symbols=other_").arg(archive).arg(&other));
    other
}

const CALLER: &str = "#include <string.h>\n#include <tidings.h>\n\
    uint32_t other_tidings_version(void);\n\
    static char text[64];\nvolatile size_t n = 64;\n\
    int main(void) { memcpy(text, tidings_version_str(), n); memset(text, 0, n); return (int)(tidings_version() - other_tidings_version()); }\n";

/// Links a firmware with newlib; gives the linker's map.
fn link(libraries: &[&Path], folder: &Path) -> String {
    let start = rooms::root().join("examples/c-baremetal");
    fs::write(folder.join("caller.c"), CALLER).expect("a file");
    let target = cortex_m4();
    // A libc's own memcpy comes from the libc: the start-up's weak ones are left out.
    let mut gcc = compiler(target.compiler(), folder);
    gcc.args(target.flags).args(["-std=c11", "-Os", "-nostartfiles", "--specs=nosys.specs", "-DHAS_LIBC", "caller.c"]);
    gcc.arg(start.join("startup.c")).args(libraries).arg(format!("-Wl,-T,{}", start.join("mps2-an386.ld").display()));
    done(gcc.args(["-Wl,--gc-sections,-Map=map,--fatal-warnings", "-o", "firmware.elf"]));
    fs::read_to_string(folder.join("map")).expect("the linker wrote it")
}

/// The file that a section of this function came from.
fn origin<'m>(map: &'m str, function: &str) -> Vec<&'m str> {
    let (_, memory) = map.split_once("Linker script and memory map").expect("a map");
    let lines: Vec<&str> = memory.lines().collect();
    let is_it = |line: &&str| line.split_whitespace().nth(1) == Some(function) && line.trim_start().starts_with("0x");
    let at: Vec<usize> = lines.iter().enumerate().filter(|(_, line)| is_it(line)).map(|(at, _)| at).collect();
    at.iter()
        .filter_map(|at| lines[..*at].iter().rev().find(|line| line.contains('/')))
        .map(|line| line.trim())
        .collect()
}

#[test]
fn two_archives_and_a_libc_go_together_and_memcpy_is_the_libcs() {
    let here = folder();
    let archive = archive_of(&cortex_m4());
    let map = link(&[&archive, &another(&archive, here.path())], here.path());
    for function in ["memcpy", "memset"] {
        let from = origin(&map, function);
        assert_eq!(from.len(), 1, "{function}: {from:?}");
        assert!(from[0].contains("libc.a") || from[0].contains("libc_nano.a"), "{function}: {from:?}");
    }
    let global = names(&here.path().join("firmware.elf"), true);
    assert!(
        !global.iter().any(|name| name.contains("rust") || name.starts_with("_ZN") || name.starts_with("_R")),
        "{global:?}"
    );
}

#[test]
fn everything_but_our_names_stays_inside() {
    for device in &DEVICES {
        let names = names(&archive_of(device), true);
        assert!(names.iter().all(|name| name.starts_with(PREFIX)), "{names:?}");
    }
}

#[test]
fn every_core_links_with_its_gcc() {
    for device in &DEVICES {
        let here = folder();
        let mut gcc = compiler(device.compiler(), here.path());
        gcc.args(device.flags).args(["-std=c11", "-Os", "-ffreestanding", "-fno-builtin", "-nostdlib", "-c"]);
        done(gcc.args(sources("tests/c_abi/link")));
        let mut gcc = program(device.compiler(), here.path());
        gcc.args(device.flags).args(["-nostdlib", "-Wl,--gc-sections,--fatal-warnings,-e,start", "-o", "image"]);
        let objects = fs::read_dir(here.path()).expect("ours").flatten().map(|entry| entry.path());
        done(gcc.args(objects.filter(|path| path.extension().is_some_and(|e| e == "o"))).arg(archive_of(device)));
    }
}
