//! UART0 on the pins that lead to the board's USB bridge, 115200 baud: the link to the collector.
//!
//! Received by interrupt; the sender polls. Nothing here knows what the bytes mean.

use core::sync::atomic::{AtomicBool, Ordering};

use port_kit::uart::{Registers, Uart};

use crate::register::Register;

const BASE: usize = 0x4000_2000;
const START_RX: Register = Register::at(BASE, 0x000);
const START_TX: Register = Register::at(BASE, 0x008);
const RX_READY: Register = Register::at(BASE, 0x108);
const TX_READY: Register = Register::at(BASE, 0x11C);
const INTERRUPTS: Register = Register::at(BASE, 0x304);
const ENABLE: Register = Register::at(BASE, 0x500);
const PIN_TX: Register = Register::at(BASE, 0x50C);
const PIN_RX: Register = Register::at(BASE, 0x514);
const RXD: Register = Register::at(BASE, 0x518);
const TXD: Register = Register::at(BASE, 0x51C);
const BAUD_RATE: Register = Register::at(BASE, 0x524);

const RX_READY_INTERRUPT: u32 = 1 << 2;
const ENABLED: u32 = 4;
const BAUD_115200: u32 = 0x01D7_E000;
const TX_ON_BOARD: u32 = 24;
const RX_ON_BOARD: u32 = 25;

/// The link; 128 bytes wait for the main loop, which seals a packet at most between two looks.
pub static LINK: Uart<Uart0, 128> = Uart::new(Uart0 { busy: AtomicBool::new(false) });

/// The registers, and whether a byte is on its way: the event that ends it comes only after a first byte.
pub struct Uart0 {
    busy: AtomicBool,
}

impl Uart0 {
    /// Switches the UART on.
    pub fn open(&self) {
        PIN_TX.write(TX_ON_BOARD);
        PIN_RX.write(RX_ON_BOARD);
        BAUD_RATE.write(BAUD_115200);
        ENABLE.write(ENABLED);
        RX_READY.write(0);
        INTERRUPTS.write(RX_READY_INTERRUPT);
        START_RX.write(1);
        START_TX.write(1);
    }
}

impl Registers for Uart0 {
    fn receive(&self) -> Option<u8> {
        (RX_READY.read() != 0).then(|| {
            // Before the byte is taken: the next one raises the event anew.
            RX_READY.write(0);
            RXD.read() as u8
        })
    }

    fn can_send(&self) -> bool {
        !self.busy.load(Ordering::Relaxed) || TX_READY.read() != 0
    }

    fn send(&self, byte: u8) {
        TX_READY.write(0);
        self.busy.store(true, Ordering::Relaxed);
        TXD.write(byte.into());
    }
}
