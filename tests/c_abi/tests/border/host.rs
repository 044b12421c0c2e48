//! `examples/c-host` on this machine, sealed, against a real collector: provisioned once, restarted, and with its epoch lost.

use crate::workshop::{archive_here, compiler, done, folder};
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tidings_c_abi::program::program;
use tidings_c_abi::rooms;
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
        Self(run.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("just built"))
    }

    fn types(&mut self, line: &str) {
        writeln!(self.0.stdin.as_mut().expect("piped"), "{line}").expect("it runs");
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

fn build(into: &Path) {
    let source = rooms::root().join("examples/c-host/main.c");
    let sanitize = ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
    done(compiler("gcc", into).arg("-std=c11").args(sanitize).arg(source).arg(archive_here()).args(["-o", "program"]));
    let mut derive = program(&collector::program().to_string_lossy(), into);
    derive.args(["keys", "derive", "c-host", "--form", "bin", "--output", "keys.bin", "--keys"]);
    done(derive.arg(Fleet::of_this_run().key_file()));
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
