//! Builds `libtidings.a`: one partially linked object a core.
//!
//! Promise: it defines `tidings_*` and nothing else, needs nothing on a device, and no more than `memcpy`, `memmove`, `memset` and `memcmp` of libc
//! on a host; no bitcode, no allocator, no unwinding. So two such archives and a libc of the firmware's own go together.
//!
//! 1. cargo builds the static library with the profile `archive`, where the panic handler comes in, and the core library if Rust brings none;
//! 2. lld links it to one object, with what it needs of `core` and `compiler_builtins` inside, and no more;
//! 3. objcopy makes everything but `tidings_*` local and drops what firmware linkers choke on;
//! 4. the object becomes the only member of the archive.

use crate::core_library::CoreLibrary;
use crate::program::{program, run};
use crate::rooms;
use crate::target::{Target, sysroot};
use anyhow::{Context, Result, bail};
use ar_archive_writer::{ArchiveKind, DEFAULT_OBJECT_READER, NewArchiveMember, write_archive_to_stream};
use object::read::archive::ArchiveFile;
use object::{File, Object, ObjectSymbol};
use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// What an archive is called.
pub const NAME: &str = "libtidings.a";
/// What every exported name begins with.
pub const PREFIX: &str = "tidings_";
/// What a host's libc brings.
const OF_LIBC: [&str; 4] = ["memcpy", "memmove", "memset", "memcmp"];
/// Sections that a firmware has no use for, and some linkers no understanding of.
const DROPPED: [&str; 4] = [".llvmbc", ".llvmcmd", ".debug*", ".comment"];
/// What a device has no use for besides: unwind tables, and the note that the stack holds no code, which makes GNU ld warn of every object without it.
const DROPPED_ON_DEVICES: [&str; 3] = [".eh_frame", ".rela.eh_frame", ".note.GNU-stack"];

/// Held while an archive is made: tests of one program ask for the same ones at once.
static MAKING: Mutex<()> = Mutex::new(());

/// Builds the archive of a core; gives its path. `features` are those of `tidings-c`.
///
/// # Errors
/// The core library of the target can neither be found nor built, a tool fails, or the result does not keep the promise above.
pub fn build(target: &Target, features: &[&str]) -> Result<PathBuf> {
    let _making = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    let library = compile(target, features)?;
    let folder = rooms::archives().join([&[target.name], features].concat().join("+"));
    fs::create_dir_all(&folder)?;
    let (linked, object) = (folder.join("linked.o"), folder.join("tidings.o"));
    link(&library, &linked)?;
    localize(&linked, &object, target)?;
    check(&fs::read(&object)?, target)?;
    pack(&object, &folder.join(NAME))
}

fn compile(target: &Target, features: &[&str]) -> Result<PathBuf> {
    let core = CoreLibrary::of(target)?;
    let mut cargo = core.cargo_rustc();
    cargo.args(["--quiet", "--locked", "--package=tidings-c", "--profile=archive", "--crate-type=staticlib"]);
    cargo.args(["--target", target.name, "--features", &features.join(",")]).args(["--", "--cfg", "tidings_archive"]);
    // No path of the machine that built it may get into an archive: the same source gives the same bytes.
    let home = env::var("CARGO_HOME").unwrap_or_else(|_| format!("{}/.cargo", env::var("HOME").unwrap_or_default()));
    let remap = |from: &str, to: &str| format!("--remap-path-prefix={from}={to}");
    let root = rooms::root();
    let flags = [remap(&home, "crates"), remap(&core.sysroot, "rust"), remap(&root.to_string_lossy(), "tidings")];
    cargo.env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f")).env_remove("RUSTFLAGS");
    run(&mut cargo)?;
    Ok(rooms::target().join(target.name).join("archive/libtidings_c.a"))
}

/// Every exported name, as roots of the link.
fn exported(library: &Path) -> Result<BTreeSet<String>> {
    let bytes = fs::read(library).with_context(|| format!("cannot read {}", library.display()))?;
    let mut names = BTreeSet::new();
    for member in ArchiveFile::parse(&*bytes)?.members() {
        let Ok(file) = File::parse(member?.data(&*bytes)?) else { continue };
        let ours = file.symbols().filter(|symbol| symbol.is_global() && symbol.is_definition());
        names.extend(
            ours.filter_map(|symbol| Some(symbol.name().ok()?.to_owned())).filter(|name| name.starts_with(PREFIX)),
        );
    }
    Ok(names)
}

fn link(library: &Path, object: &Path) -> Result<()> {
    let mut lld = program(&tool("gcc-ld/ld.lld")?, &rooms::root());
    // A core library built from its source is one big object: what nobody calls stays out here, not only in the firmware.
    lld.args(["-r", "--gc-sections", "-o"]).arg(object);
    for name in exported(library)? {
        lld.args(["-u", &name]);
    }
    run(lld.arg(library)).map(drop)
}

fn localize(linked: &Path, object: &Path, target: &Target) -> Result<()> {
    let mut objcopy = program(&tool("rust-objcopy")?, &rooms::root());
    objcopy.env("LD_LIBRARY_PATH", format!("{}/lib", sysroot()?));
    objcopy.args(["--wildcard", &format!("--keep-global-symbol={PREFIX}*")]);
    objcopy.args(DROPPED.map(|section| format!("--remove-section={section}")));
    if !target.is_host() {
        objcopy.args(DROPPED_ON_DEVICES.map(|section| format!("--remove-section={section}")));
    }
    run(objcopy.arg(linked).arg(object)).map(drop)
}

/// A tool that comes with the Rust compiler.
fn tool(name: &str) -> Result<String> {
    let host = crate::target::host()?;
    let path = Path::new(&sysroot()?).join("lib/rustlib").join(host.name).join("bin").join(name);
    if !path.is_file() {
        bail!("this Rust compiler brings no {name}: install Rust through rustup, 1.87 or later");
    }
    Ok(path.to_string_lossy().into_owned())
}

/// Fails unless the object defines our names only and needs no more than it may.
fn check(object: &[u8], target: &Target) -> Result<()> {
    let file = File::parse(object)?;
    let mut faults = Vec::new();
    for symbol in file.symbols().filter(|symbol| symbol.is_global()) {
        let name = symbol.name()?;
        let allowed = match symbol.is_undefined() {
            true => name.is_empty() || name == "_GLOBAL_OFFSET_TABLE_" || target.is_host() && OF_LIBC.contains(&name),
            false => name.starts_with(PREFIX),
        };
        if !allowed {
            faults.push(format!("{name} is {}", if symbol.is_undefined() { "needed" } else { "exported" }));
        }
    }
    if !faults.is_empty() {
        bail!("the object for {}: {}", target.name, faults.join(", "));
    }
    Ok(())
}

fn pack(object: &Path, archive: &Path) -> Result<PathBuf> {
    let member = NewArchiveMember {
        buf: Box::new(fs::read(object)?),
        object_reader: &DEFAULT_OBJECT_READER,
        member_name: "tidings.o".to_owned(),
        mtime: 0,
        uid: 0,
        gid: 0,
        perms: 0o644,
    };
    let mut bytes = Cursor::new(Vec::new());
    write_archive_to_stream(&mut bytes, &[member], ArchiveKind::Gnu, false, None)?;
    // In one step: somebody may be linking the one that is there.
    let new = archive.with_extension("new");
    let written = fs::write(&new, bytes.into_inner()).and_then(|()| fs::rename(&new, archive));
    written.with_context(|| format!("cannot write {}", archive.display()))?;
    Ok(archive.to_path_buf())
}
