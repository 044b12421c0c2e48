//! What the README and `--help` say is what the program does.

use std::net::TcpListener;
use std::process::Command;

use tidings_wire::facts::Bytes;

use crate::device::Device;
use crate::process::{Desk, PROGRAM, ask};

const README: &str = include_str!("../../README.md");

#[test]
fn the_readme_lists_the_exit_codes_of_the_help() {
    let help = ask(Command::new(PROGRAM).arg("--help")).text;
    let codes = help.split_once("Exit codes:\n").expect("exit codes").1.trim_end();
    assert!(README.contains(codes), "{codes}");
}

#[test]
fn the_readme_names_every_command() {
    let help = ask(Command::new(PROGRAM).arg("--help")).text;
    let commands = help.split_once("Commands:\n").expect("commands").1.split_once("\n\n").expect("an end").0;
    let names: Vec<_> = commands.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
    assert!(names.len() > 10);
    for name in names.into_iter().filter(|name| !name.is_empty() && *name != "help") {
        assert!(README.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn a_wrong_command_line_is_refused() {
    let desk = Desk::new();
    let wrong: [&[&str]; 9] = [
        &["run"],
        &["run", "--json"],
        &["run", "--listen-tcp", "nowhere"],
        &["run", "--listen-tcp", "0", "--unknown", "perhaps"],
        &["run", "--serial", ":9600"],
        &["show"],
        &["changes", "--after", "-1"],
        &["prune", "--keep", "90"],
        &["show", "gw", "--kind", "cake"],
    ];
    for arguments in wrong {
        assert_eq!(desk.ask(arguments).code, Some(2), "{arguments:?}");
    }
    assert_eq!(ask(Command::new(PROGRAM).arg("decode")).code, Some(2));
}

#[test]
fn a_taken_address_is_told() {
    let desk = Desk::new();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let answer = desk.ask(&["run", "--listen-tcp", &port]);
    assert_eq!(answer.code, Some(10), "{}", answer.errors);
    assert!(answer.errors.contains(&port));
}

#[test]
fn decode_needs_no_database() {
    let decode = |arguments: &[&str]| ask(Command::new(PROGRAM).arg("decode").args(arguments));
    let mut device = Device::new(b"abc", crate::link::nowhere());
    let beat = device.beat();
    let packet = device.packet(&beat);
    let good = decode(&["--hex", &Bytes(&packet).to_string()]);
    assert_eq!(good.code, Some(0), "{} {}", good.text, good.errors);
    assert!(good.text.contains("Beat") && good.text.contains("good"), "{}", good.text);
    let mut bad = packet.clone();
    bad[7] ^= 1;
    assert_eq!(decode(&["--hex", &Bytes(&bad).to_string()]).code, Some(11));
    assert_eq!(decode(&["--hex", "xyz"]).code, Some(11));
    let desk = Desk::new();
    let capture = desk.path("capture");
    std::fs::write(&capture, [crate::link::framed(&packet), crate::link::framed(&packet)].concat()).expect("a file");
    let file = capture.to_str().expect("UTF-8");
    let stream = decode(&["--file", file, "--stream", "--json"]);
    assert_eq!((stream.code, crate::process::json_lines(&stream.text).len()), (Some(0), 2));
    assert_eq!(decode(&["--file", "/nonexistent"]).code, Some(1));
}
