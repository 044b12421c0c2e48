//! The command line: one file a command, each of which reads arguments, asks the library, and prints.
//!
//! No command but `run` needs a running collector, and none disturbs one.

mod backup;
mod changes;
mod decode;
mod devices;
mod exit;
mod forget;
mod keys;
mod moment;
mod name;
mod progress;
mod prune;
mod resync;
mod run;
mod show;
mod stats;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use exit::{EXIT_HELP, Failure, Files};

/// The collector of Tidings: the exact state of each device in SQLite, and every change as it commits.
#[derive(Debug, Parser)]
#[command(name = "tidings-collector", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Listen to devices, store what they send, and print each change and event as it commits
    Run(run::Run),
    /// List the devices
    Devices(devices::Devices),
    /// Show the state of a device
    Show(show::Show),
    /// Show what changed, and what became of the reporting
    Changes(changes::Changes),
    /// Show what happened on the devices
    Events(changes::Events),
    /// Ask a device for its whole state at its next report
    Resync(resync::Resync),
    /// Give a device a name; lets a quarantined one in
    Name(name::Name),
    /// Forget a device's state and name; its log stays, and older packets are never taken again
    Forget(forget::Forget),
    /// Make and manage the keys of sealed devices
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Say what each byte of a packet or of a captured stream is; needs no database
    Decode(decode::Decode),
    /// Count devices, facts, packets, losses
    Stats(stats::Stats),
    /// Delete old log lines
    Prune(prune::Prune),
    /// Copy the database to a new file, also while a collector writes
    Backup(backup::Backup),
}

/// Which database.
#[derive(Debug, Args)]
struct Database {
    /// The SQLite file
    #[arg(long, value_name = "FILE", env = "TIDINGS_DB")]
    db: PathBuf,
}

/// Which device.
#[derive(Debug, Args)]
struct Device {
    /// A name, or hex: and the id
    device: String,
}

/// Reads the command line and does what it says.
pub fn main() -> ExitCode {
    let matches = with_exit_codes(Cli::command()).get_matches();
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    let done = match cli.command {
        Command::Run(command) => command.execute(),
        Command::Devices(command) => command.execute(),
        Command::Show(command) => command.execute(),
        Command::Changes(command) => command.execute(),
        Command::Events(command) => command.execute(),
        Command::Resync(command) => command.execute(),
        Command::Name(command) => command.execute(),
        Command::Forget(command) => command.execute(),
        Command::Keys(command) => command.execute(),
        Command::Decode(command) => command.execute(),
        Command::Stats(command) => command.execute(),
        Command::Prune(command) => command.execute(),
        Command::Backup(command) => command.execute(),
    };
    exit::conclude(done, &files(&matches))
}

/// Each command's long help tells the exit codes.
fn with_exit_codes(command: clap::Command) -> clap::Command {
    command.after_long_help(EXIT_HELP).mut_subcommands(with_exit_codes)
}

/// The files that the innermost command was given.
fn files(matches: &ArgMatches) -> Files {
    match matches.subcommand() {
        Some((_, inner)) => files(inner),
        None => {
            let file = |id| matches.try_get_one::<PathBuf>(id).ok().flatten().cloned();
            Files { database: file("db"), keys: file("keys") }
        }
    }
}

/// What each command's `execute` gives.
type Outcome = Result<(), Failure>;
