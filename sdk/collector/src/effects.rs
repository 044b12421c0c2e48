//! What one packet did: an ordered list of changes, events and notices that the store writes in one transaction.
//!
//! The list keeps its bytes in one buffer, so a reused [`Effects`] allocates nothing in the steady state. It does not know which device
//! it speaks of, nor whether anything was stored.

use core::fmt;
use core::ops::Range;

use serde::Serialize;
use tidings_wire::event::Origin;
use tidings_wire::message::BootReason;

/// The effects of one packet, or of several that are committed together.
#[derive(Debug, Default)]
pub struct Effects {
    items: Vec<Item>,
    bytes: Vec<u8>,
    state: bool,
}

/// One entry of [`Effects`], borrowing its bytes from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect<'a> {
    /// A fact came, changed or went. The store writes the fact and the log.
    Change(Change<'a>),
    /// A fact is as it was, but the device's count of its changes is known better. The store writes it; there is nothing to log.
    Counted {
        /// Kind, 0–31.
        kind: u8,
        /// Key bytes, 1–64.
        key: &'a [u8],
        /// The change count to store with the fact.
        count: Count,
    },
    /// Something happened on the device.
    Event(Event<'a>),
    /// `count` events of `severity` were dropped on the device before they could be told.
    Lost {
        /// 0 info … 3 critical.
        severity: u8,
        /// How many, at least 1.
        count: u32,
    },
    /// All facts of a volatile kind are forgotten, and no removal is to be logged: the device booted.
    Cleared {
        /// 7 or 8.
        kind: u8,
    },
    /// Something about the device or its reporting that an operator may want to know.
    Notice(Notice),
}

/// What became of one fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change<'a> {
    /// Kind, 0–31.
    pub kind: u8,
    /// Key bytes, 1–64.
    pub key: &'a [u8],
    /// What happened.
    pub op: Op,
    /// The value now held; empty when the fact went.
    pub value: &'a [u8],
    /// The value held before, if there was one.
    pub old: Option<&'a [u8]>,
    /// When it changed, in Unix milliseconds of the host's clock (arrival − age); none for a fact found by a snapshot or held since boot.
    pub changed_at_ms: Option<u64>,
    /// How many changes this one stands for, at least 1.
    pub times: u8,
    /// What told of it.
    pub cause: Cause,
    /// The change count to store with the fact.
    pub count: Count,
}

/// What happened to a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// It was not held before.
    Added,
    /// It was held with another value; or with the same one if it changed there and back ([`Change::times`] says how often).
    Changed,
    /// It is gone from the device.
    Removed,
    /// Its kind was switched off: nothing is known about it any more.
    Withdrawn,
}

/// What told of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Cause {
    /// The device reported the change.
    Delta,
    /// A resync found it.
    Snapshot,
    /// The device switched the kind off.
    Off,
}

/// The device's change count of a fact as last seen: it tells how many changes the next report stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// The epoch in which it was seen.
    pub epoch: u32,
    /// The count; none if that epoch's snapshot told the fact without one.
    pub seen: Option<u8>,
}

/// Something that happened on a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event<'a> {
    /// 0 info, 1 notice, 2 warning, 3 critical.
    pub severity: u8,
    /// Its number among the events of this severity and epoch, from 1.
    pub number: u32,
    /// Event type of the registry.
    pub kind: u16,
    /// Who caused it, 0–16 bytes.
    pub actor: &'a [u8],
    /// What else is known, 0–48 bytes.
    pub data: &'a [u8],
    /// When it happened, in Unix milliseconds of the host's clock (arrival − age); not known if it was kept through a loss of power.
    pub at_ms: Option<u64>,
    /// Where it comes from, if its device keeps it.
    pub origin: Option<Origin>,
}

/// Something about a device's reporting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Notice {
    /// The device reports for the first time.
    NewDevice,
    /// The device booted.
    Reboot {
        /// Boot reason of the registry; 0 if it did not say.
        reason: u8,
        /// Seconds since the boot.
        uptime_s: u32,
        /// Resets since the last power-on, as the device counts them.
        resets: u32,
    },
    /// The device moved to a new epoch without a boot.
    NewEpoch,
    /// The host found that it may differ from the device and asked for a comparison.
    ResyncAsked {
        /// What made it ask.
        why: Why,
    },
    /// The host holds the exact state again.
    ResyncDone {
        /// Facts that the resync added.
        added: u32,
        /// Facts that it changed.
        changed: u32,
        /// Facts that it removed.
        removed: u32,
    },
    /// A packet of an older life of the device arrived: a replay, a late packet, or a device whose epoch went backwards.
    StaleEpoch {
        /// The epoch of the packet.
        epoch: u32,
        /// The epoch known to the host.
        known: u32,
    },
    /// Two senders take turns under this device's name.
    Clone,
    /// The device last spoke to another collector.
    ForeignCollector {
        /// That collector's instance id.
        instance: u32,
    },
    /// A report was refused because the device holds as many facts as it may.
    FactLimit {
        /// The limit.
        limit: u32,
    },
}

/// What made the host ask for a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The device's greeting gave another total than the host's.
    Hello,
    /// Changes between what the host holds and what the device sent are missing.
    Gap,
    /// A digest differs.
    Digest,
    /// The device counts other changes than the host.
    Beat,
    /// An operator asked.
    Operator,
}

#[derive(Debug)]
enum Item {
    Change {
        change: Held,
        cause: Cause,
        op: Op,
        count: Count,
    },
    Counted {
        kind: u8,
        key: Range<usize>,
        count: Count,
    },
    Event {
        severity: u8,
        number: u32,
        kind: u16,
        actor: Range<usize>,
        data: Range<usize>,
        at_ms: Option<u64>,
        origin: Option<Origin>,
    },
    Lost {
        severity: u8,
        count: u32,
    },
    Cleared {
        kind: u8,
    },
    Notice(Notice),
}

#[derive(Debug)]
struct Held {
    kind: u8,
    times: u8,
    key: Range<usize>,
    value: Range<usize>,
    old: Option<Range<usize>>,
    changed_at_ms: Option<u64>,
}

impl Effects {
    /// An empty list.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets everything but keeps the memory.
    pub fn clear(&mut self) {
        self.items.clear();
        self.bytes.clear();
        self.state = false;
    }

    /// The effects in the order in which they came.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Effect<'_>> {
        self.items.iter().map(|item| self.view(item))
    }

    /// Whether there is nothing to write but perhaps the device's state.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Whether the device's state changed and is to be stored, even if there is nothing to log.
    ///
    /// False for packets that were dropped, refused without a trace, or answered again.
    #[must_use]
    pub fn state_changed(&self) -> bool {
        self.state
    }

    pub(crate) fn touch(&mut self) {
        self.state = true;
    }

    pub(crate) fn change(&mut self, change: Change<'_>) {
        let held = Held {
            kind: change.kind,
            times: change.times,
            key: self.keep(change.key),
            value: self.keep(change.value),
            old: change.old.map(|old| self.keep(old)),
            changed_at_ms: change.changed_at_ms,
        };
        self.items.push(Item::Change { change: held, cause: change.cause, op: change.op, count: change.count });
    }

    pub(crate) fn counted(&mut self, kind: u8, key: &[u8], count: Count) {
        let key = self.keep(key);
        self.items.push(Item::Counted { kind, key, count });
    }

    pub(crate) fn event(&mut self, event: Event<'_>) {
        self.state = true;
        let (actor, data) = (self.keep(event.actor), self.keep(event.data));
        let Event { severity, number, kind, at_ms, origin, .. } = event;
        self.items.push(Item::Event { severity, number, kind, actor, data, at_ms, origin });
    }

    pub(crate) fn lost(&mut self, severity: u8, count: u32) {
        self.state = true;
        self.items.push(Item::Lost { severity, count });
    }

    pub(crate) fn cleared(&mut self, kind: u8) {
        self.items.push(Item::Cleared { kind });
    }

    pub(crate) fn notice(&mut self, notice: Notice) {
        self.items.push(Item::Notice(notice));
    }

    fn keep(&mut self, bytes: &[u8]) -> Range<usize> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        start..self.bytes.len()
    }

    fn view<'a>(&'a self, item: &'a Item) -> Effect<'a> {
        let bytes = |range: &Range<usize>| &self.bytes[range.clone()];
        match item {
            Item::Change { change, cause, op, count } => Effect::Change(Change {
                kind: change.kind,
                key: bytes(&change.key),
                op: *op,
                value: bytes(&change.value),
                old: change.old.as_ref().map(bytes),
                changed_at_ms: change.changed_at_ms,
                times: change.times,
                cause: *cause,
                count: *count,
            }),
            Item::Counted { kind, key, count } => Effect::Counted { kind: *kind, key: bytes(key), count: *count },
            Item::Event { severity, number, kind, actor, data, at_ms, origin } => {
                let (actor, data, at_ms, origin) = (bytes(actor), bytes(data), *at_ms, *origin);
                Effect::Event(Event { severity: *severity, number: *number, kind: *kind, actor, data, at_ms, origin })
            }
            Item::Lost { severity, count } => Effect::Lost { severity: *severity, count: *count },
            Item::Cleared { kind } => Effect::Cleared { kind: *kind },
            Item::Notice(notice) => Effect::Notice(*notice),
        }
    }
}

impl Op {
    /// The word used in the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Op::Added => "added",
            Op::Changed => "changed",
            Op::Removed => "removed",
            Op::Withdrawn => "withdrawn",
        }
    }
}

impl Cause {
    /// The word used in the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Cause::Delta => "delta",
            Cause::Snapshot => "snapshot",
            Cause::Off => "off",
        }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Notice::NewDevice => write!(f, "new device"),
            Notice::Reboot { reason, uptime_s, resets } => {
                write!(f, "rebooted {uptime_s} s ago: {}, {resets} resets", reboot_reason(*reason))
            }
            Notice::NewEpoch => write!(f, "new epoch without a boot"),
            Notice::ResyncAsked { why } => write!(f, "resync asked: {why}"),
            Notice::ResyncDone { added, changed, removed } => {
                write!(f, "resync done: {added} added, {changed} changed, {removed} removed")
            }
            Notice::StaleEpoch { epoch, known } => {
                write!(f, "packet of old epoch {epoch}, known is {known}")
            }
            Notice::Clone => write!(f, "two senders use this device's identity"),
            Notice::ForeignCollector { instance } => {
                write!(f, "last spoke to another collector, {instance:08x}")
            }
            Notice::FactLimit { limit } => write!(f, "report refused: more than {limit} facts"),
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Why::Hello => "the greeting gave another total",
            Why::Gap => "changes are missing",
            Why::Digest => "a digest differs",
            Why::Beat => "the change counters differ",
            Why::Operator => "by an operator",
        })
    }
}

impl Count {
    /// The count within the boot that began with `boot_epoch`: a device starts at 0.
    pub(crate) fn in_boot(self, boot_epoch: u32) -> Option<u8> {
        if self.epoch < boot_epoch { Some(0) } else { self.seen }
    }
}

fn reboot_reason(number: u8) -> &'static str {
    BootReason(number).name().unwrap_or("unregistered reason")
}
