//! Compilers, archives and places to put what they make; each test has a folder of its own, gone with it.

use object::read::archive::ArchiveFile;
use object::{File, Object, ObjectSymbol};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;
use tidings_c_abi::archive;
pub use tidings_c_abi::baremetal::WARNINGS;
use tidings_c_abi::baremetal::c_files;
use tidings_c_abi::program::{program, run};
use tidings_c_abi::rooms;
use tidings_c_abi::target::{Target, host};

/// A folder that goes with the test.
pub fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// The archive of a core.
pub fn archive_of(target: &Target) -> PathBuf {
    archive::build(target, &[]).expect("the archive builds")
}

/// The archive of this machine.
pub fn archive_here() -> PathBuf {
    archive_of(&host().expect("a host"))
}

/// A compiler that finds the header, its warnings on.
pub fn compiler(name: &str, folder: &Path) -> Command {
    let mut command = program(name, folder);
    command.args(WARNINGS).arg("-I").arg(rooms::bindings().join("include"));
    command
}

/// The C files of a folder of this repository.
pub fn sources(folder: &str) -> Vec<PathBuf> {
    c_files(&rooms::root().join(folder)).expect("the folder is there")
}

/// Runs it to its end and gives what it printed.
#[track_caller]
pub fn done(command: &mut Command) -> String {
    run(command).unwrap_or_else(|why| panic!("{why}"))
}

/// The program of this folder.
pub fn made(folder: &Path) -> Command {
    program("./program", folder)
}

/// Global names of an object or of the objects of an archive: those that it defines, or those that it needs.
pub fn names(path: &Path, defined: bool) -> BTreeSet<String> {
    let bytes = fs::read(path).expect("it was just made");
    let mut names = BTreeSet::new();
    let mut add = |object: &[u8]| {
        let file = File::parse(object).expect("an object");
        let globals = file.symbols().filter(|symbol| symbol.is_global() && symbol.is_undefined() != defined);
        names.extend(globals.map(|symbol| symbol.name().expect("a name").to_owned()).filter(|name| !name.is_empty()));
    };
    match ArchiveFile::parse(&*bytes) {
        Ok(archive) => archive.members().for_each(|member| add(member.expect("a member").data(&*bytes).expect("data"))),
        Err(_) => add(&bytes),
    }
    names
}
