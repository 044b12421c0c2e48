//! The key file and what is printed from it: never loose, never overwritten, never half written.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::process::{Answer, Desk, PROGRAM, ask};

pub fn keys(desk: &Desk, arguments: &[&str]) -> Answer {
    ask(Command::new(PROGRAM).arg("keys").args(arguments).arg("--keys").arg(desk.path("keys")))
}

/// The output of a `keys` command that must succeed.
pub fn told(desk: &Desk, arguments: &[&str]) -> String {
    let answer = keys(desk, arguments);
    assert_eq!(answer.code, Some(0), "{arguments:?}: {}", answer.errors);
    answer.text
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("a file").permissions().mode() & 0o777
}

#[test]
fn only_the_owner_may_read_it() {
    let desk = Desk::new();
    told(&desk, &["init"]);
    told(&desk, &["derive", "pump"]);
    assert_eq!(mode(&desk.path("keys")), 0o600);
    fs::set_permissions(desk.path("keys"), fs::Permissions::from_mode(0o640)).expect("it is ours");
    for arguments in [&["list"][..], &["export", "pump"], &["rotate", "pump"], &["derive", "other"]] {
        let answer = keys(&desk, arguments);
        assert_eq!((answer.code, answer.text.as_str()), (Some(13), ""));
        assert!(answer.errors.contains("chmod 600"), "{}", answer.errors);
    }
    let run = desk.ask(&["run", "--listen-tcp", "0", "--keys", &desk.path("keys").display().to_string()]);
    assert_eq!(run.code, Some(13), "{}", run.errors);
}

#[test]
fn it_is_never_overwritten_and_damage_is_told_without_secrets() {
    let desk = Desk::new();
    told(&desk, &["init"]);
    let before = fs::read_to_string(desk.path("keys")).expect("a file");
    assert_eq!(keys(&desk, &["init"]).code, Some(12));
    assert_eq!(fs::read_to_string(desk.path("keys")).expect("a file"), before);
    fs::write(desk.path("keys"), before.replace("\"devices\"", "\"device\"")).expect("it is ours");
    let answer = keys(&desk, &["list"]);
    assert_eq!(answer.code, Some(13));
    let secret = before.split('"').find(|word| word.len() == 64).expect("a secret");
    assert!(!answer.errors.contains(secret), "{}", answer.errors);
}

#[test]
fn every_form_says_the_same_keys() {
    let desk = Desk::new();
    told(&desk, &["init"]);
    let hex = told(&desk, &["derive", "hex:00ff"]);
    assert_eq!(hex.trim().len(), 162);
    let digits = |text: &str| text.split("0x").skip(1).map(|byte| byte[..2].to_owned()).collect::<String>();
    for form in ["rust", "c"] {
        let text = told(&desk, &["export", "hex:00ff", "--form", form]);
        assert_eq!(digits(&text), hex.trim(), "{form}");
        assert!(text.contains("[81]") || text.contains("[u8; 81]"), "{text}");
    }
    let bin = desk.path("pump.bin");
    told(&desk, &["export", "hex:00ff", "--form", "bin", "--output", &bin.display().to_string()]);
    let bytes = fs::read(&bin).expect("a file");
    assert_eq!(
        (bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>(), mode(&bin)),
        (hex.trim().to_owned(), 0o600)
    );
    assert_eq!(keys(&desk, &["export", "hex:00ff", "--output", &bin.display().to_string()]).code, Some(12));
}

#[test]
fn listing_shows_no_key() {
    let desk = Desk::new();
    told(&desk, &["init"]);
    let hex = told(&desk, &["derive", "pump", "--suite", "ascon-aead128"]);
    told(&desk, &["rotate", "pump"]);
    told(&desk, &["revoke", "pump"]);
    let list = told(&desk, &["list", "--json"]);
    let line: serde_json::Value = serde_json::from_str(&list).expect("one line");
    assert_eq!(line["kids"], serde_json::json!([0, 1]));
    assert_eq!((line["suite"].as_str(), line["revoked"].as_bool()), (Some("ascon-aead128"), Some(true)));
    assert!(!list.contains(&hex[2..34]));
}

#[test]
fn what_cannot_be_done_is_refused_and_changes_nothing() {
    let desk = Desk::new();
    assert_eq!(keys(&desk, &["list"]).code, Some(13));
    told(&desk, &["init"]);
    told(&desk, &["derive", "pump"]);
    let before = fs::read(desk.path("keys")).expect("a file");
    for (arguments, code) in [
        (&["derive", "pump"][..], 12),
        (&["rotate", "other"], 3),
        (&["revoke", "other"], 3),
        (&["export", "other"], 3),
        (&["import", "other"], 13),
        (&["derive", "no spaces"], 2),
        (&["derive", "hex:"], 2),
    ] {
        assert_eq!(keys(&desk, arguments).code, Some(code), "{arguments:?}");
    }
    assert_eq!(fs::read(desk.path("keys")).expect("a file"), before);
}

/// Imports keys from standard input; gives the exit code.
fn import(desk: &Desk, arguments: &[&str], keys: &str) -> Option<i32> {
    let mut command = Command::new(PROGRAM);
    command.args(["keys", "import"]).args(arguments).arg("--keys").arg(desk.path("keys"));
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    child.stdin.take().expect("a pipe").write_all(keys.as_bytes()).expect("it reads");
    child.wait().expect("it ends").code()
}

/// A key set of this key id; all of them have one digest key.
fn key_set(kid: u8) -> String {
    let repeated = |byte: u8, times| format!("{byte:02x}").repeat(times);
    [repeated(kid, 1), repeated(kid, 32), repeated(!kid, 32), repeated(0xDD, 16)].concat()
}

fn listed(desk: &Desk) -> serde_json::Value {
    serde_json::from_str(&told(desk, &["list", "--json"])).expect("one line")
}

#[test]
fn imported_keys_are_kept_as_they_came_and_the_ones_before_stay_valid() {
    let desk = Desk::new();
    told(&desk, &["init"]);
    assert_eq!(import(&desk, &["pump", "--suite", "ascon-aead128"], &key_set(1)), Some(0));
    assert_eq!(import(&desk, &["pump"], &key_set(2)), Some(0));
    assert_eq!(told(&desk, &["export", "pump"]).trim(), key_set(2));
    let line = listed(&desk);
    assert_eq!(line["kids"], serde_json::json!([1, 2]));
    assert_eq!((line["suite"].as_str(), line["revoked"].as_bool()), (Some("ascon-aead128"), Some(false)));
    assert_eq!(import(&desk, &["pump"], &key_set(3)), Some(0));
    assert_eq!(listed(&desk)["kids"], serde_json::json!([2, 3]), "two at once, no more");
}

#[test]
fn import_brings_no_revoked_keys_back() {
    let desk = Desk::new();
    told(&desk, &["init"]);
    assert_eq!(import(&desk, &["pump"], &key_set(1)), Some(0));
    assert_eq!(import(&desk, &["pump"], &key_set(2)), Some(0));
    told(&desk, &["revoke", "pump"]);
    assert_eq!(import(&desk, &["pump"], &key_set(3)), Some(0));
    let line = listed(&desk);
    assert_eq!((&line["kids"], line["revoked"].as_bool()), (&serde_json::json!([3]), Some(false)));
    let text = fs::read_to_string(desk.path("keys")).expect("a file");
    assert!(!text.contains(&key_set(2)) && text.contains(&key_set(3)), "nor are they kept");
}

#[test]
fn the_suite_changes_with_all_keys_or_not_at_all() {
    let desk = Desk::new();
    told(&desk, &["init"]);
    assert_eq!(import(&desk, &["pump"], &key_set(1)), Some(0));
    let ascon = ["pump", "--suite", "ascon-aead128"];
    assert_eq!(import(&desk, &ascon, &key_set(2)), Some(13), "the keys before are of another suite, and stay valid");
    assert_eq!(listed(&desk)["kids"], serde_json::json!([1]));
    told(&desk, &["revoke", "pump"]);
    assert_eq!(import(&desk, &ascon, &key_set(2)), Some(0));
    let line = listed(&desk);
    assert_eq!((&line["kids"], line["suite"].as_str()), (&serde_json::json!([2]), Some("ascon-aead128")));
}

#[test]
fn it_stays_its_owners_whoever_edits_it() {
    let desk = Desk::new();
    told(&desk, &["init"]);
    told(&desk, &["derive", "pump"]);
    let owner = || fs::metadata(desk.path("keys")).map(|meta| (meta.uid(), meta.gid())).expect("a file");
    // Only root may give a file away; for anybody else the file stays theirs, and that is what is looked at.
    let _ = chown(desk.path("keys"), Some(65_534), Some(65_534));
    let before = owner();
    told(&desk, &["revoke", "pump"]);
    assert_eq!((owner(), mode(&desk.path("keys"))), (before, 0o600));
}

#[test]
fn a_name_means_its_device_and_never_one_of_two() {
    let desk = Desk::new();
    let collector = desk.start(&[]);
    for id in ["dev-1", "dev-2"] {
        collector.device(id).sync();
    }
    collector.stop();
    assert_eq!(desk.ask(&["name", "dev-1", "cellar pump"]).code, Some(0));
    assert_eq!(desk.ask(&["name", "dev-2", "boiler"]).code, Some(0));
    told(&desk, &["init"]);
    let db = desk.db.display().to_string();
    told(&desk, &["derive", "cellar pump", "--db", &db]);
    assert!(told(&desk, &["list"]).lines().any(|line| line.starts_with("dev-1 ")));
    assert_eq!(listed(&desk)["device"], "dev-1");
    let answer = told(&desk, &["revoke", "cellar pump", "--db", &db]);
    assert_eq!(answer.trim(), "dev-1 (hex:6465762d31) is revoked");
    assert_eq!(keys(&desk, &["revoke", "cellar pump"]).code, Some(2), "without a database there are no names");
    assert_eq!(keys(&desk, &["revoke", "cellar valve", "--db", &db]).code, Some(3));
    // A device whose id is the other one's name.
    told(&desk, &["derive", "boiler"]);
    let answer = keys(&desk, &["revoke", "boiler", "--db", &db]);
    assert_eq!(answer.code, Some(13), "{answer:?}");
    assert!(answer.errors.contains("say hex:"), "{answer:?}");
    assert!(!told(&desk, &["list"]).lines().any(|line| line.starts_with("boiler ") && line.contains("revoked")));
    told(&desk, &["revoke", "hex:626f696c6572", "--db", &db]);
}
