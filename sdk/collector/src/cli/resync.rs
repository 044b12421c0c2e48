//! `resync`: asks a device for its whole state.

use clap::Args;
use tidings_collector::store::{Store, devices, unix_now_ms};

use super::{Database, Device, Outcome};

#[derive(Debug, Args)]
pub struct Resync {
    #[command(flatten)]
    device: Device,
    #[command(flatten)]
    database: Database,
}

impl Resync {
    pub fn execute(self) -> Outcome {
        let mut store = Store::open(&self.database.db)?;
        let n = devices::resync(&mut store.db, &self.device.device, unix_now_ms())?;
        println!("request {n}: the device is asked at its next report; `changes` shows when it is done");
        Ok(())
    }
}
