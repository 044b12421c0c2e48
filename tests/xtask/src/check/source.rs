//! Rules on the text of files: the opening promise, the attributes of device crates, leftovers, private paths.
//!
//! Code is judged by its tokens, so strings and comments cannot trip a rule. Generated and vendored files get no pardon.

use super::House;
use crate::house;
use anyhow::{Context, Result};
use proc_macro2::{TokenStream, TokenTree};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use syn::Attribute;

/// Device crates: what a vendor links into firmware.
pub const DEVICE_CRATES: [&str; 2] = ["sdk/wire", "sdk/agent"];

/// One text file.
pub struct Source {
    /// Relative to the root.
    pub path: PathBuf,
    /// All of it.
    pub text: String,
    /// Its syntax, for Rust.
    pub syntax: Option<syn::File>,
}

/// Reads every text file of the repository; a Rust file that does not parse is an error.
pub fn read(root: &Path) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for path in house::files(root)? {
        let bytes = fs::read(root.join(&path)).with_context(|| format!("cannot read {}", path.display()))?;
        let Ok(text) = String::from_utf8(bytes) else {
            continue;
        };
        let is_rust = path.extension().is_some_and(|extension| extension == "rs");
        let syntax = if is_rust { Some(parse(&path, &text)?) } else { None };
        sources.push(Source { path, text, syntax });
    }
    Ok(sources)
}

fn parse(path: &Path, text: &str) -> Result<syn::File> {
    syn::parse_file(text).with_context(|| format!("{} is not valid Rust", path.display()))
}

/// Rust files without an opening promise.
pub fn without_promise(house: &House) -> Result<Vec<String>> {
    let rust = house.sources.iter().filter(|source| source.syntax.is_some());
    Ok(rust.filter(|source| !source.text.starts_with("//!")).map(|source| source.path.display().to_string()).collect())
}

/// Device crates whose root does not promise `no_std` and no unsafe code.
pub fn loose_device_crates(house: &House) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for room in DEVICE_CRATES {
        let path = Path::new(room).join("src/lib.rs");
        let source = house.sources.iter().find(|source| source.path == path);
        let attributes = source.and_then(|source| source.syntax.as_ref()).map_or(&[][..], |file| &file.attrs);
        for (wanted, is_there) in
            [("#![no_std]", no_std as fn(&Attribute) -> bool), ("#![forbid(unsafe_code)]", forbids_unsafe)]
        {
            if !attributes.iter().any(is_there) {
                faults.push(format!("{} lacks {wanted}", path.display()));
            }
        }
    }
    Ok(faults)
}

/// Plain, or with an exception for the crate's own unit tests.
fn no_std(attribute: &Attribute) -> bool {
    let but_in_tests = |list: &syn::MetaList| list.tokens.to_string().replace(' ', "") == "not(test),no_std";
    attribute.path().is_ident("no_std")
        || attribute.path().is_ident("cfg_attr") && attribute.meta.require_list().is_ok_and(but_in_tests)
}

fn forbids_unsafe(attribute: &Attribute) -> bool {
    let lists_it =
        |list: &syn::MetaList| list.tokens.clone().into_iter().any(|token| is_word(&token, &["unsafe_code"]));
    attribute.path().is_ident("forbid") && attribute.meta.require_list().is_ok_and(lists_it)
}

/// Places with an unfinished macro, or a test that is switched off.
pub fn unfinished(house: &House) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for source in house.sources.iter().filter(|source| source.syntax.is_some()) {
        let tokens = TokenStream::from_str(&source.text)
            .map_err(|error| anyhow::anyhow!("{}: {error}", source.path.display()))?;
        find_unfinished(tokens, &mut |line, what| faults.push(format!("{}:{line}: {what}", source.path.display())));
    }
    Ok(faults)
}

fn find_unfinished(tokens: TokenStream, report: &mut dyn FnMut(usize, String)) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        let follower = tokens.get(index + 1);
        if is_word(token, &["todo", "unimplemented"]) && follower.is_some_and(|next| is_sign(next, '!')) {
            report(token.span().start().line, format!("{token}!"));
        }
        if let TokenTree::Group(group) = token {
            let first = group.stream().into_iter().next();
            let is_attribute = index > 0 && is_sign(&tokens[index - 1], '#');
            if is_attribute && first.is_some_and(|word| is_word(&word, &["ignore"])) {
                report(token.span().start().line, "#[ignore]".to_owned());
            }
            find_unfinished(group.stream(), report);
        }
    }
}

/// The token is one of these words.
pub fn is_word(token: &TokenTree, words: &[&str]) -> bool {
    matches!(token, TokenTree::Ident(ident) if words.iter().any(|word| ident == word))
}

fn is_sign(token: &TokenTree, sign: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == sign)
}

/// Files that name a folder of the machine that they were written on.
pub fn machine_paths(house: &House) -> Result<Vec<String>> {
    let private = private_folders(&house.root);
    let mut faults = Vec::new();
    for source in &house.sources {
        for (number, line) in source.text.lines().enumerate() {
            if let Some(folder) = private.iter().find(|folder| line.contains(folder.as_str())) {
                faults.push(format!("{}:{}: {folder}", source.path.display(), number + 1));
            }
        }
    }
    Ok(faults)
}

/// This checkout and cargo's homes. One-level folders such as `/src` are common in honest text, so they do not count.
fn private_folders(root: &Path) -> Vec<String> {
    let homes = ["CARGO_HOME", "RUSTUP_HOME"].into_iter().filter_map(env::var_os).map(PathBuf::from);
    let cargo =
        [".cargo", ".rustup"].into_iter().filter_map(|name| Some(PathBuf::from(env::var_os("HOME")?).join(name)));
    let deep = |path: &PathBuf| path.components().count() > 2;
    homes.chain(cargo).chain([root.to_path_buf()]).filter(deep).map(|path| path.display().to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(code: &str) -> Vec<(usize, String)> {
        let mut found = Vec::new();
        find_unfinished(TokenStream::from_str(code).expect("tokens"), &mut |line, what| found.push((line, what)));
        found
    }

    #[test]
    fn unfinished_code_is_found_in_code_only() {
        let unfinished = concat!("fn a() { b(|| to", "do!()) }\n#[ig", "nore = \"slow\"]\nfn c() {}");
        assert_eq!(found(unfinished).iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(found("// todo!()\nfn ignore() { let todo = \"#[ignore] todo!\"; }"), []);
    }
}
