//! The collector at work: listeners, one committer, one printer, each a thread or more.
//!
//! The driving law: nothing is answered or shown before it is on the disk. Memory is bounded by [`Limits`], whoever connects.

mod challenge;
mod commit;
mod envelope;
mod fleet;
mod fragments;
mod inbox;
mod ledger;
mod plain;
mod printer;
mod record;
mod refused;
mod requests;
mod say;
mod serial;
mod stream;
mod tally;
mod tcp;
mod udp;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::mpsc::SyncSender;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use signal_hook::consts::{SIGINT, SIGTERM};

use challenge::Challenges;
use commit::Committer;
use fleet::Fleet;
use inbox::Parcel;
use printer::Printer;

pub use fragments::Fragments;
pub use printer::Look;
pub use serial::Port;

use crate::keys::{KeyFileError, Keyring};
use crate::store::{RunLock, Store, StoreError};
use say::say;

/// How long the end waits for a reader of standard output.
const LAST_LINES_WAIT: Duration = Duration::from_secs(2);

/// What becomes of devices that the database does not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// They are taken in.
    Accept,
    /// They are listed, and heard once a person has named them.
    Quarantine,
    /// They are not heard.
    Refuse,
}

/// What bounds a collector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// What becomes of unknown devices.
    pub unknown: Unknown,
    /// Devices known at once.
    pub max_devices: usize,
    /// Facts a device.
    pub max_facts: usize,
    /// TCP connections at once.
    pub max_connections: usize,
    /// How long a new connection may go without a good packet.
    pub patience: Duration,
}

/// What to run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The database file.
    pub database: PathBuf,
    /// TCP addresses to listen on.
    pub tcp: Vec<SocketAddr>,
    /// UDP addresses to listen on.
    pub udp: Vec<SocketAddr>,
    /// UDP addresses to listen on for fragments.
    pub fragments: Vec<Fragments>,
    /// Serial ports to serve.
    pub serial: Vec<Port>,
    /// The key file, for sealed devices.
    pub keys: Option<PathBuf>,
    /// Plain devices are not heard.
    pub require_sealed: bool,
    /// Bounds.
    pub limits: Limits,
    /// How committed lines are printed; none: they are not.
    pub look: Option<Look>,
}

/// Why a collector did not start, or ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum RunError {
    /// The database.
    Store(StoreError),
    /// The key file.
    Keys(KeyFileError),
    /// A listener could not be opened.
    Listen(String, io::Error),
    /// The operating system gave no thread or signal handler.
    System(io::Error),
}

/// Runs until SIGINT or SIGTERM.
///
/// # Errors
/// [`RunError`]; everything that was answered is in the database.
pub fn run(plan: &Plan) -> Result<(), RunError> {
    let keys = Keyring::open(plan.keys.clone(), plan.require_sealed)?;
    let challenges = Challenges::new()?;
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    let _lock = RunLock::take(&plan.database)?;
    let store = Store::create(&plan.database)?;
    let fleet = Fleet::new(plan.limits, store.instance()?);
    let (inbox, arrivals) = inbox::inbox();
    listen(plan, &inbox)?;
    let (printer, printing) = plan.look.map(Printer::start).transpose()?.unzip();
    Committer::new(store, keys, challenges, fleet, printer).work(&arrivals, &stop)?;
    printing.iter().for_each(finish_printing);
    say(format_args!("ended"));
    Ok(())
}

/// The committer's end of the channel is gone: what was handed over is printed, unless the reader is stuck.
fn finish_printing(printing: &JoinHandle<()>) {
    let began = Instant::now();
    while !printing.is_finished() && began.elapsed() < LAST_LINES_WAIT {
        thread::sleep(Duration::from_millis(5));
    }
}

fn listen(plan: &Plan, inbox: &SyncSender<Parcel>) -> Result<(), RunError> {
    let failed = |what: &str, at: &dyn fmt::Display| {
        let what = format!("{what} {at}");
        |error| RunError::Listen(what, error)
    };
    for address in &plan.tcp {
        tcp::listen(*address, plan.limits, inbox.clone()).map_err(failed("tcp", address))?;
    }
    for address in &plan.udp {
        udp::listen(*address, inbox.clone()).map_err(failed("udp", address))?;
    }
    for at in &plan.fragments {
        fragments::listen(*at, inbox.clone()).map_err(failed("udp", &at.address))?;
    }
    for port in &plan.serial {
        serial::listen(port.clone(), inbox.clone()).map_err(failed("serial", &port.path.display()))?;
    }
    Ok(())
}

impl From<StoreError> for RunError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<KeyFileError> for RunError {
    fn from(error: KeyFileError) -> Self {
        Self::Keys(error)
    }
}

impl From<io::Error> for RunError {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Keys(error) => error.fmt(f),
            Self::Listen(what, error) => write!(f, "cannot listen on {what}: {error}"),
            Self::System(error) => write!(f, "the operating system refused: {error}"),
        }
    }
}

impl std::error::Error for RunError {}
