//! The board's first two CMSDK UARTs through their secure aliases: the link to the collector, and a console for a person. 115200 baud.
//!
//! Received by interrupt; the sender polls. Nothing here knows what the bytes mean.

use port_kit::uart::{Registers, Uart};

use crate::board::CORE_HZ;
use crate::register::Register;

// Register offsets, bytes (CMSDK TRM, table 4-2).
const DATA: usize = 0x00;
const STATE: usize = 0x04;
const CONTROL: usize = 0x08;
const INT_CLEAR: usize = 0x0C;
const BAUD_DIVIDER: usize = 0x10;

const TX_FULL: u32 = 1 << 0;
const RX_FULL: u32 = 1 << 1;
const TX_AND_RX: u32 = 3;
const RX_INTERRUPT: u32 = 1 << 3;
const RX_PENDING: u32 = 1 << 1;
const BAUD: u32 = 115_200;

/// The link.
pub static LINK: Uart<Cmsdk, 512> = Uart::new(Cmsdk(0x5020_0000));
/// The console.
pub static CONSOLE: Uart<Cmsdk, 128> = Uart::new(Cmsdk(0x5020_1000));

/// Whether neither UART has anything for the main loop to do.
pub fn all_quiet() -> bool {
    LINK.is_quiet() && CONSOLE.is_quiet()
}

/// The registers at this address.
#[derive(Debug)]
pub struct Cmsdk(usize);

impl Cmsdk {
    /// Switches the UART on.
    pub fn open(&self) {
        self.register(BAUD_DIVIDER).write(CORE_HZ / BAUD);
        self.register(CONTROL).write(TX_AND_RX | RX_INTERRUPT);
    }

    const fn register(&self, offset: usize) -> Register {
        Register::at(self.0, offset)
    }
}

impl Registers for Cmsdk {
    fn receive(&self) -> Option<u8> {
        (self.register(STATE).read() & RX_FULL != 0).then(|| {
            // Before the byte is taken: the next one raises the interrupt anew.
            self.register(INT_CLEAR).write(RX_PENDING);
            self.register(DATA).read() as u8
        })
    }

    fn can_send(&self) -> bool {
        self.register(STATE).read() & TX_FULL == 0
    }

    fn send(&self, byte: u8) {
        self.register(DATA).write(byte.into());
    }
}
