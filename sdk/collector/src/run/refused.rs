//! Which devices were refused since the last batch, and why: for `devices`.

use std::collections::BTreeMap;

use crate::device_id::DeviceId;
use crate::keys::Refusal;
use crate::store::refusals::MAX_REFUSALS;
use crate::store::{Batch, StoreError};

/// The last reason of each device, and how often. A flood of strangers' ids beyond the bound is only counted; devices that are known are always noted.
#[derive(Debug, Default)]
pub struct RefusedDevices(BTreeMap<DeviceId, Last>);

/// The last refusal of a device.
#[derive(Debug)]
struct Last {
    why: Refusal,
    at_ms: i64,
    times: u64,
}

impl RefusedDevices {
    /// Whether a stranger's refusal still finds room.
    pub fn has_room(&self) -> bool {
        self.0.len() < MAX_REFUSALS
    }

    /// Notes a refusal; of a stranger if there is room.
    pub fn note(&mut self, device: DeviceId, why: Refusal, known: bool, at_ms: i64) {
        if known || self.has_room() || self.0.contains_key(&device) {
            let times = self.0.get(&device).map_or(0, |last| last.times) + 1;
            self.0.insert(device, Last { why, at_ms, times });
        }
    }

    /// Stores them with the batch, and lets the oldest go.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn save(&mut self, batch: &Batch<'_>, now_ms: i64) -> Result<(), StoreError> {
        if self.0.is_empty() {
            return Ok(());
        }
        while let Some((device, Last { why, at_ms, times })) = self.0.pop_first() {
            batch.note_refusal(&device, why.word(), times, at_ms)?;
        }
        batch.trim_refusals(now_ms)
    }
}
