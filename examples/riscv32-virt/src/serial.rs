//! The two NS16550 UARTs: the board's own is the link to the collector, a PCI card's is the console.
//!
//! Received by interrupt; the sender polls. Not here: baud rates, which mean nothing to the emulator.
#![allow(unsafe_code)] // registers of a byte

use core::ptr;

use port_kit::uart::{Registers, Uart};

use crate::register::Register;

const DATA: usize = 0;
const INTERRUPTS: usize = 1;
const FIFO: usize = 2;
const LINE: usize = 3;
const STATE: usize = 5;

const RECEIVE_INTERRUPT: u8 = 1;
const FIFO_ON_AND_CLEAR: u8 = 7;
const EIGHT_BITS: u8 = 3;
const RECEIVED: u8 = 1;
const CAN_SEND: u8 = 1 << 5;

/// Configuration space of the PCI card in slot 1.
const CARD: usize = 0x3000_0000 + (1 << 15);
const COMMAND: Register = Register::at(CARD, 0x04);
const WINDOW: Register = Register::at(CARD, 0x10);
const ANSWER_IO: u32 = 1;
/// Where the card answers within the board's window on PCI ports.
const CARD_PORT: usize = 0x1000;
const PORTS: usize = 0x0300_0000;

/// The link.
pub static LINK: Uart<Ns16550, 512> = Uart::new(Ns16550(0x1000_0000));
/// The console.
pub static CONSOLE: Uart<Ns16550, 128> = Uart::new(Ns16550(PORTS + CARD_PORT));

/// Whether neither UART has anything for the main loop to do.
pub fn all_quiet() -> bool {
    LINK.is_quiet() && CONSOLE.is_quiet()
}

/// Switches both on, after the card was given its place.
pub fn open() {
    WINDOW.write(CARD_PORT as u32);
    COMMAND.write(ANSWER_IO);
    LINK.registers().open();
    CONSOLE.registers().open();
}

/// The registers at this address, a byte each.
#[derive(Debug)]
pub struct Ns16550(usize);

impl Ns16550 {
    fn open(&self) {
        self.write(LINE, EIGHT_BITS);
        self.write(FIFO, FIFO_ON_AND_CLEAR);
        self.write(INTERRUPTS, RECEIVE_INTERRUPT);
    }

    fn read(&self, register: usize) -> u8 {
        // SAFETY: a mapped register of a UART; reading one has no side effect on memory.
        unsafe { ptr::read_volatile((self.0 + register) as *const u8) }
    }

    fn write(&self, register: usize, value: u8) {
        // SAFETY: as for `read`; no register of a UART makes the hardware write memory.
        unsafe { ptr::write_volatile((self.0 + register) as *mut u8, value) }
    }
}

impl Registers for Ns16550 {
    fn receive(&self) -> Option<u8> {
        (self.read(STATE) & RECEIVED != 0).then(|| self.read(DATA))
    }

    fn can_send(&self) -> bool {
        self.read(STATE) & CAN_SEND != 0
    }

    fn send(&self, byte: u8) {
        self.write(DATA, byte);
    }
}
