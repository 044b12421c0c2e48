//! The agent on a byte stream: COBS frames over any `embedded-io` port.
//!
//! Promise: each [`Serial::pump`] reads at most `N` bytes and writes at most one frame's worth, and only what the port takes without waiting.
//! Not here: opening ports, baud rates, reconnecting.

use crate::{Agent, Framing};
use embedded_io::{Read, ReadReady, Write, WriteReady};

/// A port and the frames in progress on it; `N` is the longest packet sent, in bytes.
#[derive(Debug)]
pub struct Serial<P, const N: usize> {
    port: P,
    framing: Framing<N>,
}

impl<P: Read + ReadReady + Write + WriteReady, const N: usize> Serial<P, N> {
    /// The agent's end of `port`.
    pub const fn new(port: P) -> Self {
        Self { port, framing: Framing::new() }
    }

    /// Moves bytes both ways, as many as the port has and takes without waiting. It never flushes, which may wait: a port that holds bytes back until
    /// then is flushed through [`Serial::port`].
    ///
    /// # Errors
    /// The port's error, after both ways were tried; bytes of the frame in progress may be lost, which the protocol heals.
    pub fn pump(&mut self, agent: &mut Agent<'_>, now_ms: u64) -> Result<(), P::Error> {
        let read = self.read(agent, now_ms);
        let written = self.write(agent, now_ms);
        read.and(written)
    }

    fn read(&mut self, agent: &mut Agent<'_>, now_ms: u64) -> Result<(), P::Error> {
        let mut chunk = [0; 32];
        for _ in 0..N.div_ceil(chunk.len()) {
            if !self.port.read_ready()? {
                break;
            }
            let len = self.port.read(&mut chunk)?;
            self.framing.receive(agent, now_ms, chunk.get(..len).unwrap_or(&[]));
        }
        Ok(())
    }

    fn write(&mut self, agent: &mut Agent<'_>, now_ms: u64) -> Result<(), P::Error> {
        for _ in 0..tidings_wire::cobs::frame_len(N) {
            if !self.port.write_ready()? {
                break;
            }
            let Some(byte) = self.framing.next_byte(agent, now_ms) else { break };
            self.port.write(&[byte])?;
        }
        Ok(())
    }

    /// Frames that were dropped because they were too long or cut short.
    pub const fn dropped(&self) -> u32 {
        self.framing.dropped()
    }

    /// The port.
    pub const fn port(&mut self) -> &mut P {
        &mut self.port
    }
}
