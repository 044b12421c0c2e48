//! A source that fails, that is slow, or that the user switched off never looks like a removal.

use std::fs;

use crate::stage::{Stage, stanza, wait};
use nix::sys::stat::Mode;
use nix::unistd::mkfifo;
use serde_json::Value as Json;

/// Removals, apart from what the agent says of itself: that a source is incomplete comes and goes.
fn removals(stage: &Stage, after: i64) -> Vec<Json> {
    let is_removal = |line: &Json| line["op"] == "removed" && line["kind"] != "agent";
    stage.changes(after).into_iter().filter(is_removal).collect()
}

/// What the agent says of the accounts' source, if they are not complete.
fn coverage(stage: &Stage) -> Option<Json> {
    let is_it = |fact: &&Json| fact["kind"] == "agent" && fact["key"]["arg"] == "account";
    stage.shown().iter().find(is_it).map(|fact| fact["value"].clone())
}

fn accounts(stage: &Stage) -> usize {
    stage.shown().iter().filter(|fact| fact["kind"] == "account").count()
}

/// Waits until a change that is made now has arrived, so that everything before it has, too.
fn pass_time(stage: &Stage, name: &str) {
    let after = stage.log_end();
    let status = stage.text("var/lib/dpkg/status") + &stanza(name, "1.0");
    stage.replace("var/lib/dpkg/status", &status);
    wait("a later change shows up", || {
        stage.changes(after).iter().any(|line| line["key"].to_string().contains(name)).then_some(())
    });
}

#[test]
fn a_failing_source_removes_nothing_and_comes_back() {
    let stage = Stage::new("fail", 20);
    let _gateway = stage.gateway(&[]);
    stage.wait_for_equality(&[]);
    let (after, before) = (stage.log_end(), accounts(&stage));
    let passwd = stage.text("etc/passwd");
    for (n, broken) in ["", "garbage\n"].iter().enumerate() {
        stage.replace("etc/passwd", broken);
        pass_time(&stage, &format!("broken{n}"));
    }
    fs::remove_file(stage.root.join("etc/passwd")).expect("removing");
    pass_time(&stage, "missing");
    assert_eq!((removals(&stage, after), accounts(&stage)), (vec![], before));
    assert_eq!(coverage(&stage), Some("failed".into()));
    stage.replace("etc/passwd", &passwd);
    wait("the source is complete again", || coverage(&stage).is_none().then_some(()));
    stage.wait_for_equality(&[]);
    assert_eq!((removals(&stage, after), accounts(&stage)), (vec![], before));
}

#[test]
fn a_malformed_line_removes_nothing_and_the_others_are_told() {
    let stage = Stage::new("line", 20);
    let _gateway = stage.gateway(&[]);
    stage.wait_for_equality(&[]);
    let after = stage.log_end();
    let passwd = stage.text("etc/passwd");
    let damaged =
        passwd.replace("grace:x:1001:", "grace:x:one-thousand:") + "newcomer:x:3000:100::/home/newcomer:/bin/sh\n";
    stage.replace("etc/passwd", &damaged);
    wait("the newcomer shows up", || {
        stage.changes(after).iter().any(|line| line["key"].to_string().contains("newcomer")).then_some(())
    });
    pass_time(&stage, "later");
    assert_eq!(removals(&stage, after), Vec::<Json>::new());
    assert_eq!(coverage(&stage), Some("partial".into()));
    stage.replace("etc/passwd", &passwd);
    wait("the newcomer is gone", || (!removals(&stage, after).is_empty()).then_some(()));
    stage.wait_for_equality(&[]);
    let lines = removals(&stage, after);
    assert!(lines.len() == 1 && lines[0]["key"].to_string().contains("newcomer"), "{lines:?}");
}

#[test]
fn a_slow_source_removes_nothing() {
    let stage = Stage::new("slow", 20);
    let mut gateway = stage.gateway(&[]);
    stage.wait_for_equality(&[]);
    let (after, before) = (stage.log_end(), accounts(&stage));
    assert_eq!(gateway.end(), Some(0));
    // Whoever opens a pipe that nobody writes to waits for ever.
    let passwd = stage.text("etc/passwd");
    fs::remove_file(stage.root.join("etc/passwd")).expect("removing");
    mkfifo(&stage.root.join("etc/passwd"), Mode::S_IRUSR).expect("a pipe");
    let mut gateway = stage.gateway(&[]);
    pass_time(&stage, "meanwhile");
    assert_eq!((removals(&stage, after), accounts(&stage)), (vec![], before));
    // The writer comes at last: the accounts are the same as before.
    fs::write(stage.root.join("etc/passwd"), &passwd).expect("writing to the pipe");
    pass_time(&stage, "afterwards");
    assert_eq!((removals(&stage, after), accounts(&stage)), (vec![], before));
    assert_eq!(gateway.end(), Some(0), "a source that waits does not keep the gateway from ending");
}

#[test]
fn an_opt_out_withdraws_without_a_removal() {
    let stage = Stage::new("off", 20);
    let mut gateway = stage.gateway(&[]);
    stage.wait_for_equality(&[]);
    let after = stage.log_end();
    assert!(accounts(&stage) > 0);
    assert_eq!(gateway.end(), Some(0));
    let _gateway = stage.gateway(&["--off", "account", "--off", "neighbour"]);
    wait("the accounts are withdrawn", || (accounts(&stage) == 0).then_some(()));
    stage.wait_for_equality(&["--off", "account", "--off", "neighbour"]);
    assert_eq!(coverage(&stage), Some("off".into()));
    assert_eq!(removals(&stage, after), Vec::<Json>::new());
}
