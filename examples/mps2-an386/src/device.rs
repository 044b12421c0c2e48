//! The device: what commands do to it, kept in the retained image and told to the agent, in this order.
//!
//! It checks nothing about words, `command.rs` did; and prints nothing, `shell.rs` does. Bytes for the collector leave through `main.rs`.

use core::fmt;

use tidings::{
    Agent, Config, DeviceId, EpochError, EpochStore, EventType, IdError, Keys, Kind, Memory, Severity,
    config::SERIAL,
    event_bytes, fact_bytes,
    facts::RawFact,
    provision,
    wire::{
        event::{MAX_ACTOR, MAX_DATA},
        message::BootReason,
    },
};

use crate::{
    change::Change,
    command::Command,
    facts::{FACTS_MAX, KEY_MAX, Put, VALUE_MAX},
    image::Image,
};

/// The board has no serial number to read, so every one of them is this device.
const ID: &[u8] = b"mps2-an386";
const CONFIG: Config = Config::new().profile(SERIAL).schema_rev(1);
/// Kinds of which the image holds everything there is.
const REPORTED: [Kind; 8] = [
    Kind::IDENTITY,
    Kind::SOFTWARE,
    Kind::ACCOUNT,
    Kind::LISTENER,
    Kind::NEIGHBOUR,
    Kind::CERTIFICATE,
    Kind::SETTING,
    Kind::HEALTH,
];

/// Room for the longest facts that the image may hold, some that are gone but not yet acknowledged, and what the agent says of itself.
const FACTS_BYTES: usize = (FACTS_MAX + 32) * fact_bytes(KEY_MAX, VALUE_MAX);
/// Room for 16 of the longest events.
const EVENTS_BYTES: usize = 16 * event_bytes(MAX_ACTOR, MAX_DATA);

/// The agent's memory, for a `static`.
pub type AgentMemory = Memory<FACTS_BYTES, EVENTS_BYTES>;

/// The device as its user and its collector see it.
pub struct Device {
    image: &'static mut Image,
    agent: Agent<'static>,
    cause: Cause,
    is_plain: bool,
}

/// How packets leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sending {
    /// Sealed with the device's keys.
    Sealed,
    /// In clear: there are no keys.
    Plain,
    /// Not at all: there are keys and no epoch. `provision` writes the first.
    NotProvisioned,
    /// Not at all: the memory of the epoch fails.
    StoreFails,
}

/// Why this run began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Nobody left word: the reset pin, a debugger, or a power-on that lost nothing.
    Unknown,
    /// Power came on, or what RAM held was not intact.
    PowerOn,
    /// A person typed `reboot`.
    Commanded,
    /// The firmware gave up on itself, a panic or a processor fault, here.
    Crash {
        /// The instruction.
        pc: u32,
        /// Where its caller goes on.
        lr: u32,
    },
}

/// What a command did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// The fact is new.
    Added,
    /// The fact has another value now.
    Changed,
    /// All was so already.
    Unchanged,
    /// The fact is gone.
    Removed,
    /// An event waits to be sent.
    Noted,
    /// The device may seal.
    Provisioned,
}

/// Why a command did nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// [`FACTS_MAX`] facts are held: remove one first.
    Full,
    /// What should be removed is not there: see `state`.
    Absent,
    /// It is no change: provision, state, reboot and help are the shell's.
    NoChange,
    /// The memory of the epoch keeps nothing.
    StoreFails,
}

impl Device {
    /// Goes on from what the last run left in `image`; `note` is its word on why it ended. Without `keys` it speaks plain. Nothing is sent before
    /// [`Device::start`].
    ///
    /// # Errors
    /// [`IdError`] if the device's id were no id.
    pub fn new(
        image: &'static mut Image,
        note: Cause,
        memory: &'static mut AgentMemory,
        keys: Option<Keys<'static>>,
    ) -> Result<Self, IdError> {
        let cause = if image.resume() { note } else { Cause::PowerOn };
        let config = CONFIG.boot(cause.boot_reason(), image.resets());
        let agent = Agent::new(config, DeviceId::new(ID)?, keys.unwrap_or(Keys::PLAIN), memory);
        let mut device = Self { image, agent, cause, is_plain: keys.is_none() };
        for own in Change::own_facts() {
            // Only a state that an older firmware filled to the last place has no room for a new one; it stays as it is.
            let _ = device.carry_out(&own);
        }
        device.report_everything();
        Ok(device)
    }

    /// Opens the next epoch and lets packets leave. If there is no epoch, or its memory fails, none do until [`Device::maintain`] succeeds.
    pub fn start(&mut self, now_ms: u64, epochs: &mut impl EpochStore) -> Sending {
        let sending = match self.agent.start(now_ms, epochs) {
            Ok(()) if self.is_plain => Sending::Plain,
            Ok(()) => Sending::Sealed,
            Err(EpochError::NotProvisioned) => Sending::NotProvisioned,
            Err(_) => Sending::StoreFails,
        };
        if let Cause::Crash { pc, lr } = self.cause {
            let place = (u64::from(lr) << 32 | u64::from(pc)).to_le_bytes();
            let _ = self.agent.event(Severity::Critical, EventType::CRASH, b"", &place);
        }
        sending
    }

    /// Opens a new epoch if the collector knows a newer one, or if none is open.
    pub fn maintain(&mut self, now_ms: u64, epochs: &mut impl EpochStore) {
        let _ = self.agent.maintain(now_ms, epochs);
    }

    /// Writes the epoch above which the device may seal; [`Device::maintain`] then lets packets leave, within a second.
    ///
    /// # Errors
    /// [`Refusal::StoreFails`].
    pub fn provision(floor: u32, epochs: &mut impl EpochStore) -> Result<Done, Refusal> {
        provision(floor, epochs).map(|()| Done::Provisioned).map_err(|_| Refusal::StoreFails)
    }

    /// The agent, to exchange packets.
    pub fn agent(&mut self) -> &mut Agent<'static> {
        &mut self.agent
    }

    /// Why this run began.
    pub fn cause(&self) -> Cause {
        self.cause
    }

    /// Every fact that the collector is told, rising by kind, then key.
    pub fn facts(&self) -> impl Iterator<Item = (Kind, &[u8], &[u8])> {
        self.agent.facts()
    }

    /// Carries out one command.
    ///
    /// # Errors
    /// [`Refusal`]; nothing has changed then.
    pub fn obey(&mut self, command: Command<'_>) -> Result<Done, Refusal> {
        if let Command::Event { severity, text } = command {
            // The text is within its bound, and a full ring counts what it drops.
            let _ = self.agent.event(severity, EventType::TEXT, b"", text.as_bytes());
            return Ok(Done::Noted);
        }
        let change = Change::of(command).ok_or(Refusal::NoChange)?;
        self.carry_out(&change)
    }

    fn carry_out(&mut self, change: &Change) -> Result<Done, Refusal> {
        let (kind, key) = (change.kind.0, &change.key);
        let done = match &change.value {
            Some(value) => self.image.change(|facts| facts.put(kind, key, value)).map_err(|_| Refusal::Full)?.into(),
            None if self.image.change(|facts| facts.remove(kind, key)) => Done::Removed,
            None => return Err(Refusal::Absent),
        };
        self.tell(change);
        Ok(done)
    }

    /// The agent's memory has room for all that the image holds, and it counts what it refuses.
    fn tell(&mut self, change: &Change) {
        let fact = |value| RawFact { kind: change.kind, key: &change.key, value };
        let _ = match &change.value {
            Some(value) => self.agent.record(&fact(value)),
            None => self.agent.remove(&fact(&[])),
        };
    }

    fn report_everything(&mut self) {
        for kind in REPORTED {
            let mut scan = self.agent.scan(kind);
            for (_, key, value) in self.image.facts().iter().filter(|fact| fact.0 == kind.0) {
                let _ = scan.record(&RawFact { kind, key, value });
            }
            scan.finish();
        }
    }
}

impl From<Put> for Done {
    fn from(put: Put) -> Self {
        match put {
            Put::Added => Self::Added,
            Put::Changed => Self::Changed,
            Put::Same => Self::Unchanged,
        }
    }
}

impl Cause {
    const POWER_ON: u32 = 0xB007_0001;
    const COMMANDED: u32 = 0xB007_0004;
    const CRASH: u32 = 0xB007_0006;

    /// The note that one run leaves to the next; its first word is unlike what memory holds by chance.
    pub fn to_note(self) -> [u32; 3] {
        match self {
            Self::Unknown => [0; 3],
            Self::PowerOn => [Self::POWER_ON, 0, 0],
            Self::Commanded => [Self::COMMANDED, 0, 0],
            Self::Crash { pc, lr } => [Self::CRASH, pc, lr],
        }
    }

    fn boot_reason(self) -> BootReason {
        match self {
            Self::Unknown => BootReason::UNKNOWN,
            Self::PowerOn => BootReason::POWER_ON,
            Self::Commanded => BootReason::SOFTWARE,
            Self::Crash { .. } => BootReason::FAULT,
        }
    }

    /// Reads a note; what no run writes is [`Cause::Unknown`].
    pub fn from_note(note: [u32; 3]) -> Self {
        match note {
            [Self::POWER_ON, ..] => Self::PowerOn,
            [Self::COMMANDED, ..] => Self::Commanded,
            [Self::CRASH, pc, lr] => Self::Crash { pc, lr },
            _ => Self::Unknown,
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "unknown",
            Self::PowerOn => "power-on",
            Self::Commanded => "commanded",
            Self::Crash { .. } => "crash",
        })
    }
}

impl fmt::Display for Sending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sealed => "packets are sealed",
            Self::Plain => "warning: built plain, whoever is on the way reads packets and writes others",
            Self::NotProvisioned => "warning: keys but no epoch, nothing is sent: type provision",
            Self::StoreFails => "warning: the memory of the epoch fails, nothing is sent",
        })
    }
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Removed => "removed",
            Self::Noted => "noted",
            Self::Provisioned => "provisioned",
        })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => write!(f, "the state is full ({FACTS_MAX} facts), remove one first"),
            Self::Absent => f.write_str("no such thing here, see state"),
            Self::NoChange => f.write_str("this changes nothing"),
            Self::StoreFails => f.write_str("the memory of the epoch fails"),
        }
    }
}

impl core::error::Error for Refusal {}
