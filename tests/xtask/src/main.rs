//! The one driver of this repository, shared by people and CI: `cargo xtask help` lists what it does.
//!
//! Each sub-command is a file of that name. Nothing here ships to a device, and nothing here is needed to use the SDK.

mod budgets;
mod bytes;
mod check;
mod command;
mod demo;
mod house;
mod ports;
mod setup;
mod size;
mod tally;
mod test;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "The one driver of this repository")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what is missing to build, test and demonstrate: cross targets, QEMU, network tools.
    Setup,
    /// Hold the house rules: direction of dependencies, shape of the code, lints, device builds.
    Check {
        /// Only the rules that read source; compiles nothing.
        #[arg(long)]
        quick: bool,
    },
    /// Measure the flash and memory of the device images against their budgets.
    Size {
        /// One JSON object a line instead of a table.
        #[arg(long)]
        json: bool,
    },
    /// Measure messages on the wire against their budgets, beside JSON and CBOR.
    Bytes {
        /// One JSON object a line instead of a table.
        #[arg(long)]
        json: bool,
    },
    /// Play the main job live: collector, Linux gateway, microcontroller in QEMU, and a story of two minutes.
    Demo {
        /// Play it at once, check what arrived, and exit 0 or 1.
        #[arg(long)]
        headless: bool,
    },
    /// Build the sample ports; run those with an emulator against a real collector, and check what arrived.
    Ports {
        /// These ports only.
        names: Vec<String>,
        /// Accept what arrives as golden, and write the table of `examples/README.md`.
        #[arg(long)]
        bless: bool,
    },
    /// Set up, check and run every test; ends with one line that counts them all.
    Test,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Setup => setup::run().map(success),
        Task::Check { quick } => check::run(quick).map(success),
        Task::Size { json } => size::run(json).map(success),
        Task::Bytes { json } => bytes::run(json).map(success),
        Task::Demo { headless } => demo::run(headless).map(success),
        Task::Ports { names, bless } => ports::run(&names, bless).map(success),
        Task::Test => test::run(),
    };
    done.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn success((): ()) -> ExitCode {
    ExitCode::SUCCESS
}
