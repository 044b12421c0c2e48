//! Reads what passed through the cable: how many messages of which type, and which kinds of facts they carried.
//!
//! Panics on a frame that does not check out, as tests that make noise do not ask what it meant.

use tidings_wire::{
    Kind,
    cobs::{Decoder, Step},
    message::{Message, Uplink},
    packet::{Direction, Plain, open},
    suites::{ChaCha20Poly1305, KeySet},
};

/// One message from a board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Its type.
    pub what: What,
    /// The kind of each fact in it, in order.
    pub kinds: Vec<Kind>,
    /// How many events it carried.
    pub events: usize,
}

/// The type of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// The device started.
    Hello,
    /// Some facts changed.
    Delta,
    /// All facts of some kinds.
    Range,
    /// Nothing changed.
    Beat,
    /// A digest for each kind.
    Buckets,
}

/// The messages in what passed from a board, sealed with these keys or plain, to its collector.
///
/// # Panics
/// If a frame is not a sound uplink packet.
pub fn said(up: &[u8], keys: Option<&KeySet>) -> Vec<Said> {
    packets(up).into_iter().map(|packet| read(packet, keys)).collect()
}

/// The packets in a stream, of either direction. Bytes before the first frame are passed over.
pub fn packets(stream: &[u8]) -> Vec<Vec<u8>> {
    let (mut decoder, mut buffer, mut packets) = (Decoder::new(), vec![0; tidings_wire::MAX_PACKET], Vec::new());
    for byte in stream {
        if let Step::Frame(len) = decoder.push(*byte, &mut buffer) {
            packets.push(buffer[..len].to_vec());
        }
    }
    packets
}

fn read(mut packet: Vec<u8>, keys: Option<&KeySet>) -> Said {
    let opened = match keys {
        Some(keys) => open(&ChaCha20Poly1305::host(keys), Direction::Up, &mut packet),
        None => open(&Plain, Direction::Up, &mut packet),
    };
    let (_, body) = opened.expect("a board sends sound packets");
    let uplink = Uplink::read(body).expect("a board sends sound bodies");
    let events = uplink.events.groups().map(|group| usize::from(group.count)).sum();
    let (what, kinds) = match uplink.message {
        Message::Hello(_) => (What::Hello, Vec::new()),
        Message::Delta { records, .. } => (What::Delta, records.flatten().map(|record| record.kind).collect()),
        Message::Range { segments, .. } => {
            let kinds = |segment: tidings_wire::segment::Segment<'_>| vec![segment.kind; segment.count.into()];
            (What::Range, segments.flatten().flat_map(kinds).collect())
        }
        Message::Beat { .. } => (What::Beat, Vec::new()),
        Message::Buckets { .. } => (What::Buckets, Vec::new()),
        Message::Unknown(number) => panic!("a board sent a message of unknown type {number}"),
    };
    Said { what, kinds, events }
}
