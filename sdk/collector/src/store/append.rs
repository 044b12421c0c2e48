//! Appends to the log, many lines a statement: SQLite then keeps the books of `AUTOINCREMENT` once for all of them.
//!
//! Numbers come from SQLite alone, in the order of the lines.

use std::sync::LazyLock;

use rusqlite::{Connection, Statement, ToSql};

use super::error::StoreError;
use super::log::LogLine;

const HEAD: &str = "INSERT OR FAIL INTO log(at_ms, tenant, device, type, kind, op, key, value, old, changed_at_ms, times, cause, json) VALUES ";
/// `OR FAIL`: the caller drops the transaction when anything fails, so a journal for the statement alone would be kept for nothing.
const ROW: &str = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
const COLUMNS: usize = 13;
/// Lines in one statement.
const MANY: usize = 64;

static ONE_ROW: LazyLock<String> = LazyLock::new(|| format!("{HEAD}{ROW}"));
static MANY_ROWS: LazyLock<String> = LazyLock::new(|| format!("{HEAD}{}", [ROW; MANY].join(", ")));

/// Appends the lines and gives them their numbers.
///
/// # Errors
/// What SQLite reports.
pub fn append(db: &Connection, lines: &mut [LogLine]) -> Result<(), StoreError> {
    let mut chunks = lines.chunks_exact_mut(MANY);
    for chunk in &mut chunks {
        append_with(db, &MANY_ROWS, chunk)?;
    }
    chunks.into_remainder().chunks_mut(1).try_for_each(|line| append_with(db, &ONE_ROW, line))
}

fn append_with(db: &Connection, sql: &str, lines: &mut [LogLine]) -> Result<(), StoreError> {
    let mut insert = db.prepare_cached(sql)?;
    for (row, line) in lines.iter().enumerate() {
        bind(&mut insert, row * COLUMNS, line)?;
    }
    insert.raw_execute()?;
    let after = db.last_insert_rowid() + 1;
    let first = after - lines.len() as i64;
    lines.iter_mut().zip(first..after).for_each(|(line, n)| line.n = n);
    Ok(())
}

fn bind(insert: &mut Statement<'_>, before: usize, line: &LogLine) -> rusqlite::Result<()> {
    let class = line.class.as_str();
    let values: [&dyn ToSql; COLUMNS] = [
        &line.at_ms,
        &line.tenant,
        &line.device,
        &class,
        &line.kind,
        &line.op,
        &line.key,
        &line.value,
        &line.old,
        &line.changed_at_ms,
        &line.times,
        &line.cause,
        &line.json,
    ];
    (before + 1..).zip(values).try_for_each(|(at, value)| insert.raw_bind_parameter(at, value))
}
