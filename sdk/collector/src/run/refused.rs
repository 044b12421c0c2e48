//! Which devices were refused since the last batch, and why: for `devices`.

use std::collections::BTreeMap;

use crate::device_id::DeviceId;
use crate::keys::Refusal;
use crate::store::refusals::MAX_REFUSALS;
use crate::store::{Batch, StoreError};

/// The last reason of each device, and how often; a flood of ids beyond the bound is only counted.
#[derive(Debug, Default)]
pub struct RefusedDevices(BTreeMap<DeviceId, (Refusal, u64)>);

impl RefusedDevices {
    /// Notes a refusal.
    pub fn note(&mut self, device: DeviceId, why: Refusal) {
        if self.0.len() < MAX_REFUSALS || self.0.contains_key(&device) {
            let entry = self.0.entry(device).or_insert((why, 0));
            *entry = (why, entry.1 + 1);
        }
    }

    /// Stores them with the batch.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn save(&mut self, batch: &Batch<'_>, at_ms: i64) -> Result<(), StoreError> {
        while let Some((device, (why, times))) = self.0.pop_first() {
            batch.note_refusal(&device, why.word(), times, at_ms)?;
        }
        Ok(())
    }
}
