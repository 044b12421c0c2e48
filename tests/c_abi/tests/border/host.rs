//! `examples/c-host` on this machine, sealed, against a real collector: provisioned once, restarted, with its epoch lost, and killed with
//! an alarm that nobody heard of.

use crate::workshop::{archive_here, compiler, done, folder, sources};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use tidings_c_abi::program::program;
use tidings_qemu::collector::{self, Collector, Hears};
use tidings_qemu::eventually;
use tidings_qemu::fleet::Fleet;

/// The example as a process; dropping it closes its input, which ends it.
struct Device(Child);

impl Device {
    fn start(folder: &Path, collector: &Collector) -> Self {
        let address = collector.address();
        let mut run = Command::new(folder.join("program"));
        run.args([&address.ip().to_string(), &address.port().to_string(), "epoch", "keys.bin"]).current_dir(folder);
        Self(run.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("just built"))
    }

    fn types(&mut self, line: &str) {
        writeln!(self.0.stdin.as_mut().expect("piped"), "{line}").expect("it runs");
    }

    /// What it says to the first line that is typed.
    fn says_to(&mut self, line: &str) -> String {
        self.types(line);
        let mut said = String::new();
        BufReader::new(self.0.stdout.as_mut().expect("piped")).read_line(&mut said).expect("text");
        said.trim_end().to_owned()
    }

    /// Ends it where it stands.
    fn kill(mut self) {
        self.0.kill().expect("it runs");
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// The keys of the one device that each test plays; they are derived once.
fn keys() -> &'static [u8] {
    static KEYS: OnceLock<Vec<u8>> = OnceLock::new();
    KEYS.get_or_init(|| {
        let here = folder();
        let mut derive = program(&collector::program().to_string_lossy(), here.path());
        derive.args(["keys", "derive", "c-host", "--form", "bin", "--output", "keys.bin", "--keys"]);
        done(derive.arg(Fleet::of_this_run().key_file()));
        std::fs::read(here.path().join("keys.bin")).expect("just derived")
    })
}

fn build(into: &Path) {
    let sanitize = ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    let sources = sources("examples/c-host");
    done(
        compiler("gcc", into).arg("-std=c11").args(sanitize).args(sources).arg(archive_here()).args(["-o", "program"]),
    );
    std::fs::write(into.join("keys.bin"), keys()).expect("a file");
}

/// The last value of the setting that was typed, as the collector logged it.
fn last_typed(collector: &Collector) -> Option<String> {
    let changes = collector.changes(0);
    let settings = changes.iter().rev().find(|change| change["kind"] == "setting" && change["device"] == "c-host");
    settings.map(|change| change["value"].to_string())
}

fn typed_arrives(device: &mut Device, collector: &Collector, word: &str) {
    device.types(word);
    eventually(word, || last_typed(collector).filter(|value| value.contains(word)));
}

#[test]
fn the_host_example_seals_restarts_and_never_begins_again() {
    let here = folder();
    build(here.path());
    let collector = Collector::start(Hears::SealedOnly);
    let refused = Command::new(here.path().join("program"))
        .args(["127.0.0.1", "1", "epoch", "keys.bin"])
        .current_dir(here.path())
        .output()
        .expect("just built");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("no epoch stored"), "{refused:?}");
    done(program("./program", here.path()).args(["provision", "epoch"]));

    let mut device = Device::start(here.path(), &collector);
    typed_arrives(&mut device, &collector, "first");
    typed_arrives(&mut device, &collector, "second");
    drop(device);
    let mut device = Device::start(here.path(), &collector);
    typed_arrives(&mut device, &collector, "third");
    let software = collector.changes(0).into_iter().filter(|change| change["kind"] == "software").count();
    assert_eq!(software, 1, "an unchanged fact is told once, over a restart too");
}

/// The alarms that the collector logged, each as JSON.
fn alarms(collector: &Collector) -> Vec<serde_json::Value> {
    let is_ours = |event: &serde_json::Value| event["device"] == "c-host" && event["kind"] == "tamper";
    collector.events().into_iter().filter(is_ours).collect()
}

#[test]
fn an_alarm_survives_a_kill_before_anybody_heard_of_it_and_counts_once() {
    let here = folder();
    build(here.path());
    done(program("./program", here.path()).args(["provision", "epoch"]));
    let mut collector = Collector::start(Hears::SealedOnly);
    collector.kill();
    let mut device = Device::start(here.path(), &collector);
    assert_eq!(device.says_to("!lid open"), "ok");
    device.kill();
    let mut device = Device::start(here.path(), &collector);
    assert_eq!(device.says_to("!case open"), "ok");
    device.kill();

    collector.start_again();
    let device = Device::start(here.path(), &collector);
    let told = eventually("both alarms", || Some(alarms(&collector)).filter(|alarms| alarms.len() > 1));
    let epochs: Vec<_> = told.iter().map(|alarm| alarm["origin"]["epoch"].as_u64().expect("an origin")).collect();
    assert_eq!(epochs, [1, 2], "of the boots in which they happened: {told:?}");
    let store = here.path().join("epoch.events");
    let is_empty = || std::fs::read(&store).expect("a file").iter().all(|byte| *byte == 0);
    eventually("the store gives both up", || is_empty().then_some(()));
    device.kill();

    let mut device = Device::start(here.path(), &collector);
    typed_arrives(&mut device, &collector, "after all");
    assert_eq!(alarms(&collector).len(), 2, "nothing is told again");
}
