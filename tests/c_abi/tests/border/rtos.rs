//! `examples/c-rtos` on POSIX threads, sealed, against a real collector, under the thread sanitizer: what a task measures and an interrupt sees arrives,
//! over a line that breaks, and a device with nothing to do sleeps.

use crate::workshop::{archive_here, compiler, done, folder, sources};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;
use tidings_c_abi::program::program;
use tidings_qemu::collector::{self, Collector, Hears};
use tidings_qemu::eventually;
use tidings_qemu::fleet::Fleet;

/// What a race ends the example with: `exitcode` of the sanitizer.
const RACE: &str = "exitcode=66 halt_on_error=1";
const IDLE: Duration = Duration::from_secs(3);
/// Of the 300 hundredths of a second in it: a loop that does not sleep takes all.
const MOST_BUSY: u64 = 60;

/// The example as a process; what is typed is the world around it.
struct Device(Child);

impl Device {
    fn start(folder: &Path, collector: &Collector) -> Self {
        let (ip, port) = (collector.address().ip().to_string(), collector.address().port().to_string());
        let mut run = Command::new(folder.join("program"));
        run.args([&ip, &port, "epoch", "keys.bin"]).current_dir(folder).env("TSAN_OPTIONS", RACE);
        Self(run.stdin(Stdio::piped()).spawn().expect("just built"))
    }

    fn types(&mut self, keys: &str) {
        self.0.stdin.as_mut().expect("piped").write_all(keys.as_bytes()).expect("it runs");
    }

    /// Hundredths of a second that it has used of the processor.
    fn busy(&self) -> u64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0.id())).expect("it runs");
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        [11, 12].iter().map(|field| fields[*field].parse::<u64>().expect("a number")).sum()
    }

    /// Ends it by the end of its input; it must not have seen a race.
    fn end(mut self) {
        drop(self.0.stdin.take());
        let status = self.0.wait().expect("it runs");
        assert!(status.success(), "{status}");
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        // Where a check failed before its end.
        if let Ok(None) = self.0.try_wait() {
            let _ = kill_process(Pid::from_child(&self.0), Signal::KILL);
            let _ = self.0.wait();
        }
    }
}

fn build(into: &Path, compiler_name: &str, options: &[&str]) {
    let mut gcc = compiler(compiler_name, into);
    gcc.arg("-std=c11").args(options).args(sources("examples/c-rtos")).args(sources("examples/c-rtos/posix"));
    done(gcc.arg(archive_here()).args(["-pthread", "-o", "program"]));
}

fn newest(collector: &Collector, kind: &str) -> Option<Value> {
    collector.changes(0).into_iter().rev().find(|change| change["kind"] == kind)
}

fn shows(collector: &Collector, celsius: &str) {
    eventually(celsius, || newest(collector, "health").filter(|change| change["value"].to_string().contains(celsius)));
}

#[test]
fn it_compiles_with_clang_too() {
    build(folder().path(), "clang", &[]);
}

#[test]
fn tasks_and_interrupts_report_without_a_race_and_sleep_in_between() {
    let here = folder();
    build(here.path(), "gcc", &["-g", "-fsanitize=thread"]);
    let mut derive = program(&collector::program().to_string_lossy(), here.path());
    derive.args(["keys", "derive", "c-rtos", "--form", "bin", "--output", "keys.bin", "--keys"]);
    done(derive.arg(Fleet::of_this_run().key_file()));
    done(program("./program", here.path()).args(["provision", "epoch"]));

    let mut collector = Collector::start(Hears::SealedOnly);
    let mut device = Device::start(here.path(), &collector);
    shows(&collector, "20");
    assert_eq!(newest(&collector, "software").expect("Hello came first")["value"]["version"], "2.0.1");
    device.types("+++");
    shows(&collector, "23");
    device.types("c");
    let tamper = || collector.events().into_iter().find(|event| event.to_string().contains("tamper"));
    assert_eq!(eventually("tamper", tamper)["op"], "critical");

    let before = device.busy();
    sleep(IDLE);
    let busy = device.busy() - before;
    assert!(busy < MOST_BUSY, "idle, and {busy} hundredths of a second busy");

    collector.kill();
    device.types("--");
    collector.start_again();
    shows(&collector, "21");
    device.end();
}
