//! What a person asks of the database: facts of a device, pieces of the log, counts.
//!
//! Reads only, in short transactions, so that a running collector is never held up.

use rusqlite::{Connection, OptionalExtension, params};

use super::error::StoreError;
use super::log::{COLUMNS, Class, LogLine};
use crate::device_id::DeviceId;

/// Log lines fetched at once.
const LINES_A_PAGE: u32 = 500;

/// Which log lines are wanted.
#[derive(Debug, Clone, Default)]
pub struct LogFilter {
    /// Of these classes.
    pub classes: Vec<Class>,
    /// Of this device, or of all.
    pub device: Option<DeviceId>,
    /// Of facts of this kind, or all.
    pub kind: Option<u8>,
    /// Lines after this number.
    pub after: i64,
    /// Lines that arrived at this Unix ms or later.
    pub since_ms: Option<i64>,
}

/// The next lines after `filter.after`, oldest first, at most one page; empty when there are no more.
///
/// # Errors
/// What SQLite reports.
pub fn log_page(db: &Connection, filter: &LogFilter) -> Result<Vec<LogLine>, StoreError> {
    let sql = format!("SELECT {COLUMNS} WHERE {} ORDER BY n LIMIT {LINES_A_PAGE}", wanted(filter));
    let mut page = db.prepare_cached(&sql)?;
    let since_ms = filter.since_ms.unwrap_or(i64::MIN);
    let rows = page.query_map(params![filter.after, filter.device, since_ms, filter.kind], LogLine::from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The number after which the last `count` lines come, of those that the filter lets through.
///
/// # Errors
/// What SQLite reports.
pub fn log_last(db: &Connection, filter: &LogFilter, count: u32) -> Result<i64, StoreError> {
    let sql = format!("SELECT n FROM log WHERE {} ORDER BY n DESC LIMIT 1 OFFSET ?5", wanted(filter));
    let since_ms = filter.since_ms.unwrap_or(i64::MIN);
    let before = db
        .query_row(&sql, params![filter.after, filter.device, since_ms, filter.kind, count], |row| row.get(0))
        .optional()?;
    Ok(before.unwrap_or(filter.after))
}

/// The condition of a filter; ?1 to ?4 are its `after`, `device`, `since_ms` and `kind`.
fn wanted(filter: &LogFilter) -> String {
    let classes: Vec<String> = filter.classes.iter().map(|class| format!("'{}'", class.as_str())).collect();
    let device = if filter.device.is_some() { "log.device = ?2" } else { "?2 IS NULL" };
    format!("n > ?1 AND {device} AND at_ms >= ?3 AND (?4 IS NULL OR kind = ?4) AND type IN ({})", classes.join(","))
}

/// The number of the line before the first one that arrived at `since_ms` or later: where to begin to read.
///
/// # Errors
/// What SQLite reports.
pub fn log_before(db: &Connection, since_ms: i64) -> Result<i64, StoreError> {
    let first: Option<i64> =
        db.query_row("SELECT min(n) FROM (SELECT n FROM log WHERE at_ms >= ?1)", [since_ms], |row| row.get(0))?;
    match first {
        Some(first) => Ok(first - 1),
        None => log_end(db),
    }
}

/// The number of the last line, 0 if there is none.
///
/// # Errors
/// What SQLite reports.
pub fn log_end(db: &Connection) -> Result<i64, StoreError> {
    Ok(db.query_row("SELECT n FROM log ORDER BY n DESC LIMIT 1", [], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// A number that is another one after each commit of another process.
///
/// # Errors
/// What SQLite reports.
pub fn data_version(db: &Connection) -> Result<i64, StoreError> {
    Ok(db.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?)
}

/// A fact as a person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownFact {
    /// Kind, 0–31.
    pub kind: u8,
    /// Key bytes.
    pub key: Vec<u8>,
    /// Value bytes.
    pub value: Vec<u8>,
    /// Key and value decoded, a JSON object.
    pub json: String,
    /// When it last changed, Unix ms, if known.
    pub changed_at_ms: Option<i64>,
}

/// The facts of a device in order of kind and key, all or of one kind.
///
/// # Errors
/// What SQLite reports.
pub fn facts(db: &Connection, device: &DeviceId, kind: Option<u8>) -> Result<Vec<ShownFact>, StoreError> {
    let mut facts = db.prepare(
        "SELECT kind, key, value, json, changed_at_ms FROM facts WHERE device = ?1 AND (?2 IS NULL OR kind = ?2) ORDER BY kind, key",
    )?;
    let rows = facts.query_map(params![device, kind], |row| {
        Ok(ShownFact {
            kind: row.get(0)?,
            key: row.get(1)?,
            value: row.get(2)?,
            json: row.get(3)?,
            changed_at_ms: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many facts are held of a device.
///
/// # Errors
/// What SQLite reports.
pub fn fact_count(db: &Connection, device: &DeviceId) -> Result<u64, StoreError> {
    let mut count = db.prepare_cached("SELECT count(*) FROM facts WHERE device = ?1")?;
    Ok(count.query_row([device], |row| row.get(0))?)
}

/// Counts over the whole database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stats {
    /// Devices, forgotten ones left out.
    pub devices: u64,
    /// Facts of all devices.
    pub facts: u64,
    /// Log lines held.
    pub log_lines: u64,
    /// Counters by name: packets by fate, events lost, resyncs.
    pub counters: Vec<(String, u64)>,
    /// Size of the database without its write-ahead log, in bytes.
    pub size_bytes: u64,
}

/// Counts everything.
///
/// # Errors
/// What SQLite reports.
pub fn stats(db: &Connection) -> Result<Stats, StoreError> {
    let count = |sql: &str| db.query_row(sql, [], |row| row.get::<_, u64>(0));
    let mut counters = db.prepare("SELECT name, n FROM counters ORDER BY name")?;
    let counters = counters.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
    Ok(Stats {
        devices: count("SELECT count(*) FROM devices WHERE standing <> 'forgotten'")?,
        facts: count("SELECT count(*) FROM facts")?,
        log_lines: count("SELECT count(*) FROM log")?,
        counters,
        size_bytes: count("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")?,
    })
}
