//! What cannot work is refused at once, with a sentence and an exit status of its own.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Output, Stdio};

fn gateway(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_linux-gateway")).args(arguments).output().expect("the gateway runs")
}

fn run_with_state_dir(folder: &str) -> Output {
    gateway(&["run", "--collector", "tcp:127.0.0.1:9", "--id", "refused", "--state-dir", folder, "--plain"])
}

fn run_sealed(folder: &str) -> Output {
    gateway(&["run", "--collector", "tcp:127.0.0.1:9", "--id", "refused", "--state-dir", folder])
}

fn says(output: &Output, status: i32, sentence: &str) {
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(status), "{text}");
    assert!(text.contains(sentence), "{text}");
}

#[test]
fn a_damaged_boot_number_is_not_started_over() {
    let folder = tempfile::tempdir().expect("a folder");
    let epoch = folder.path().join("epoch");
    for damaged in ["", "7 00000000\n", "not a number"] {
        fs::write(&epoch, damaged).expect("the file");
        says(&run_with_state_dir(folder.path().to_str().expect("text")), 1, "is damaged");
        assert_eq!(fs::read_to_string(&epoch).expect("the file"), damaged, "it is left as it was found");
    }
}

#[test]
fn it_seals_unless_it_is_told_not_to() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("text");
    says(&run_sealed(path), 1, "keys: No such file");
    says(&run_sealed(path), 1, "--plain");
    let keys = folder.path().join("keys");
    fs::write(&keys, [&[1_u8; 33][..], &[2; 48]].concat()).expect("the file");
    fs::set_permissions(&keys, Permissions::from_mode(0o644)).expect("it is ours");
    says(&run_sealed(path), 1, "chmod 600");
    fs::set_permissions(&keys, Permissions::from_mode(0o600)).expect("it is ours");
    says(&run_sealed(path), 1, "linux-gateway provision");
    assert!(!folder.path().join("epoch").exists(), "only `provision` writes the first boot number");
}

#[test]
fn provisioning_never_goes_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().to_str().expect("text");
    let epoch = || fs::read_to_string(folder.path().join("epoch")).expect("a boot number");
    for (floor, begins) in [("7", "7 "), ("3", "7 "), ("9", "9 ")] {
        assert!(gateway(&["provision", "--state-dir", path, "--floor", floor]).status.success());
        assert!(epoch().starts_with(begins), "{}", epoch());
    }
}

#[test]
fn plain_is_warned_of() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_linux-gateway"));
    command.args(["run", "--collector", "tcp:127.0.0.1:9", "--id", "plain", "--plain", "--state-dir"]);
    let mut child = command.arg(folder.path()).stderr(Stdio::piped()).spawn().expect("the gateway runs");
    let said = BufReader::new(child.stderr.take().expect("a pipe")).lines().next();
    child.kill().and_then(|()| child.wait()).expect("it still runs");
    let said = said.expect("a line").expect("text");
    assert!(said.contains("warning: --plain"), "{said}");
}

#[test]
fn a_state_folder_that_cannot_be_made_is_named() {
    says(&run_with_state_dir("/proc/tidings"), 1, "/proc/tidings: ");
}

#[test]
fn wrong_usage_is_told_apart() {
    says(&gateway(&["run", "--collector", "udp:x:1", "--id", "a", "--state-dir", "/tmp"]), 2, "tcp:HOST:PORT");
    says(&gateway(&["run"]), 2, "--collector");
    says(&gateway(&["state", "--config", "/no/such/file"]), 2, "/no/such/file: ");
}

#[test]
fn a_root_without_the_files_is_told_and_the_rest_is_printed() {
    let root = tempfile::tempdir().expect("a folder");
    let output = gateway(&["state", "--json", "--root", root.path().to_str().expect("text")]);
    says(&output, 0, "warning: software: ");
    says(&output, 0, "warning: account: ");
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(text.contains("\"kind\":\"interface\"") && !text.contains("\"kind\":\"account\""));
}
