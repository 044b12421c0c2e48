//! FIXME the chip's UART, received by interrupt; the sender polls. As it stands nothing is received.

use port_kit::uart::Registers;

use crate::register::Register;

// FIXME the registers that the four functions need, by offset from the UART's address, and their bits.
const DATA: usize = 0x00;

/// The registers at this address.
#[derive(Debug)]
pub struct Port(usize);

impl Port {
    /// The UART at this address of the reference manual's memory map.
    pub const fn at(base: usize) -> Self {
        Self(base)
    }

    /// Switches it on: baud rate, transmitter, receiver, and the interrupt for a received byte. FIXME
    pub fn open(&self) {}

    const fn register(&self, offset: usize) -> Register {
        Register::at(self.0, offset)
    }
}

impl Registers for Port {
    fn receive(&self) -> Option<u8> {
        let received = false; // FIXME the flag that says that a byte came
        received.then(|| self.register(DATA).read() as u8)
    }

    fn can_send(&self) -> bool {
        true // FIXME the flag that says that the transmitter takes a byte
    }

    fn send(&self, byte: u8) {
        self.register(DATA).write(byte.into());
    }
}
