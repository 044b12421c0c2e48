//! `run`: a thread a source, one for the connection, one for signals, and the one loop that owns the agent.
//!
//! Promise: every thread talks to the loop through one bounded channel; the loop never waits for any of them. SIGINT and SIGTERM end it.

use std::io;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{SigSet, Signal};
use tidings::suites::{ChaCha20Poly1305, KeySet};
use tidings::{DeviceId, Keys};

use crate::cli::{Provision, Run};
use crate::encode::wire_kind;
use crate::gateway::{Gateway, GatewayMemory};
use crate::key_file;
use crate::link::{self, LinkEvent};
use crate::machine::Choice;
use crate::observe::{self, Observation};
use crate::source::Source;
use crate::state_dir::StateDir;

/// Inputs that may wait for the loop; past it, their threads wait.
const QUEUE: usize = 64;

/// The loop comes back no sooner than this, and no later than that, whatever the agent says.
const SHORTEST_SLEEP_MS: u64 = 5;
const LONGEST_SLEEP_MS: u64 = 60_000;

/// What comes from the other threads.
enum Input {
    Seen(Observation),
    Link(LinkEvent),
    Signal(Signal),
}

/// Watches the machine and tells the collector, until a signal ends it.
///
/// # Errors
/// A sentence: the keys, the state folder or its boot number are not usable, or the system gives no more threads.
pub fn run(arguments: Run) -> Result<(), String> {
    let signals = block_signals().map_err(|e| format!("signals: {e}"))?;
    let state_dir = StateDir::take(&arguments.state_dir)?;
    let set = key_set(&arguments)?;
    let suite = set.as_ref().map(ChaCha20Poly1305::device);
    let keys = set.as_ref().zip(suite.as_ref()).map_or(Keys::PLAIN, |(set, suite)| Keys::sealed(suite, set));
    let id = DeviceId::new(&arguments.id.0).map_err(|e| e.to_string())?;
    let choice = Choice::from(arguments.look);
    let sources = choice.sources();
    let kinds: Vec<_> = sources.iter().map(|source| wire_kind(source.kind())).collect();
    let off: Vec<_> = choice.off.iter().map(|kind| wire_kind(*kind)).collect();

    let mut memory = Box::new(GatewayMemory::new());
    let mut gateway = Gateway::new(id, keys, &kinds, &off, &mut memory);
    let clock = Clock(Instant::now());
    let mut epoch = state_dir.epoch();
    gateway.start(clock.now_ms(), &mut epoch)?;

    let (sender, inputs) = sync_channel(QUEUE);
    spawn_signals(signals, sender.clone())
        .and_then(|()| spawn_sources(sources, &sender))
        .and_then(|()| link::spawn(arguments.collector, sender.clone(), Input::Link))
        .map_err(|e| format!("threads: {e}"))?;
    let mut complaint = None;
    loop {
        let now = clock.now_ms(); // 1 time comes in
        let maintained = gateway.maintain(now, &mut epoch); // 2 the epoch, if the collector asked for one
        say_once(&mut complaint, maintained.err());
        gateway.send(now); // 3 bytes out
        match next_input(&inputs, &clock, gateway.next_deadline()) {
            // 4 sleep until something comes
            Some(Input::Seen(observation)) => say(gateway.observe(clock.now_ms(), observation)),
            Some(Input::Link(event)) => say(gateway.link(clock.now_ms(), event)),
            Some(Input::Signal(signal)) => {
                say(Some(format!("ended by {signal}")));
                return Ok(());
            }
            None => {}
        }
    }
}

/// Lets a device with keys seal.
///
/// # Errors
/// A sentence: the folder or its boot number is not usable.
pub fn provision(arguments: &Provision) -> Result<(), String> {
    let state_dir = StateDir::take(&arguments.state_dir)?;
    tidings::provision(arguments.floor, &mut state_dir.epoch()).map_err(|e| e.to_string())
}

/// The keys that the command line names; none, with a warning, if it says plain.
fn key_set(arguments: &Run) -> Result<Option<KeySet>, String> {
    if arguments.plain {
        say(Some("warning: --plain: whoever is on the way reads the reports and can write others".into()));
        return Ok(None);
    }
    let path = arguments.keys.clone().unwrap_or_else(|| arguments.state_dir.join("keys"));
    let how = "; `tidings-collector keys derive` makes keys, and --plain does without, on a way that is trusted";
    key_file::read(&path).map(Some).map_err(|why| why + how)
}

/// The next input, or none when it is time to come back.
fn next_input(inputs: &Receiver<Input>, clock: &Clock, deadline_ms: u64) -> Option<Input> {
    let sleep_ms = deadline_ms.saturating_sub(clock.now_ms()).clamp(SHORTEST_SLEEP_MS, LONGEST_SLEEP_MS);
    inputs.recv_timeout(Duration::from_millis(sleep_ms)).ok()
}

/// A clock in ms that never goes back.
struct Clock(Instant);

impl Clock {
    fn now_ms(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// Blocks the signals that end us; threads that are made later inherit that.
fn block_signals() -> nix::Result<SigSet> {
    let mut signals = SigSet::empty();
    signals.add(Signal::SIGINT);
    signals.add(Signal::SIGTERM);
    signals.thread_block()?;
    Ok(signals)
}

fn spawn_signals(signals: SigSet, inputs: SyncSender<Input>) -> io::Result<()> {
    let wait = move || {
        if let Ok(signal) = signals.wait() {
            // The loop is gone already if nobody receives it.
            let _ = inputs.send(Input::Signal(signal));
        }
    };
    thread::Builder::new().name("signals".into()).spawn(wait).map(drop)
}

fn spawn_sources(sources: Vec<Box<dyn Source>>, inputs: &SyncSender<Input>) -> io::Result<()> {
    sources.into_iter().try_for_each(|source| observe::spawn(source, inputs.clone(), Input::Seen))
}

fn say(sentence: Option<String>) {
    if let Some(sentence) = sentence {
        eprintln!("linux-gateway: {sentence}");
    }
}

/// Says a complaint when it is new, not each time that it is repeated.
fn say_once(last: &mut Option<String>, now: Option<String>) {
    if now != *last {
        say(now.clone());
        *last = now;
    }
}
