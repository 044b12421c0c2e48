//! ST's USART, received by interrupt; the sender polls. 115200 baud.

use port_kit::uart::Registers;

use crate::register::Register;

const SR: usize = 0x00;
const DR: usize = 0x04;
const BRR: usize = 0x08;
const CR1: usize = 0x0C;
const ORE: u32 = 1 << 3;
const RXNE: u32 = 1 << 5;
const TXE: u32 = 1 << 7;
const ON: u32 = 1 << 13 | 1 << 5 | 1 << 3 | 1 << 2; // USART, receive interrupt, transmitter, receiver

/// The registers at this address.
#[derive(Debug)]
pub struct Port(usize);

impl Port {
    /// The UART at this address of the reference manual's memory map.
    pub const fn at(base: usize) -> Self {
        Self(base)
    }

    /// Switches it on: baud rate, transmitter, receiver, and the interrupt for a received byte.
    pub fn open(&self) {
        self.register(BRR).write(24_000_000 / 115_200);
        self.register(CR1).write(ON);
    }

    const fn register(&self, offset: usize) -> Register {
        Register::at(self.0, offset)
    }
}

impl Registers for Port {
    fn receive(&self) -> Option<u8> {
        let status = self.register(SR).read();
        // An overrun alone is cleared in the same way, or its interrupt would not end.
        let byte = (status & (RXNE | ORE) != 0).then(|| self.register(DR).read() as u8);
        byte.filter(|_| status & RXNE != 0)
    }

    fn can_send(&self) -> bool {
        self.register(SR).read() & TXE != 0
    }

    fn send(&self, byte: u8) {
        self.register(DR).write(byte.into());
    }
}
