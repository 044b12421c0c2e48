//! What a type that travels must not hold: serde attributes that change the bytes behind the reader's back, integers
//! whose width is the machine's, and maps.
//!
//! A type travels when it derives `Serialize` or `Deserialize` in the wire crate. Codecs written by hand are judged by
//! the golden vectors, not here.

use super::House;
use super::source::is_word;
use anyhow::Result;
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use std::path::Path;
use syn::visit::{self, Visit};
use syn::{Attribute, ItemEnum, ItemStruct};

const BANNED_ATTRIBUTES: [&str; 7] = ["flatten", "untagged", "tag", "skip", "skip_serializing_if", "default", "alias"];
const BANNED_TYPES: [&str; 7] = ["usize", "isize", "HashMap", "BTreeMap", "IndexMap", "LinearMap", "FnvIndexMap"];

#[derive(Default)]
struct Faults(Vec<(usize, String)>);

impl Faults {
    fn of(file: &syn::File) -> Vec<(usize, String)> {
        let mut faults = Self::default();
        faults.visit_file(file);
        faults.0
    }

    fn judge(&mut self, name: &syn::Ident, attributes: &[Attribute], fields: TokenStream) {
        if attributes.iter().any(derives_serde) {
            self.look_for(&BANNED_TYPES, fields, &name.to_string());
        }
    }

    fn look_for(&mut self, banned: &[&str], tokens: TokenStream, place: &str) {
        for token in tokens {
            if is_word(&token, banned) {
                self.0.push((token.span().start().line, format!("{token} in {place}")));
            }
            if let TokenTree::Group(group) = token {
                self.look_for(banned, group.stream(), place);
            }
        }
    }
}

fn derives_serde(attribute: &Attribute) -> bool {
    let names_it = |list: &syn::MetaList| {
        list.tokens.clone().into_iter().any(|token| is_word(&token, &["Serialize", "Deserialize"]))
    };
    attribute.path().is_ident("derive") && attribute.meta.require_list().is_ok_and(names_it)
}

impl<'ast> Visit<'ast> for Faults {
    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        if attribute.path().is_ident("serde") {
            self.look_for(&BANNED_ATTRIBUTES, attribute.to_token_stream(), "#[serde(…)]");
        }
    }

    fn visit_item_struct(&mut self, item: &'ast ItemStruct) {
        self.judge(&item.ident, &item.attrs, item.fields.to_token_stream());
        visit::visit_item_struct(self, item);
    }

    fn visit_item_enum(&mut self, item: &'ast ItemEnum) {
        self.judge(&item.ident, &item.attrs, item.variants.to_token_stream());
        visit::visit_item_enum(self, item);
    }
}

/// Each banned attribute or type in the wire crate.
pub fn faults(house: &House) -> Result<Vec<String>> {
    let wire = house.sources.iter().filter(|source| source.path.starts_with(Path::new("sdk/wire/src")));
    let faults = wire.filter_map(|source| Some((&source.path, source.syntax.as_ref()?))).flat_map(|(path, file)| {
        Faults::of(file).into_iter().map(move |(line, what)| format!("{}:{line}: {what}", path.display()))
    });
    Ok(faults.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(code: &str) -> Vec<(usize, String)> {
        Faults::of(&syn::parse_file(code).expect("parses"))
    }

    #[test]
    fn banned_attributes_and_types_are_found_where_they_travel() {
        let code = "#[derive(Clone, Serialize)]\nstruct A {\n    n: usize,\n    #[serde(default)]\n    m: Option<[isize; 2]>,\n}\n\
                    #[derive(Deserialize)]\nenum B {\n    C(BTreeMap<u8, u8>),\n}\n";
        assert_eq!(found(code).iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 5, 4, 9]);
    }

    #[test]
    fn types_that_stay_at_home_may_hold_anything() {
        assert_eq!(found("#[derive(Clone, Default)]\nstruct A { n: usize }\nfn f(n: usize) {}\n"), []);
        assert_eq!(found("#[derive(Serialize)]\n#[serde(transparent)]\nstruct A(u8);\n"), []);
    }
}
