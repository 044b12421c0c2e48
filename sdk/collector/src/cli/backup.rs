//! `backup`: copies the database as it is at one moment.

use std::path::PathBuf;

use clap::Args;
use tidings_collector::store::{Store, backup};

use super::progress::Progress;
use super::{Database, Outcome};

#[derive(Debug, Args)]
pub struct Backup {
    /// The copy; must not exist yet
    #[arg(value_name = "FILE")]
    target: PathBuf,
    #[command(flatten)]
    database: Database,
}

impl Backup {
    pub fn execute(self) -> Outcome {
        let store = Store::read(&self.database.db)?;
        let mut progress = Progress::new();
        backup::backup(&store.db, &self.target, |done, all| {
            progress.tell(format_args!("{done} of {all} pages copied"))
        })?;
        drop(progress);
        println!("copied to {}", self.target.display());
        Ok(())
    }
}
