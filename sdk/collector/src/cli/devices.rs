//! `devices`: who is known, when it was last heard, whether it is in step; and who is refused, why, and what to do about it.

use std::collections::BTreeMap;

use clap::Args;
use serde_json::{Value, json};
use tidings_collector::keys::Refusal;
use tidings_collector::line::{JSON_VERSION, called, kind_name, print_json, rfc3339};
use tidings_collector::store::refusals::{self, RefusedDevice};
use tidings_collector::store::{DeviceRow, Standing, Store, devices, query, unix_now_ms};
use tidings_collector::terminal::Colour;
use tidings_wire::KindMask;

use super::moment::parse_age_ms;
use super::{Database, Outcome, table};

/// How the state of a device that is refused begins.
const REFUSED: &str = "refused: ";

#[derive(Debug, Args)]
pub struct Devices {
    #[command(flatten)]
    database: Database,
    /// Only those that were not heard for so long, as in 1h
    #[arg(long, value_name = "AGE", value_parser = parse_age_ms)]
    silent: Option<i64>,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

impl Devices {
    pub fn execute(self) -> Outcome {
        let store = Store::read(&self.database.db)?;
        let heard_until = self.silent.map(|age_ms| unix_now_ms().saturating_sub(age_ms));
        let mut rows = Vec::new();
        let mut refused: BTreeMap<_, _> = refusals::all(&store.db)?.into_iter().map(|one| (one.id, one)).collect();
        for device in devices::all(&store.db)? {
            let facts = query::fact_count(&store.db, &device.id)?;
            let refused = refused.remove(&device.id);
            if heard_until.is_some_and(|until| device.last_seen_ms > until) {
                continue;
            }
            // What was refused before the last accepted packet is past.
            let refused = refused.filter(|refused| refused.at_ms > device.last_seen_ms);
            let refused = refused.as_ref();
            if self.json {
                print_json(&object(&device, facts, refused))?
            } else {
                rows.push(row(&device, facts, refused))
            }
        }
        for stranger in refused.values().filter(|stranger| heard_until.is_none_or(|until| stranger.at_ms <= until)) {
            if self.json { print_json(&unknown_object(stranger))? } else { rows.push(unknown_row(stranger)) }
        }
        if !self.json {
            table::print(["DEVICE", "ID", "FACTS", "STATE", "LAST SEEN", "FROM"], &rows, colour)?;
        }
        Ok(())
    }
}

fn colour(cell: &str) -> Colour {
    match cell {
        "quarantined" => Colour::Yellow,
        cell if cell.starts_with(REFUSED) => Colour::Red,
        _ => Colour::Normal,
    }
}

fn row(device: &DeviceRow, facts: u64, refused: Option<&RefusedDevice>) -> [String; 6] {
    [
        called(device.name.as_deref(), &device.id),
        device.id.to_string(),
        facts.to_string(),
        refused.map_or_else(|| state(device).to_owned(), why),
        rfc3339(device.last_seen_ms),
        device.source.clone(),
    ]
}

fn unknown_row(refused: &RefusedDevice) -> [String; 6] {
    let (id, seen) = (refused.id.to_string(), rfc3339(refused.at_ms));
    [called(refused.id.readable(), &refused.id), id, "0".into(), why(refused), seen, String::new()]
}

fn why(refused: &RefusedDevice) -> String {
    let (reason, remedy) = words(refused);
    format!("{REFUSED}{reason}; {remedy}")
}

fn words(refused: &RefusedDevice) -> (String, &'static str) {
    let known = Refusal::of_word(&refused.reason);
    known.map_or_else(|| (refused.reason.clone(), ""), |known| (known.reason(), known.remedy()))
}

fn refusal(refused: &RefusedDevice) -> Value {
    let (reason, remedy) = words(refused);
    json!({"word": refused.reason, "reason": reason, "remedy": remedy, "at_ms": refused.at_ms, "times": refused.times})
}

fn unknown_object(refused: &RefusedDevice) -> Value {
    json!({
        "v": JSON_VERSION,
        "device": called(refused.id.readable(), &refused.id),
        "id": refused.id,
        "standing": "unknown",
        "in_step": false,
        "refused": refusal(refused),
    })
}

fn state(device: &DeviceRow) -> &'static str {
    match device.standing {
        Standing::Accepted if device.state.ask || device.state.pending != 0 => "resync open",
        Standing::Accepted => "in step",
        other => other.as_str(),
    }
}

fn object(device: &DeviceRow, facts: u64, refused: Option<&RefusedDevice>) -> Value {
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
        "refused": refused.map(refusal),
        "schema_rev": state.schema_rev,
        "boot_reason": state.boot_reason,
        "uptime_s": state.uptime_s,
        "resets": state.resets,
    })
}

fn kinds(mask: u32) -> Vec<Value> {
    KindMask(mask).iter().map(|kind| kind_name(kind.0)).collect()
}
