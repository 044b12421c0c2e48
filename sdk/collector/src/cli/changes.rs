//! `changes` and `events`: the log, from a point on, and on as it grows.

use std::io::{self, Write};
use std::thread;
use std::time::Duration;

use clap::Args;
use tidings_collector::run::Look;
use tidings_collector::store::query::{self, LogFilter};
use tidings_collector::store::{Class, LogLine, Store, StoreError, devices, unix_now_ms};
use tidings_collector::terminal::Paint;

use super::moment::{Moment, parse_moment};
use super::{Database, Outcome};

/// How often a follower looks whether somebody has written.
const POLL: Duration = Duration::from_millis(3);

#[derive(Debug, Args)]
pub struct Changes {
    #[command(flatten)]
    window: Window,
}

#[derive(Debug, Args)]
pub struct Events {
    #[command(flatten)]
    window: Window,
}

#[derive(Debug, Args)]
struct Window {
    #[command(flatten)]
    database: Database,
    /// Only of this device: a name, or hex: and the id
    #[arg(long)]
    device: Option<String>,
    /// Only what arrived since then: RFC 3339, or an age as in 10m
    #[arg(long, value_name = "TIME", value_parser = parse_moment)]
    since: Option<Moment>,
    /// Only lines after this number
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(0..))]
    after: Option<i64>,
    /// Go on as lines come; without --since and --after, show only those
    #[arg(long)]
    follow: bool,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

impl Changes {
    pub fn execute(self) -> Outcome {
        self.window.show(vec![Class::Change, Class::Notice])
    }
}

impl Events {
    pub fn execute(self) -> Outcome {
        self.window.show(vec![Class::Event, Class::Notice])
    }
}

impl Window {
    fn show(self, classes: Vec<Class>) -> Outcome {
        let store = Store::read(&self.database.db)?;
        let look = if self.json { Look::Json } else { Look::Human(Paint::of_stdout()) };
        let mut filter = self.filter(&store, classes)?;
        loop {
            let seen = query::data_version(&store.db)?;
            print_from(&store, &mut filter, look)?;
            if !self.follow {
                return Ok(());
            }
            wait_for_writer(&store, seen)?;
        }
    }

    fn filter(&self, store: &Store, classes: Vec<Class>) -> Result<LogFilter, StoreError> {
        let device = match &self.device {
            Some(device) => Some(devices::id_of(&store.db, device)?),
            None => None,
        };
        let since_ms = self.since.map(|moment| moment.unix_ms(unix_now_ms()));
        let after = match (since_ms, self.after) {
            (Some(since_ms), after) => query::log_before(&store.db, since_ms)?.max(after.unwrap_or(0)),
            (None, None) if self.follow => query::log_end(&store.db)?,
            (None, after) => after.unwrap_or(0),
        };
        Ok(LogFilter { classes, device, after, since_ms })
    }
}

/// Prints all lines that there are, and moves the filter past them.
fn print_from(store: &Store, filter: &mut LogFilter, look: Look) -> Outcome {
    loop {
        let page = query::log_page(&store.db, filter)?;
        let Some(last) = page.last() else { return Ok(()) };
        filter.after = last.n;
        print_lines(&page, look)?;
    }
}

fn print_lines(lines: &[LogLine], look: Look) -> io::Result<()> {
    let mut out = io::stdout().lock();
    lines.iter().try_for_each(|line| writeln!(out, "{}", look.show(line)))?;
    out.flush()
}

fn wait_for_writer(store: &Store, seen: i64) -> Result<(), StoreError> {
    while query::data_version(&store.db)? == seen {
        store.check_file()?;
        thread::sleep(POLL);
    }
    Ok(())
}
