//! Any frame or capture, byte by byte: where it stands, what it is, what it means.
//!
//! Needs no database and no device. Nothing fails and nothing is hidden: bytes that cannot be understood are shown as such. Whether a
//! packet is good is decided by the same readers that the collector uses. Sealed bodies stay closed: there is no key here.

mod body;
mod down;
mod hex;
mod stream;
mod walk;

pub use hex::{BadHex, parse_hex};
pub use stream::{Piece, stream};

use core::fmt;

use serde::Serialize;
use tidings_wire::facts::Bytes;
use tidings_wire::message::{Downlink, Uplink};
use tidings_wire::packet::{self, Direction, Envelope, PacketError, Plain, SuiteId, Unique};
use tidings_wire::{MAX_PACKET, crc};

use walk::Walk;

/// Bytes shown in one row.
const ROW: usize = 8;

/// A packet taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// Its fields in order; together they are all its bytes.
    pub fields: Vec<Field>,
    /// What a receiver would make of it: `good`, `sealed`, or why it is refused.
    pub verdict: String,
}

/// One field of a packet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Where it starts, in bytes from the start of the packet.
    pub offset: usize,
    /// Its bytes as hex.
    pub hex: String,
    /// How deep it lies: 0 envelope, 1 body, 2 and more within lists.
    pub depth: u8,
    /// What it is and says.
    pub meaning: String,
}

/// Takes a packet apart, whatever it is.
#[must_use]
pub fn packet(bytes: &[u8]) -> Reading {
    let mut walk = Walk::over(bytes);
    // A field that cannot be read is shown as such, and the rest as bytes: that is all there is to do with an error.
    let _ = fields(&mut walk, bytes);
    walk.rest("not understood");
    Reading { fields: walk.fields, verdict: verdict(bytes) }
}

fn fields(walk: &mut Walk<'_>, bytes: &[u8]) -> Result<(), tidings_wire::Malformed> {
    let b0 = walk.field("", |from| from.u8(), |b0| first_byte(*b0))?;
    if b0 >> 5 != tidings_wire::VERSION {
        return Ok(());
    }
    if b0 & 2 != 0 {
        walk.number("key id", |from| from.u8())?;
    }
    if b0 & 1 != 0 {
        walk.field("device id", |from| from.key(), |id| walk::text_or_hex(id))?;
    }
    walk.number("epoch", |from| from.u32())?;
    let (down, suite) = (b0 & 16 != 0, SuiteId(b0 >> 2 & 3));
    match (down, suite) {
        (false, _) => drop(walk.number("packet number", |from| from.varint((1 << 56) - 1))?),
        (true, SuiteId::PLAIN) => {}
        (true, _) => drop(walk.field("nonce", |from| from.array::<12>(), |_| "12 random bytes".into())?),
    }
    if suite != SuiteId::PLAIN {
        sealed(walk, suite);
        return Ok(());
    }
    let check = walk.split_off(4)?;
    let body = if down { down::body(walk) } else { body::body(walk) };
    walk.rest("not understood");
    walk.join(check);
    let crc = crc::crc32(bytes.get(..walk.offset()).unwrap_or(&[]));
    walk.field(
        "CRC-32",
        |from| from.u32le(),
        |told| if *told == crc { "right".into() } else { format!("wrong, should be {crc:#010x}") },
    )?;
    body
}

fn first_byte(b0: u8) -> String {
    let version = b0 >> 5;
    if version != tidings_wire::VERSION {
        return format!("version {version}, not known here");
    }
    let direction = if b0 & 16 == 0 { "device to host" } else { "host to device" };
    let suite = ["plain", "ChaCha20-Poly1305", "Ascon-AEAD128", "vendor's suite"][usize::from(b0 >> 2 & 3)];
    let (kid, id) = (if b0 & 2 == 0 { "" } else { ", key id" }, if b0 & 1 == 0 { "" } else { ", device id" });
    format!("version {version}, {direction}, {suite}{kid}{id}")
}

fn sealed(walk: &mut Walk<'_>, suite: SuiteId) {
    let tag = if suite == SuiteId::VENDOR { None } else { walk.split_off(packet::MAX_CHECK).ok() };
    walk.rest(if tag.is_some() { "sealed body" } else { "sealed body and tag" });
    if let Some(tag) = tag {
        walk.join(tag);
        walk.rest("tag");
    }
}

fn verdict(bytes: &[u8]) -> String {
    match judge(bytes) {
        Ok(()) => "good".into(),
        Err(PacketError::Suite(suite)) => format!("sealed under suite {}: only its key can tell", suite.0),
        Err(error) => error.to_string(),
    }
}

fn judge(bytes: &[u8]) -> Result<(), PacketError> {
    if bytes.len() > MAX_PACKET {
        return Err(PacketError::Malformed);
    }
    let direction = Envelope::read(bytes)?.0.direction();
    let mut copy = bytes.to_vec();
    let (envelope, body) = packet::open(&Plain, direction, &mut copy)?;
    match (direction, envelope.unique) {
        (Direction::Up, Unique::Counter(_)) => Uplink::read(body).map(drop)?,
        _ => Downlink::read(body).map(drop)?,
    }
    Ok(())
}

impl fmt::Display for Reading {
    /// Rows of offset, bytes and meaning, then the verdict.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fields.iter().try_for_each(|field| field.fmt(f))?;
        writeln!(f, "      => {}", self.verdict)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut meaning = format!("{:indent$}{}", "", self.meaning, indent = usize::from(self.depth) * 2);
        let digits: Vec<&[u8]> = self.hex.as_bytes().chunks(2 * ROW).collect();
        for (row, digits) in digits.iter().enumerate() {
            let bytes: Vec<_> = digits.chunks(2).map(String::from_utf8_lossy).collect();
            let line =
                format!("{:04x}  {:<23}  {}", self.offset + row * ROW, bytes.join(" "), core::mem::take(&mut meaning));
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

impl Field {
    fn new(offset: usize, bytes: &[u8], depth: u8, meaning: String) -> Self {
        Self { offset, hex: Bytes(bytes).to_string(), depth, meaning }
    }
}
