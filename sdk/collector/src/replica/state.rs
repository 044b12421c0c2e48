//! What the host remembers of one device besides its facts: small, serialisable, stored in the same transaction as the effects.
//!
//! Rate limits and clone detection are not part of it: they start afresh with the process.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The state of one device. [`DeviceState::default`] is a device never heard of. Fields that views name are always written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeviceState {
    /// The newest epoch seen; 0 if the device is not known.
    pub epoch: u32,
    /// The epoch with which the current boot began: change counts of older epochs start at 0.
    pub boot_epoch: u32,
    /// The last packet counter accepted in this epoch.
    pub last_ctr: Option<u64>,
    /// The highest change number of this epoch that is held.
    pub applied: u32,
    /// Kinds wanted as Range.
    pub pending: u32,
    /// Whether Buckets are asked for.
    pub ask: bool,
    /// Kinds that are complete on the device and take part in digests.
    pub compared: u32,
    /// Kinds that are switched off on the device.
    #[serde(skip_serializing_if = "is_default")]
    pub off: u32,
    /// The highest event number held, for each severity.
    #[serde(skip_serializing_if = "is_default")]
    pub marks: [u32; 4],
    /// The newest origin held of events that the device keeps, for each severity: epoch and number. It outlives boots.
    #[serde(skip_serializing_if = "is_default")]
    pub origins: [(u32, u32); 4],
    /// Events that were dropped on the device, for each severity, in all epochs.
    #[serde(skip_serializing_if = "is_default")]
    pub lost: [u64; 4],
    /// How far accepted segments cover each pending kind from its start.
    #[serde(skip_serializing_if = "is_default")]
    pub coverage: BTreeMap<u8, Vec<u8>>,
    /// Whether a body other than Hello was accepted in this epoch.
    #[serde(skip_serializing_if = "is_default")]
    pub run_seen: bool,
    /// Whether this epoch was begun by a sender that cannot hear.
    #[serde(skip_serializing_if = "is_default")]
    pub one_way: bool,
    /// The firmware's revision of its own schema.
    pub schema_rev: u32,
    /// Why the device booted, of the registry.
    #[serde(skip_serializing_if = "is_default")]
    pub boot_reason: u8,
    /// Seconds since the boot, at the last greeting.
    pub uptime_s: u32,
    /// Resets since the last power-on, at the last greeting.
    pub resets: u32,
    /// The collector instance that the device last spoke to, if it is not this one.
    #[serde(skip_serializing_if = "is_default")]
    pub foreign_instance: Option<u32>,
    /// What the open resync changed so far; none if none is open.
    #[serde(skip_serializing_if = "is_default")]
    pub resync: Option<Healed>,
    /// Change counts of facts that were removed in this boot, newest last, at most [`GRAVES`].
    #[serde(skip_serializing_if = "is_default")]
    pub graves: Vec<Grave>,
}

/// Most devices have little to say here, and their state is written often.
fn is_default<T: Default + PartialEq>(field: &T) -> bool {
    *field == T::default()
}

/// How many change counts of removed facts are remembered per device.
pub const GRAVES: usize = 16;

/// What a resync changed so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Healed {
    /// Facts added.
    pub added: u32,
    /// Facts changed.
    pub changed: u32,
    /// Facts removed.
    pub removed: u32,
}

/// The change count of a fact that is gone, in case it returns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grave {
    /// Kind.
    pub kind: u8,
    /// Key bytes.
    pub key: Vec<u8>,
    /// The count told with the removal.
    pub count: u8,
    /// The change number up to which the removal was told: a device that knows it was heard counts from 0 again.
    pub seq: u32,
}
