//! Events: what happened, as opposed to what is (SPEC §3, §8).

use crate::Malformed;
use crate::cursor::{Reader, Writer};
use core::fmt;

/// Longest actor in bytes.
pub const MAX_ACTOR: usize = 16;
/// Longest data in bytes.
pub const MAX_DATA: usize = 48;
/// Most events in one group of a section.
pub const MAX_IN_GROUP: u8 = 63;

/// How much an event matters; each severity is numbered and delivered on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Severity {
    /// Good to know; syslog 6.
    Info = 0,
    /// Normal but significant; syslog 5.
    Notice = 1,
    /// Look at it; syslog 4.
    Warning = 2,
    /// Act on it; syslog 2.
    Critical = 3,
}

impl Severity {
    /// How many there are.
    pub const COUNT: usize = 4;
    /// From the least to the most severe.
    pub const ALL: [Self; Self::COUNT] = [Self::Info, Self::Notice, Self::Warning, Self::Critical];

    /// The severity of these two bits.
    pub const fn from_bits(bits: u8) -> Self {
        match bits & 3 {
            0 => Self::Info,
            1 => Self::Notice,
            2 => Self::Warning,
            _ => Self::Critical,
        }
    }

    /// The name in SPEC §3.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }

    /// The severity that is called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.name() == name)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// What kind of event it is; an open registry, 0x8000 and up are the vendor's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct EventType(pub u16);

macro_rules! event_types {
    ($($(#[$doc:meta])* $name:ident = $n:literal $text:literal;)*) => {
        impl EventType {
            $($(#[$doc])* pub const $name: Self = Self($n);)*

            /// The name in SPEC §8, if the number has one.
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($n => Some($text),)*
                    _ => None,
                }
            }
        }
    };
}

event_types! {
    /// The data is UTF-8 text.
    TEXT = 0 "text";
    /// The device started.
    BOOT = 1 "boot";
    /// The device is about to stop.
    SHUTDOWN = 2 "shutdown";
    /// Somebody logged in.
    LOGIN = 3 "login";
    /// Somebody failed to log in.
    LOGIN_FAILED = 4 "login failed";
    /// Somebody logged out.
    LOGOUT = 5 "logout";
    /// The case was opened, a probe attached, a sensor moved.
    TAMPER = 6 "tamper";
    /// The firmware crashed; data: PC u32le, LR u32le.
    CRASH = 7 "crash";
    /// Something stored is not what was stored.
    INTEGRITY_FAILURE = 8 "integrity failure";
    /// A store failed.
    STORAGE_FAULT = 9 "storage fault";
    /// Somebody changed the configuration.
    CONFIGURATION_CHANGED = 10 "configuration changed";
    /// An update ended.
    UPDATE_RESULT = 11 "update result";
    /// A network was joined.
    NETWORK_ATTACHED = 12 "network attached";
    /// A network was left.
    NETWORK_DETACHED = 13 "network detached";
    /// The clock was set.
    CLOCK_STEPPED = 14 "clock stepped";
    /// The watchdog fired.
    WATCHDOG = 15 "watchdog";
    /// A debugger was attached.
    DEBUGGER_ATTACHED = 16 "debugger attached";
    /// A connection was refused by policy.
    CONNECTION_BLOCKED = 17 "connection blocked";
    /// Memory, disk or handles ran out.
    RESOURCE_EXHAUSTED = 18 "resource exhausted";
    /// Reporting was switched off or on by the user.
    REPORTING_SWITCHED = 19 "reporting switched";
    /// An unknown device was seen.
    UNKNOWN_DEVICE = 20 "unknown device";
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => f.pad(name),
            None => write!(f, "event {}", self.0),
        }
    }
}

/// Where an event comes from that its device keeps through a loss of power: the same each time that it is told, so that a host counts it once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Origin {
    /// The epoch in which it happened, not 0.
    pub epoch: u32,
    /// Its number among all events that were kept in that boot, from 1.
    pub number: u32,
    /// Seconds from the start of that boot.
    pub uptime_s: u32,
}

impl Origin {
    /// Bytes of the longest one as it travels.
    pub const MAX: usize = 15;

    /// Writes it into `room` as it travels, behind the fields of every event, and gives its bytes.
    pub fn write<'r>(&self, room: &'r mut [u8; Self::MAX]) -> &'r [u8] {
        let mut out = Writer::new(room);
        out.u32(self.epoch).u32(self.number).u32(self.uptime_s);
        let len = out.len();
        room.get(..len).unwrap_or_default()
    }

    /// Reads what follows the fields of every event: nothing, or an epoch, and if that is not 0, the rest of an origin.
    fn read(from: &mut Reader<'_>) -> Result<Option<Self>, Malformed> {
        let epoch = if from.is_empty() { 0 } else { from.u32()? };
        if epoch == 0 {
            return Ok(None);
        }
        let origin = Self { epoch, number: from.u32()?, uptime_s: from.u32()? };
        if origin.number == 0 { Err(Malformed) } else { Ok(Some(origin)) }
    }
}

/// One event as it travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event<'a> {
    /// What happened.
    pub event_type: EventType,
    /// Time since it happened, in ms; `u32::MAX` means that or more, and of a kept event that it happened in an earlier boot.
    pub age_ms: u32,
    /// Who caused it: at most [`MAX_ACTOR`] bytes.
    pub actor: &'a [u8],
    /// Details: at most [`MAX_DATA`] bytes.
    pub data: &'a [u8],
    /// Of a kept event.
    pub origin: Option<Origin>,
}

impl<'a> Event<'a> {
    /// Writes `len u8` and the event.
    pub fn write(&self, out: &mut Writer<'_>) {
        let start = out.len();
        out.u8(0).u32(self.event_type.0.into()).u32(self.age_ms).bytes(self.actor).bytes(self.data);
        if let Some(origin) = self.origin {
            out.raw(origin.write(&mut [0; Origin::MAX]));
        }
        out.mark(start, (out.len() - start).saturating_sub(1) as u8);
    }

    /// As [`Event::write`], for who keeps what follows the age as it travels: `actor len u8 | actor | data len u8 | data`, and of a kept event what
    /// [`Origin::write`] gave.
    pub fn write_kept(out: &mut Writer<'_>, event_type: EventType, age_ms: u32, rest: &[u8]) {
        let start = out.len();
        out.u8(0).u32(event_type.0.into()).u32(age_ms).raw(rest);
        out.mark(start, (out.len() - start).saturating_sub(1) as u8);
    }

    fn read(from: &mut Reader<'a>) -> Result<Self, Malformed> {
        let len = usize::from(from.u8()?);
        let mut from = Reader::new(from.take(len)?);
        Ok(Self {
            event_type: EventType(from.u16()?),
            age_ms: from.u32()?,
            actor: from.bytes(MAX_ACTOR)?,
            data: from.bytes(MAX_DATA)?,
            origin: Origin::read(&mut from)?,
        })
    }
}

/// The events of one severity in a section.
#[derive(Debug, Clone, Copy)]
pub struct Group<'a> {
    /// The severity of all of them.
    pub severity: Severity,
    /// Number of the first listed event; with none listed, one more than the last that was dropped.
    pub first: u32,
    /// How many are listed, at most [`MAX_IN_GROUP`].
    pub count: u8,
    events: Reader<'a>,
}

impl<'a> Group<'a> {
    /// Writes the head of a group; gives the place of its first byte for [`Group::patch_count`].
    pub fn write_head(out: &mut Writer<'_>, severity: Severity, first: u32) -> usize {
        let at = out.len();
        out.u8((severity as u8) << 6).u32(first);
        at
    }

    /// Sets the count of the group whose head stands at `at`, once.
    pub fn patch_count(out: &mut Writer<'_>, at: usize, severity: Severity, count: u8) {
        out.mark(at, (severity as u8) << 6 | count.min(MAX_IN_GROUP));
    }

    /// The events with their numbers.
    pub fn events(&self) -> impl Iterator<Item = (u32, Event<'a>)> + use<'a> {
        let (mut from, first, count) = (self.events, self.first, self.count);
        (0..u32::from(count)).map_while(move |i| Some((first.checked_add(i)?, Event::read(&mut from).ok()?)))
    }

    fn read(from: &mut Reader<'a>) -> Result<Self, Malformed> {
        let head = from.u8()?;
        let (severity, count) = (Severity::from_bits(head >> 6), head & MAX_IN_GROUP);
        let first = from.u32()?;
        if first == 0 || first.checked_add(u32::from(count)).is_none() {
            return Err(Malformed);
        }
        let events = *from;
        for _ in 0..count {
            Event::read(from)?;
        }
        Ok(Self { severity, first, count, events })
    }
}

/// A whole event section, checked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Section<'a> {
    groups: [Option<Group<'a>>; Severity::COUNT],
}

impl<'a> Section<'a> {
    /// Reads a section; at most one group a severity.
    ///
    /// # Errors
    /// [`Malformed`].
    pub fn read(from: &mut Reader<'a>) -> Result<Self, Malformed> {
        let mut section = Self::default();
        for _ in 0..from.u8()? {
            let group = Group::read(from)?;
            let slot = section.groups.get_mut(group.severity as usize).ok_or(Malformed)?;
            if slot.replace(group).is_some() {
                return Err(Malformed);
            }
        }
        Ok(section)
    }

    /// The groups, least severe first.
    pub fn groups(&self) -> impl Iterator<Item = Group<'a>> {
        self.groups.into_iter().flatten()
    }
}
