//! The README of `bindings/c`: its hello world is compiled, run, and decoded by the collector; its table names every function.

use crate::workshop::{WARNINGS, archive_here, archive_of, compiler, done, folder, made, names, sources};
use std::fs;
use std::path::Path;
use tidings_c_abi::program::program;
use tidings_c_abi::rooms;
use tidings_c_abi::target::{DEVICES, Target};
use tidings_qemu::collector;

const KINDS: [&str; 13] = [
    "account",
    "agent_item",
    "certificate",
    "health",
    "identity",
    "interface",
    "listener",
    "neighbour",
    "raw",
    "setting",
    "software",
    "update",
    "vendor",
];

fn readme() -> String {
    fs::read_to_string(rooms::bindings().join("README.md")).expect("the README is there")
}

/// The first block of C.
fn hello() -> String {
    let readme = readme();
    let (_, rest) = readme.split_once("```c\n").expect("a block of C");
    rest.split_once("```").expect("its end").0.to_owned()
}

pub fn decoded(packet: &str) {
    let packet = packet.trim();
    assert!(packet.len() > 20, "{packet}");
    let mut decode = program(&collector::program().to_string_lossy(), Path::new("."));
    let words = done(decode.args(["decode", "--json", "--hex", packet]));
    for wanted in ["lamp-0042", "hello"] {
        assert!(words.to_lowercase().contains(wanted), "no {wanted} in {words}");
    }
}

#[test]
fn the_c_of_the_root_readme_compiles() {
    let root = fs::read_to_string(rooms::root().join("README.md")).expect("the README is there");
    let (_, rest) = root.split_once("```c\n").expect("a block of C");
    let declared = "void app_installed(const char *name, const char *version);\n";
    let here = folder();
    fs::write(here.path().join("root.c"), declared.to_owned() + rest.split_once("```").expect("its end").0)
        .expect("a file");
    done(compiler("gcc", here.path()).args(["-std=c11", "-c", "root.c"]));
}

#[test]
fn hello_has_at_most_30_lines() {
    let lines = hello().lines().count();
    assert!(lines <= 30, "{lines}");
}

#[test]
fn hello_runs_here_and_its_packet_is_decoded() {
    let here = folder();
    fs::write(here.path().join("hello.c"), hello()).expect("a file");
    let library = archive_here();
    done(compiler("gcc", here.path()).args(["-std=c11", "hello.c", "-o", "program"]).arg(library));
    decoded(&done(&mut made(here.path())));
}

#[test]
fn hello_runs_as_firmware_and_its_packet_is_decoded() {
    let here = folder();
    let target = Target::named("thumbv6m-none-eabi").expect("it is in the list");
    let bare = rooms::root().join("examples/c-baremetal");
    fs::write(here.path().join("hello.c"), hello()).expect("a file");
    let mut gcc = program(target.compiler(), here.path());
    gcc.args(WARNINGS).arg("-I").arg(rooms::bindings().join("include")).args(target.flags);
    gcc.args(["-std=c11", "-Os", "-DHAS_LIBC", "-nostartfiles", "--specs=rdimon.specs", "hello.c", "-o", "hello.elf"]);
    gcc.arg(bare.join("startup.c")).args(sources("examples/c-baremetal/semihosting")).arg(archive_of(&target));
    done(gcc.arg(format!("-Wl,-T,{}", bare.join("mps2-an386.ld").display())));
    let mut qemu = program("qemu-system-arm", here.path());
    qemu.args(["-machine", "mps2-an386", "-display", "none", "-monitor", "none", "-kernel", "hello.elf"]);
    decoded(&done(qemu.args(["-semihosting-config", "enable=on,target=native"])));
}

#[test]
fn its_table_names_every_function() {
    let readme = readme();
    let rows: Vec<&str> = readme.lines().filter(|line| line.starts_with("| `tidings_")).collect();
    let table = rows.iter().filter_map(|row| row.split('|').nth(1)).collect::<String>();
    let mut told: Vec<String> =
        table.split('`').filter(|word| word.starts_with("tidings_")).map(str::to_owned).collect();
    let patterns: Vec<String> = told.iter().filter(|name| name.ends_with("KIND")).cloned().collect();
    told.retain(|name| !name.ends_with("KIND"));
    for pattern in patterns {
        told.extend(KINDS.iter().map(|kind| pattern.replace("KIND", kind)));
    }
    told.sort();
    let exported: Vec<String> = names(&archive_here(), true).into_iter().collect();
    assert_eq!(told, exported, "each once");
}

#[test]
fn its_table_of_cores_is_the_list_of_targets() {
    let readme = readme();
    for device in DEVICES {
        let row = readme.lines().find(|line| line.starts_with(&format!("| `{}` |", device.name)));
        let row = row.unwrap_or_else(|| panic!("no row for {}", device.name));
        assert!(row.contains(&format!("`{}`", device.flags.join(" "))), "{row}");
    }
}
