//! Holds `examples/PORTING.md` to its promise: what `examples/stm32vldiscovery` adds to the template, besides its UART driver, is little.
//!
//! Lines are compared as text, wherever they stand; comments and empty lines are not counted. That they work is shown by running the port.

use crate::house;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Most lines of their own that a newcomer writes besides the UART driver.
const OWN_LINES: usize = 30;
const FILES: [&str; 7] =
    ["Cargo.toml", ".cargo/config.toml", "memory.x", "src/main.rs", "src/board.rs", "src/facts.rs", "src/arm.rs"];

#[test]
fn the_template_filled_in_has_few_lines_of_its_own() {
    let examples = house::root().join("examples");
    let own: Vec<String> = FILES.iter().flat_map(|file| added(&examples, file)).collect();
    println!("{} lines: {own:#?}", own.len());
    assert!(own.len() <= OWN_LINES, "{} lines: {own:#?}", own.len());
    assert!(own.iter().any(|line| line.contains("LINK_AT")), "these are not the files that were filled in");
}

fn added(examples: &Path, file: &str) -> Vec<String> {
    let read =
        |port: &str| fs::read_to_string(examples.join(port).join(file)).expect("the port has the template's files");
    let template = read("template");
    let template: BTreeSet<&str> = template.lines().map(code).collect();
    let filled_in = read("stm32vldiscovery");
    let own = filled_in.lines().map(code).filter(|line| !line.is_empty() && !template.contains(line));
    own.map(str::to_owned).collect()
}

/// A line without its comment.
fn code(line: &str) -> &str {
    let line = line.split(" // ").next().unwrap_or_default().split(" # ").next().unwrap_or_default().trim();
    if ["//", "#!", "# ", "/*"].iter().any(|sign| line.starts_with(sign)) { "" } else { line }
}
