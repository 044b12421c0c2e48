//! Writes `include/tidings.h` from the source of `bindings/c`, by a pinned cbindgen and the texts in `bindings/c/header`.
//!
//! Promise: the same source gives the same header, on every machine, in ASCII, and every struct of it has a tag. Not here: whether it compiles, which
//! the tests try.

use crate::rooms;
use anyhow::{Context, Result, ensure};
use std::fs;

/// The header as it should be.
///
/// # Errors
/// The source or a text around it cannot be read or parsed, or holds a character that has no ASCII here.
pub fn generate() -> Result<String> {
    let folder = rooms::bindings();
    let text = |name: &str| fs::read_to_string(folder.join(name)).with_context(|| format!("cannot read {name}"));
    let mut config = cbindgen::Config::from_file(folder.join("cbindgen.toml")).map_err(anyhow::Error::msg)?;
    config.header = Some(text("header/preamble.h")?.trim_end().to_owned());
    config.after_includes = Some(format!("\n{}", text("header/before.h")?.trim_end()));
    let bindings = cbindgen::Builder::new().with_crate(&folder).with_config(config).generate()?;
    let mut out = Vec::new();
    bindings.write(&mut out);
    let generated = String::from_utf8(out)?;
    let (body, end) = generated.rsplit_once("#endif").context("the header has no guard")?;
    let header = format!("{}\n{}\n#endif{end}", tag(&tidy(body)), text("header/after.h")?);
    let header = IN_ASCII.iter().fold(header, |header, (from, to)| header.replace(from, to));
    let stranger = header.lines().find(|line| !line.is_ascii());
    ensure!(stranger.is_none(), "a line of the header is not ASCII: {stranger:?}");
    Ok(header)
}

/// What comments of the source hold besides ASCII.
const IN_ASCII: [(&str, &str); 3] = [("…", "..."), ("§", "section "), ("×", "x")];

/// Gives every struct its name as a tag too, so that other headers can declare it without this one.
fn tag(body: &str) -> String {
    let mut parts = body.split("typedef struct {\n");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let ended = part.split_once("\n} ").and_then(|(_, rest)| rest.split_once(';'));
        let name = ended.map(|(name, _)| format!("{name} ")).unwrap_or_default();
        out += &format!("typedef struct {name}{{\n{part}");
    }
    out
}

/// Comments of one sentence on one line, longer ones with a star a line, and negative numbers in parentheses, so that `x TIDINGS_E_NULL` is an error
/// and not a subtraction.
fn tidy(body: &str) -> String {
    let (mut out, mut lines) = (String::new(), body.lines());
    while let Some(line) = lines.next() {
        if line.trim() == "/*" {
            let indent = &line[..line.len() - "/*".len()];
            let told: Vec<&str> = lines.by_ref().map(str::trim).take_while(|told| *told != "*/").collect();
            let told: Vec<&str> = told.into_iter().map(bare).collect();
            out += &comment(indent, &told);
        } else {
            out += &constant(line);
        }
    }
    out
}

/// A line of a comment that has its star already, without it.
fn bare(line: &str) -> &str {
    let line = line.strip_prefix('*').unwrap_or(line);
    line.strip_prefix(' ').unwrap_or(line)
}

fn comment(indent: &str, told: &[&str]) -> String {
    match told {
        [one] if indent.len() + one.len() < 140 => format!("{indent}/* {one} */\n"),
        _ => {
            let lines: String = told.iter().map(|line| format!("{indent} * {line}\n").replace("* \n", "*\n")).collect();
            format!("{indent}/*\n{lines}{indent} */\n")
        }
    }
}

fn constant(line: &str) -> String {
    match line.strip_prefix("#define ").and_then(|rest| rest.split_once(" -")) {
        Some((name, number)) => format!("#define {name} (-{number})\n"),
        None => format!("{line}\n"),
    }
}
