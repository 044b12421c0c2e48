//! Real collector processes: started, asked, killed.

use std::fs::File;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::device::Device;
use crate::link;

/// How long anything may take before a test fails.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_tidings-collector");

/// Waits until `what` gives something.
pub fn until<T>(why: &str, mut what: impl FnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(found) = what() {
            return found;
        }
        assert!(began.elapsed() < PATIENCE, "waited in vain: {why}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A folder with a database in it, and the command line on that.
pub struct Desk {
    pub folder: TempDir,
    pub db: PathBuf,
}

impl Desk {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let db = folder.path().join("tidings.db");
        Self { folder, db }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Starts a collector that listens on TCP and UDP.
    pub fn start(&self, arguments: &[&str]) -> Collector {
        Collector::start(self, &[&["--listen-tcp", "0", "--listen-udp", "127.0.0.1:0", "--json"], arguments].concat())
    }

    /// Runs a command on the database.
    pub fn ask(&self, arguments: &[&str]) -> Answer {
        ask(Command::new(PROGRAM).args(arguments).arg("--db").arg(&self.db))
    }

    /// The JSON lines of a command that must succeed.
    pub fn lines(&self, arguments: &[&str]) -> Vec<Value> {
        let answer = self.ask(&[arguments, &["--json"]].concat());
        assert_eq!(answer.code, Some(0), "{arguments:?}: {}", answer.errors);
        json_lines(&answer.text)
    }

    /// The facts of a device as the collector has them.
    pub fn facts(&self, device: &str) -> Vec<(u8, Vec<u8>, Vec<u8>)> {
        let hex = |line: &Value, name: &str| {
            tidings_collector::decode::parse_hex(line[name].as_str().expect(name)).expect("hex")
        };
        let fact = |line: &Value| {
            (line["kind_number"].as_u64().expect("kind") as u8, hex(line, "key_hex"), hex(line, "value_hex"))
        };
        self.lines(&["show", device]).iter().map(fact).collect()
    }

    pub fn stat(&self, name: &str) -> u64 {
        self.lines(&["stats"])[0][name].as_u64().unwrap_or(0)
    }
}

pub fn json_lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

/// What a command said.
#[derive(Debug)]
pub struct Answer {
    pub code: Option<i32>,
    pub text: String,
    pub errors: String,
}

pub fn ask(command: &mut Command) -> Answer {
    let output = command.stdin(Stdio::null()).output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Answer { code: output.status.code(), text: text(output.stdout), errors: text(output.stderr) }
}

/// A running `run`; killed when dropped.
pub struct Collector {
    child: Child,
    out: PathBuf,
    errors: PathBuf,
}

impl Collector {
    pub fn start(desk: &Desk, arguments: &[&str]) -> Self {
        let mut command = Command::new(PROGRAM);
        command.arg("run").arg("--db").arg(&desk.db).args(arguments);
        Self::spawn(desk, command)
    }

    /// Runs any command that becomes a collector; its output goes to files, so that nobody need read along.
    pub fn spawn(desk: &Desk, command: Command) -> Self {
        let out = fresh(desk, "out");
        let file = File::create(&out).expect("a file");
        Self::spawn_printing_to(desk, command, file.into(), out)
    }

    /// The same with another standard output; `out` is what [`Collector::output`] reads.
    pub fn spawn_printing_to(desk: &Desk, mut command: Command, stdout: Stdio, out: PathBuf) -> Self {
        let errors = fresh(desk, "err");
        let stderr = File::create(&errors).expect("a file");
        let child = command.stdin(Stdio::null()).stdout(stdout).stderr(stderr).spawn().expect("it starts");
        Self { child, out, errors }
    }

    pub fn errors(&self) -> String {
        std::fs::read_to_string(&self.errors).expect("a file")
    }

    pub fn output(&self) -> String {
        std::fs::read_to_string(&self.out).expect("a file")
    }

    /// The JSON lines printed so far.
    pub fn printed(&self) -> Vec<Value> {
        let text = self.output();
        json_lines(text.rsplit_once('\n').map_or("", |(whole, _)| whole))
    }

    /// Waits until it said something that contains `words`.
    pub fn said(&self, words: &str) -> String {
        until(words, || self.errors().lines().find(|line| line.contains(words)).map(str::to_owned))
    }

    fn address(&self, kind: &str) -> SocketAddr {
        let line = self.said(&format!("listening on {kind} "));
        line.rsplit(' ').next().expect("a word").parse().expect("an address")
    }

    pub fn tcp(&self) -> SocketAddr {
        self.address("tcp")
    }

    pub fn udp(&self) -> SocketAddr {
        self.address("udp")
    }

    pub fn fragments(&self) -> SocketAddr {
        self.address("fragmented udp")
    }

    pub fn device(&self, id: &str) -> Device {
        Device::new(id.as_bytes(), link::tcp(self.tcp()))
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn kill(&mut self) {
        self.child.kill().expect("alive");
        self.child.wait().expect("dead");
    }

    /// Sends a signal by name.
    pub fn signal(&self, name: &str) {
        let done =
            Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status().expect("kill");
        assert!(done.success());
    }

    /// Waits for its end.
    pub fn end(&mut self) -> ExitStatus {
        until("the end of the collector", || self.child.try_wait().expect("a child"))
    }

    /// Ends it in order.
    pub fn stop(mut self) {
        self.said("listening");
        self.signal("TERM");
        assert!(self.end().success(), "{}", self.errors());
    }
}

fn fresh(desk: &Desk, what: &str) -> PathBuf {
    (0..).map(|n| desk.path(&format!("{what}-{n}"))).find(|path| !path.exists()).expect("a name")
}

impl Drop for Collector {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
