//! The stage of the tests: a network namespace of its own with the real collector and the real gateway in it, a copied root, and a second
//! namespace for a host that joins the network.
//!
//! Needs root, as network namespaces do. Everything that is made is taken away again when the stage goes.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::sched::{CloneFlags, setns};
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, Uid};
use serde_json::Value as Json;
use tempfile::TempDir;

/// Generous: only a hang takes longer.
pub const DEADLINE: Duration = Duration::from_secs(60);

const COLLECTOR_PORT: u16 = 7400;

/// Id of the gateway on the stage.
pub const DEVICE: &str = "stage-gateway";

/// A network, a root and a collector, for one test.
pub struct Stage {
    /// The copied root.
    pub root: PathBuf,
    space: String,
    folder: TempDir,
    collector: Option<Child>,
}

impl Stage {
    /// Sets the stage, with that many packages under the root and a collector that runs.
    pub fn new(name: &str, packages: usize) -> Stage {
        assert!(Uid::effective().is_root(), "this test makes network namespaces: run it as root");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let space = format!("tidings-{}-{name}", std::process::id());
        run(Command::new("ip").args(["netns", "add", &space]));
        let mut stage = Stage { root: folder.path().join("root"), space, folder, collector: None };
        stage.ip(&["link", "set", "lo", "up"]);
        stage.build_root(packages);
        stage.make_keys();
        stage.start_collector();
        stage
    }

    fn build_root(&self, packages: usize) {
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
        for folder in ["etc", "usr/lib", "var/lib/dpkg", "certs"] {
            fs::create_dir_all(self.root.join(folder)).expect("a folder of the root");
        }
        for file in ["passwd", "group", "shadow", "os-release"] {
            fs::copy(samples.join(file), self.root.join("etc").join(file)).expect("a file of the root");
        }
        fs::copy(samples.join("bundle.pem"), self.root.join("certs/bundle.pem")).expect("certificates");
        let mut status = fs::read_to_string(samples.join("dpkg-status")).expect("the sample");
        status.extend((0..packages).map(|n| stanza(&format!("stage-package-{n:04}"), &format!("1.{n}-1"))));
        fs::write(self.root.join("var/lib/dpkg/status"), status).expect("the dpkg status");
    }

    /// A fleet of one, and what the factory does: keys and the first boot number into the device.
    fn make_keys(&self) {
        let (fleet, state) = (self.key_file(), self.state_dir());
        fs::create_dir(&state).expect("the state folder");
        run(Command::new(collector()).args(["keys", "init", "--keys"]).arg(&fleet));
        let mut derive = Command::new(collector());
        derive.args(["keys", "derive", DEVICE, "--keys"]).arg(&fleet).arg("--output").arg(state.join("keys"));
        run(&mut derive);
        run(Command::new(gateway_binary()).args(["provision", "--state-dir"]).arg(&state));
    }

    fn key_file(&self) -> PathBuf {
        self.folder.path().join("fleet")
    }

    fn state_dir(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// A command that runs in the namespace.
    pub fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.space]).arg(program);
        command
    }

    /// `ip` within the namespace.
    pub fn ip(&self, arguments: &[&str]) {
        run(Command::new("ip").args(["-n", &self.space]).args(arguments));
    }

    /// Does something in the namespace, for example opens a socket there.
    pub fn inside<T: Send>(&self, act: impl FnOnce() -> T + Send) -> T {
        let space = File::open(Path::new("/run/netns").join(&self.space)).expect("the namespace");
        let enter = move || {
            setns(space, CloneFlags::CLONE_NEWNET).expect("entering the namespace");
            act()
        };
        thread::scope(|scope| scope.spawn(enter).join().expect("no panic in the namespace"))
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join("stage.db")
    }

    /// Starts the collector, with the database of the stage.
    pub fn start_collector(&mut self) {
        let listen = format!("127.0.0.1:{COLLECTOR_PORT}");
        let mut command = self.command(&collector());
        command.args(["run", "--listen-tcp", &listen, "--db"]).arg(self.database()).stdout(Stdio::null());
        command.arg("--require-sealed").arg("--keys").arg(self.key_file());
        self.collector = Some(command.spawn().expect("the collector starts"));
        wait("the collector listens", || self.inside(|| std::net::TcpStream::connect(&listen).ok()));
    }

    /// Ends the collector like a crash.
    pub fn kill_collector(&mut self) {
        let mut child = self.collector.take().expect("a running collector");
        child.kill().and_then(|()| child.wait()).expect("the collector dies");
    }

    /// Deletes the database of a collector that does not run.
    pub fn lose_database(&self) {
        assert!(self.collector.is_none(), "the collector still runs");
        for end in ["", "-wal", "-shm"] {
            let path = format!("{}{end}", self.database().display());
            if let Err(e) = fs::remove_file(&path) {
                assert_eq!(e.kind(), io::ErrorKind::NotFound, "{path}: {e}");
            }
        }
    }

    fn arguments_of_look(&self) -> Vec<String> {
        vec!["--root".into(), self.root.display().to_string(), "--certs".into(), "/certs".into()]
    }

    /// Starts a gateway; its end of life is that of the returned value.
    pub fn gateway(&self, extra: &[&str]) -> Gateway {
        let mut command = self.command(gateway_binary());
        let collector = format!("tcp:127.0.0.1:{COLLECTOR_PORT}");
        command.args(["run", "--id", DEVICE, "--collector", &collector, "--state-dir"]);
        command.arg(self.state_dir()).args(self.arguments_of_look()).args(extra);
        Gateway(command.spawn().expect("the gateway starts"))
    }

    /// What the gateway says of itself.
    pub fn state(&self, extra: &[&str]) -> Vec<Json> {
        let mut command = self.command(gateway_binary());
        command.args(["state", "--json"]).args(self.arguments_of_look()).args(extra);
        lines(&run(&mut command))
    }

    /// What the collector holds of the gateway; nothing as long as it has not heard of it.
    pub fn shown(&self) -> Vec<Json> {
        self.ask(&["show", &device(), "--json"])
    }

    /// Changes and notices after a number of the log.
    pub fn changes(&self, after: i64) -> Vec<Json> {
        self.ask(&["changes", "--device", &device(), "--json", "--after", &after.to_string()])
    }

    fn ask(&self, arguments: &[&str]) -> Vec<Json> {
        let output = self.command(&collector()).args(arguments).arg("--db").arg(self.database()).output();
        let output = output.expect("the collector's command line runs");
        if output.status.success() { lines(&output) } else { Vec::new() }
    }

    /// Number of the last line of the log.
    pub fn log_end(&self) -> i64 {
        self.changes(0).last().map_or(0, |line| line["n"].as_i64().expect("a number"))
    }

    /// Returns once the collector holds exactly what the gateway says of itself, apart from measurements.
    pub fn wait_for_equality(&self, extra: &[&str]) -> Vec<Json> {
        wait("collector and device agree", || {
            let (shown, state) = (steady(&self.shown()), steady(&self.state(extra)));
            (!state.is_empty() && shown == state).then(|| self.shown())
        })
    }

    /// Puts a file in place by renaming, as dpkg and useradd do.
    pub fn replace(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        let fresh = path.with_extension("stage-new");
        fs::write(&fresh, text)
            .and_then(|()| fs::set_permissions(&fresh, fs::Permissions::from_mode(0o644)))
            .expect("the new file");
        fs::rename(&fresh, &path).expect("renaming");
    }

    /// Text of a file under the root.
    pub fn text(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).expect("a file under the root")
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        if let Some(mut child) = self.collector.take() {
            let _ = child.kill().and_then(|()| child.wait());
        }
        let _ = Command::new("ip").args(["netns", "del", &self.space]).status();
    }
}

/// A gateway that runs until this value goes.
pub struct Gateway(Child);

impl Gateway {
    /// Asks it to end, as a service manager does, and tells how it ended.
    pub fn end(&mut self) -> Option<i32> {
        let pid = Pid::from_raw(i32::try_from(self.0.id()).expect("a process id"));
        kill(pid, Signal::SIGTERM).expect("the gateway still runs");
        wait("the gateway ends", || self.0.try_wait().expect("a child")).code()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        let _ = self.0.kill().and_then(|()| self.0.wait());
    }
}

/// A second namespace: a host on the other end of a virtual cable.
pub struct Neighbour {
    space: String,
    /// Link address of its end.
    pub mac: &'static str,
}

/// IPv4 address of the gateway's end and of the host's.
pub const GATEWAY_IP: &str = "198.51.100.1";
/// See [`GATEWAY_IP`].
pub const HOST_IP: &str = "198.51.100.10";

impl Neighbour {
    /// Lays the cable; nothing has been sent over it yet.
    pub fn new(stage: &Stage) -> Neighbour {
        let host = Neighbour { space: format!("{}-host", stage.space), mac: "02:00:5e:00:53:0a" };
        run(Command::new("ip").args(["netns", "add", &host.space]));
        stage.ip(&["link", "add", "lan0", "type", "veth", "peer", "name", "eth0", "netns", &host.space]);
        let far = |arguments: &[&str]| run(Command::new("ip").args(["-n", &host.space]).args(arguments));
        far(&["link", "set", "eth0", "address", host.mac]);
        far(&["address", "add", &format!("{HOST_IP}/24"), "dev", "eth0"]);
        far(&["link", "set", "eth0", "up"]);
        stage.ip(&["address", "add", &format!("{GATEWAY_IP}/24"), "dev", "lan0"]);
        stage.ip(&["link", "set", "lan0", "up"]);
        host
    }
}

impl Drop for Neighbour {
    fn drop(&mut self) {
        let _ = Command::new("ip").args(["netns", "del", &self.space]).status();
    }
}

/// A stanza of dpkg's database.
pub fn stanza(name: &str, version: &str) -> String {
    format!(
        "Package: {name}\nStatus: install ok installed\nArchitecture: all\nVersion: {version}\nDescription: of the stage\n\n"
    )
}

/// Facts without measurements and without what the agent says of itself: those differ from one moment to the next.
pub fn steady(facts: &[Json]) -> Vec<[String; 3]> {
    let volatile = |fact: &&Json| !["health", "agent"].contains(&fact["kind"].as_str().unwrap_or_default());
    let bytes = |fact: &Json| ["kind_number", "key_hex", "value_hex"].map(|field| fact[field].to_string());
    facts.iter().filter(volatile).map(bytes).collect()
}

/// Asks again until there is an answer.
pub fn wait<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + DEADLINE;
    loop {
        match ask() {
            Some(answer) => return answer,
            None if Instant::now() > end => panic!("not within {DEADLINE:?}: {what}"),
            None => thread::sleep(Duration::from_millis(20)),
        }
    }
}

fn device() -> String {
    let digits: String = DEVICE.bytes().map(|byte| format!("{byte:02x}")).collect();
    format!("hex:{digits}")
}

fn gateway_binary() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_linux-gateway"))
}

/// The real collector, built from this repository the first time that it is needed.
fn collector() -> PathBuf {
    static BUILT: std::sync::OnceLock<PathBuf> = std::sync::OnceLock::new();
    BUILT.get_or_init(build_collector).clone()
}

fn build_collector() -> PathBuf {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(&workspace).args([
        "build",
        "--quiet",
        "--package",
        "tidings-collector",
        "--message-format",
        "json",
    ]);
    let executable = |line: Json| line["executable"].as_str().map(PathBuf::from);
    lines(&run(&mut cargo)).into_iter().find_map(executable).expect("the collector's program")
}

fn lines(output: &Output) -> Vec<Json> {
    let text = std::str::from_utf8(&output.stdout).expect("text");
    text.lines().map(|line| serde_json::from_str(line).expect("a JSON object a line")).collect()
}

fn run(command: &mut Command) -> Output {
    let output = command.stderr(Stdio::inherit()).output();
    let output: io::Result<Output> = output;
    let output = output.unwrap_or_else(|e| panic!("{command:?}: {e}"));
    assert!(output.status.success(), "{command:?}: {}", output.status);
    output
}
