//! What the commands do to the device: each turns into one change of the retained facts.
//!
//! It checks nothing about words, `command.rs` did; and prints nothing, `shell.rs` does.

use core::fmt;

use crate::{
    change::Change,
    command::Command,
    facts::{FACTS_MAX, Facts, Put},
    image::Image,
};

/// The device as its user sees it.
pub struct Device {
    image: &'static mut Image,
    cause: Cause,
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
}

/// Why a command did nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// [`FACTS_MAX`] facts are held: remove one first.
    Full,
    /// What should be removed is not there: see `state`.
    Absent,
}

impl Device {
    /// Goes on from what the last run left in `image`; `note` is its word on why it ended.
    pub fn new(image: &'static mut Image, note: Cause) -> Self {
        let cause = if image.resume() { note } else { Cause::PowerOn };
        let mut device = Self { image, cause };
        for own in Change::own_facts() {
            // Only a state that an older firmware filled to the last place has no room for a new one; it stays as it is.
            let _ = device.carry_out(&own);
        }
        device
    }

    /// Why this run began.
    pub fn cause(&self) -> Cause {
        self.cause
    }

    /// Every fact, sorted.
    pub fn facts(&self) -> &Facts {
        self.image.facts()
    }

    /// Carries out one command.
    ///
    /// # Errors
    /// [`Refusal`]; nothing has changed then.
    pub fn obey(&mut self, command: Command<'_>) -> Result<Done, Refusal> {
        Change::of(command).map_or(Ok(Done::Unchanged), |change| self.carry_out(&change))
    }

    fn carry_out(&mut self, change: &Change) -> Result<Done, Refusal> {
        let (kind, key) = (change.kind.0, &change.key);
        match &change.value {
            Some(value) => {
                self.image.change(|facts| facts.put(kind, key, value)).map(Done::from).map_err(|_| Refusal::Full)
            }
            None if self.image.change(|facts| facts.remove(kind, key)) => Ok(Done::Removed),
            None => Err(Refusal::Absent),
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

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Added => "added",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Removed => "removed",
        })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => write!(f, "the state is full ({FACTS_MAX} facts), remove one first"),
            Self::Absent => f.write_str("no such thing here, see state"),
        }
    }
}

impl core::error::Error for Refusal {}
