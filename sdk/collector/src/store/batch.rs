//! One transaction of a running collector: what many packets of many devices did, durable together or not at all.
//!
//! Decides nothing: it writes what the replicas say. Dropped without [`Batch::commit`], it leaves no trace.

use rusqlite::{CachedStatement, Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use super::append;
use super::devices::DeviceRow;
use super::error::StoreError;
use super::log::LogLine;
use super::refusals::MAX_REFUSALS;
use crate::device_id::DeviceId;
use crate::effects::Count;
use crate::replica::{DeviceState, Fact};

/// A fact to be written.
#[derive(Debug, Clone, Copy)]
pub struct FactRow<'a> {
    /// Kind, 0–31.
    pub kind: u8,
    /// Key bytes.
    pub key: &'a [u8],
    /// Value bytes.
    pub value: &'a [u8],
    /// The device's change count.
    pub count: Count,
    /// Key and value decoded, a JSON object.
    pub json: &'a str,
    /// Unix ms of the change, if known.
    pub changed_at_ms: Option<i64>,
}

/// An open write transaction.
#[derive(Debug)]
pub struct Batch<'db> {
    tx: Transaction<'db>,
}

/// Writes facts of a batch; those that follow each other in the table are written fastest.
pub struct FactsWriter<'b> {
    put: CachedStatement<'b>,
    remove: CachedStatement<'b>,
}

impl FactsWriter<'_> {
    /// Writes a fact, new or not.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn put(&mut self, id: &DeviceId, row: FactRow<'_>) -> Result<(), StoreError> {
        let FactRow { kind, key, value, count, json, changed_at_ms } = row;
        self.put.execute(params![id, kind, key, value, json, changed_at_ms, count.seen, count.epoch])?;
        Ok(())
    }

    /// Deletes a fact.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn remove(&mut self, id: &DeviceId, kind: u8, key: &[u8]) -> Result<(), StoreError> {
        self.remove.execute(params![id, kind, key])?;
        Ok(())
    }
}

impl<'db> Batch<'db> {
    pub(super) fn begin(db: &'db mut Connection) -> Result<Self, StoreError> {
        Ok(Self { tx: db.transaction_with_behavior(TransactionBehavior::Immediate)? })
    }

    /// Makes everything durable.
    ///
    /// # Errors
    /// What SQLite reports; then nothing of this batch is stored.
    pub fn commit(self) -> Result<(), StoreError> {
        Ok(self.tx.commit()?)
    }

    /// As [`super::query::data_version`], as of this transaction.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        super::query::data_version(&self.tx)
    }

    /// A number that grows with each `name`, `forget` and `resync`.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn generation(&self) -> Result<i64, StoreError> {
        Ok(self.tx.prepare_cached("SELECT generation FROM meta")?.query_row([], |row| row.get(0))?)
    }

    /// Makes sure that no newer program has brought the database forward meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Newer`].
    pub fn check_schema(&self) -> Result<(), StoreError> {
        super::migrate::version(&self.tx).map(drop)
    }

    /// The row of a device, if it has one.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn device(&self, id: &DeviceId) -> Result<Option<DeviceRow>, StoreError> {
        let mut find =
            self.tx.prepare_cached(&format!("SELECT {} FROM devices WHERE device = ?1", DeviceRow::COLUMNS))?;
        Ok(find.query_row([id], DeviceRow::from_row).optional()?)
    }

    /// How many devices have a row, forgotten ones left out.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn device_count(&self) -> Result<usize, StoreError> {
        let mut count = self.tx.prepare_cached("SELECT count(*) FROM devices WHERE standing <> 'forgotten'")?;
        Ok(count.query_row([], |row| row.get(0))?)
    }

    /// All facts of a device.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn facts(&self, id: &DeviceId) -> Result<Vec<(u8, Vec<u8>, Fact)>, StoreError> {
        let mut all =
            self.tx.prepare_cached("SELECT kind, key, value, count_epoch, count FROM facts WHERE device = ?1")?;
        let rows = all.query_map([id], |row| {
            let count = Count { epoch: row.get(3)?, seen: row.get(4)? };
            Ok((row.get(0)?, row.get(1)?, Fact { value: row.get(2)?, count }))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// True if no device bears the name.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn is_free(&self, name: &str) -> Result<bool, StoreError> {
        let mut find = self.tx.prepare_cached("SELECT 1 FROM devices WHERE name = ?1")?;
        Ok(!find.exists([name])?)
    }

    /// Writes a device's row, new or not.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn save_device(&self, row: &DeviceRow) -> Result<(), StoreError> {
        let mut save = self.tx.prepare_cached(
            "INSERT INTO devices(device, name, tenant, standing, first_seen_ms, last_seen_ms, source, state) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) \
             ON CONFLICT(device) DO UPDATE SET name = ?2, standing = ?4, last_seen_ms = ?6, source = ?7, state = ?8",
        )?;
        let (standing, state) = (row.standing.as_str(), state_json(&row.state)?);
        save.execute(params![
            row.id,
            row.name,
            row.tenant,
            standing,
            row.first_seen_ms,
            row.last_seen_ms,
            row.source,
            state
        ])?;
        Ok(())
    }

    /// Prepares to write facts.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn facts_writer(&self) -> Result<FactsWriter<'_>, StoreError> {
        let put = self.tx.prepare_cached(
            "INSERT INTO facts(device, kind, key, value, json, changed_at_ms, count, count_epoch) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) \
             ON CONFLICT(device, kind, key) DO UPDATE SET value = ?4, json = ?5, changed_at_ms = ?6, count = ?7, count_epoch = ?8",
        )?;
        let remove = self.tx.prepare_cached("DELETE FROM facts WHERE device = ?1 AND kind = ?2 AND key = ?3")?;
        Ok(FactsWriter { put, remove })
    }

    /// Deletes all facts of one kind of a device.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn clear_kind(&self, id: &DeviceId, kind: u8) -> Result<(), StoreError> {
        self.tx.prepare_cached("DELETE FROM facts WHERE device = ?1 AND kind = ?2")?.execute(params![id, kind])?;
        Ok(())
    }

    /// Appends lines to the log and gives them their numbers.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn append(&self, lines: &mut [LogLine]) -> Result<(), StoreError> {
        append::append(&self.tx, lines)
    }

    /// Adds to a counter that `stats` shows.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn add_to_counter(&self, name: &str, by: u64) -> Result<(), StoreError> {
        let mut add = self.tx.prepare_cached(
            "INSERT INTO counters(name, n) VALUES (?1, ?2) ON CONFLICT(name) DO UPDATE SET n = n + ?2",
        )?;
        add.execute(params![name, by as i64])?;
        Ok(())
    }

    /// Notes that a device's packets were refused, if there is room for it.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn note_refusal(&self, id: &DeviceId, reason: &str, times: u64, at_ms: i64) -> Result<(), StoreError> {
        let mut note = self.tx.prepare_cached(
            "INSERT INTO refusals(device, at_ms, reason, n) SELECT ?1, ?2, ?3, ?4 \
             WHERE EXISTS (SELECT 1 FROM refusals WHERE device = ?1) OR (SELECT count(*) FROM refusals) < ?5 \
             ON CONFLICT(device) DO UPDATE SET at_ms = ?2, reason = ?3, n = n + ?4",
        )?;
        note.execute(params![id, at_ms, reason, times as i64, MAX_REFUSALS as i64])?;
        Ok(())
    }

    /// Open requests, oldest first.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn open_requests(&self) -> Result<Vec<Request>, StoreError> {
        let mut open = self.tx.prepare_cached(
            "SELECT n, device, taken_at_ms IS NOT NULL FROM requests WHERE done_at_ms IS NULL ORDER BY n",
        )?;
        let rows = open.query_map([], |row| Ok(Request { n: row.get(0)?, device: row.get(1)?, taken: row.get(2)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Notes that a request is part of its device's state from now on.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn request_taken(&self, n: i64, now_ms: i64) -> Result<(), StoreError> {
        self.tx.execute("UPDATE requests SET taken_at_ms = ?2 WHERE n = ?1", [n, now_ms])?;
        Ok(())
    }

    /// Notes that a request is fulfilled, or cannot be.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn request_done(&self, n: i64, now_ms: i64) -> Result<(), StoreError> {
        self.tx.execute("UPDATE requests SET done_at_ms = ?2 WHERE n = ?1", [n, now_ms])?;
        Ok(())
    }
}

/// What a person asked of a device and is not done yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// Its number.
    pub n: i64,
    /// Of which device.
    pub device: DeviceId,
    /// Whether it is part of the device's state already.
    pub taken: bool,
}

pub(super) fn state_json(state: &DeviceState) -> Result<String, StoreError> {
    serde_json::to_string(state).map_err(|error| StoreError::Damaged(error.to_string()))
}
