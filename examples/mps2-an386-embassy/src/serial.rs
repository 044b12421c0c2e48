//! The board's first two CMSDK UARTs: the link to the collector as async reader and writer, and a console for a person. 115200 baud.
//!
//! Received by interrupt; the link's sender waits for its interrupt too, the console's answers do not. Nothing here knows what the bytes mean.

use core::convert::Infallible;
use core::future::poll_fn;
use core::task::Poll;

use embassy_sync::waitqueue::AtomicWaker;
use embedded_io::{Read as _, ReadReady as _};
use embedded_io_async::{ErrorType, Read, Write};
use port_kit::uart::{Registers, Uart};

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
const TX_INTERRUPT: u32 = 1 << 2;
const RX_INTERRUPT: u32 = 1 << 3;
const TX_PENDING: u32 = 1 << 0;
const RX_PENDING: u32 = 1 << 1;
const DIVIDER_OF_115200: u32 = 25_000_000 / 115_200;

/// The console.
pub static CONSOLE: Uart<Cmsdk, 128> = Uart::new(Cmsdk(0x4000_5000));
/// The link, for who does not wait: [`LinkReader`] and [`LinkWriter`] do.
pub static LINK: Uart<Cmsdk, 512> = Uart::new(Cmsdk(0x4000_4000));

static LINK_RECEIVED: AtomicWaker = AtomicWaker::new();
static LINK_SENT: AtomicWaker = AtomicWaker::new();
static CONSOLE_TYPED: AtomicWaker = AtomicWaker::new();

/// Where the link's bytes come from. Have one of these.
pub struct LinkReader;

/// Where the link's bytes go. Have one of these.
pub struct LinkWriter;

/// Switches both UARTs on.
pub fn open() {
    LINK.registers().open(TX_INTERRUPT | RX_INTERRUPT);
    CONSOLE.registers().open(RX_INTERRUPT);
}

/// Takes received bytes in. Called by the link's receive interrupt only.
pub fn on_link_received() {
    LINK.on_interrupt();
    LINK_RECEIVED.wake();
}

/// Called by the link's transmit interrupt only.
pub fn on_link_sent() {
    LINK.registers().register(INT_CLEAR).write(TX_PENDING);
    LINK_SENT.wake();
}

/// Takes typed bytes in. Called by the console's receive interrupt only.
pub fn on_typed() {
    CONSOLE.on_interrupt();
    CONSOLE_TYPED.wake();
}

/// Waits until something was typed that nobody has read. One task at a time.
pub async fn typed() {
    poll_fn(|context| {
        CONSOLE_TYPED.register(context.waker());
        if CONSOLE.is_quiet() { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
}

impl ErrorType for LinkReader {
    type Error = Infallible;
}

impl Read for LinkReader {
    async fn read(&mut self, out: &mut [u8]) -> Result<usize, Infallible> {
        poll_fn(|context| {
            LINK_RECEIVED.register(context.waker());
            let Ok(ready) = (&LINK).read_ready();
            if ready || out.is_empty() { Poll::Ready((&LINK).read(out)) } else { Poll::Pending }
        })
        .await
    }
}

impl ErrorType for LinkWriter {
    type Error = Infallible;
}

impl Write for LinkWriter {
    async fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        let Some(first) = bytes.first() else { return Ok(0) };
        poll_fn(|context| {
            LINK_SENT.register(context.waker());
            if LINK.registers().can_send() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        LINK.registers().send(*first);
        Ok(1)
    }

    async fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

/// The registers at this address.
#[derive(Debug)]
pub struct Cmsdk(usize);

impl Cmsdk {
    fn open(&self, interrupts: u32) {
        self.register(BAUD_DIVIDER).write(DIVIDER_OF_115200);
        self.register(CONTROL).write(TX_AND_RX | interrupts);
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
