//! `decode`: says what each byte of a packet or of a captured stream is.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use clap::{ArgGroup, Args};
use serde_json::{Value, json};
use tidings_collector::decode::{self, Piece, Reading, parse_hex};
use tidings_collector::line::{JSON_VERSION, print_json};
use tidings_collector::terminal::visible;

use super::{Failure, Outcome};

/// Longest capture that is read, in bytes.
const MAX_CAPTURE: u64 = 64 * 1024 * 1024;

#[derive(Debug, Args)]
#[group(skip)]
#[command(group = ArgGroup::new("input").required(true).args(["hex", "file", "stdin"]))]
pub struct Decode {
    /// The bytes as hex digits; spaces, colons and 0x are passed over
    #[arg(long, value_name = "HEX")]
    hex: Option<String>,
    /// A file that holds the bytes
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// - reads the bytes from standard input
    #[arg(value_name = "-", value_parser = ["-"])]
    stdin: Option<String>,
    /// The bytes are a captured stream of frames, not one packet
    #[arg(long)]
    stream: bool,
    /// Print one JSON object a packet
    #[arg(long)]
    json: bool,
}

impl Decode {
    pub fn execute(self) -> Outcome {
        let bytes = self.bytes()?;
        let pieces = if self.stream {
            decode::stream(&bytes)
        } else {
            vec![Piece::Packet { at: 0, reading: decode::packet(&bytes) }]
        };
        for piece in &pieces {
            if self.json { print_json(&object(piece))? } else { self.print(piece)? }
        }
        if pieces.is_empty() || !pieces.iter().all(is_readable) { Err(Failure::Malformed) } else { Ok(()) }
    }

    fn bytes(&self) -> Result<Vec<u8>, Failure> {
        match (&self.hex, &self.file) {
            (Some(hex), _) => parse_hex(hex).map_err(|error| Failure::Hex(error.to_string())),
            (None, Some(file)) => Ok(read_file(file).map_err(|error| named(file, &error))?),
            (None, None) => Ok(read_bounded(io::stdin().lock())?),
        }
    }

    fn print(&self, piece: &Piece) -> io::Result<()> {
        let text = match piece {
            Piece::Packet { at, reading } if self.stream => format!("frame at {at}\n{reading}"),
            Piece::Packet { reading, .. } => reading.to_string(),
            Piece::Dropped { at, len } => format!("at {at}: {len} bytes that are no whole frame\n"),
        };
        let mut out = io::stdout().lock();
        text.lines().try_for_each(|line| writeln!(out, "{}", visible(line)))
    }
}

/// Good, or sealed: only a key could tell more.
fn is_readable(piece: &Piece) -> bool {
    matches!(piece, Piece::Packet { reading: Reading { verdict, .. }, .. } if verdict == "good" || verdict.starts_with("sealed"))
}

fn object(piece: &Piece) -> Value {
    match piece {
        Piece::Packet { at, reading } => {
            json!({ "v": JSON_VERSION, "at": at, "verdict": reading.verdict, "fields": reading.fields })
        }
        Piece::Dropped { at, len } => json!({ "v": JSON_VERSION, "at": at, "verdict": "no whole frame", "len": len }),
    }
}

fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    read_bounded(File::open(path)?)
}

/// The error with the file that it is about.
fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

fn read_bounded(from: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(MAX_CAPTURE + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_CAPTURE {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("a capture may have {MAX_CAPTURE} bytes; cut it"),
        ));
    }
    Ok(bytes)
}
