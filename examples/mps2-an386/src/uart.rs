//! The CMSDK APB UARTs of the board, received by interrupt into a ring, so that a long step loses no byte.
//!
//! When a ring is full its interrupt is masked and the byte waits in the register: the emulator's sender then waits too.
//! There is no transmit buffer: a write waits for the register, unless its caller asks first; an interrupt then ends the caller's
//! sleep. Baud rate means nothing to the emulator.
#![allow(unsafe_code)] // registers and the interrupt controller

use core::{
    cell::RefCell,
    convert::Infallible,
    ptr,
    sync::atomic::{AtomicBool, Ordering},
};

use cortex_m::{interrupt::InterruptNumber, peripheral::NVIC};
use critical_section::Mutex;
use heapless::Deque;

const RING_BYTES: usize = 2048;

// Register offsets, bytes (CMSDK TRM, table 4-2).
const DATA: usize = 0x00;
const STATE: usize = 0x04;
const CTRL: usize = 0x08;
const INT_CLEAR: usize = 0x0C;
const BAUD_DIV: usize = 0x10;

const STATE_TX_FULL: u32 = 1 << 0;
const STATE_RX_FULL: u32 = 1 << 1;
const CTRL_TX: u32 = 1 << 0;
const CTRL_RX: u32 = 1 << 1;
const CTRL_TX_INTERRUPT: u32 = 1 << 2;
const CTRL_RX_INTERRUPT: u32 = 1 << 3;
const CTRL_RX_MASKED: u32 = CTRL_TX | CTRL_RX | CTRL_TX_INTERRUPT;
const CTRL_ALL: u32 = CTRL_RX_MASKED | CTRL_RX_INTERRUPT;
const INT_TX: u32 = 1 << 0;
const INT_RX: u32 = 1 << 1;
const SMALLEST_BAUD_DIV: u32 = 16;

/// UART0: the link to the collector.
pub static LINK: Port = Port::new(0x4000_4000, 0, &LINK_RING);
/// UART1: the console.
pub static CONSOLE: Port = Port::new(0x4000_5000, 2, &CONSOLE_RING);

// Apart from their ports, so that all of their bytes are zero and cost no flash.
static LINK_RING: Ring = Ring::new(RefCell::new(Deque::new()));
static CONSOLE_RING: Ring = Ring::new(RefCell::new(Deque::new()));

type Ring = Mutex<RefCell<Deque<u8, RING_BYTES>>>;

/// Whether neither UART has anything for the main loop to do.
pub fn all_quiet() -> bool {
    LINK.is_quiet() && CONSOLE.is_quiet()
}

/// One UART: its registers, its interrupts, and the ring between them and the main loop.
pub struct Port {
    base: usize,
    /// Receive; transmit is the next one.
    irq: u16,
    ring: &'static Ring,
    /// The main loop has bytes that the register did not take.
    blocked: AtomicBool,
}

/// The main loop's end of a [`Port`], as `embedded-io` reader and writer.
pub struct Uart(&'static Port);

#[derive(Clone, Copy)]
struct Irq(u16);

// SAFETY: the numbers are the board's UART lines, far below the controller's 240.
unsafe impl InterruptNumber for Irq {
    fn number(self) -> u16 {
        self.0
    }
}

impl Port {
    const fn new(base: usize, irq: u16, ring: &'static Ring) -> Self {
        Self { base, irq, ring, blocked: AtomicBool::new(false) }
    }

    /// Turns the UART and its interrupts on.
    pub fn open(&'static self) -> Uart {
        self.write(BAUD_DIV, SMALLEST_BAUD_DIV);
        self.write(CTRL, CTRL_ALL);
        for irq in [self.irq, self.irq + 1] {
            // SAFETY: the handler shares with the main loop only the ring, which is behind a critical section.
            unsafe { NVIC::unmask(Irq(irq)) };
        }
        Uart(self)
    }

    /// Whether this interrupt is one of its own.
    pub fn has_irq(&self, irq: i16) -> bool {
        [self.irq, self.irq + 1].iter().any(|own| i32::from(*own) == i32::from(irq))
    }

    /// Moves received bytes into the ring. Called by its interrupts; the one for transmitting needs no more than to end a sleep.
    pub fn on_interrupt(&self) {
        critical_section::with(|cs| {
            let mut ring = self.ring.borrow_ref_mut(cs);
            self.write(INT_CLEAR, INT_TX | INT_RX);
            while self.read(STATE) & STATE_RX_FULL != 0 {
                if ring.is_full() {
                    return self.write(CTRL, CTRL_RX_MASKED);
                }
                let _ = ring.push_back(self.read(DATA) as u8);
            }
        });
    }

    fn is_quiet(&self) -> bool {
        let may_go_on = self.blocked.load(Ordering::Relaxed) && self.can_send();
        !self.has_received() && !may_go_on
    }

    fn has_received(&self) -> bool {
        critical_section::with(|cs| !self.ring.borrow_ref(cs).is_empty())
    }

    fn can_send(&self) -> bool {
        self.read(STATE) & STATE_TX_FULL == 0
    }

    /// Sends one byte, waiting until the register takes it. For a dying firmware too: needs no [`Uart`].
    pub fn send(&self, byte: u8) {
        while !self.can_send() {}
        self.write(DATA, byte.into());
    }

    fn take(&self, out: &mut [u8]) -> usize {
        critical_section::with(|cs| {
            let mut ring = self.ring.borrow_ref_mut(cs);
            let mut taken = 0;
            for (slot, byte) in out.iter_mut().zip(core::iter::from_fn(|| ring.pop_front())) {
                *slot = byte;
                taken += 1;
            }
            taken
        })
    }

    fn unmask(&self) {
        self.write(CTRL, CTRL_ALL);
        // A byte that waited in the register raised its interrupt while that was masked.
        self.on_interrupt();
    }

    fn read(&self, register: usize) -> u32 {
        // SAFETY: `base` is a UART of this board and `register` one of its 32-bit registers; both are always mapped.
        unsafe { ptr::read_volatile((self.base + register) as *const u32) }
    }

    fn write(&self, register: usize, value: u32) {
        // SAFETY: as for `read`; no register of the UART makes the hardware touch memory.
        unsafe { ptr::write_volatile((self.base + register) as *mut u32, value) }
    }
}

impl embedded_io::ErrorType for Uart {
    type Error = Infallible;
}

impl embedded_io::Read for Uart {
    fn read(&mut self, out: &mut [u8]) -> Result<usize, Infallible> {
        if out.is_empty() {
            return Ok(0);
        }
        loop {
            let taken = self.0.take(out);
            if taken > 0 {
                self.0.unmask();
                return Ok(taken);
            }
            // As in `clock.rs`: a byte that arrives before the sleep stays pending and ends it.
            critical_section::with(|_| {
                if !self.0.has_received() {
                    cortex_m::asm::wfi();
                }
            });
        }
    }
}

impl embedded_io::ReadReady for Uart {
    fn read_ready(&mut self) -> Result<bool, Infallible> {
        Ok(self.0.has_received())
    }
}

impl embedded_io::WriteReady for Uart {
    fn write_ready(&mut self) -> Result<bool, Infallible> {
        let ready = self.0.can_send();
        self.0.blocked.store(!ready, Ordering::Relaxed);
        Ok(ready)
    }
}

impl embedded_io::Write for Uart {
    fn write(&mut self, bytes: &[u8]) -> Result<usize, Infallible> {
        bytes.iter().for_each(|byte| self.0.send(*byte));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}
