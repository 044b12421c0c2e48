//! `forget`: lets go of a device's state.

use clap::Args;
use tidings_collector::store::{Store, devices, unix_now_ms};

use super::{Database, Device, Outcome};

#[derive(Debug, Args)]
pub struct Forget {
    #[command(flatten)]
    device: Device,
    #[command(flatten)]
    database: Database,
}

impl Forget {
    pub fn execute(self) -> Outcome {
        let mut store = Store::open(&self.database.db)?;
        let row = devices::forget(&mut store.db, &self.device.device, unix_now_ms())?;
        println!("{} is forgotten; its log stays, and if it reports again it counts as unknown", row.id);
        Ok(())
    }
}
