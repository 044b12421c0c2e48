//! How long functions are: a limit for each, and the median and ninth decile per package for people to see.
//!
//! A function's length is its lines from `fn` to the closing brace, whatever is on them; attributes and documentation
//! do not count. Bodies produced by macros are not seen.

use super::House;
use anyhow::Result;
use std::path::Path;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{Block, ImplItemFn, ItemFn, Signature, TraitItemFn};

const LIMIT: usize = 60;

struct Function {
    name: String,
    line: usize,
    lines: usize,
}

#[derive(Default)]
struct Functions(Vec<Function>);

impl Functions {
    fn of(file: &syn::File) -> Vec<Function> {
        let mut functions = Self::default();
        functions.visit_file(file);
        functions.0
    }

    fn add(&mut self, signature: &Signature, block: &Block) {
        let first = signature.span().start().line;
        let last = block.span().end().line;
        self.0.push(Function { name: signature.ident.to_string(), line: first, lines: last + 1 - first });
    }
}

impl<'ast> Visit<'ast> for Functions {
    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.add(&function.sig, &function.block);
        visit::visit_item_fn(self, function);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.add(&function.sig, &function.block);
        visit::visit_impl_item_fn(self, function);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        if let Some(block) = &function.default {
            self.add(&function.sig, block);
        }
        visit::visit_trait_item_fn(self, function);
    }
}

/// Each function past the limit, with its place and length.
pub fn too_long(house: &House) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for source in &house.sources {
        let functions = source.syntax.as_ref().map(Functions::of).unwrap_or_default();
        for function in functions.iter().filter(|function| function.lines > LIMIT) {
            faults.push(format!(
                "{}:{}: {} has {} lines",
                source.path.display(),
                function.line,
                function.name,
                function.lines
            ));
        }
    }
    Ok(faults)
}

/// Prints the lengths of each package's functions; the aim is a median of 6 and a ninth decile of 20.
pub fn report(house: &House) {
    println!("\nfunction lengths        functions  median  p90  longest");
    for package in &house.packages {
        let folder = package.folder().strip_prefix(&house.root).unwrap_or(Path::new("."));
        let mut lengths = lengths(house, &folder.join("src"));
        lengths.sort_unstable();
        if let Some(longest) = lengths.last() {
            let (median, p90) = (quantile(&lengths, 50), quantile(&lengths, 90));
            println!("{:<22} {:>10} {median:>7} {p90:>4} {longest:>8}", package.name, lengths.len());
        }
    }
}

fn lengths(house: &House, folder: &Path) -> Vec<usize> {
    let files = house.sources.iter().filter(|source| source.path.starts_with(folder));
    files.filter_map(|source| source.syntax.as_ref()).flat_map(Functions::of).map(|function| function.lines).collect()
}

fn quantile(sorted: &[usize], percent: usize) -> usize {
    sorted.get(sorted.len() * percent / 100).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_function_is_measured_from_fn_to_brace() {
        let code = "/// Said.\n#[inline]\nfn a() {\n    fn b() {}\n}\ntrait T {\n    fn c();\n    fn d() {\n    }\n}\nimpl X {\n    fn e(\n    ) {}\n}\n";
        let functions = Functions::of(&syn::parse_file(code).expect("parses"));
        let seen: Vec<_> = functions.iter().map(|f| (f.name.as_str(), f.line, f.lines)).collect();
        assert_eq!(seen, [("a", 3, 3), ("b", 4, 1), ("d", 8, 2), ("e", 12, 2)]);
    }

    #[test]
    fn quantiles_of_few_are_members() {
        assert_eq!(quantile(&[1, 2, 3, 4], 50), 3);
        assert_eq!(quantile(&[7], 90), 7);
        assert_eq!(quantile(&[], 90), 0);
    }
}
