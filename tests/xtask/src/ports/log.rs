//! What a board logs through defmt: its bytes as they come, decoded with the table in the image by the decoder of defmt's own project.
//!
//! Promise: every frame is decoded, or it is an error; a frame that a reset cut short is not one of them. Not here: what must be in the log.

use super::machine::Heard;
use anyhow::{Context, Result, bail, ensure};
use defmt_decoder::{DecodeError, Table};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// The log of one board over all of its runs.
pub struct Log {
    image: PathBuf,
    runs: Vec<Arc<Mutex<Vec<u8>>>>,
}

impl Log {
    /// The log of a board with this image.
    pub fn of(image: &Path) -> Self {
        Self { image: image.to_path_buf(), runs: Vec::new() }
    }

    /// Takes up what the board logs in a run that begins now, until the emulator ends.
    pub fn take_up(&mut self, mut stream: Heard) {
        let run = Arc::new(Mutex::new(Vec::new()));
        self.runs.push(Arc::clone(&run));
        thread::spawn(move || {
            let mut bytes = [0; 1024];
            while let Ok(len @ 1..) = stream.read(&mut bytes) {
                run.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&bytes[..len]);
            }
        });
    }

    /// Whether the board logs.
    pub fn is_kept(&self) -> bool {
        !self.runs.is_empty()
    }

    /// A line `level message` for each frame of all runs.
    pub fn lines(&self) -> Result<String> {
        let image = fs::read(&self.image).context("the image is gone")?;
        let table = Table::parse(&image)?.context("the image has no table of defmt's")?;
        ensure!(table.encoding().can_recover(), "a stream of this encoding cannot be joined midway");
        let mut lines = String::new();
        for run in &self.runs {
            let bytes = run.lock().unwrap_or_else(PoisonError::into_inner).clone();
            decode(&table, &bytes, &mut lines)?;
        }
        Ok(lines)
    }
}

/// What follows the last end is a frame still under way.
fn decode(table: &Table, bytes: &[u8], lines: &mut String) -> Result<()> {
    let mut decoder = table.new_stream_decoder();
    decoder.received(bytes);
    loop {
        match decoder.decode() {
            Ok(frame) => {
                let level = frame.level().map_or("println", |level| level.as_str());
                *lines += &format!("{level} {}\n", frame.display_message());
            }
            Err(DecodeError::UnexpectedEof) => return Ok(()),
            Err(DecodeError::Malformed) => bail!("a frame cannot be decoded; before it:\n{lines}"),
        }
    }
}
