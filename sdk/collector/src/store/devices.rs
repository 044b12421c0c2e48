//! Devices as a person handles them: found by name or id, named, forgotten, asked for a resync.
//!
//! Each change here is a transaction of its own; a running collector sees it before its next packet.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, TransactionBehavior};

use super::append::append;
use super::batch::state_json;
use super::error::StoreError;
use super::log::LogLine;
use crate::device_id::DeviceId;
use crate::replica::DeviceState;

/// Longest name of a device in bytes.
pub const MAX_NAME: usize = 64;

/// Whether a device is listened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Its packets are taken.
    Accepted,
    /// It was seen, but nobody has named it yet: nothing it says is kept.
    Quarantined,
    /// A person had it forgotten; only its replay floor is kept.
    Forgotten,
}

impl Standing {
    /// The word in the table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Quarantined => "quarantined",
            Self::Forgotten => "forgotten",
        }
    }

    fn from_word(word: &str) -> Self {
        match word {
            "quarantined" => Self::Quarantined,
            "forgotten" => Self::Forgotten,
            _ => Self::Accepted,
        }
    }
}

/// A row of `devices`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceRow {
    /// Id.
    pub id: DeviceId,
    /// Name given by a person.
    pub name: Option<String>,
    /// Tenant.
    pub tenant: String,
    /// Whether it is listened to.
    pub standing: Standing,
    /// First accepted packet, Unix ms.
    pub first_seen_ms: i64,
    /// Last accepted packet, Unix ms.
    pub last_seen_ms: i64,
    /// Where the last accepted packet came from.
    pub source: String,
    /// Sync state.
    pub state: DeviceState,
}

impl DeviceRow {
    pub(super) const COLUMNS: &str = "device, name, tenant, standing, first_seen_ms, last_seen_ms, source, state";

    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            name: row.get(1)?,
            tenant: row.get(2)?,
            standing: Standing::from_word(row.get_ref(3)?.as_str()?),
            first_seen_ms: row.get(4)?,
            last_seen_ms: row.get(5)?,
            source: row.get(6)?,
            state: state_of(row, 7)?,
        })
    }
}

fn state_of(row: &Row<'_>, column: usize) -> rusqlite::Result<DeviceState> {
    let text = row.get_ref(column)?.as_str()?;
    serde_json::from_str(text).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
    })
}

/// All devices but the forgotten ones, by name, then id.
///
/// # Errors
/// What SQLite reports.
pub fn all(db: &Connection) -> Result<Vec<DeviceRow>, StoreError> {
    let sql = format!(
        "SELECT {} FROM devices WHERE standing <> 'forgotten' ORDER BY name IS NULL, name, device",
        DeviceRow::COLUMNS
    );
    let mut all = db.prepare(&sql)?;
    let rows = all.query_map([], DeviceRow::from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The device of a name or of `hex:…`.
///
/// # Errors
/// [`StoreError::NoDevice`] if there is none, or it was forgotten.
pub fn find(db: &Connection, device: &str) -> Result<DeviceRow, StoreError> {
    let sql = format!(
        "SELECT {} FROM devices WHERE standing <> 'forgotten' AND (name = ?1 OR device = ?2) ORDER BY name = ?1 DESC LIMIT 1",
        DeviceRow::COLUMNS
    );
    let found = db.query_row(&sql, (device, device.parse::<DeviceId>().ok()), DeviceRow::from_row).optional()?;
    found.ok_or_else(|| StoreError::NoDevice(device.to_owned()))
}

/// The id of a device whose log is asked for: as [`find`], and a forgotten one by its `hex:…`.
///
/// # Errors
/// [`StoreError::NoDevice`] if it never reported.
pub fn id_of(db: &Connection, device: &str) -> Result<DeviceId, StoreError> {
    let sql = "SELECT device FROM devices WHERE name = ?1 OR device = ?2 ORDER BY name = ?1 DESC LIMIT 1";
    let found = db.query_row(sql, (device, device.parse::<DeviceId>().ok()), |row| row.get(0)).optional()?;
    found.ok_or_else(|| StoreError::NoDevice(device.to_owned()))
}

/// Names a device; a quarantined one is listened to from now on.
///
/// # Errors
/// [`StoreError::NoDevice`], [`StoreError::NameTaken`].
pub fn name(db: &mut Connection, device: &str, name: &str) -> Result<DeviceRow, StoreError> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut row = find(&tx, device)?;
    let taken = tx
        .query_row("SELECT 1 FROM devices WHERE name = ?1 AND device <> ?2", (name, row.id), |_| Ok(()))
        .optional()?;
    if taken.is_some() {
        return Err(StoreError::NameTaken(name.to_owned()));
    }
    tx.execute("UPDATE devices SET name = ?2, standing = 'accepted' WHERE device = ?1", (row.id, name))?;
    raise_generation(&tx)?;
    tx.commit()?;
    row.name = Some(name.to_owned());
    row.standing = Standing::Accepted;
    Ok(row)
}

/// Asks a device for its state at its next packet; gives the request's number.
///
/// # Errors
/// [`StoreError::NoDevice`].
pub fn resync(db: &mut Connection, device: &str, now_ms: i64) -> Result<i64, StoreError> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let row = find(&tx, device)?;
    tx.execute("INSERT INTO requests(at_ms, device, verb) VALUES (?1, ?2, 'resync')", (now_ms, row.id))?;
    let n = tx.last_insert_rowid();
    raise_generation(&tx)?;
    tx.commit()?;
    Ok(n)
}

/// Forgets a device's facts, name and requests; its log lines and its replay floor stay.
///
/// # Errors
/// [`StoreError::NoDevice`].
pub fn forget(db: &mut Connection, device: &str, now_ms: i64) -> Result<DeviceRow, StoreError> {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let row = find(&tx, device)?;
    tx.execute("DELETE FROM facts WHERE device = ?1", [row.id])?;
    tx.execute("DELETE FROM requests WHERE device = ?1 AND done_at_ms IS NULL", [row.id])?;
    let floor = state_json(&floor(&row.state))?;
    tx.execute(
        "UPDATE devices SET name = NULL, standing = 'forgotten', state = ?2 WHERE device = ?1",
        (row.id, floor),
    )?;
    note(&tx, &row, "forgotten", now_ms)?;
    raise_generation(&tx)?;
    tx.commit()?;
    Ok(row)
}

/// Tells a running collector that what it knows of devices may be old.
fn raise_generation(tx: &Transaction<'_>) -> Result<(), StoreError> {
    tx.execute("UPDATE meta SET generation = generation + 1", [])?;
    Ok(())
}

/// What outlives forgetting: nothing older is ever taken, no event counts twice, and the next answer asks for everything.
fn floor(state: &DeviceState) -> DeviceState {
    DeviceState {
        epoch: state.epoch,
        boot_epoch: state.boot_epoch,
        last_ctr: state.last_ctr,
        marks: state.marks,
        origins: state.origins,
        compared: state.compared,
        off: state.off,
        run_seen: state.run_seen,
        one_way: state.one_way,
        ask: !state.one_way,
        pending: if state.one_way { state.compared } else { 0 },
        ..DeviceState::default()
    }
}

fn note(tx: &Transaction<'_>, row: &DeviceRow, op: &'static str, now_ms: i64) -> Result<(), StoreError> {
    let line = LogLine { op: op.into(), cause: "operator".into(), ..LogLine::new(now_ms, row) };
    append(tx, &mut [line])
}
