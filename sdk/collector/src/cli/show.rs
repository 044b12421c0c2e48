//! `show`: the facts of one device as they are now.

use clap::Args;
use serde_json::{Value, json};
use tidings_collector::line::{JSON_VERSION, called, decoded, fact_text, kind_name, print_json, rfc3339};
use tidings_collector::store::query::{self, ShownFact};
use tidings_collector::store::{DeviceRow, Store, devices};
use tidings_wire::Kind;
use tidings_wire::facts::Bytes;

use super::{Database, Device, Outcome, table};

#[derive(Debug, Args)]
pub struct Show {
    #[command(flatten)]
    device: Device,
    #[command(flatten)]
    database: Database,
    /// Only facts of this kind, by name or number
    #[arg(long, value_parser = parse_kind)]
    kind: Option<u8>,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

impl Show {
    pub fn execute(self) -> Outcome {
        let store = Store::read(&self.database.db)?;
        let device = devices::find(&store.db, &self.device.device)?;
        let facts = query::facts(&store.db, &device.id, self.kind)?;
        if self.json {
            return Ok(facts.iter().try_for_each(|fact| print_json(&object(&device, fact)))?);
        }
        let rows: Vec<_> = facts.iter().map(row).collect();
        Ok(table::print(["CHANGED", "FACT"], &rows, table::uncoloured)?)
    }
}

fn row(fact: &ShownFact) -> [String; 2] {
    let changed = fact.changed_at_ms.map_or_else(|| "-".to_owned(), rfc3339);
    [changed, fact_text(fact.kind, &fact.key, Some(&fact.value), None)]
}

fn object(device: &DeviceRow, fact: &ShownFact) -> Value {
    json!({
        "v": JSON_VERSION,
        "device": called(device.name.as_deref(), &device.id),
        "id": device.id,
        "kind": kind_name(fact.kind),
        "kind_number": fact.kind,
        "key_hex": Bytes(&fact.key).to_string(),
        "value_hex": Bytes(&fact.value).to_string(),
        "key": decoded(&fact.json, "key"),
        "value": decoded(&fact.json, "value"),
        "changed_at_ms": fact.changed_at_ms,
    })
}

pub(super) fn parse_kind(text: &str) -> Result<u8, String> {
    let number = text.parse().ok().filter(|number| *number < Kind::COUNT);
    let kind = number.or_else(|| Kind::from_name(text).map(|kind| kind.0));
    kind.ok_or_else(|| {
        let names: Vec<_> = (0..Kind::COUNT).filter_map(|number| Kind(number).name()).collect();
        format!("expected a number below {} or one of: {}", Kind::COUNT, names.join(", "))
    })
}
