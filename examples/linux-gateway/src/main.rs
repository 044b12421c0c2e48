//! `linux-gateway`: tells a collector what changes on this machine. `--help` says how.

use std::io::{self, BufWriter, ErrorKind, Write};
use std::process::ExitCode;

use clap::Parser;
use linux_gateway::cli::{Cli, Command, State};
use linux_gateway::run::{provision, run};
use linux_gateway::{arguments, machine, present};

/// The same status that clap ends with.
const WRONG_USAGE: u8 = 2;

fn main() -> ExitCode {
    let arguments = match arguments::expand(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(why) => {
            eprintln!("linux-gateway: {why}");
            return ExitCode::from(WRONG_USAGE);
        }
    };
    let outcome = match Cli::parse_from(arguments).command {
        Command::Run(arguments) => run(arguments),
        Command::Provision(arguments) => provision(&arguments),
        Command::State(arguments) => print_state(arguments).map_err(|e| e.to_string()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("linux-gateway: {e}");
            ExitCode::FAILURE
        }
    }
}

/// A reader that has seen enough (`| head`) is no fault.
fn print_state(arguments: State) -> io::Result<()> {
    let state = machine::state(&arguments.look.into());
    for warning in &state.warnings {
        eprintln!("warning: {warning}");
    }
    let line = if arguments.json { present::json_line } else { present::text_line };
    let mut out = BufWriter::new(io::stdout().lock());
    let printed = state.facts.iter().try_for_each(|fact| writeln!(out, "{}", line(fact))).and_then(|()| out.flush());
    printed.or_else(|e| if e.kind() == ErrorKind::BrokenPipe { Ok(()) } else { Err(e) })
}
