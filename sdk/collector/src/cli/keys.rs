//! `keys`: the key file, and keys in forms that firmware takes in.
//!
//! No command prints a key but `derive`, `rotate` and `export`, which are asked for one.

use std::fs::OpenOptions;
use std::io::{self, IsTerminal, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Subcommand};
use serde_json::json;
use tidings_collector::decode::parse_hex;
use tidings_collector::device_id::DeviceId;
use tidings_collector::keys::{Entry, Form, KeyFile, KeyFileError, SuiteName};
use tidings_collector::line::{JSON_VERSION, called, print_json};
use tidings_collector::store::{Store, StoreError, devices};
use tidings_collector::terminal::Colour;
use tidings_wire::suites::KeySet;
use zeroize::Zeroizing;

use super::{Cli, Failure, Outcome, table};

const REVOKED: &str = "revoked";

#[derive(Debug, Subcommand)]
pub enum Keys {
    /// Make a key file with a new fleet secret
    Init(Init),
    /// Add a device and print its keys; from now on it must seal
    Derive(Derive),
    /// List the devices of the key file, without their keys
    List(List),
    /// Give a device its next keys and print them; the ones before stay valid until the next time
    Rotate(Shown),
    /// Refuse a device; `rotate` lets it in again, with new keys
    Revoke(Revoke),
    /// Add a device with keys from elsewhere, hex or 81 bytes on standard input
    Import(Import),
    /// Print the newest keys of a device
    Export(Shown),
}

#[derive(Debug, Args)]
struct Place {
    /// The key file
    #[arg(long, value_name = "FILE")]
    keys: PathBuf,
}

#[derive(Debug, Args)]
pub struct Init {
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
struct Target {
    /// The id as text, or hex: and its bytes; with --db a name too
    device: String,
    /// The database whose names are meant
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
struct Output {
    /// How the keys are written
    #[arg(long, value_enum, default_value_t = Form::Hex)]
    form: Form,
    /// Write them to a new file that only its owner may read
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Derive {
    #[command(flatten)]
    target: Target,
    /// The suite that it seals with
    #[arg(long, value_enum, default_value_t = SuiteName::ChaCha20Poly1305)]
    suite: SuiteName,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    place: Place,
    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub struct Shown {
    #[command(flatten)]
    target: Target,
    #[command(flatten)]
    output: Output,
}

#[derive(Debug, Args)]
pub struct Revoke {
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, Args)]
pub struct Import {
    #[command(flatten)]
    target: Target,
    /// The suite that it seals with; chacha20-poly1305 for a new device, and what it was for a known one
    #[arg(long, value_enum)]
    suite: Option<SuiteName>,
}

impl Keys {
    pub fn execute(self) -> Outcome {
        match self {
            Self::Init(Init { place }) => Ok(KeyFile::create(&place.keys)?),
            Self::Derive(derive) => derive.execute(),
            Self::List(list) => list.execute(),
            Self::Rotate(Shown { target, output }) => {
                let device = target.id()?;
                output.write(|| {
                    KeyFile::edit(&target.place.keys, |file| {
                        file.rotate(&device)?;
                        file.newest(&device)
                    })
                })
            }
            Self::Revoke(Revoke { target }) => {
                let device = target.id()?;
                KeyFile::edit(&target.place.keys, |file| file.revoke(&device))?;
                println!("{} is revoked", device.in_words());
                Ok(())
            }
            Self::Import(Import { target, suite }) => {
                let (device, keys) = (target.id()?, read_keys()?);
                let kid = keys.kid();
                KeyFile::edit(&target.place.keys, |file| file.import(device, suite, keys))?;
                println!("{} has the keys of key id {kid}", device.in_words());
                Ok(())
            }
            Self::Export(Shown { target, output }) => {
                let device = target.id()?;
                output.write(|| KeyFile::read(&target.place.keys)?.newest(&device))
            }
        }
    }
}

impl Derive {
    fn execute(self) -> Outcome {
        let device = self.target.id()?;
        self.output.write(|| {
            KeyFile::edit(&self.target.place.keys, |file| {
                file.derive(device, self.suite)?;
                file.newest(&device)
            })
        })
    }
}

impl Target {
    /// Whom the word means: one device or none, never one of two.
    fn id(&self) -> Result<DeviceId, Failure> {
        let by_id = parse_id(&self.device);
        let Some(db) = &self.db else {
            let wrong = |why| Cli::command().error(ErrorKind::ValueValidation, format!("{:?}: {why}", self.device));
            return Ok(by_id.unwrap_or_else(|why| wrong(why).exit()));
        };
        let by_name = devices::named(&Store::read(db)?.db, &self.device)?;
        match (by_name, by_id.ok()) {
            (Some(one), Some(other)) if one != other && KeyFile::read(&self.place.keys)?.entry(&other).is_ok() => {
                Err(KeyFileError::Refused("this is the name of one device and the id of another; say hex: and the id")
                    .into())
            }
            (Some(id), _) | (None, Some(id)) => Ok(id),
            (None, None) => Err(StoreError::NoDevice(self.device.clone()).into()),
        }
    }
}

impl Output {
    /// Opens the target first, so that a change that cannot be shown is not made.
    fn write(self, keys: impl FnOnce() -> Result<KeySet, KeyFileError>) -> Outcome {
        let mut to: Box<dyn Write> = match &self.output {
            Some(path) => Box::new(new_file(path)?),
            None if self.form == Form::Bin && io::stdout().is_terminal() => {
                return Err(KeyFileError::Refused("bytes are not for a terminal; use --output").into());
            }
            None => Box::new(io::stdout()),
        };
        let written = keys().map(|keys| self.form.write(&keys));
        if let (Err(_), Some(path)) = (&written, &self.output) {
            std::fs::remove_file(path)?;
        }
        to.write_all(&written?)?;
        Ok(to.flush()?)
    }
}

fn new_file(path: &PathBuf) -> Result<std::fs::File, KeyFileError> {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    made.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => KeyFileError::OutputExists,
        _ => KeyFileError::Io(error),
    })
}

impl List {
    fn execute(&self) -> Outcome {
        let file = KeyFile::read(&self.place.keys)?;
        if self.json {
            return Ok(file.entries().iter().try_for_each(|entry| print_json(&object(entry)))?);
        }
        let rows: Vec<_> = file.entries().iter().map(row).collect();
        Ok(table::print(["DEVICE", "ID", "SUITE", "KEY IDS", "STATE"], &rows, colour)?)
    }
}

fn colour(cell: &str) -> Colour {
    if cell == REVOKED { Colour::Red } else { Colour::Normal }
}

fn row(entry: &Entry) -> [String; 5] {
    let kids: Vec<_> = entry.kids.iter().map(u8::to_string).collect();
    let state = if entry.revoked { REVOKED } else { "valid" };
    [
        called(entry.id.readable(), &entry.id),
        entry.id.to_string(),
        entry.suite.to_string(),
        kids.join(", "),
        state.to_owned(),
    ]
}

fn object(entry: &Entry) -> serde_json::Value {
    json!({
        "v": JSON_VERSION,
        "device": called(entry.id.readable(), &entry.id),
        "id": entry.id,
        "suite": entry.suite,
        "kids": entry.kids,
        "revoked": entry.revoked,
    })
}

fn parse_id(text: &str) -> Result<DeviceId, String> {
    let readable = |id: &DeviceId| id.readable().is_some();
    match text.strip_prefix("hex:") {
        Some(_) => text.parse(),
        None => DeviceId::new(text.as_bytes())
            .filter(readable)
            .ok_or_else(|| "expected 1 to 16 letters, digits or .-_, or hex: and the bytes".into()),
    }
}

fn read_keys() -> Result<KeySet, KeyFileError> {
    let mut bytes = Zeroizing::new(Vec::new());
    io::stdin().take(1_024).read_to_end(&mut bytes)?;
    if bytes.len() != KeySet::BYTES {
        let text = std::str::from_utf8(&bytes).ok().and_then(|text| parse_hex(text.trim()).ok());
        bytes = Zeroizing::new(text.unwrap_or_default());
    }
    let whole =
        bytes.as_slice().try_into().map_err(|_| KeyFileError::Refused("expected 81 bytes, or 162 hex digits"))?;
    KeySet::from_bytes(whole).map_err(|_| KeyFileError::Refused("these bytes are no keys"))
}
