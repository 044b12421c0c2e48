//! The header is what the source says, declares what the archive has, and stands alone.

use crate::workshop::{archive_here, compiler, done, folder, names};
use std::collections::BTreeSet;
use std::fs;
use tidings_c_abi::{header, rooms};

fn committed() -> String {
    fs::read_to_string(rooms::header()).expect("the header is there")
}

#[test]
fn it_is_what_the_source_says() {
    let generated = header::generate().expect("cbindgen reads the source");
    assert!(committed() == generated, "run `cargo xtask header`");
}

#[test]
fn it_declares_what_the_archive_has_and_nothing_else() {
    let declared: BTreeSet<String> = committed()
        .lines()
        .filter(|line| {
            !line.starts_with([' ', '*', '/', '#']) && !line.starts_with("static inline") && line.contains('(')
        })
        .filter(|line| !line.starts_with("TIDINGS_STATIC_ASSERT("))
        .filter_map(|line| line.split('(').next()?.rsplit([' ', '*']).next().map(str::to_owned))
        .collect();
    assert_eq!(declared, names(&archive_here(), true));
}

#[test]
fn every_function_says_in_which_context_it_may_run_and_its_bound() {
    let header = committed();
    let mut silent = Vec::new();
    for name in names(&archive_here(), true) {
        let at = header.find(&format!("{name}(")).expect("declared");
        let told = header[..at].rfind("/*").map(|start| &header[start..at]).expect("a comment");
        let refers = told.contains("As `tidings_");
        if !(refers || told.contains("context") || told.contains("Interrupt or thread"))
            || !(refers || told.contains("ounded"))
        {
            silent.push(name);
        }
    }
    assert!(silent.is_empty(), "{silent:?}");
}

#[test]
fn every_name_has_the_prefix() {
    let words = |line: &str| line.split_whitespace().nth(1).map(str::to_owned);
    let header = committed();
    let macros = header.lines().filter(|line| line.starts_with("#define ")).filter_map(words);
    let strangers: Vec<_> = macros.filter(|name| !name.starts_with("TIDINGS_")).collect();
    assert!(strangers.is_empty(), "{strangers:?}");
    let types = header.lines().filter_map(|line| line.strip_prefix("} ")).filter_map(|line| line.strip_suffix(';'));
    let strangers: Vec<_> = types.filter(|name| !name.starts_with("tidings_") && !name.contains(' ')).collect();
    assert!(strangers.is_empty(), "{strangers:?}");
}

#[test]
fn it_is_ascii() {
    let header = committed();
    let strangers: Vec<_> = header.lines().filter(|line| !line.is_ascii()).collect();
    assert!(strangers.is_empty(), "{strangers:#?}");
}

/// Another header names our structs without including ours, before or after it.
#[test]
fn its_structs_can_be_declared_elsewhere() {
    let here = folder();
    let declared = "struct tidings_config_t;\nstruct tidings_agent_t;\n\
        int board_start(struct tidings_agent_t *agent, const struct tidings_config_t *config);\n";
    let defined = "int board_start(tidings_agent_t *agent, const tidings_config_t *config) { return tidings_init(agent, config); }\n";
    let source = here.path().join("elsewhere.c");
    for text in
        [format!("{declared}#include <tidings.h>\n{defined}"), format!("#include <tidings.h>\n{declared}{defined}")]
    {
        fs::write(&source, text).expect("a file");
        for (name, flags) in
            [("gcc", &["-std=c99"][..]), ("clang", &["-std=c11"]), ("gcc", &["-x", "c++", "-std=c++17"])]
        {
            done(compiler(name, here.path()).args(flags).arg("-fsyntax-only").arg(&source));
        }
    }
}

#[test]
fn it_stands_alone_and_may_be_included_twice() {
    let here = folder();
    let source = here.path().join("alone.c");
    fs::write(&source, "#include <tidings.h>\n#include <tidings.h>\nextern int nothing;\n").expect("a file");
    for (name, flags) in [
        ("gcc", &["-std=c99"][..]),
        ("clang", &["-std=c11"]),
        ("gcc", &["-x", "c++", "-std=c++17"]),
        ("gcc", &["-std=c17"]),
    ] {
        done(compiler(name, here.path()).args(flags).arg("-fsyntax-only").arg(&source));
    }
}
