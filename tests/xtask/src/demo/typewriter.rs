//! The console of the microcontroller in C: keys go in, nothing comes out.
//!
//! Not here: what a key does.

use super::children::wait_for;
use anyhow::{Context, Result};
use std::io::{ErrorKind, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

const UP_WITHIN: Duration = Duration::from_secs(60);

/// An open line to the console.
pub struct Typewriter(TcpStream);

impl Typewriter {
    /// Waits for QEMU to connect.
    pub fn open(listener: &TcpListener) -> Result<Self> {
        listener.set_nonblocking(true)?;
        let (stream, _) = wait_for("console of the microcontroller in C", UP_WITHIN, || match listener.accept() {
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(None),
            accepted => Ok(Some(accepted?)),
        })?;
        stream.set_nonblocking(false)?;
        Ok(Self(stream))
    }

    /// Presses these keys, one after the other.
    pub fn press(&mut self, keys: &str) -> Result<()> {
        self.0.write_all(keys.as_bytes()).context("the console of the microcontroller in C is closed")
    }
}
