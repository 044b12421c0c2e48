//! `name`: gives a device a name.

use clap::Args;
use tidings_collector::store::{Store, devices};

use super::{Database, Device, Outcome};

#[derive(Debug, Args)]
pub struct Name {
    #[command(flatten)]
    device: Device,
    /// The new name
    #[arg(value_parser = parse_name)]
    name: String,
    #[command(flatten)]
    database: Database,
}

impl Name {
    pub fn execute(self) -> Outcome {
        let mut store = Store::open(&self.database.db)?;
        let row = devices::name(&mut store.db, &self.device.device, &self.name)?;
        println!("{} is {} now", row.id, self.name);
        Ok(())
    }
}

/// A name is shown to people and typed by them: no control characters, and nothing that reads as an id.
fn parse_name(text: &str) -> Result<String, String> {
    let plain = !text.chars().any(char::is_control) && text.trim() == text;
    if text.is_empty() || text.len() > devices::MAX_NAME || text.starts_with("hex:") || !plain {
        return Err(format!("expected 1 to {} bytes of plain text, not beginning with hex:", devices::MAX_NAME));
    }
    Ok(text.to_owned())
}
