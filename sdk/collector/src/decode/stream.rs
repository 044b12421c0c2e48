//! A capture of a byte stream: its COBS frames, and what lies between them.
//!
//! Frames are found by the same decoder that the collector's listeners use.

use serde::Serialize;
use tidings_wire::MAX_PACKET;
use tidings_wire::cobs::{Decoder, Step};

use super::{Reading, packet};

/// A piece of a captured stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// A frame.
    Packet {
        /// Where its first byte stands in the capture.
        at: usize,
        /// The packet in it.
        reading: Reading,
    },
    /// Bytes that are no whole frame: joined midway, cut short, too long, or not closed at the end.
    Dropped {
        /// Where the first of them stands in the capture.
        at: usize,
        /// How many.
        len: usize,
    },
}

/// Takes a captured stream apart; every byte but the zeros between frames lies in one piece.
#[must_use]
pub fn stream(capture: &[u8]) -> Vec<Piece> {
    let (mut pieces, mut decoder, mut buffer) = (Vec::new(), Decoder::new(), vec![0; MAX_PACKET]);
    let mut start = 0;
    for (at, &byte) in capture.iter().enumerate() {
        let step = decoder.push(byte, &mut buffer);
        if byte == 0 {
            let len = at - start;
            match step {
                Step::Frame(n) => pieces.push(Piece::Packet { at: start, reading: packet(&buffer[..n]) }),
                Step::More | Step::Dropped if len > 0 => pieces.push(Piece::Dropped { at: start, len }),
                Step::More | Step::Dropped => {}
            }
            start = at + 1;
        }
    }
    if start < capture.len() {
        pieces.push(Piece::Dropped { at: start, len: capture.len() - start });
    }
    pieces
}
