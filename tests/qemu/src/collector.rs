//! The real collector as its own process, with a database of its own: started, killed, started again, and asked on the command line.

use std::{
    env,
    fs::{self, File},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

use serde_json::Value;

use crate::{eventually, fleet::Fleet, folder::Folder};

/// A collector and its database. Dropping it ends both.
pub struct Collector {
    folder: Folder,
    address: SocketAddr,
    hears: Hears,
    run: Child,
}

/// Whom a collector hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hears {
    /// The boards of the fleet, and only what they seal.
    SealedOnly,
    /// Whoever speaks plain: it has no keys.
    Plain,
}

impl Collector {
    /// Starts a collector on a fresh database and a free TCP port of loopback.
    ///
    /// # Panics
    /// If it does not build or does not listen.
    pub fn start(hears: Hears) -> Self {
        let folder = Folder::fresh();
        let mut run = spawn(&folder, "127.0.0.1:0", hears);
        let address = listening_at(&folder, &mut run);
        Self { folder, address, hears, run }
    }

    /// What it said to whoever runs it.
    pub fn words(&self) -> String {
        fs::read_to_string(errors(&self.folder)).unwrap_or_default()
    }

    /// Where it listens, over restarts too.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Kills it where it stands.
    ///
    /// # Panics
    /// If it ended before.
    pub fn kill(&mut self) {
        self.run.kill().and_then(|()| self.run.wait()).expect("the collector runs");
    }

    /// Starts it again on the same database and address.
    ///
    /// # Panics
    /// If it does not listen.
    pub fn start_again(&mut self) {
        self.run = spawn(&self.folder, &self.address.to_string(), self.hears);
        listening_at(&self.folder, &mut self.run);
    }

    /// Deletes its database. It must be dead.
    ///
    /// # Panics
    /// If there was none.
    pub fn lose_database(&mut self) {
        let database = database(&self.folder);
        fs::remove_file(&database).expect("a collector ran here");
        for suffix in ["-wal", "-shm"] {
            // SQLite leaves these only if it was killed at work.
            let mut beside = database.clone().into_os_string();
            beside.push(suffix);
            let _ = fs::remove_file(beside);
        }
    }

    /// The facts of a device, in the form of the board's own `state`.
    ///
    /// # Panics
    /// If the command fails; a device that was never heard has no facts.
    pub fn state(&self, device: &str) -> Vec<String> {
        if !self.knows(device) {
            return Vec::new();
        }
        let hex = |fact: &Value, field: &str| match fact[field].as_str().expect("hex is a text") {
            "" => "-".to_owned(),
            hex => hex.to_owned(),
        };
        let line =
            |fact: &Value| format!("{} {} {}", fact["kind_number"], hex(fact, "key_hex"), hex(fact, "value_hex"));
        self.ask(&["show", device]).iter().map(line).collect()
    }

    /// The log of changes and notices, oldest first, after line `after`.
    ///
    /// # Panics
    /// If the command fails.
    pub fn changes(&self, after: u64) -> Vec<Value> {
        self.ask(&["changes", "--after", &after.to_string()])
    }

    /// The log of events and notices, oldest first.
    ///
    /// # Panics
    /// If the command fails.
    pub fn events(&self) -> Vec<Value> {
        self.ask(&["events"])
    }

    /// Number of the log's last line, 0 if there is none.
    ///
    /// # Panics
    /// If the command fails.
    pub fn log_end(&self) -> u64 {
        let ends = [self.changes(0), self.events()];
        ends.iter().filter_map(|lines| lines.last()?["n"].as_u64()).max().unwrap_or(0)
    }

    /// A row on each device that was ever heard.
    ///
    /// # Panics
    /// If the command fails.
    pub fn devices(&self) -> Vec<Value> {
        self.ask(&["devices"])
    }

    /// The row on one device.
    ///
    /// # Panics
    /// If the command fails.
    pub fn device(&self, device: &str) -> Option<Value> {
        self.devices().into_iter().find(|row| row["id"] == device)
    }

    fn knows(&self, device: &str) -> bool {
        self.device(device).is_some()
    }

    fn ask(&self, arguments: &[&str]) -> Vec<Value> {
        let output =
            Command::new(program()).args(arguments).arg("--json").arg("--db").arg(database(&self.folder)).output();
        let output = output.expect("the collector was just built");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        let text = String::from_utf8(output.stdout).expect("JSON is UTF-8");
        text.lines().map(|line| serde_json::from_str(line).expect("one object a line")).collect()
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        let _ = self.run.kill();
        let _ = self.run.wait();
    }
}

/// Where cargo put this test: three folders above `target/debug/deps/test`.
///
/// # Panics
/// If it runs from elsewhere.
pub fn target_folder() -> PathBuf {
    let test = env::current_exe().expect("a running program has a path");
    test.ancestors().nth(3).expect("cargo runs tests from its target folder").to_owned()
}

/// The program, built on the first call, where cargo put this test.
///
/// # Panics
/// If it does not build.
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let target = target_folder();
        let built = Command::new(env!("CARGO"))
            .args(["build", "--package", "tidings-collector", "--target-dir"])
            .arg(&target)
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
            .status();
        assert!(built.expect("cargo runs this test, so it can run again").success(), "the collector does not build");
        target.join("debug").join("tidings-collector")
    })
}

fn spawn(folder: &Folder, address: &str, hears: Hears) -> Child {
    let errors = File::create(errors(folder)).expect("the folder is ours");
    let mut run = Command::new(program());
    run.args(["run", "--listen-tcp", address, "--json", "--db"]).arg(database(folder));
    if hears == Hears::SealedOnly {
        run.arg("--require-sealed").arg("--keys").arg(Fleet::of_this_run().key_file());
    }
    run.stdin(Stdio::null()).stdout(Stdio::null()).stderr(errors).spawn().expect("the collector was just built")
}

/// Reads from its own words where it listens.
fn listening_at(folder: &Folder, run: &mut Child) -> SocketAddr {
    eventually("the collector to listen", || {
        let said = fs::read_to_string(errors(folder)).unwrap_or_default();
        let ended = run.try_wait().expect("the collector is our child");
        assert!(ended.is_none(), "the collector ended: {said}");
        let whole = said.rsplit_once('\n')?.0;
        let line = whole.lines().find(|line| line.contains("listening on tcp "))?;
        line.rsplit(' ').next()?.parse().ok()
    })
}

fn database(folder: &Folder) -> PathBuf {
    folder.join("tidings.db")
}

fn errors(folder: &Folder) -> PathBuf {
    folder.join("errors")
}
