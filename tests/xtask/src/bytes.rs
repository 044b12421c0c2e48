//! Measures messages of the real agent, beside JSON and CBOR of the same facts, and fails past a limit.
//!
//! Measured in mid-life: numbers that grow (epoch, counter, sequence) take two bytes each. Framing adds 3 bytes on a
//! stream and nothing in datagrams.

mod desk;
mod fixture;

use crate::budgets::{self, Budget, Budgets, Message};
use crate::house;
use anyhow::{Context, Result, bail};
use desk::{Desk, Ends, Room};
use serde::Serialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use tidings::Keys;
use tidings_wire::packet::Plain;
use tidings_wire::suites::{ChaCha20Poly1305, KeySet};

/// Boots so far: its number takes two bytes.
const EPOCH: u32 = 299;
/// Exchanges before the measurement, so that counter and sequence take two bytes.
const LIVED: usize = 200;

/// One line of the table.
#[derive(Serialize)]
pub struct Row<'a> {
    message: &'a str,
    /// `plain` or `sealed`.
    pub suite: &'static str,
    /// What it is.
    pub what: &'a str,
    /// The packet's length.
    pub bytes: u64,
    goal: u64,
    limit: u64,
    verdict: &'static str,
    /// The length of the same facts in JSON.
    pub json_bytes: Option<usize>,
    /// The same in CBOR.
    pub cbor_bytes: Option<usize>,
}

/// The length of each message by name.
type Lengths = BTreeMap<&'static str, usize>;

const PLAIN: Ends<'static> = Ends { device: Keys::PLAIN, host: &Plain };

/// Lengths of other encodings of the same facts.
#[derive(Clone, Copy)]
struct Others {
    json: usize,
    cbor: usize,
}

/// Measures, prints the table, and judges it.
pub fn run(json: bool) -> Result<()> {
    let budgets = budgets::read(&house::root())?;
    let rows = rows(&budgets)?;
    print(&rows, json)?;
    conclude(&rows)
}

/// Each message of the budgets, plain and then sealed.
pub fn rows(budgets: &Budgets) -> Result<Vec<Row<'_>>> {
    let (plain, sealed, others) = (measure(PLAIN)?, measure_sealed()?, others()?);
    let mut rows = Vec::new();
    for message in &budgets.messages {
        let other = others.get(message.name.as_str());
        rows.push(row(message, "plain", message.plain, &plain, other)?);
        rows.push(row(message, "sealed", message.sealed, &sealed, other)?);
    }
    Ok(rows)
}

fn row<'a>(
    message: &'a Message,
    suite: &'static str,
    budget: Budget,
    measured: &Lengths,
    other: Option<&Others>,
) -> Result<Row<'a>> {
    let Message { name, what, .. } = message;
    let bytes = *measured.get(name.as_str()).with_context(|| format!("`{name}` is not measured"))? as u64;
    let Budget { goal, limit } = budget;
    let (json_bytes, cbor_bytes) = (other.map(|other| other.json), other.map(|other| other.cbor));
    Ok(Row { message: name, suite, what, bytes, goal, limit, verdict: budget.verdict(bytes), json_bytes, cbor_bytes })
}

fn measure_sealed() -> Result<Lengths> {
    let keys = KeySet::new(1, [1; 32], [2; 32], [3; 16]).context("keys")?;
    let suite = ChaCha20Poly1305::device(&keys);
    measure(Ends { device: Keys::sealed(&suite, &keys), host: &ChaCha20Poly1305::host(&keys) })
}

/// The length of each message under a suite.
fn measure(ends: Ends) -> Result<Lengths> {
    let samples = fixture::samples();
    let mut room = Room::new();
    let mut desk = Desk::boot(&mut room, ends, EPOCH, &samples)?;
    desk.exchange(true)?;
    let snapshot = until_synced(&mut desk)?;
    live(&mut desk)?;
    desk.record(&fixture::version("1.4.3"))?;
    let version = desk.exchange(false)?;
    let beat = desk.exchange(false)?;
    let mut room = Room::new();
    let hello = Desk::boot(&mut room, ends, EPOCH, &samples)?.exchange(false)?;
    let lengths =
        [("version", version.up), ("beat", beat.up), ("ack", beat.down), ("hello", hello.up), ("snapshot", snapshot)];
    Ok(Lengths::from(lengths))
}

/// The bytes of all packets until the host holds everything.
fn until_synced(desk: &mut Desk) -> Result<usize> {
    let mut bytes = 0;
    while !desk.is_synced() {
        bytes += desk.exchange(false)?.up;
    }
    Ok(bytes)
}

fn live(desk: &mut Desk) -> Result<()> {
    for turn in 0..LIVED {
        desk.record(&fixture::version(if turn % 2 == 0 { "1.4.1" } else { "1.4.2" }))?;
        desk.exchange(false)?;
    }
    Ok(())
}

fn others() -> Result<BTreeMap<&'static str, Others>> {
    let all = fixture::samples().into_iter().map(|sample| sample.json).collect();
    let one = fixture::version("1.4.3").json;
    Ok(BTreeMap::from([("version", other(&one)?), ("snapshot", other(&Json::Array(all))?)]))
}

fn other(facts: &Json) -> Result<Others> {
    let mut cbor = Vec::new();
    ciborium::into_writer(&in_cbor(facts), &mut cbor)?;
    Ok(Others { json: serde_json::to_vec(facts)?.len(), cbor: cbor.len() })
}

fn print(rows: &[Row], json: bool) -> Result<()> {
    if !json {
        println!("{:<38} suite   {:>5} {:>6} {:>6} {:>6} {:>6}", "message", "bytes", "goal", "limit", "JSON", "CBOR");
    }
    for row in rows {
        if json {
            println!("{}", serde_json::to_string(row)?);
        } else {
            let Row { what, suite, bytes, goal, limit, verdict, .. } = row;
            let (json, cbor) = (number(row.json_bytes), number(row.cbor_bytes));
            println!("{what:<38} {suite:<6} {bytes:>6} {goal:>6} {limit:>6} {json:>6} {cbor:>6}  {verdict}");
        }
    }
    Ok(())
}

/// A number, or a dash where there is none.
pub fn number(bytes: Option<usize>) -> String {
    bytes.map_or_else(|| "–".to_owned(), |bytes| bytes.to_string())
}

fn conclude(rows: &[Row]) -> Result<()> {
    let broken = rows.iter().filter(|row| row.bytes > row.limit).count();
    if broken > 0 {
        bail!("{broken} budgets of bytes are broken");
    }
    Ok(())
}

// By hand: where any crate asks `serde_json` for numbers of any precision, it gives them to others as maps.
fn in_cbor(json: &serde_json::Value) -> ciborium::Value {
    use ciborium::Value;
    match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(on) => Value::Bool(*on),
        serde_json::Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => number.into(),
            (_, Some(number)) => number.into(),
            _ => number.as_f64().unwrap_or(f64::NAN).into(),
        },
        serde_json::Value::String(text) => Value::Text(text.clone()),
        serde_json::Value::Array(items) => Value::Array(items.iter().map(in_cbor).collect()),
        serde_json::Value::Object(entries) => {
            Value::Map(entries.iter().map(|(name, value)| (Value::Text(name.clone()), in_cbor(value))).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_measured_is_the_same_each_time_and_shorter_than_cbor() {
        let (first, second, others) = (measure(PLAIN).unwrap(), measure(PLAIN).unwrap(), others().unwrap());
        assert_eq!(first, second);
        for (name, other) in others {
            assert!(first[name] < other.cbor && other.cbor < other.json, "{name}");
        }
    }
}
