//! Reads what passed through a cable: which messages a device sealed. A frame that is not of this device is an error.

use anyhow::{Context, Result, anyhow};
use std::fs;
use std::path::Path;
use tidings_wire::Kind;
use tidings_wire::cobs::{Decoder, Step};
use tidings_wire::message::{Message, Uplink};
use tidings_wire::packet::{Direction, open};
use tidings_wire::suites::{ChaCha20Poly1305, KeySet};

/// The type of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The device started.
    Hello,
    /// Some facts changed.
    Delta,
    /// Anything else.
    Other,
}

/// One message of a device.
#[derive(Debug)]
pub struct Said {
    /// Its type.
    pub what: What,
    /// Bytes of its frame.
    pub bytes: usize,
    /// The kinds of the facts that a Delta carries.
    pub kinds: Vec<Kind>,
}

/// The messages in what a device with these keys sent; a frame still under way is left out.
pub fn said(up: &[u8], key: &Path) -> Result<Vec<Said>> {
    let keys = fs::read(key).context("the keys are gone")?;
    let keys = KeySet::from_bytes(keys.as_slice().try_into()?).map_err(|error| anyhow!("{error}"))?;
    let suite = ChaCha20Poly1305::host(&keys);
    let (mut decoder, mut packet, mut all) = (Decoder::new(), vec![0; tidings_wire::MAX_PACKET], Vec::new());
    for byte in up {
        if let Step::Frame(len) = decoder.push(*byte, &mut packet) {
            all.push(read(&suite, packet.get_mut(..len).unwrap_or_default())?);
        }
    }
    Ok(all)
}

fn read(suite: &ChaCha20Poly1305<'_>, packet: &mut [u8]) -> Result<Said> {
    let bytes = tidings_wire::cobs::frame_len(packet.len());
    let (_, body) = open(suite, Direction::Up, packet).map_err(|error| anyhow!("a frame does not open: {error}"))?;
    let uplink = Uplink::read(body).map_err(|error| anyhow!("a body cannot be read: {error}"))?;
    Ok(match uplink.message {
        Message::Hello(_) => Said { what: What::Hello, bytes, kinds: Vec::new() },
        Message::Delta { records, .. } => {
            Said { what: What::Delta, bytes, kinds: records.flatten().map(|record| record.kind).collect() }
        }
        _ => Said { what: What::Other, bytes, kinds: Vec::new() },
    })
}
