//! The light's button, at the first pin of GPIO 0: each press switches the light, in its interrupt.
//!
//! Promise: what the interrupt saw goes to the agent through a mailbox; bounces within 30 ms count for nothing. Not here: the light.

use core::sync::atomic::{AtomicBool, Ordering};

use cortex_m::peripheral::NVIC;
use embassy_sync::blocking_mutex::raw::CriticalSectionRawMutex;
use embassy_sync::signal::Signal;
use embassy_time::Timer;
use tidings::Mailbox;

use crate::board::{self, BUTTON};
use crate::register::Register;
use crate::{INBOX, facts};

const GPIO0: usize = 0x4001_0000;
const INTERRUPT_ENABLE: Register = Register::at(GPIO0, 0x20);
const AT_EDGES: Register = Register::at(GPIO0, 0x28);
const INT_CLEAR: Register = Register::at(GPIO0, 0x38);
const PIN: u32 = 1 << 0;
const BOUNCES_MS: u64 = 30;

/// What the interrupt saw; only it posts here.
pub static SEEN: Mailbox<4> = Mailbox::new();

static PRESSED: Signal<CriticalSectionRawMutex, ()> = Signal::new();
static LIGHT: AtomicBool = AtomicBool::new(false);

/// Lets the pin interrupt when it is pulled low.
pub fn open() {
    AT_EDGES.write(PIN);
    INTERRUPT_ENABLE.write(PIN);
}

/// Called by the pin's interrupt only, which stays masked until the button was let to bounce.
pub fn on_press() {
    NVIC::mask(BUTTON);
    INT_CLEAR.write(PIN);
    let on = !LIGHT.load(Ordering::Relaxed);
    // A full mailbox refuses: then this press does nothing.
    if SEEN.record(&facts::light(on)).is_ok() {
        LIGHT.store(on, Ordering::Relaxed);
        defmt::debug!("button: light {=bool}", on);
    }
    PRESSED.signal(());
    INBOX.signal();
}

/// Listens to the button again when it no longer bounces.
#[embassy_executor::task]
pub async fn settle() -> ! {
    loop {
        PRESSED.wait().await;
        Timer::after_millis(BOUNCES_MS).await;
        NVIC::unpend(BUTTON);
        board::unmask(BUTTON);
    }
}
