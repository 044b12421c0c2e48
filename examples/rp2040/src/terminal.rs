//! UART1 as the terminal of the console: what was typed is awaited, what is answered is not.
//!
//! Promise: [`Terminal::typed`] may be cancelled. Not here: what a line means.

use embassy_rp::uart::{BufferedUartRx, BufferedUartTx, Error};
use embedded_io::{ErrorType, Read, ReadReady, Write};
use embedded_io_async::BufRead;

/// The terminal, and what was typed and not yet read.
pub struct Terminal {
    reader: BufferedUartRx,
    writer: BufferedUartTx,
    typed: [u8; 32],
    next: usize,
    end: usize,
}

impl Terminal {
    /// A terminal on both halves of a UART.
    pub const fn new(reader: BufferedUartRx, writer: BufferedUartTx) -> Self {
        Self { reader, writer, typed: [0; 32], next: 0, end: 0 }
    }

    /// Waits until something can be read. What the UART lost is lost.
    pub async fn typed(&mut self) {
        while self.next == self.end {
            let Ok(bytes) = self.reader.fill_buf().await else { continue };
            let len = bytes.len().min(self.typed.len());
            self.typed.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
            self.reader.consume(len);
            (self.next, self.end) = (0, len);
        }
    }
}

impl ErrorType for Terminal {
    type Error = Error;
}

impl ReadReady for Terminal {
    fn read_ready(&mut self) -> Result<bool, Error> {
        Ok(self.next < self.end)
    }
}

impl Read for Terminal {
    fn read(&mut self, out: &mut [u8]) -> Result<usize, Error> {
        let typed = self.typed.get(self.next..self.end).unwrap_or(&[]);
        let len = typed.len().min(out.len());
        out.iter_mut().zip(typed).for_each(|(to, from)| *to = *from);
        self.next += len;
        Ok(len)
    }
}

impl Write for Terminal {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Error> {
        Write::write(&mut self.writer, bytes)
    }

    fn flush(&mut self) -> Result<(), Error> {
        Ok(())
    }
}
