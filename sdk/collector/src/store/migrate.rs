//! Brings a database forward to the schema of this program, one step a version, all or nothing.
//!
//! Never goes backward: a newer schema is refused untouched. Views carry no data and are made anew at each migration.

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::error::StoreError;

/// Steps from the empty file to the newest schema; step i makes version i + 1.
const STEPS: [&str; 4] = [
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
];

const VIEWS: &str = include_str!("schema/views.sql");

/// The instance is 1 … 2³² − 1.
const FIRST_ROW: &str =
    "INSERT INTO meta(one, schema_version, instance, created_ms) VALUES (1, 0, 1 + abs(random() % 4294967295), ?1)";

/// The schema version that this program reads and writes.
pub const SCHEMA_VERSION: u32 = STEPS.len() as u32;

/// Says which schema the database holds: 0 for an empty one.
///
/// # Errors
/// [`StoreError::Foreign`] if there are tables but not ours; [`StoreError::Newer`] if it is past [`SCHEMA_VERSION`].
pub fn version(db: &Connection) -> Result<u32, StoreError> {
    let tables: u32 = db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if tables == 0 {
        return Ok(0);
    }
    let found = db.query_row("SELECT schema_version FROM meta", [], |row| row.get(0)).optional();
    match found {
        Ok(Some(found)) if found > SCHEMA_VERSION => Err(StoreError::Newer { found, known: SCHEMA_VERSION }),
        Ok(Some(found)) if found > 0 => Ok(found),
        Ok(_) => Err(StoreError::Foreign),
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::Unknown) => Err(StoreError::Foreign),
        Err(error) => Err(error.into()),
    }
}

/// Runs the steps that are missing, in one transaction.
///
/// # Errors
/// As [`version`], and what SQLite reports; then nothing has changed.
pub fn forward(db: &mut Connection, now_ms: i64) -> Result<(), StoreError> {
    if version(db)? == SCHEMA_VERSION {
        return Ok(());
    }
    let step = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let from = version(&step)?;
    for sql in STEPS.iter().skip(from as usize) {
        step.execute_batch(sql)?;
    }
    step.execute_batch(VIEWS)?;
    if from == 0 {
        step.execute(FIRST_ROW, [now_ms])?;
    }
    step.execute("UPDATE meta SET schema_version = ?1", [SCHEMA_VERSION])?;
    Ok(step.commit()?)
}
