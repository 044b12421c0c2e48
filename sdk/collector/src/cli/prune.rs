//! `prune`: deletes old log lines.

use clap::Args;
use tidings_collector::store::{Store, prune, unix_now_ms};

use super::moment::parse_age_ms;
use super::progress::Progress;
use super::{Database, Outcome};

#[derive(Debug, Args)]
pub struct Prune {
    #[command(flatten)]
    database: Database,
    /// Keep what is younger, as in 90d
    #[arg(long, value_name = "AGE", value_parser = parse_age_ms)]
    keep: i64,
}

impl Prune {
    pub fn execute(self) -> Outcome {
        let mut store = Store::open(&self.database.db)?;
        let mut progress = Progress::new();
        let before_ms = unix_now_ms().saturating_sub(self.keep);
        let deleted =
            prune::prune(&mut store.db, before_ms, |lines| progress.tell(format_args!("{lines} lines deleted")))?;
        drop(progress);
        println!("{deleted} lines deleted");
        Ok(())
    }
}
