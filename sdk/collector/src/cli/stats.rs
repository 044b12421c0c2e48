//! `stats`: counts over the whole database.

use clap::Args;
use serde_json::{Map, Value, json};
use tidings_collector::line::{JSON_VERSION, print_json};
use tidings_collector::store::Store;
use tidings_collector::store::query::{self, Stats as Counts};

use super::{Database, Outcome, table};

#[derive(Debug, Args)]
pub struct Stats {
    #[command(flatten)]
    database: Database,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl Stats {
    pub fn execute(self) -> Outcome {
        let store = Store::read(&self.database.db)?;
        let counts = query::stats(&store.db)?;
        if self.json {
            return Ok(print_json(&object(&counts))?);
        }
        let rows: Vec<_> = fields(&counts).into_iter().map(|(name, n)| [name, n.to_string()]).collect();
        Ok(table::print(["WHAT", "HOW MANY"], &rows, table::uncoloured)?)
    }
}

fn fields(counts: &Counts) -> Vec<(String, u64)> {
    let own = [
        ("devices", counts.devices),
        ("facts", counts.facts),
        ("log_lines", counts.log_lines),
        ("size_bytes", counts.size_bytes),
    ];
    own.into_iter().map(|(name, n)| (name.to_owned(), n)).chain(counts.counters.iter().cloned()).collect()
}

fn object(counts: &Counts) -> Value {
    let mut object = Map::from_iter([("v".to_owned(), json!(JSON_VERSION))]);
    object.extend(fields(counts).into_iter().map(|(name, n)| (name, json!(n))));
    object.into()
}
