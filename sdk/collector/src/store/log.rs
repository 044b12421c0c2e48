//! One line of the log: a change, an event or a notice, as it is stored and as it is read back.
//!
//! How a line looks to a person is not decided here.

use std::borrow::Cow;

use rusqlite::Row;

use super::devices::DeviceRow;
use crate::device_id::DeviceId;

/// What a log line tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// A fact came, changed or went.
    Change,
    /// Something happened on the device.
    Event,
    /// Something about the device's reporting.
    Notice,
}

impl Class {
    /// The word in the log.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Event => "event",
            Self::Notice => "notice",
        }
    }

    fn from_word(word: &str) -> Self {
        match word {
            "change" => Self::Change,
            "event" => Self::Event,
            _ => Self::Notice,
        }
    }
}

/// A log line with everything the log holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Position in the log; grows, has gaps after a prune.
    pub n: i64,
    /// Arrival, Unix ms.
    pub at_ms: i64,
    /// Tenant of the device then.
    pub tenant: String,
    /// Which device.
    pub device: DeviceId,
    /// The device's name now.
    pub name: Option<String>,
    /// Change, event or notice.
    pub class: Class,
    /// Kind of the fact, or type of the event.
    pub kind: Option<u16>,
    /// What happened, or how severe it is, or what the notice says.
    pub op: Cow<'static, str>,
    /// Key of the fact, or actor of the event.
    pub key: Option<Vec<u8>>,
    /// Value of the fact, or data of the event.
    pub value: Option<Vec<u8>>,
    /// Value of the fact before.
    pub old: Option<Vec<u8>>,
    /// When it changed or happened, Unix ms, if known.
    pub changed_at_ms: Option<i64>,
    /// How many changes the line stands for.
    pub times: u32,
    /// What told of it.
    pub cause: Cow<'static, str>,
    /// The bytes decoded, as a JSON object.
    pub json: String,
}

/// The columns that [`LogLine::from_row`] reads, of `log` joined with `devices`.
pub(super) const COLUMNS: &str = "n, at_ms, log.tenant, log.device, devices.name, type, kind, op, key, value, old, \
     changed_at_ms, times, cause, json FROM log LEFT JOIN devices ON devices.device = log.device";

impl LogLine {
    /// A bare notice on a device, to be filled in; its number comes with the append.
    #[must_use]
    pub fn new(at_ms: i64, device: &DeviceRow) -> Self {
        Self {
            n: 0,
            at_ms,
            tenant: device.tenant.clone(),
            device: device.id,
            name: device.name.clone(),
            class: Class::Notice,
            kind: None,
            op: Cow::Borrowed(""),
            key: None,
            value: None,
            old: None,
            changed_at_ms: None,
            times: 1,
            cause: Cow::Borrowed(""),
            json: "{}".to_owned(),
        }
    }

    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            n: row.get(0)?,
            at_ms: row.get(1)?,
            tenant: row.get(2)?,
            device: row.get(3)?,
            name: row.get(4)?,
            class: Class::from_word(row.get_ref(5)?.as_str()?),
            kind: row.get(6)?,
            op: Cow::Owned(row.get(7)?),
            key: row.get(8)?,
            value: row.get(9)?,
            old: row.get(10)?,
            changed_at_ms: row.get(11)?,
            times: row.get(12)?,
            cause: Cow::Owned(row.get(13)?),
            json: row.get(14)?,
        })
    }
}
