//! What the collector wrote down, read through its own command line as any engineer would.
//!
//! It opens no database itself.

use super::capture::words;
use super::console::Fact;
use crate::command::{expect, program};
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(60);
/// The name of the microcontroller: its id is readable.
pub const BOARD: &str = "mps2-an386";
/// The name of the gateway, which gets it as its id.
pub const GATEWAY: &str = "gateway";
/// The name of the microcontroller whose firmware is in C: its id is readable.
pub const IN_C: &str = "c-baremetal";

/// The collector's program and its database.
pub struct Ledger {
    /// The executable.
    pub program: PathBuf,
    /// The SQLite file.
    pub database: PathBuf,
}

/// One line of the log: a change, an event or a notice.
pub struct Entry(Value);

impl Ledger {
    /// The number of the newest entry, or 0.
    pub fn last(&self) -> Result<u64> {
        Ok(self.after(0)?.iter().map(Entry::number).max().unwrap_or_default())
    }

    /// The entries with a higher number, in order.
    pub fn after(&self, number: u64) -> Result<Vec<Entry>> {
        let mut entries = BTreeMap::new();
        for log in ["changes", "events"] {
            let lines = self.ask(&[log, "--json", "--after", &number.to_string()])?; // notices are in both
            entries.extend(lines.into_iter().map(Entry).map(|entry| (entry.number(), entry)));
        }
        Ok(entries.into_values().collect())
    }

    /// The facts that the collector holds of the microcontroller.
    pub fn facts_of_board(&self) -> Result<BTreeSet<Fact>> {
        let lines = self.ask(&["show", BOARD, "--json"])?;
        Ok(lines.iter().filter_map(fact).collect())
    }

    /// Every printable word in the keys and values that the collector holds of a device, by its bytes.
    pub fn words_of(&self, device: &str) -> Result<BTreeSet<Vec<u8>>> {
        let facts = self.ask(&["show", device, "--json"])?;
        let hex =
            facts.iter().flat_map(|fact| ["key_hex", "value_hex"].map(|part| fact.get(part).and_then(Value::as_str)));
        Ok(hex.flatten().flat_map(|digits| words(&bytes(digits)).collect::<Vec<_>>()).collect())
    }

    /// The command that prints changes as they arrive.
    pub fn follow(&self) -> Command {
        self.command(&["changes", "--follow"])
    }

    /// A line for a person to type in another terminal.
    pub fn how_to_ask(&self) -> String {
        format!("{} show {BOARD} --db {}", self.program.display(), self.database.display())
    }

    /// What a command with `--json` printed, an object a line.
    pub fn ask(&self, arguments: &[&str]) -> Result<Vec<Value>> {
        let output = expect(&mut self.command(arguments), LIMIT)?;
        let objects =
            output.lines().map(|line| serde_json::from_str(line).with_context(|| format!("not JSON: {line}")));
        objects.collect()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program(&self.program.to_string_lossy(), &crate::house::root());
        command.args(arguments).arg("--db").arg(&self.database);
        command
    }
}

fn bytes(digits: &str) -> Vec<u8> {
    let pairs = digits.as_bytes().chunks_exact(2).filter_map(|pair| std::str::from_utf8(pair).ok());
    pairs.filter_map(|pair| u8::from_str_radix(pair, 16).ok()).collect()
}

fn fact(line: &Value) -> Option<Fact> {
    let text = |name: &str| line.get(name).and_then(Value::as_str).map(str::to_owned);
    let kind = line.get("kind_number").and_then(Value::as_u64)?;
    Some((u8::try_from(kind).ok()?, text("key_hex")?, text("value_hex")?))
}

impl Entry {
    /// Its number in the log.
    pub fn number(&self) -> u64 {
        self.0.get("n").and_then(Value::as_u64).unwrap_or_default()
    }

    /// It tells of the device of this name.
    pub fn is_of(&self, device: &str) -> bool {
        self.word("device") == device
    }

    /// It has this `type`, `kind` and `op`; an empty kind is that of an entry without one.
    pub fn has(&self, class: &str, kind: &str, op: &str) -> bool {
        self.word("type") == class && self.word("kind") == kind && self.word("op") == op
    }

    /// A fact came, changed or went.
    pub fn is_change(&self) -> bool {
        self.word("type") == "change"
    }

    /// It is a change of a fact of this kind.
    pub fn is_change_of(&self, kind: &str) -> bool {
        self.is_change() && self.word("kind") == kind
    }

    /// All of it, as JSON.
    pub fn text(&self) -> String {
        self.0.to_string()
    }

    fn word(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = ["device", "op", "kind"].map(|name| self.word(name)).join(" ");
        f.write_str(words.trim_end())?;
        self.0.get("key").map_or(Ok(()), |key| write!(f, " {key}"))
    }
}
