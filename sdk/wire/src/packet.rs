//! The envelope of SPEC §2 and the suites that check or seal a packet, in place.
//!
//! Not here: which suite, key and epoch a peer may use. Each side pins those and compares; it never obeys the bits of a packet.

use crate::cursor::{Reader, Writer};
use crate::{MAX_ID, MAX_PACKET, Malformed, VERSION};
use core::fmt;

const DOWN: u8 = 1 << 4;
const HAS_KID: u8 = 1 << 1;
const HAS_ID: u8 = 1;
const MAX_CTR: u64 = (1 << 56) - 1;

/// Bytes of a random downlink nonce.
pub const NONCE: usize = 12;

/// Bytes of the longest check (an AEAD tag).
pub const MAX_CHECK: usize = 16;

/// Which way a packet travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Device to host.
    Up,
    /// Host to device.
    Down,
}

/// The number of a suite in b0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SuiteId(pub u8);

impl SuiteId {
    /// CRC-32, for trusted wires.
    pub const PLAIN: Self = Self(0);
    /// ChaCha20-Poly1305, RFC 8439.
    pub const CHACHA20_POLY1305: Self = Self(1);
    /// Ascon-AEAD128, NIST SP 800-232.
    pub const ASCON_AEAD128: Self = Self(2);
    /// A vendor's own, for example hardware AES-CCM.
    pub const VENDOR: Self = Self(3);
}

/// What makes a packet unique under its key: the counter uplink, random bytes downlink, nothing under the plain suite downlink.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unique {
    /// Uplink: the number of the packet within its epoch, below 2⁵⁶.
    Counter(u64),
    /// Downlink, sealed suites.
    Random([u8; NONCE]),
    /// Downlink, plain suite.
    None,
}

/// The clear fields of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// The suite that the sender says it used.
    pub suite: SuiteId,
    /// The key id, if it is told.
    pub kid: Option<u8>,
    /// The device id, if it is told; 1–16 bytes.
    pub id: Option<&'a [u8]>,
    /// Boot number, never 0.
    pub epoch: u32,
    /// Counter or nonce; tells the direction too.
    pub unique: Unique,
}

/// Why a packet was refused; nothing was taken from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PacketError {
    /// It does not follow SPEC §2; drop it.
    Malformed,
    /// It is of another wire version; one side needs an update.
    Version(u8),
    /// It travels the wrong way, for example an echo of one's own.
    Direction,
    /// It names another suite than the one pinned for this device.
    Suite(SuiteId),
    /// Its clear fields are not those of an answer: another version, direction, suite, key id, device or epoch.
    Unasked,
    /// The CRC or the tag is wrong: noise, a wrong key, or tampering.
    Check,
}

impl From<Malformed> for PacketError {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

impl fmt::Display for PacketError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str("malformed packet"),
            Self::Version(version) => write!(f, "wire version {version}, this is {VERSION}"),
            Self::Direction => f.write_str("packet travels the wrong way"),
            Self::Suite(suite) => write!(f, "suite {} is not the pinned one", suite.0),
            Self::Unasked => f.write_str("not an answer to this device in this epoch"),
            Self::Check => f.write_str("check failed: noise, wrong key, or tampering"),
        }
    }
}

impl core::error::Error for PacketError {}

impl<'a> Envelope<'a> {
    /// Which way the packet travels.
    pub const fn direction(&self) -> Direction {
        match self.unique {
            Unique::Counter(_) => Direction::Up,
            Unique::Random(_) | Unique::None => Direction::Down,
        }
    }

    /// Writes the clear fields.
    pub fn write(&self, out: &mut Writer<'_>) {
        self.write_shared(out, self.direction());
        match self.unique {
            Unique::Counter(ctr) => out.varint(ctr),
            Unique::Random(nonce) => out.raw(&nonce),
            Unique::None => out,
        };
    }

    /// Writes what a packet and its answer have in common, the direction apart.
    #[inline(always)] // a device calls it in one place
    pub fn write_shared(&self, out: &mut Writer<'_>, direction: Direction) {
        let down = if direction == Direction::Down { DOWN } else { 0 };
        let has_kid = if self.kid.is_some() { HAS_KID } else { 0 };
        let has_id = if self.id.is_some() { HAS_ID } else { 0 };
        out.u8(VERSION << 5 | (self.suite.0 & 3) << 2 | down | has_kid | has_id);
        if let Some(kid) = self.kid {
            out.u8(kid);
        }
        if let Some(id) = self.id {
            out.key(id);
        }
        out.u32(self.epoch);
    }

    /// Reads the clear fields from the front of `packet`; also gives their length in bytes.
    ///
    /// # Errors
    /// [`PacketError::Malformed`] or [`PacketError::Version`].
    pub fn read(packet: &'a [u8]) -> Result<(Self, usize), PacketError> {
        let mut from = Reader::new(packet);
        let b0 = from.u8()?;
        if b0 >> 5 != VERSION {
            return Err(PacketError::Version(b0 >> 5));
        }
        let suite = SuiteId(b0 >> 2 & 3);
        let kid = if b0 & HAS_KID == 0 { None } else { Some(from.u8()?) };
        let id = if b0 & HAS_ID == 0 { None } else { Some(read_id(&mut from)?) };
        let epoch = from.u32()?;
        let unique = match (b0 & DOWN != 0, suite) {
            (false, _) => Unique::Counter(from.varint(MAX_CTR)?),
            (true, SuiteId::PLAIN) => Unique::None,
            (true, _) => Unique::Random(from.array()?),
        };
        if epoch == 0 || kid.is_some_and(|kid| kid > 127) {
            return Err(PacketError::Malformed);
        }
        Ok((Self { suite, kid, id, epoch, unique }, packet.len() - from.rest().len()))
    }

    /// The 12-byte nonce of the sealed suites.
    pub fn nonce(&self) -> [u8; NONCE] {
        match self.unique {
            Unique::Counter(ctr) => uplink_nonce(self.kid, self.epoch, ctr),
            Unique::Random(nonce) => nonce,
            Unique::None => [0; NONCE],
        }
    }
}

/// The nonce of an uplink packet: it repeats the packet's clear fields.
pub const fn uplink_nonce(kid: Option<u8>, epoch: u32, ctr: u64) -> [u8; NONCE] {
    let kid = match kid {
        Some(kid) => kid,
        None => 0,
    };
    let [e0, e1, e2, e3] = epoch.to_be_bytes();
    let [_, c0, c1, c2, c3, c4, c5, c6] = ctr.to_be_bytes();
    [kid, e0, e1, e2, e3, c0, c1, c2, c3, c4, c5, c6]
}

fn read_id<'a>(from: &mut Reader<'a>) -> Result<&'a [u8], Malformed> {
    let id = from.key()?;
    if id.len() > MAX_ID { Err(Malformed) } else { Ok(id) }
}

/// How packets are checked or sealed; a vendor implements it for hardware.
pub trait Suite {
    /// The number in b0.
    fn id(&self) -> SuiteId;

    /// Bytes that follow the body: 4 to [`MAX_CHECK`].
    fn check_len(&self) -> usize;

    /// Encrypts `body` in place and writes the check; `clear` are the bytes before the body.
    fn seal(&self, nonce: &[u8; NONCE], clear: &[u8], body: &mut [u8], check: &mut [u8]);

    /// Verifies the check and decrypts `body` in place.
    ///
    /// # Errors
    /// [`PacketError::Check`] if it does not hold; the body is then worthless.
    fn open(&self, nonce: &[u8; NONCE], clear: &[u8], body: &mut [u8], check: &[u8]) -> Result<(), PacketError>;
}

/// Suite 0: CRC-32 over everything, no secrecy, for trusted wires and inside TLS, DTLS or OSCORE.
#[derive(Debug, Clone, Copy, Default)]
pub struct Plain;

impl Plain {
    #[inline(always)]
    fn crc(clear: &[u8], body: &[u8]) -> [u8; 4] {
        crate::crc::Crc32::new().update(clear).update(body).value().to_le_bytes()
    }
}

impl Suite for Plain {
    fn id(&self) -> SuiteId {
        SuiteId::PLAIN
    }

    fn check_len(&self) -> usize {
        4
    }

    fn seal(&self, _nonce: &[u8; NONCE], clear: &[u8], body: &mut [u8], check: &mut [u8]) {
        check.iter_mut().zip(Self::crc(clear, body)).for_each(|(to, from)| *to = from);
    }

    fn open(&self, _nonce: &[u8; NONCE], clear: &[u8], body: &mut [u8], check: &[u8]) -> Result<(), PacketError> {
        if check == Self::crc(clear, body) { Ok(()) } else { Err(PacketError::Check) }
    }
}

/// Seals the packet whose clear fields and body stand at the start of `buffer`; gives the packet's length.
///
/// `clear` and `body` are lengths in bytes. `None` if the check does not fit.
pub fn seal(
    suite: &(impl Suite + ?Sized),
    envelope: &Envelope<'_>,
    buffer: &mut [u8],
    clear: usize,
    body: usize,
) -> Option<usize> {
    seal_with(suite, &envelope.nonce(), buffer, clear, body)
}

/// [`seal`] for those who know the nonce.
pub fn seal_with(
    suite: &(impl Suite + ?Sized),
    nonce: &[u8; NONCE],
    buffer: &mut [u8],
    clear: usize,
    body: usize,
) -> Option<usize> {
    let check = suite.check_len();
    let (clear_bytes, rest) = buffer.split_at_mut_checked(clear)?;
    let (body_bytes, rest) = rest.split_at_mut_checked(body)?;
    suite.seal(nonce, clear_bytes, body_bytes, rest.get_mut(..check)?);
    Some(clear + body + check)
}

/// Opens `packet` in place: length, envelope, direction, suite, then the check; gives the clear fields and the body.
///
/// # Errors
/// [`PacketError`], in the order above; the body was not used.
pub fn open<'a>(
    suite: &(impl Suite + ?Sized),
    direction: Direction,
    packet: &'a mut [u8],
) -> Result<(Envelope<'a>, &'a [u8]), PacketError> {
    if packet.len() > MAX_PACKET {
        return Err(PacketError::Malformed);
    }
    let (_, clear_len) = Envelope::read(packet)?;
    let (clear, rest) = packet.split_at_mut_checked(clear_len).ok_or(Malformed)?;
    let clear: &'a [u8] = clear;
    let (envelope, _) = Envelope::read(clear)?;
    if envelope.direction() != direction {
        return Err(PacketError::Direction);
    }
    if envelope.suite != suite.id() {
        return Err(PacketError::Suite(envelope.suite));
    }
    let body = open_body(suite, &envelope.nonce(), clear, rest)?;
    Ok((envelope, body))
}

/// Opens in place an answer to a packet whose clear fields `write_shared` writes, but for the direction: an answer repeats them, so that what is
/// meant for others is refused before any cipher runs.
///
/// # Errors
/// [`PacketError::Unasked`], [`PacketError::Malformed`] or [`PacketError::Check`]; the body was not used.
pub fn open_answer<'a>(
    suite: &(impl Suite + ?Sized),
    write_shared: impl FnOnce(&mut Writer<'_>),
    packet: &'a mut [u8],
) -> Result<&'a [u8], PacketError> {
    let mut repeated = Writer::comparing(packet);
    write_shared(&mut repeated);
    let shared_len = repeated.finish().ok_or(PacketError::Unasked)?;
    if packet.len() > MAX_PACKET {
        return Err(PacketError::Unasked);
    }
    let sealed = suite.id() != SuiteId::PLAIN;
    let clear_len = shared_len + if sealed { NONCE } else { 0 };
    let (clear, rest) = packet.split_at_mut_checked(clear_len).ok_or(Malformed)?;
    let nonce = clear.last_chunk().unwrap_or(&[0; NONCE]); // a suite that seals nothing does not look at it
    open_body(suite, nonce, clear, rest)
}

fn open_body<'a>(
    suite: &(impl Suite + ?Sized),
    nonce: &[u8; NONCE],
    clear: &[u8],
    rest: &'a mut [u8],
) -> Result<&'a [u8], PacketError> {
    let body_len = rest.len().checked_sub(suite.check_len()).ok_or(Malformed)?;
    let (body, check) = rest.split_at_mut_checked(body_len).ok_or(Malformed)?;
    suite.open(nonce, clear, body, check)?;
    Ok(body)
}

#[cfg(test)]
mod tests {
    extern crate std;
    use super::*;
    use std::vec::Vec;

    fn packet(envelope: &Envelope<'_>, body: &[u8]) -> Vec<u8> {
        let mut buffer = [0u8; MAX_PACKET + 1];
        let mut out = Writer::new(&mut buffer);
        envelope.write(&mut out);
        let clear = out.len();
        out.raw(body);
        let len = seal(&Plain, envelope, &mut buffer, clear, body.len()).unwrap();
        buffer[..len].to_vec()
    }

    const UP: Envelope<'static> = Envelope {
        suite: SuiteId::PLAIN,
        kid: Some(5),
        id: Some(b"dev"),
        epoch: 300,
        unique: Unique::Counter(MAX_CTR),
    };

    fn answer(packet: &mut [u8]) -> Result<&[u8], PacketError> {
        open_answer(&Plain, |out| UP.write_shared(out, Direction::Down), packet)
    }

    #[test]
    fn clear_fields_survive_and_every_flip_is_refused() {
        let good = packet(&UP, b"body");
        let mut copy = good.clone();
        assert_eq!(open(&Plain, Direction::Up, &mut copy), Ok((UP, &b"body"[..])));
        for bit in 0..good.len() * 8 {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(open(&Plain, Direction::Up, &mut bad).is_err(), "bit {bit}");
        }
        for len in 0..good.len() {
            assert!(open(&Plain, Direction::Up, &mut good[..len].to_vec()).is_err(), "length {len}");
        }
    }

    #[test]
    fn direction_and_epoch_zero_are_refused() {
        let down = Envelope { unique: Unique::None, ..UP };
        assert_eq!(open(&Plain, Direction::Up, &mut packet(&down, b"")), Err(PacketError::Direction));
        let zero = Envelope { epoch: 0, ..UP };
        assert_eq!(open(&Plain, Direction::Up, &mut packet(&zero, b"")), Err(PacketError::Malformed));
    }

    #[test]
    fn an_answer_repeats_the_clear_fields() {
        let down = Envelope { unique: Unique::None, ..UP };
        assert_eq!(answer(&mut packet(&down, b"body")), Ok(&b"body"[..]));
        for other in [
            UP,
            Envelope { kid: None, ..down },
            Envelope { id: Some(b"dew"), ..down },
            Envelope { id: None, ..down },
            Envelope { epoch: 301, ..down },
        ] {
            assert_eq!(answer(&mut packet(&other, b"body")), Err(PacketError::Unasked));
        }
        let good = packet(&down, b"body");
        for len in 0..good.len() {
            assert!(answer(&mut good[..len].to_vec()).is_err(), "length {len}");
        }
        for bit in 0..good.len() * 8 {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            assert!(answer(&mut bad).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn a_packet_ends_at_its_limit() {
        let around = packet(&UP, b"").len();
        let mut longest = packet(&UP, &[7; MAX_PACKET][around..]);
        assert_eq!(longest.len(), MAX_PACKET);
        assert!(open(&Plain, Direction::Up, &mut longest).is_ok());
        let mut longer = packet(&UP, &[7; MAX_PACKET + 1][around..]);
        assert_eq!(open(&Plain, Direction::Up, &mut longer), Err(PacketError::Malformed));
    }

    #[test]
    fn nonce_is_kid_epoch_counter_big_endian() {
        let envelope = Envelope { epoch: 0x0102_0304, unique: Unique::Counter(0x000A_0B0C_0D0E_0F10), ..UP };
        assert_eq!(envelope.nonce(), [5, 1, 2, 3, 4, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F, 0x10]);
    }
}
