//! USART1 and USART2 after the HAL has set them up: the link to the collector, and a console for a person.
//!
//! Received by interrupt; the sender polls. The HAL's own halves take one byte at a time and hold none back, so a step of the main loop that seals a
//! packet would lose some at 115200 baud. Nothing here knows what the bytes mean.
#![allow(unsafe_code)] // registers that the HAL's own types do not share with an interrupt

use port_kit::uart::{Registers, Uart};
use stm32f4xx_hal::pac::{USART1, USART2, usart1::RegisterBlock};

/// The link.
pub static LINK: Uart<Usart, 512> = Uart::new(Usart(USART1::ptr()));
/// The console.
pub static CONSOLE: Uart<Usart, 128> = Uart::new(Usart(USART2::ptr()));

/// Whether neither UART has anything for the main loop to do.
pub fn all_quiet() -> bool {
    LINK.is_quiet() && CONSOLE.is_quiet()
}

/// The registers of a USART.
#[derive(Debug)]
pub struct Usart(*const RegisterBlock);

// SAFETY: the interrupt only reads status and data, the main loop only status and writes data; no register is changed by both.
unsafe impl Sync for Usart {}

impl Usart {
    fn block(&self) -> &RegisterBlock {
        // SAFETY: the address is of the chip's memory map, always mapped.
        unsafe { &*self.0 }
    }
}

impl Registers for Usart {
    fn receive(&self) -> Option<u8> {
        let status = self.block().sr().read();
        // An overrun alone is cleared in the same way, or its interrupt would not end.
        let byte =
            (status.rxne().bit_is_set() || status.ore().bit_is_set()).then(|| self.block().dr().read().bits() as u8);
        byte.filter(|_| status.rxne().bit_is_set())
    }

    fn can_send(&self) -> bool {
        self.block().sr().read().txe().bit_is_set()
    }

    fn send(&self, byte: u8) {
        // SAFETY: every value of a byte is one of the data register.
        self.block().dr().write(|data| unsafe { data.bits(byte.into()) });
    }
}
