//! The one driver of this repository, shared by people and CI: `cargo xtask help` lists what it does.
//!
//! Each sub-command is a file of that name. Nothing here ships to a device, and nothing here is needed to use the SDK.

mod budgets;
mod bytes;
mod c_lib;
mod c_release;
mod check;
mod command;
mod costs;
mod demo;
mod fuzz;
mod header;
mod house;
mod images;
mod instructions;
mod miri;
mod ports;
mod setup;
mod sim;
mod size;
mod stack;
mod tally;
mod test;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
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
    /// Measure the stack of each public call in an emulator against its budget.
    Stack {
        /// One JSON object a line instead of a table.
        #[arg(long)]
        json: bool,
    },
    /// Count the instructions of the main calls in an emulator against their budgets.
    Instructions {
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
    /// Build libtidings.a: one object a core, with nothing but tidings_* in sight.
    CLib {
        /// A Rust target, or `host`; without it every installed one.
        #[arg(long)]
        target: Option<String>,
        /// For links that cannot answer.
        #[arg(long)]
        one_way: bool,
    },
    /// Make the folder that C users get: header, archives, CMake, pkg-config, licences, SBOM, checksums.
    CRelease,
    /// Measure everything that the README's table of costs says, and see that it says so.
    Costs {
        /// Write the table instead.
        #[arg(long)]
        bless: bool,
    },
    /// Run the real agent against the real replica in seeded histories full of trouble; a failure prints how to replay it.
    Sim {
        /// `--histories N`, `--seed S` or `--seed today`, `--scenario NAME`, `--each` for a line a scenario, `--trace`, `--first`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        options: Vec<String>,
    },
    /// Undo each rule of the protocol in a copy of the tree, and see that a named test notices.
    Mutants {
        /// Only those whose name holds this.
        name: Option<String>,
        /// Only a share of them: `2/4` is every fourth, from the second; `today/4` goes on by one each day.
        #[arg(long)]
        share: Option<String>,
    },
    /// Write the C header anew from the source of `bindings/c`.
    Header {
        /// Only compare; a difference is a failure.
        #[arg(long)]
        check: bool,
    },
    /// Run the fuzz targets; a crash fails, and its input is kept.
    Fuzz {
        /// Only this target.
        target: Option<String>,
        /// How long each target runs.
        #[arg(long, default_value_t = 60)]
        seconds: u64,
        /// Thin the committed corpora instead.
        #[arg(long, conflicts_with_all = ["target", "seconds"])]
        minimise: bool,
        /// Run those of another copy of the tree, as `cargo xtask mutants` does.
        #[arg(long)]
        copy: Option<PathBuf>,
    },
    /// Run the tests of the wire crate, the mailbox and the collector's core in Miri.
    Miri,
    /// Play the main job live: collector, Linux gateway, microcontroller in QEMU, and a story of two minutes.
    Demo {
        /// Play it at once, check what arrived, and exit 0 or 1.
        #[arg(long)]
        headless: bool,
        /// Seal nothing, as on a wire that is trusted; headless, what was recorded must then be readable on the way.
        #[arg(long)]
        plain: bool,
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
        Task::Stack { json } => stack::run(json).map(success),
        Task::Instructions { json } => instructions::run(json).map(success),
        Task::Costs { bless } => costs::run(bless).map(success),
        Task::Bytes { json } => bytes::run(json).map(success),
        Task::CLib { target, one_way } => c_lib::run(target.as_deref(), one_way).map(success),
        Task::CRelease => c_release::run().map(success),
        Task::Sim { options } => sim::run(&options).map(success),
        Task::Fuzz { minimise: true, .. } => fuzz::minimise().map(success),
        Task::Fuzz { target, seconds, copy, .. } => fuzz::run(target.as_deref(), seconds, copy.as_deref()).map(success),
        Task::Mutants { name, share } => sim::mutants(name, share).map(success),
        Task::Miri => miri::run().map(success),
        Task::Header { check } => header::run(check).map(success),
        Task::Demo { headless, plain } => demo::run(headless, plain).map(success),
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
