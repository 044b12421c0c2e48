//! The agent on any byte stream: COBS frames in and out, driven by hand.
//!
//! Promise: bounded by the bytes given; a frame is sent straight from the packet. Not here: ports; see `serial` and `serial_async`.

use crate::Agent;
use crate::config::MIN_MTU;
use tidings_wire::cobs::{Decoder, Encoder, Step};

/// Longest packet from a host, in bytes: an Ack with every option, its id, nonce and tag.
pub const MAX_ANSWER: usize = 192;

/// Frames in progress in both directions; `N` is the longest packet sent, in bytes.
#[derive(Debug)]
pub struct Framing<const N: usize> {
    decoder: Decoder,
    rx: [u8; MAX_ANSWER],
    encoder: Encoder,
    tx: [u8; N],
    tx_len: usize,
    dropped: u32,
}

impl<const N: usize> Framing<N> {
    /// Nothing received, nothing to send.
    ///
    /// `N` must be at least [`MIN_MTU`] bytes, which the compiler checks, and should be the MTU of the profile: see [`Agent::poll_transmit`].
    pub const fn new() -> Self {
        const { assert!(N >= MIN_MTU, "N is under MIN_MTU") };
        Self {
            decoder: Decoder::new(),
            rx: [0; MAX_ANSWER],
            encoder: Encoder::new(),
            tx: [0; N],
            tx_len: 0,
            dropped: 0,
        }
    }

    /// Takes in received bytes and hands whole packets to the agent.
    pub fn receive(&mut self, agent: &mut Agent<'_>, now_ms: u64, bytes: &[u8]) {
        for &byte in bytes {
            match self.decoder.push(byte, &mut self.rx) {
                Step::More => {}
                Step::Dropped => self.dropped = self.dropped.saturating_add(1),
                Step::Frame(len) => {
                    let packet = self.rx.get_mut(..len).unwrap_or(&mut []);
                    // A refusal is counted by the agent; the frame is gone either way.
                    agent.handle_input(now_ms, packet).ok();
                }
            }
        }
    }

    /// Puts the next bytes to send into `out`; gives how many there are.
    pub fn send(&mut self, agent: &mut Agent<'_>, now_ms: u64, out: &mut [u8]) -> usize {
        let mut len = 0;
        for slot in out.iter_mut() {
            match self.next_byte(agent, now_ms) {
                Some(byte) => *slot = byte,
                None => break,
            }
            len += 1;
        }
        len
    }

    /// Frames that were dropped because they were too long or cut short.
    pub const fn dropped(&self) -> u32 {
        self.dropped
    }

    /// Forgets frames in progress, for a stream that was opened anew.
    pub fn reset(&mut self) {
        (self.decoder, self.encoder, self.tx_len) = (Decoder::new(), Encoder::new(), 0);
    }

    pub(crate) fn next_byte(&mut self, agent: &mut Agent<'_>, now_ms: u64) -> Option<u8> {
        if self.tx_len == 0 {
            self.tx_len = agent.poll_transmit(now_ms, &mut self.tx)?;
            self.encoder = Encoder::new();
        }
        let byte = self.encoder.next(self.tx.get(..self.tx_len).unwrap_or(&[]));
        if byte.is_none() {
            self.tx_len = 0;
        }
        byte
    }
}

impl<const N: usize> Default for Framing<N> {
    fn default() -> Self {
        Self::new()
    }
}
