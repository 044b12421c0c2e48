//! A package, an account, a listener and a host on the network each show up at the collector as exactly one `added`, and soon.

use std::net::{TcpListener, UdpSocket};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::stage::{HOST_IP, Neighbour, Stage, stanza, wait};
use serde_json::Value as Json;

/// The promise of the project for what the kernel or a file announces.
const SOON: Duration = Duration::from_secs(1);

/// A busy machine may be late once or twice; the number of `added` must be right each time.
const ATTEMPTS: usize = 3;

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock after 1970");
    i64::try_from(since.as_millis()).expect("a time in this era")
}

/// Changes of one kind since a point of the log whose key contains a text.
fn changes_of(stage: &Stage, after: i64, kind: &str, name: &str) -> Vec<Json> {
    let is_it =
        |line: &Json| line["type"] == "change" && line["kind"] == kind && line["key"].to_string().contains(name);
    stage.changes(after).into_iter().filter(is_it).collect()
}

/// Does something, and tells how long it took until it showed up, in ms.
fn until_added(stage: &Stage, kind: &str, name: &str, act: impl FnOnce()) -> i64 {
    let (after, begun) = (stage.log_end(), now_ms());
    act();
    let line = wait(&format!("{kind} {name} shows up"), || changes_of(stage, after, kind, name).into_iter().next());
    assert_eq!(line["op"], "added", "{line}");
    line["at_ms"].as_i64().expect("a time") - begun
}

/// Some attempt is in time, and each brings exactly one line.
fn added_once_and_soon(stage: &Stage, kind: &str, mut act: impl FnMut(usize, &str)) {
    let after = stage.log_end();
    let names: Vec<String> = (0..ATTEMPTS).map(|n| format!("arrival{n}")).collect();
    let times: Vec<i64> = (0..ATTEMPTS).map(|n| until_added(stage, kind, &names[n], || act(n, &names[n]))).collect();
    let best = times.iter().min().expect("an attempt");
    assert!(u128::from(best.unsigned_abs()) <= SOON.as_millis(), "{kind}: {times:?} ms");
    stage.wait_for_equality(&[]);
    for name in &names {
        let lines = changes_of(stage, after, kind, name);
        assert_eq!(lines.len(), 1, "{kind} {name}: {lines:?}");
    }
}

#[test]
fn a_new_package_is_added_once_within_a_second() {
    let stage = Stage::new("package", 50);
    let _gateway = stage.gateway(&[]);
    stage.wait_for_equality(&[]);
    added_once_and_soon(&stage, "software", |_, name| {
        let status = stage.text("var/lib/dpkg/status") + &stanza(name, "1.0");
        stage.replace("var/lib/dpkg/status", &status);
    });
}

#[test]
fn a_new_account_is_added_once_within_a_second() {
    let stage = Stage::new("account", 1);
    let _gateway = stage.gateway(&[]);
    stage.wait_for_equality(&[]);
    added_once_and_soon(&stage, "account", |n, name| {
        // The order and the way of useradd.
        let id = 2000 + n;
        stage.replace("etc/passwd", &format!("{}{name}:x:{id}:{id}::/home/{name}:/bin/sh\n", stage.text("etc/passwd")));
        stage.replace("etc/shadow", &format!("{}{name}:!:20000:0:99999:7:::\n", stage.text("etc/shadow")));
        stage.replace("etc/group", &format!("{}{name}:x:{id}:\n", stage.text("etc/group")));
    });
}

#[test]
fn a_new_listener_is_added_once_within_a_second() {
    let stage = Stage::new("listener", 1);
    let _gateway = stage.gateway(&[]);
    stage.wait_for_equality(&[]);
    let mut open = Vec::new();
    let after = stage.log_end();
    let ports: Vec<String> = (0..ATTEMPTS).map(|n| (8100 + n).to_string()).collect();
    let mut times = Vec::new();
    for port in &ports {
        times.push(until_added(&stage, "listener", port, || {
            open.push(stage.inside(|| TcpListener::bind(format!("0.0.0.0:{port}")).expect("a free port")));
        }));
    }
    let best = times.iter().min().expect("an attempt");
    assert!(u128::from(best.unsigned_abs()) <= SOON.as_millis(), "{times:?} ms");
    stage.wait_for_equality(&[]);
    for port in &ports {
        let lines = changes_of(&stage, after, "listener", port);
        assert_eq!(lines.len(), 1, "{port}: {lines:?}");
        let program = std::env::current_exe().expect("this program");
        assert_eq!(lines[0]["value"]["owner"], program.to_str().expect("a path of text"));
    }
}

#[test]
fn a_new_host_on_the_network_is_added_once() {
    let stage = Stage::new("host", 1);
    let _gateway = stage.gateway(&[]);
    let host = Neighbour::new(&stage);
    stage.wait_for_equality(&[]);
    let after = stage.log_end();
    stage.inside(|| {
        let socket = UdpSocket::bind("0.0.0.0:0").expect("a socket");
        socket.send_to(b"who is there", (HOST_IP, 9)).expect("a packet sent");
    });
    wait("the host shows up", || changes_of(&stage, after, "neighbour", host.mac).into_iter().next());
    // The entry grows stale and is confirmed again: no change.
    for state in ["stale", "reachable", "delay", "stale"] {
        stage.ip(&["neighbour", "replace", HOST_IP, "lladdr", host.mac, "dev", "lan0", "nud", state]);
    }
    let marker = stage.log_end();
    stage.inside(|| UdpSocket::bind("127.0.0.1:9999").map(std::mem::forget).expect("a free port"));
    wait("a later change shows up", || changes_of(&stage, marker, "listener", "9999").into_iter().next());
    stage.wait_for_equality(&[]);
    let lines = changes_of(&stage, after, "neighbour", host.mac);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert_eq!(lines[0]["op"], "added");
    assert_eq!(lines[0]["value"]["addresses"], serde_json::json!([HOST_IP]));
}

#[test]
fn what_leaves_and_returns_is_told_each_time_as_one_change() {
    let stage = Stage::new("return", 5);
    let _gateway = stage.gateway(&[]);
    stage.wait_for_equality(&[]);
    let (after, without) = (stage.log_end(), stage.text("var/lib/dpkg/status"));
    let with = format!("{without}{}", stanza("wanderer", "1.0"));
    let history = || changes_of(&stage, after, "software", "wanderer");
    for (n, status) in [&with, &without, &with, &without, &with].into_iter().enumerate() {
        stage.replace("var/lib/dpkg/status", status);
        wait("the next line", || (history().len() > n).then_some(()));
    }
    stage.wait_for_equality(&[]);
    let told: Vec<_> = history().iter().map(|line| (line["op"].clone(), line["times"].clone())).collect();
    let expected = ["added", "removed", "added", "removed", "added"].map(|op| (Json::from(op), Json::from(1)));
    assert_eq!(told, expected);
}
