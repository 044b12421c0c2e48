//! What Tidings sends between a device and a collector: every bit of `SPEC.md`, and nothing else.
//!
//! Promise: `no_std`, no heap, no panic, no `unsafe`; every reader is bounded by its input and refuses what SPEC calls malformed.
//! Not here: the sync engine (crate `tidings`), the host's state (crate `tidings-collector`), any I/O.
//!
//! | module | holds |
//! |---|---|
//! | [`packet`] | envelope, suites, sealing and opening |
//! | [`suites`] | key sets, ChaCha20-Poly1305 and Ascon-AEAD128 |
//! | [`message`] | bodies in both directions |
//! | [`record`], [`segment`], [`event`] | what bodies carry |
//! | [`facts`] | the vocabulary: typed keys and values of each kind |
//! | [`digest`] | keyed additive digests |
//! | [`cobs`], [`fragment`] | framing on streams and small links |
//! | [`cursor`], [`fields`] | bytes in, bytes out |
#![no_std]
#![forbid(unsafe_code)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable, clippy::indexing_slicing)]

pub mod cobs;
pub mod crc;
pub mod cursor;
pub mod digest;
pub mod event;
pub mod facts;
pub mod fields;
pub mod fragment;
pub mod kind;
pub mod message;
pub mod packet;
pub mod record;
pub mod segment;
pub mod suites;

pub use digest::{Digest, DigestKey};
pub use event::{EventType, Severity};
pub use facts::Fact;
pub use kind::{Kind, KindMask};

/// Wire format version carried in the first byte of each packet.
pub const VERSION: u8 = 1;
/// Minor revision within [`VERSION`], told in Hello.
pub const MINOR: u8 = 0;
/// Longest packet in bytes, on any link.
pub const MAX_PACKET: usize = 2304;
/// Longest key of a fact in bytes; the shortest is 1.
pub const MAX_KEY: usize = 64;
/// Longest value of a fact in bytes; the shortest is 0.
pub const MAX_VALUE: usize = 512;
/// Longest device id in bytes; the shortest is 1.
pub const MAX_ID: usize = 16;

/// The bytes do not follow `SPEC.md`; nothing was taken from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

impl core::fmt::Display for Malformed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("malformed bytes")
    }
}

impl core::error::Error for Malformed {}

/// A key is empty or over [`MAX_KEY`], or a value is over [`MAX_VALUE`]; shorten it, nothing is ever cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

impl core::fmt::Display for TooLong {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("key or value out of bounds")
    }
}

impl core::error::Error for TooLong {}
