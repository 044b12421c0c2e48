//! Sizes, alignments and offsets of what C sees, and the names that an archive exports, against `layout.txt`: it changes only with `TIDINGS_ABI`.
//!
//! A compiler of each core says them; what Rust says on this machine is compared too. `TIDINGS_BLESS=1` writes the table.

use crate::workshop::{archive_here, archive_of, compiler, done, folder, names};
use object::{File, Object, ObjectSymbol};
use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};
use tidings_c_abi::rooms;
use tidings_c_abi::target::{DEVICES, Target, host};

/// Each struct of the header with its fields, in their order.
fn structs() -> Vec<(String, Vec<String>)> {
    let header = fs::read_to_string(rooms::header()).expect("the header is there");
    let mut found = Vec::new();
    for part in header.split("\ntypedef struct ").skip(1) {
        let (tag, part) = part.split_once(" {\n").expect("a struct has a tag");
        let (body, rest) = part.split_once("\n} ").expect("a struct ends");
        let name = rest.split(';').next().expect("a name").to_owned();
        assert_eq!(tag, name, "what other headers declare is what this one defines");
        let fields = body.lines().filter(|line| line.starts_with("    ") && !line.trim_start().starts_with(['/', '*']));
        found.push((name, fields.filter_map(field).collect()));
    }
    found
}

/// The field that a line declares; lines that go on with a function pointer's arguments declare none.
fn field(line: &str) -> Option<String> {
    if let Some((_, rest)) = line.split_once("(*") {
        return rest.split(')').next().map(str::to_owned);
    }
    let name = line.strip_suffix(';')?.rsplit([' ', '*']).next()?.split('[').next()?;
    (!line.starts_with("     ") && name != "_private").then(|| name.to_owned())
}

/// A C file whose arrays are as long as what is asked: no program need run to tell.
fn question(structs: &[(String, Vec<String>)]) -> String {
    let mut out = "#include <stddef.h>\n#include <tidings.h>\n#define ASK(name, n) extern char name[(n) + 1]; char name[(n) + 1];\n".to_owned();
    for (name, fields) in structs {
        writeln!(out, "ASK(size__{name}, sizeof({name}))\nASK(align__{name}, _Alignof({name}))").expect("a string");
        for field in fields {
            writeln!(out, "ASK(at__{name}__{field}, offsetof({name}, {field}))").expect("a string");
        }
    }
    out
}

fn answer(target: &Target, folder: &Path) -> String {
    let structs = structs();
    fs::write(folder.join("question.c"), question(&structs)).expect("a file");
    let mut gcc = compiler(target.compiler(), folder);
    done(gcc.args(target.flags).args([
        "-std=c11",
        "-ffreestanding",
        "-fno-common",
        "-c",
        "question.c",
        "-o",
        "answer.o",
    ]));
    let bytes = fs::read(folder.join("answer.o")).expect("just made");
    let file = File::parse(&*bytes).expect("an object");
    let number = |name: String| {
        let symbol = file.symbols().find(|symbol| symbol.name() == Ok(&name)).unwrap_or_else(|| panic!("no {name}"));
        symbol.size() - 1
    };
    let mut out = String::new();
    for (name, fields) in &structs {
        write!(out, "{name} size {} align {}", number(format!("size__{name}")), number(format!("align__{name}")))
            .expect("a string");
        for field in fields {
            write!(out, " {field}@{}", number(format!("at__{name}__{field}"))).expect("a string");
        }
        out += "\n";
    }
    out
}

fn table() -> String {
    let here = folder();
    let mut out = format!("TIDINGS_ABI {}\n\n64 bits\n", tidings_c::version::TIDINGS_ABI);
    out += &answer(&host().expect("a host"), here.path());
    let of_devices: Vec<String> = DEVICES.iter().map(|device| answer(device, here.path())).collect();
    assert!(of_devices.iter().all(|answer| *answer == of_devices[0]), "cores of 32 bits differ among themselves");
    out += "\n32 bits: every device\n";
    out += &of_devices[0];
    out += "\nexported\n";
    for name in names(&archive_here(), true) {
        out += &format!("{name}\n");
    }
    out
}

#[test]
fn nothing_moves() {
    let path = rooms::root().join("tests/c_abi/layout.txt");
    let now = table();
    if env::var_os("TIDINGS_BLESS").is_some() {
        fs::write(&path, &now).expect("the table is writable");
    }
    let committed = fs::read_to_string(&path).expect("the table is there");
    let moved: Vec<_> = now.lines().filter(|line| !committed.lines().any(|known| known == *line)).collect();
    let gone: Vec<_> = committed.lines().filter(|line| !now.lines().any(|known| known == *line)).collect();
    assert!(
        moved.is_empty() && gone.is_empty(),
        "now {moved:#?}\nwas {gone:#?}\nraise TIDINGS_ABI and write it with TIDINGS_BLESS=1"
    );
}

#[test]
fn every_core_exports_the_same() {
    let here = names(&archive_here(), true);
    for device in &DEVICES {
        assert_eq!(names(&archive_of(device), true), here, "{}", device.name);
        assert!(names(&archive_of(device), false).is_empty(), "{} needs something", device.name);
    }
}

macro_rules! rust_says {
    ($table:expr, $($module:ident :: $name:ident),* $(,)?) => { $(
        let line = format!(
            "{} size {} align {}", stringify!($name), size_of::<tidings_c::$module::$name>(), align_of::<tidings_c::$module::$name>()
        );
        assert!($table.lines().any(|known| known == line || known.starts_with(&format!("{line} "))), "{line}");
    )* };
}

#[test]
fn rust_and_c_agree() {
    let table = answer(&host().expect("a host"), folder().path());
    use tidings_c::facts as f;
    rust_says!(
        table,
        agent::tidings_agent_t,
        keys::tidings_keys_t,
        keys::tidings_key_bytes_t,
        serial::tidings_serial_t
    );
    rust_says!(
        table,
        mailbox::tidings_mailbox_t,
        mailbox::tidings_message_t,
        config::tidings_config_t,
        event::tidings_event_t
    );
    rust_says!(
        table,
        epoch::tidings_epoch_store_t,
        epoch::tidings_retained_t,
        suite::tidings_suite_t,
        view::tidings_view_t
    );
    rust_says!(table, stats::tidings_stats_t, borrowed::tidings_bytes_t);
    rust_says!(table, kept::tidings_kept_events_t, event_store::tidings_event_store_t);
    let facts = [
        ("tidings_account_t", size_of::<f::account::tidings_account_t>()),
        ("tidings_agent_item_t", size_of::<f::agent_item::tidings_agent_item_t>()),
        ("tidings_certificate_t", size_of::<f::certificate::tidings_certificate_t>()),
        ("tidings_health_t", size_of::<f::health::tidings_health_t>()),
        ("tidings_limits_t", size_of::<f::health::tidings_limits_t>()),
        ("tidings_identity_t", size_of::<f::identity::tidings_identity_t>()),
        ("tidings_interface_t", size_of::<f::interface::tidings_interface_t>()),
        ("tidings_listener_t", size_of::<f::listener::tidings_listener_t>()),
        ("tidings_neighbour_t", size_of::<f::neighbour::tidings_neighbour_t>()),
        ("tidings_raw_t", size_of::<f::raw::tidings_raw_t>()),
        ("tidings_scalar_t", size_of::<f::scalar::tidings_scalar_t>()),
        ("tidings_setting_t", size_of::<f::setting::tidings_setting_t>()),
        ("tidings_software_t", size_of::<f::software::tidings_software_t>()),
        ("tidings_update_t", size_of::<f::update::tidings_update_t>()),
        ("tidings_vendor_t", size_of::<f::vendor::tidings_vendor_t>()),
    ];
    for (name, size) in facts {
        assert!(table.contains(&format!("{name} size {size} ")), "{name}: {size}");
    }
    assert_eq!(table.lines().count(), 16 + facts.len(), "a struct is in neither list");
}
