//! The agent on an async byte stream: COBS frames over any `embedded-io-async` writer.
//!
//! Promise: no read future is ever dropped midway, because this adapter does not read: a reading task of its own hands bytes to
//! [`SerialAsync::received`], and a timer never races a read. Not here: executor, timer, and the lock around the agent.

use crate::{Agent, Framing};
use embedded_io_async::Write;

/// A writer and the frames in progress; `N` is the longest packet sent, in bytes.
#[derive(Debug)]
pub struct SerialAsync<W, const N: usize> {
    writer: W,
    framing: Framing<N>,
}

impl<W: Write, const N: usize> SerialAsync<W, N> {
    /// The agent's end of `writer`.
    pub const fn new(writer: W) -> Self {
        Self { writer, framing: Framing::new() }
    }

    /// Takes in bytes that the reading task received.
    pub fn received(&mut self, agent: &mut Agent<'_>, now_ms: u64, bytes: &[u8]) {
        self.framing.receive(agent, now_ms, bytes);
    }

    /// Writes the packets that are due. Cancelling it may cut a frame short, which the protocol heals.
    ///
    /// # Errors
    /// The writer's error; the frame in progress is forgotten.
    pub async fn transmit(&mut self, agent: &mut Agent<'_>, now_ms: u64) -> Result<(), W::Error> {
        let mut chunk = [0; 64];
        loop {
            let len = self.framing.send(agent, now_ms, &mut chunk);
            let bytes = chunk.get(..len).unwrap_or(&[]);
            if bytes.is_empty() {
                return self.writer.flush().await;
            }
            self.write_whole(bytes).await?;
        }
    }

    // `write_all` would panic on a writer that breaks its contract with `Ok(0)`; here the rest is given up.
    async fn write_whole(&mut self, mut bytes: &[u8]) -> Result<(), W::Error> {
        while !bytes.is_empty() {
            let taken = self.writer.write(bytes).await.inspect_err(|_| self.framing.reset())?;
            if taken == 0 {
                return Ok(());
            }
            bytes = bytes.get(taken..).unwrap_or(&[]);
        }
        Ok(())
    }

    /// Frames that were dropped because they were too long or cut short.
    pub const fn dropped(&self) -> u32 {
        self.framing.dropped()
    }
}
