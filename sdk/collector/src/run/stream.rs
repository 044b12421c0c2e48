//! Serves one byte stream: frames in, answers out, one parcel at a time.
//!
//! Any number of devices may share a stream. Memory is bounded by [`READ_BYTES`] and one frame, whatever the peer sends.

use std::io::{self, Read, Write};
use std::sync::mpsc::{SyncSender, sync_channel};

use tidings_wire::MAX_PACKET;
use tidings_wire::cobs::{Decoder, Encoder, Step};

use super::inbox::{Packets, Parcel, Replies, ReplyTo, Source};

/// Bytes read at once.
pub const READ_BYTES: usize = 64 * 1024;

/// Cuts a stream into packets and puts answers on it.
#[derive(Debug)]
pub struct Stream {
    from: Source,
    inbox: SyncSender<Parcel>,
    decoder: Decoder,
    frame: Vec<u8>,
    bytes: Vec<u8>,
}

impl Stream {
    /// A stream at its beginning.
    pub fn new(from: Source, inbox: SyncSender<Parcel>) -> Self {
        Self { from, inbox, decoder: Decoder::new(), frame: vec![0; MAX_PACKET], bytes: vec![0; READ_BYTES] }
    }

    /// Reads what is there, has it committed, writes the answers; gives how many packets were accepted.
    ///
    /// # Errors
    /// What the stream reports; [`io::ErrorKind::UnexpectedEof`] at its end or when the collector ends.
    pub fn serve_once(&mut self, link: &mut (impl Read + Write)) -> io::Result<u32> {
        let read = link.read(&mut self.bytes)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let (packets, spoiled) = self.cut(read);
        if packets.is_empty() && spoiled == 0 {
            return Ok(0);
        }
        let replies = self.commit(packets, spoiled)?;
        link.write_all(&framed(&replies.packets)).map_err(unread)?;
        Ok(replies.accepted)
    }

    fn cut(&mut self, read: usize) -> (Packets, u32) {
        let (mut packets, mut spoiled) = (Packets::default(), 0);
        for byte in &self.bytes[..read] {
            match self.decoder.push(*byte, &mut self.frame) {
                Step::More => {}
                Step::Frame(len) => packets.push(&self.frame[..len]),
                Step::Dropped => spoiled += 1,
            }
        }
        (packets, spoiled)
    }

    fn commit(&self, packets: Packets, spoiled: u32) -> io::Result<Replies> {
        let (answer, answers) = sync_channel(1);
        let parcel = Parcel { from: self.from.clone(), packets, spoiled, reply_to: ReplyTo::Stream(answer) };
        let ended = || io::Error::from(io::ErrorKind::UnexpectedEof);
        self.inbox.send(parcel).map_err(|_| ended())?;
        answers.recv().map_err(|_| ended())
    }
}

/// A write that times out is no silence of the peer: it must not look like a read that does.
fn unread(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => io::Error::other("it does not read its answers"),
        _ => error,
    }
}

fn framed(packets: &Packets) -> Vec<u8> {
    let mut bytes = Vec::new();
    for packet in packets.iter() {
        let mut encoder = Encoder::new();
        bytes.extend(std::iter::from_fn(|| encoder.next(packet)));
    }
    bytes
}
