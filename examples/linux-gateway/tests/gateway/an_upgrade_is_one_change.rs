//! A package that dpkg is in the middle of stays as it was; only when dpkg is done does its state count.

use std::fs::File;

use nix::fcntl::{FcntlArg, fcntl};
use nix::libc;
use serde_json::Value as Json;

use crate::stage::{Stage, stanza, wait};

const STATUS: &str = "var/lib/dpkg/status";
const LOCK: &str = "var/lib/dpkg/lock";

/// The lock that dpkg holds while it works; given back when this value goes.
fn lock(stage: &Stage) -> File {
    let file = File::create(stage.root.join(LOCK)).expect("the lock file");
    let whole = libc::flock {
        l_type: libc::F_WRLCK as libc::c_short,
        l_whence: libc::SEEK_SET as libc::c_short,
        l_start: 0,
        l_len: 0,
        l_pid: 0,
    };
    fcntl(&file, FcntlArg::F_SETLK(&whole)).expect("the lock");
    file
}

/// What became of the tool since a point of the log.
fn history(stage: &Stage, after: i64) -> Vec<[Json; 2]> {
    let is_it = |line: &Json| line["kind"] == "software" && line["key"].to_string().contains("\"tool\"");
    let lines = stage.changes(after).into_iter().filter(is_it);
    lines.map(|line| [line["op"].clone(), line["value"]["version"].clone()]).collect()
}

/// Puts the tool into this state, and waits until a package that was installed with it shows up.
fn write_status(stage: &Stage, base: &str, tool: &str, marker: &str) {
    stage.replace(STATUS, &format!("{base}{tool}{}", stanza(marker, "1.0")));
    let after = |fact: &Json| fact["key"].to_string().contains(marker);
    wait(marker, || stage.shown().iter().any(after).then_some(()));
}

fn between(state: &str) -> String {
    stanza("tool", "2.0").replace("install ok installed", &format!("install ok {state}"))
}

#[test]
fn an_upgrade_is_one_change() {
    let stage = Stage::new("upgrade", 5);
    let base = stage.text(STATUS);
    stage.replace(STATUS, &format!("{base}{}", stanza("tool", "1.0")));
    let _gateway = stage.gateway(&[]);
    stage.wait_for_equality(&[]);
    let after = stage.log_end();
    let lock = lock(&stage);
    for state in ["half-installed", "unpacked", "half-configured", "triggers-awaited", "triggers-pending"] {
        write_status(&stage, &base, &between(state), &format!("while-{state}"));
    }
    assert_eq!(history(&stage, after), Vec::<[Json; 2]>::new());
    write_status(&stage, &base, &stanza("tool", "2.0"), "done");
    drop(lock);
    stage.wait_for_equality(&[]);
    assert_eq!(history(&stage, after), [["changed", "2.0"].map(Json::from)]);
}

#[test]
fn a_package_that_dpkg_gives_up_is_no_longer_installed() {
    let stage = Stage::new("given-up", 5);
    let base = stage.text(STATUS);
    stage.replace(STATUS, &format!("{base}{}", stanza("tool", "1.0")));
    let _gateway = stage.gateway(&[]);
    stage.wait_for_equality(&[]);
    let after = stage.log_end();
    let lock = lock(&stage);
    write_status(&stage, &base, &between("half-configured"), "while-it-breaks");
    assert_eq!(history(&stage, after), Vec::<[Json; 2]>::new());
    drop(lock);
    wait("the broken package is gone", || (!history(&stage, after).is_empty()).then_some(()));
    stage.wait_for_equality(&[]);
    assert_eq!(history(&stage, after), [["removed".into(), Json::Null]]);
}
