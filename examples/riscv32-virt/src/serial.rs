//! The three NS16550 UARTs: the board's own is the link to the collector, a PCI card's is the console, and another's the log.
//!
//! Received by interrupt; the sender polls. Not here: baud rates, which mean nothing to the emulator.
#![allow(unsafe_code)] // registers of a byte

use core::ptr;

use port_kit::uart::{Registers, Uart};
use static_cell::StaticCell;

use crate::register::Register;

const DATA: usize = 0;
const INTERRUPTS: usize = 1;
const FIFO: usize = 2;
const LINE: usize = 3;
const STATE: usize = 5;

const NO_INTERRUPT: u8 = 0;
const RECEIVE_INTERRUPT: u8 = 1;
const FIFO_ON_AND_CLEAR: u8 = 7;
const EIGHT_BITS: u8 = 3;
const RECEIVED: u8 = 1;
const CAN_SEND: u8 = 1 << 5;

/// Configuration space of the PCI cards, by slot.
const CARDS: usize = 0x3000_0000;
const CARD: usize = 1 << 15;
const COMMAND: usize = 0x04;
const WINDOW: usize = 0x10;
const ANSWER_IO: u32 = 1;
/// The board's window on PCI ports, and how many of them each card gets, by slot.
const PORTS: usize = 0x0300_0000;
const CARD_PORTS: usize = 0x1000;
const CONSOLE_SLOT: usize = 1;
const LOG_SLOT: usize = 2;

/// The link.
pub static LINK: Uart<Ns16550, 512> = Uart::new(Ns16550(0x1000_0000));
/// The console.
pub static CONSOLE: Uart<Ns16550, 128> = Uart::new(Ns16550(PORTS + CONSOLE_SLOT * CARD_PORTS));
/// The log, which only sends.
static LOG: Uart<Ns16550, 1> = Uart::new(Ns16550(PORTS + LOG_SLOT * CARD_PORTS));

/// Whether neither UART has anything for the main loop to do.
pub fn all_quiet() -> bool {
    LINK.is_quiet() && CONSOLE.is_quiet()
}

/// Switches all on, after the cards were given their places, and gives defmt the log.
pub fn open() {
    static WRITER: StaticCell<&'static Uart<Ns16550, 1>> = StaticCell::new();
    for slot in [CONSOLE_SLOT, LOG_SLOT] {
        Register::at(CARDS + slot * CARD, WINDOW).write((slot * CARD_PORTS) as u32);
        Register::at(CARDS + slot * CARD, COMMAND).write(ANSWER_IO);
    }
    LINK.registers().open(RECEIVE_INTERRUPT);
    CONSOLE.registers().open(RECEIVE_INTERRUPT);
    LOG.registers().open(NO_INTERRUPT);
    if let Some(writer) = WRITER.try_init(&LOG) {
        defmt_serial::defmt_serial(writer);
    }
}

/// The registers at this address, a byte each.
#[derive(Debug)]
pub struct Ns16550(usize);

impl Ns16550 {
    fn open(&self, interrupts: u8) {
        self.write(LINE, EIGHT_BITS);
        self.write(FIFO, FIFO_ON_AND_CLEAR);
        self.write(INTERRUPTS, interrupts);
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
