//! The committed list of statuses, and a number of its own for every error of Rust.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use tidings_c::status as c;
use tidings_c::status::{Refusal, tidings_status_t};
use tidings_c_abi::rooms;

fn read(path: &str) -> String {
    fs::read_to_string(rooms::root().join(path)).unwrap_or_else(|why| panic!("{path}: {why}"))
}

/// Name and number of each status in the header.
fn declared() -> BTreeMap<String, tidings_status_t> {
    let header = read("bindings/c/include/tidings.h");
    let statuses = header.lines().filter_map(|line| line.strip_prefix("#define TIDINGS_")?.split_once(' '));
    let is_status =
        |name: &str| name.starts_with("E_") || ["OK", "UNCHANGED", "SWITCHED_OFF", "NOTHING", "BLANK"].contains(&name);
    let number = |text: &str| text.trim_matches(['(', ')']).parse().expect("a number");
    statuses.filter(|(name, _)| is_status(name)).map(|(name, text)| (format!("TIDINGS_{name}"), number(text))).collect()
}

#[test]
fn the_committed_list_is_the_headers() {
    let list = read("bindings/c/statuses.txt");
    let lines = list.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let committed: Vec<(String, tidings_status_t)> = lines
        .map(|line| line.split_once(' ').expect("a number and a name"))
        .map(|(number, name)| (name.to_owned(), number.parse().expect("a number")))
        .collect();
    let numbers: BTreeSet<_> = committed.iter().map(|(_, number)| *number).collect();
    assert_eq!(numbers.len(), committed.len(), "a number was given twice");
    let current: BTreeMap<_, _> = committed.into_iter().filter(|(name, _)| name != "retired").collect();
    assert_eq!(current, declared());
}

#[test]
fn errors_are_negative_and_the_rest_is_not() {
    for (name, number) in declared() {
        assert_eq!(number < 0, name.starts_with("TIDINGS_E_"), "{name} {number}");
    }
}

/// Each variant of a Rust enum, by its source.
fn variants(path: &str, name: &str) -> Vec<String> {
    let file = syn::parse_file(&read(path)).expect("Rust");
    let found = file.items.iter().find_map(|item| match item {
        syn::Item::Enum(item) if item.ident == name => {
            Some(item.variants.iter().map(|v| v.ident.to_string()).collect())
        }
        _ => None,
    });
    found.unwrap_or_else(|| panic!("no {name} in {path}"))
}

#[test]
fn every_error_of_rust_has_a_number_of_its_own() {
    let source = read("bindings/c/src/status.rs");
    let mut used = BTreeSet::new();
    for (path, name) in [
        ("sdk/agent/src/error.rs", "RecordError"),
        ("sdk/agent/src/error.rs", "InputError"),
        ("sdk/agent/src/error.rs", "EpochError"),
        ("sdk/agent/src/error.rs", "KeyChangeError"),
        ("sdk/agent/src/kept.rs", "KeepError"),
        ("sdk/agent/src/mailbox.rs", "PostError"),
        ("sdk/wire/src/packet.rs", "PacketError"),
        ("sdk/wire/src/suites/key_set.rs", "KeyError"),
    ] {
        for variant in variants(path, name) {
            let arm = source.lines().find(|line| {
                let Some((_, rest)) = line.split_once(&format!("{name}::{variant}")) else { return false };
                rest.starts_with([' ', '('])
            });
            let arm = arm.unwrap_or_else(|| panic!("{name}::{variant} has no number"));
            if arm.contains(".into()") || arm.contains("=> failed") {
                continue; // it holds an error that is in this list, or that the border made
            }
            let status = arm.split(['(', ')', ' ', ',']).find(|word| word.starts_with("TIDINGS_E_"));
            let status = status.unwrap_or_else(|| panic!("no status in {arm}"));
            assert_ne!(status, "TIDINGS_E_UNKNOWN", "{arm}");
            assert!(used.insert(status.to_owned()), "{status} stands for two errors");
        }
    }
    assert!(used.len() > 20, "{used:?}");
}

#[test]
fn some_errors_by_value() {
    use tidings::wire::packet::PacketError;
    let of = |error: Refusal| error.status();
    assert_eq!(of(tidings::RecordError::Full.into()), c::TIDINGS_E_FULL);
    assert_eq!(of(tidings::InputError::Packet(PacketError::Check).into()), c::TIDINGS_E_PACKET_CHECK);
    assert_eq!(of(PacketError::Version(9).into()), c::TIDINGS_E_PACKET_VERSION);
    assert_eq!(of(tidings::EpochError::Store(()).into()), c::TIDINGS_E_EPOCH_STORE);
    assert_eq!(of(tidings::IdError.into()), c::TIDINGS_E_ID);
}
