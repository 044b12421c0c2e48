//! `tidings-collector`: see `tidings-collector --help`.
//!
//! Everything that is not about the command line is in the library.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
