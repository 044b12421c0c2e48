//! With thousands of facts, what the collector shows is what the device says of itself, byte for byte; also after a crash of the collector,
//! after a restart of the gateway, and after losing the database.

use crate::stage::{Stage, stanza, steady, wait};

const PACKAGES: usize = 2500;

#[test]
fn thousands_of_facts_are_shown_exactly() {
    let stage = Stage::new("many", PACKAGES);
    let mut gateway = stage.gateway(&[]);
    let shown = stage.wait_for_equality(&[]);
    assert!(shown.len() >= 2000, "{} facts", shown.len());
    for kind in ["identity", "software", "account", "listener", "certificate", "setting", "health", "interface"] {
        assert!(shown.iter().any(|fact| fact["kind"] == kind), "no {kind}");
    }
    assert_eq!(gateway.end(), Some(0), "SIGTERM ends it cleanly");
}

#[test]
fn a_restart_with_nothing_changed_brings_no_change() {
    let stage = Stage::new("again", PACKAGES);
    let mut gateway = stage.gateway(&[]);
    stage.wait_for_equality(&[]);
    let after = stage.log_end();
    assert_eq!(gateway.end(), Some(0));
    let _gateway = stage.gateway(&[]);
    let status = stage.text("var/lib/dpkg/status") + &stanza("after-restart", "1.0");
    wait("a change after the restart", || {
        stage.replace("var/lib/dpkg/status", &status);
        stage.changes(after).iter().any(|line| line["key"].to_string().contains("after-restart")).then_some(())
    });
    stage.wait_for_equality(&[]);
    let steady_changes: Vec<_> = stage
        .changes(after)
        .into_iter()
        .filter(|line| line["type"] == "change" && line["kind"] != "health" && line["kind"] != "agent")
        .collect();
    assert_eq!(steady_changes.len(), 1, "{steady_changes:?}");
}

#[test]
fn a_crash_of_the_collector_loses_nothing() {
    let mut stage = Stage::new("crash", 200);
    let _gateway = stage.gateway(&[]);
    stage.wait_for_equality(&[]);
    stage.kill_collector();
    let status = stage.text("var/lib/dpkg/status") + &stanza("while-away", "1.0");
    stage.replace("var/lib/dpkg/status", &status);
    stage.start_collector();
    let shown = stage.wait_for_equality(&[]);
    assert!(shown.iter().any(|fact| fact["key"].to_string().contains("while-away")));
    assert!(!steady(&shown).is_empty());
}

#[test]
fn a_lost_database_is_filled_again() {
    let mut stage = Stage::new("lost", 200);
    let _gateway = stage.gateway(&[]);
    let before = steady(&stage.wait_for_equality(&[]));
    stage.kill_collector();
    stage.lose_database();
    stage.start_collector();
    assert_eq!(steady(&stage.wait_for_equality(&[])), before);
}

#[test]
fn a_pulled_cable_loses_nothing() {
    let stage = Stage::new("cable", 20);
    let _gateway = stage.gateway(&[]);
    stage.wait_for_equality(&[]);
    stage.ip(&["link", "set", "lo", "down"]);
    for n in 0..5 {
        let status = stage.text("var/lib/dpkg/status") + &stanza(&format!("unplugged{n}"), "1.0");
        stage.replace("var/lib/dpkg/status", &status);
    }
    stage.ip(&["link", "set", "lo", "up"]);
    let shown = stage.wait_for_equality(&[]);
    let arrived = shown.iter().filter(|fact| fact["key"].to_string().contains("unplugged")).count();
    assert_eq!(arrived, 5);
}
