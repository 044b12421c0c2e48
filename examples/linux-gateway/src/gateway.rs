//! The agent, what is fed to it, and where its bytes go. No thread, no clock, no file: time and inputs are arguments.
//!
//! Promise: what a source tells becomes a scan of its kind; a partial or failed reading removes nothing. Not here: waiting (`run.rs`).

use tidings::config::{Config, Profile, TCP};
use tidings::{Agent, DeviceId, EpochError, EpochStore, Framing, Keys, Kind, Memory};

use crate::link::{LinkEvent, LinkWriter};
use crate::machine::{Coverage, Told};
use crate::observe::Observation;

/// Memory for facts: room for some ten thousand.
pub const TABLE_BYTES: usize = 1 << 20;

/// Memory for events: this port records none of its own.
pub const EVENT_BYTES: usize = 256;

/// A packet may be as long as the protocol allows: TCP cuts it as it likes.
const PROFILE: Profile = Profile { mtu: MTU as u16, ..TCP };
const MTU: usize = 1400;

/// How long Hello waits for sources that have not told anything yet. A source that hangs delays the others by no more.
const LOAD_MS: u32 = 5_000;

/// An answer that does not come for this long ends the connection: the collector's machine may be gone without a word.
pub const SILENCE_MS: u64 = 60_000;

/// Bytes handed to the connection at a time.
const CHUNK_BYTES: usize = 4096;

/// What the agent borrows.
pub type GatewayMemory = Memory<TABLE_BYTES, EVENT_BYTES>;

/// The agent of this machine, and its connection.
pub struct Gateway<'m> {
    agent: Agent<'m>,
    framing: Framing<MTU>,
    link: Option<LinkWriter>,
    unanswered_since: Option<u64>,
    said: Vec<(Kind, Option<String>)>,
    said_of_link: String,
}

impl<'m> Gateway<'m> {
    /// A gateway that reports `kinds` once their sources have told something, and withdraws those in `off`.
    #[must_use]
    pub fn new(id: DeviceId, keys: Keys<'m>, kinds: &[Kind], off: &[Kind], memory: &'m mut GatewayMemory) -> Self {
        let base = Config::new().profile(PROFILE).load_ms(LOAD_MS);
        let config = kinds.iter().fold(base, |config, kind| config.expect(*kind));
        let mut agent = Agent::new(config, id, keys, memory);
        off.iter().for_each(|kind| agent.switch_off(*kind));
        agent.link_down();
        Gateway {
            agent,
            framing: Framing::new(),
            link: None,
            unanswered_since: None,
            said: Vec::new(),
            said_of_link: String::new(),
        }
    }

    /// Opens the boot number of this start.
    ///
    /// # Errors
    /// A sentence: the store failed.
    pub fn start<S: EpochStore<Error = std::io::Error>>(&mut self, now_ms: u64, epoch: &mut S) -> Result<(), String> {
        self.agent.start(now_ms, epoch).map_err(|e| match e {
            EpochError::NotProvisioned => format!("{e}: `linux-gateway provision --state-dir DIR`, once"),
            e => e.to_string(),
        })
    }

    /// Takes another boot number if the collector knows a newer one.
    ///
    /// # Errors
    /// A sentence: the store failed; nothing is sent until a later call succeeds.
    pub fn maintain<S: EpochStore<Error = std::io::Error>>(
        &mut self,
        now_ms: u64,
        epoch: &mut S,
    ) -> Result<(), String> {
        self.agent.maintain(now_ms, epoch).map_err(|e| e.to_string())
    }

    /// Takes what a source told; gives a sentence if there is something new to warn of.
    pub fn observe(&mut self, now_ms: u64, observation: Observation) -> Option<String> {
        self.agent.tick(now_ms);
        let told = Told::of(observation);
        let refused = self.scan(&told);
        let full = (refused > 0).then(|| format!("{}: {refused} facts do not fit the memory", told.kind));
        self.news(told.kind, told.warning.or(full))
    }

    /// Records everything that was told, and says how many facts were refused.
    fn scan(&mut self, told: &Told) -> usize {
        let mut scan = self.agent.scan(told.kind);
        let refused = told.facts.iter().filter(|fact| scan.record(&fact.as_fact()).is_err()).count();
        match told.coverage {
            Coverage::Complete => scan.finish(),
            Coverage::Partial => scan.partial(),
            Coverage::Failed => scan.fail(),
        }
        refused
    }

    /// The warning, unless it is the one that was given last for this kind.
    fn news(&mut self, kind: Kind, warning: Option<String>) -> Option<String> {
        let known = self.said.iter().position(|(of, _)| *of == kind);
        let before = known.and_then(|at| self.said.swap_remove(at).1);
        self.said.push((kind, warning.clone()));
        match (before, warning) {
            (Some(_), None) => Some(format!("{kind}: complete again")),
            (before, warning) => warning.filter(|now| before.as_ref() != Some(now)),
        }
    }

    /// Takes what happened to the connection; gives a sentence if somebody may want to know.
    pub fn link(&mut self, now_ms: u64, event: LinkEvent) -> Option<String> {
        match event {
            LinkEvent::Bytes(bytes) => {
                self.unanswered_since = None;
                self.framing.receive(&mut self.agent, now_ms, &bytes);
                None
            }
            LinkEvent::Up(writer) => {
                self.connection(Some(writer));
                self.agent.link_up(now_ms);
                self.news_of_link("connected".into())
            }
            LinkEvent::Down(why) => {
                self.connection(None);
                self.agent.link_down();
                self.news_of_link(why)
            }
        }
    }

    /// The sentence, unless it is the one that was said last: a collector that is away for long is told once.
    fn news_of_link(&mut self, sentence: String) -> Option<String> {
        let news = self.said_of_link != sentence;
        self.said_of_link.clone_from(&sentence);
        news.then_some(sentence)
    }

    fn connection(&mut self, link: Option<LinkWriter>) {
        self.link = link;
        self.unanswered_since = None;
        self.framing.reset();
    }

    /// Sends what is due, and gives up a connection that never answers.
    pub fn send(&mut self, now_ms: u64) {
        let Some(link) = &mut self.link else { return };
        if self.unanswered_since.is_some_and(|since| now_ms >= since + SILENCE_MS) {
            link.close();
        }
        let mut bytes = [0; CHUNK_BYTES];
        loop {
            let len = self.framing.send(&mut self.agent, now_ms, &mut bytes);
            if len == 0 {
                return;
            }
            self.unanswered_since.get_or_insert(now_ms);
            // A failure closes the connection; the link's thread says so.
            let _ = link.write(&bytes[..len]);
        }
    }

    /// When [`Gateway::send`] is to be called again at the latest, in ms.
    #[must_use]
    pub fn next_deadline(&self) -> u64 {
        let silence = self.unanswered_since.map_or(u64::MAX, |since| since + SILENCE_MS);
        self.agent.next_deadline().min(silence)
    }
}
