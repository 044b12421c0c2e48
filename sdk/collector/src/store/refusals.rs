//! Devices whose packets are refused before they are opened: the last reason of each, and how often.
//!
//! Anybody can claim an id, so there is room for a bounded number of strangers, the newest; devices that the key file or the database knows
//! are never pushed out by those. All of them are let go of when they are old.

use rusqlite::Connection;

use super::error::StoreError;
use crate::device_id::DeviceId;
use crate::keys::Refusal;

/// Strangers remembered, at most; all are counted in `stats`.
pub const MAX_REFUSALS: usize = 1_000;
/// How long a refusal is remembered.
const REMEMBERED_MS: i64 = 30 * 24 * 3_600_000;

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

/// Lets go of those that are too old, and of the oldest strangers if there are too many. A stranger is whom neither the key file nor the
/// database knows; the reason tells the first.
pub(super) fn trim(db: &Connection, now_ms: i64) -> Result<(), StoreError> {
    let old = "DELETE FROM refusals WHERE at_ms < ?1";
    db.prepare_cached(old)?.execute([now_ms.saturating_sub(REMEMBERED_MS)])?;
    let strangers = "DELETE FROM refusals WHERE device IN (SELECT device FROM refusals WHERE reason IN (?1, ?2) \
         AND NOT EXISTS (SELECT 1 FROM devices WHERE devices.device = refusals.device) ORDER BY at_ms DESC, device LIMIT -1 OFFSET ?3)";
    let (no_keys, plain) = (Refusal::NoKeys.word(), Refusal::Plain.word());
    db.prepare_cached(strangers)?.execute((no_keys, plain, MAX_REFUSALS as i64))?;
    Ok(())
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

/// Forgets the refusals of an id, told as `devices` shows it: `hex:…`, or the id as text. False if there are none.
///
/// # Errors
/// What SQLite reports.
pub fn forget(db: &Connection, device: &str) -> Result<bool, StoreError> {
    let readable = DeviceId::new(device.as_bytes()).filter(|id| id.readable().is_some());
    let Some(id) = device.parse().ok().or(readable) else { return Ok(false) };
    Ok(db.execute("DELETE FROM refusals WHERE device = ?1", [id])? > 0)
}
