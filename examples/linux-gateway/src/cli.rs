//! The command line of `linux-gateway`.
//!
//! Promise: every wrong argument is refused with a sentence before anything is opened. Not here: what the commands do.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::fact::Kind;
use crate::link::Collector;
use crate::machine::Choice;
use crate::source::sysctl::check_name;

const AFTER_HELP: &str =
    "--config FILE, anywhere, stands for the options in that file: a line NAME = VALUE for --NAME VALUE.

Exit status: 0 ended by a signal or printed everything, 1 a fault while running, 2 wrong usage.";

/// Watches this machine and tells a Tidings collector what changes.
#[derive(Debug, Parser)]
#[command(version, after_help = AFTER_HELP)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Watch the machine until a signal ends it.
    Run(Run),
    /// Let a device with keys seal: write the first boot number, once. One that is there already is left alone.
    Provision(Provision),
    /// Print every fact that `run` would hold, in the order of the collector's `show`.
    State(State),
}

/// Arguments of `run`.
#[derive(Debug, Args)]
pub struct Run {
    /// Where the collector listens.
    #[arg(long, value_name = "tcp:HOST:PORT")]
    pub collector: Collector,
    /// This device's id: hex:… or a name, 1 to 16 bytes.
    #[arg(long, value_name = "hex:…|NAME", value_parser = parse_id)]
    pub id: DeviceId,
    /// Where the boot number is kept; belongs to one gateway alone, made if missing.
    #[arg(long, value_name = "DIR")]
    pub state_dir: PathBuf,
    /// The device's keys, 162 hex digits or 81 bytes in a file that only its owner may read; the file `keys` of the state folder unless given.
    #[arg(long, value_name = "FILE", conflicts_with = "plain")]
    pub keys: Option<PathBuf>,
    /// Do not seal: whoever is on the way reads and writes reports. For a way that is trusted.
    #[arg(long)]
    pub plain: bool,
    /// What to look at.
    #[command(flatten)]
    pub look: Look,
}

/// Arguments of `provision`.
#[derive(Debug, Args)]
pub struct Provision {
    /// Where the boot number is kept.
    #[arg(long, value_name = "DIR")]
    pub state_dir: PathBuf,
    /// Above this one: 0 for a new device; for one whose folder was lost, the epoch that `tidings-collector devices --json` shows.
    #[arg(long, value_name = "EPOCH", default_value_t = 0)]
    pub floor: u32,
}

/// Arguments of `state`.
#[derive(Debug, Args)]
pub struct State {
    /// One JSON object a line: kind, key and value in hex, decoded.
    #[arg(long)]
    pub json: bool,
    /// What to look at.
    #[command(flatten)]
    pub look: Look,
}

/// What to look at, and where.
#[derive(Debug, Args)]
pub struct Look {
    /// Look files up under this directory; sockets, links, settings and health stay those of the running kernel.
    #[arg(long, value_name = "DIR", default_value = "/")]
    pub root: PathBuf,
    /// A folder of certificates, looked up under the root; may be given again.
    #[arg(long, value_name = "DIR", value_parser = parse_folder)]
    pub certs: Vec<String>,
    /// A kernel setting to report instead of the usual ones; may be given again.
    #[arg(long, value_name = "KEY", value_parser = check_name)]
    pub sysctl: Vec<String>,
    /// A kind that is not to be reported; may be given again.
    #[arg(long, value_name = "KIND", value_parser = parse_kind)]
    pub off: Vec<Kind>,
}

impl From<Look> for Choice {
    fn from(look: Look) -> Choice {
        Choice { root: look.root, certs: look.certs, sysctl: look.sysctl, off: look.off }
    }
}

/// The id of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceId(pub Vec<u8>);

fn parse_id(text: &str) -> Result<DeviceId, String> {
    let bytes = match text.strip_prefix("hex:") {
        None => text.as_bytes().to_vec(),
        Some(digits) => parse_hex(digits).ok_or("hex: takes pairs of hexadecimal digits")?,
    };
    let fits = (1..=tidings::wire::MAX_ID).contains(&bytes.len());
    fits.then_some(DeviceId(bytes)).ok_or_else(|| format!("an id has 1 to {} bytes", tidings::wire::MAX_ID))
}

fn parse_hex(digits: &str) -> Option<Vec<u8>> {
    let nibbles: Option<Vec<u8>> = digits.chars().map(|c| u8::try_from(c.to_digit(16)?).ok()).collect();
    let nibbles = nibbles.filter(|nibbles| nibbles.len() % 2 == 0)?;
    Some(nibbles.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

fn parse_folder(text: &str) -> Result<String, String> {
    text.starts_with('/').then(|| text.into()).ok_or_else(|| "write the whole path, from / on".into())
}

const KINDS: [(&str, Kind); 9] = [
    ("identity", Kind::Identity),
    ("software", Kind::Software),
    ("account", Kind::Account),
    ("listener", Kind::Listener),
    ("neighbour", Kind::Neighbour),
    ("certificate", Kind::Certificate),
    ("setting", Kind::Setting),
    ("health", Kind::Health),
    ("interface", Kind::Interface),
];

fn parse_kind(text: &str) -> Result<Kind, String> {
    let found = KINDS.iter().find(|(name, _)| *name == text).map(|&(_, kind)| kind);
    found.ok_or_else(|| format!("the kinds are {}", KINDS.map(|(name, _)| name).join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
        for (name, kind) in KINDS {
            assert_eq!(crate::encode::wire_kind(kind).name(), Some(name));
        }
    }

    #[test]
    fn ids_are_hex_or_a_name() {
        assert_eq!(parse_id("hex:00fF"), Ok(DeviceId(vec![0, 0xff])));
        assert_eq!(parse_id("gateway-1"), Ok(DeviceId(b"gateway-1".to_vec())));
        for wrong in ["", "hex:", "hex:0", "hex:zz", "seventeen-letters"] {
            assert!(parse_id(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn wrong_arguments_are_refused() {
        let run = |extra: &[&str]| {
            let base = ["linux-gateway", "run", "--collector", "tcp:localhost:1", "--id", "a", "--state-dir", "/tmp/x"];
            Cli::try_parse_from(base.iter().chain(extra)).map(drop).map_err(|e| e.to_string())
        };
        assert_eq!(run(&[]), Ok(()));
        for (wrong, says) in [
            (["--certs", "certs"], "from / on"),
            (["--sysctl", "../x"], "no empty part"),
            (["--off", "accounts"], "the kinds are"),
        ] {
            assert!(run(&wrong).unwrap_err().contains(says), "{wrong:?}");
        }
        assert!(run(&["--plain", "--keys", "k"]).unwrap_err().contains("cannot be used with"));
    }
}
