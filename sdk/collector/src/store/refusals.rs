//! Devices whose packets are refused before they are opened: the last reason of each, and how often.
//!
//! Anybody can claim an id, so there is room for a bounded number of them.

use rusqlite::Connection;

use super::error::StoreError;
use crate::device_id::DeviceId;

/// Devices remembered, at most; those that come later are counted in `stats` only.
pub const MAX_REFUSALS: usize = 1_000;

/// A row of `refusals`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedDevice {
    /// The id that its packets bear.
    pub id: DeviceId,
    /// The last refusal, Unix ms.
    pub at_ms: i64,
    /// The word of its reason.
    pub reason: String,
    /// Refusals in all.
    pub times: u64,
}

/// All of them, by id.
///
/// # Errors
/// What SQLite reports.
pub fn all(db: &Connection) -> Result<Vec<RefusedDevice>, StoreError> {
    let mut all = db.prepare("SELECT device, at_ms, reason, n FROM refusals ORDER BY device")?;
    let rows = all.query_map([], |row| {
        Ok(RefusedDevice { id: row.get(0)?, at_ms: row.get(1)?, reason: row.get(2)?, times: row.get(3)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
