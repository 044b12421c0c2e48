//! `devices`: who is known, when it was last heard, and whether it is in step.

use clap::Args;
use serde_json::{Value, json};
use tidings_collector::line::{JSON_VERSION, called, kind_name, print_json, rfc3339};
use tidings_collector::store::{DeviceRow, Standing, Store, devices, query};
use tidings_wire::KindMask;

use super::{Database, Outcome, table};

#[derive(Debug, Args)]
pub struct Devices {
    #[command(flatten)]
    database: Database,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

impl Devices {
    pub fn execute(self) -> Outcome {
        let store = Store::read(&self.database.db)?;
        let mut rows = Vec::new();
        for device in devices::all(&store.db)? {
            let facts = query::fact_count(&store.db, &device.id)?;
            if self.json { print_json(&object(&device, facts))? } else { rows.push(row(&device, facts)) }
        }
        if !self.json {
            table::print(["DEVICE", "ID", "FACTS", "STATE", "LAST SEEN", "FROM"], &rows)?;
        }
        Ok(())
    }
}

fn row(device: &DeviceRow, facts: u64) -> [String; 6] {
    [
        called(device.name.as_deref(), &device.id),
        device.id.to_string(),
        facts.to_string(),
        state(device).to_owned(),
        rfc3339(device.last_seen_ms),
        device.source.clone(),
    ]
}

fn state(device: &DeviceRow) -> &'static str {
    match device.standing {
        Standing::Accepted if device.state.ask || device.state.pending != 0 => "resync open",
        Standing::Accepted => "in step",
        other => other.as_str(),
    }
}

fn object(device: &DeviceRow, facts: u64) -> Value {
    let state = &device.state;
    json!({
        "v": JSON_VERSION,
        "device": called(device.name.as_deref(), &device.id),
        "id": device.id,
        "name": device.name,
        "tenant": device.tenant,
        "standing": device.standing.as_str(),
        "first_seen_ms": device.first_seen_ms,
        "last_seen_ms": device.last_seen_ms,
        "source": device.source,
        "facts": facts,
        "in_step": self::state(device) == "in step",
        "epoch": state.epoch,
        "applied": state.applied,
        "ask": state.ask,
        "pending": kinds(state.pending),
        "compared": kinds(state.compared),
        "off": kinds(state.off),
        "events_lost": state.lost.iter().sum::<u64>(),
        "one_way": state.one_way,
        "schema_rev": state.schema_rev,
        "boot_reason": state.boot_reason,
        "uptime_s": state.uptime_s,
        "resets": state.resets,
    })
}

fn kinds(mask: u32) -> Vec<Value> {
    KindMask(mask).iter().map(|kind| kind_name(kind.0)).collect()
}
