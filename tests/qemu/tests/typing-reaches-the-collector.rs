//! What a person types on the board's console shows up in the collector's log, as one line each.

use serde_json::Value;
use tidings_qemu::{bench::Bench, board::DEVICE, eventually};
use tidings_wire::Kind;

#[test]
fn each_command_shows_up_as_exactly_one_change() {
    let mut bench = Bench::set_up();
    let log_end = bench.collector.log_end();
    let story = [
        ("app install nginx 1.2", "added", "software"),
        ("app install nginx 1.3", "changed", "software"),
        ("app remove nginx", "removed", "software"),
        ("user add eve admin", "added", "account"),
        ("user del eve", "removed", "account"),
        ("port open tcp 23 telnetd", "added", "listener"),
        ("port close tcp 23", "removed", "listener"),
        ("neighbour seen 02:00:5e:10:00:01 192.0.2.7", "added", "neighbour"),
        ("cert set tls 2027-01-31", "added", "certificate"),
        ("cert set tls 2028-01-31", "changed", "certificate"),
        ("set colour blue", "added", "setting"),
        ("health temp 21", "added", "health"),
    ];
    for (line, op, kind) in story {
        let lines = bench.change(line);
        let seen: Vec<_> = lines.iter().map(|line| (line["op"].as_str(), line["kind"].as_str())).collect();
        assert_eq!(seen, [(Some(op), Some(kind))], "{line}: {lines:#?}");
    }
    bench.expect_same_state();
    assert_eq!(bench.collector.changes(log_end).len(), story.len());
}

#[test]
fn a_change_says_what_changed_and_how_it_was() {
    let mut bench = Bench::set_up();
    bench.change("app install nginx 1.2");
    let lines = bench.change("app install nginx 1.3");
    let change = &lines[0];
    assert_eq!(change["key"]["named"]["name"], "nginx", "{change}");
    assert_eq!(change["old"]["version"], "1.2", "{change}");
    assert_eq!(change["value"]["version"], "1.3", "{change}");
    assert_eq!(change["id"], DEVICE, "{change}");
}

#[test]
fn each_event_arrives_once_with_its_severity() {
    let mut bench = Bench::set_up();
    let typed = [("info", "hello"), ("notice", "door closed"), ("warning", "door open"), ("critical", "door gone")];
    for (severity, text) in typed {
        bench.board.console.order(&format!("event {severity} {text}"));
    }
    let texts = |lines: &[Value]| -> Vec<(String, String)> {
        let events = lines.iter().filter(|line| line["type"] == "event");
        events.map(|line| (line["op"].to_string(), line["data"].to_string())).collect()
    };
    let arrived = eventually("four events", || Some(texts(&bench.collector.events())).filter(|all| all.len() >= 4));
    for (severity, text) in typed {
        let same = arrived.iter().filter(|(op, data)| op.contains(severity) && data.contains(text));
        assert_eq!(same.count(), 1, "{severity} {text}: {arrived:?}");
    }
    assert_eq!(arrived.len(), 4);
}

#[test]
fn the_same_words_again_send_nothing() {
    let mut bench = Bench::set_up();
    bench.change("user add eve admin");
    bench.tap.forget();
    assert_eq!(bench.board.console.ask("user add eve admin"), "ok unchanged");
    // A later change arrives, so an earlier one would have.
    bench.change("set colour blue");
    let said = bench.said(&bench.tap.passed().up);
    assert!(said.iter().flat_map(|message| &message.kinds).all(|kind| *kind == Kind::SETTING), "{said:#?}");
}
