//! A UART whose receive interrupt fills a ring, as `embedded-io` port. The board brings three functions on its registers.
//!
//! Promise: nothing waits but `read` and `write` that were not asked about first; a full ring drops what comes, which the protocol heals.
//! Not here: baud rates, pins, flow control, transmit interrupts: a main loop with [`Uart::is_quiet`] does not sleep while bytes wait to be sent.

use core::convert::Infallible;
use core::hint;
use core::sync::atomic::{AtomicBool, Ordering};

use crate::ring::Ring;

/// What a board's UART can do, on registers alone.
pub trait Registers: Sync {
    /// The next received byte. Called by the receive interrupt only.
    fn receive(&self) -> Option<u8>;
    /// Whether the transmitter takes a byte.
    fn can_send(&self) -> bool;
    /// Gives a byte to a transmitter that takes one.
    fn send(&self, byte: u8);
}

/// One UART for a `static`: its registers, and the ring between its interrupt and the main loop.
#[derive(Debug)]
pub struct Uart<R, const N: usize> {
    registers: R,
    received: Ring<N>,
    /// The main loop has bytes that the transmitter did not take.
    waits: AtomicBool,
}

impl<R: Registers, const N: usize> Uart<R, N> {
    /// A UART on these registers.
    pub const fn new(registers: R) -> Self {
        Self { registers, received: Ring::new(), waits: AtomicBool::new(false) }
    }

    /// The registers, to switch the UART on.
    pub const fn registers(&self) -> &R {
        &self.registers
    }

    /// Moves received bytes into the ring. Called by the receive interrupt only.
    pub fn on_interrupt(&self) {
        while let Some(byte) = self.registers.receive() {
            self.received.push(byte);
        }
    }

    /// Whether the main loop has nothing to do for this UART and may sleep.
    pub fn is_quiet(&self) -> bool {
        self.received.is_empty() && !self.waits.load(Ordering::Relaxed)
    }
}

impl<R: Registers, const N: usize> embedded_io::ErrorType for &Uart<R, N> {
    type Error = Infallible;
}

impl<R: Registers, const N: usize> embedded_io::ReadReady for &Uart<R, N> {
    fn read_ready(&mut self) -> Result<bool, Infallible> {
        Ok(!self.received.is_empty())
    }
}

impl<R: Registers, const N: usize> embedded_io::Read for &Uart<R, N> {
    fn read(&mut self, out: &mut [u8]) -> Result<usize, Infallible> {
        while self.received.is_empty() && !out.is_empty() {
            hint::spin_loop();
        }
        let mut taken = 0;
        for (slot, byte) in out.iter_mut().zip(core::iter::from_fn(|| self.received.pop())) {
            *slot = byte;
            taken += 1;
        }
        Ok(taken)
    }
}

impl<R: Registers, const N: usize> embedded_io::WriteReady for &Uart<R, N> {
    fn write_ready(&mut self) -> Result<bool, Infallible> {
        let ready = self.registers.can_send();
        self.waits.store(!ready, Ordering::Relaxed);
        Ok(ready)
    }
}

impl<R: Registers, const N: usize> embedded_io::Write for &Uart<R, N> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        for byte in bytes {
            while !self.registers.can_send() {
                hint::spin_loop();
            }
            self.registers.send(*byte);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}
