//! `forget`: lets go of a device's state, of a stranger's refusals, or of all that wait to be named.

use clap::{ArgGroup, Args};
use tidings_collector::store::{Store, StoreError, devices, refusals, unix_now_ms};

use super::{Database, Outcome};

#[derive(Debug, Args)]
#[group(skip)]
#[command(group = ArgGroup::new("whom").required(true).args(["device", "quarantined"]))]
pub struct Forget {
    /// A name, or hex: and the id; also of somebody who was only ever refused
    device: Option<String>,
    /// All devices that wait to be named
    #[arg(long)]
    quarantined: bool,
    #[command(flatten)]
    database: Database,
}

impl Forget {
    pub fn execute(self) -> Outcome {
        let mut store = Store::open(&self.database.db)?;
        match self.device {
            Some(device) => forget(&mut store, &device)?,
            None => println!(
                "{} devices that waited to be named are forgotten",
                devices::forget_quarantined(&mut store.db)?
            ),
        }
        Ok(())
    }
}

fn forget(store: &mut Store, device: &str) -> Result<(), StoreError> {
    match devices::forget(&mut store.db, device, unix_now_ms()) {
        Ok(row) => println!("{} is forgotten; its log stays, and if it reports again it counts as unknown", row.id),
        Err(StoreError::NoDevice(_)) if refusals::forget(&store.db, device)? => {
            println!("{device} was never known; that it was refused is forgotten");
        }
        Err(error) => return Err(error),
    }
    Ok(())
}
