//! The 32 pins: how each is configured, and the two buttons, debounced by the tick's interrupt.
//!
//! A press or a release goes to the agent through a mailbox. Not here: the display.

use core::sync::atomic::{AtomicU32, Ordering};

use tidings::facts::{Scalar, Setting};
use tidings::{Agent, Mailbox};

use crate::register::Register;

const GPIO: usize = 0x5000_0000;
const IN: Register = Register::at(GPIO, 0x510);
const CONFIGURATION: usize = 0x700;
const INPUT_PULLED_UP: u32 = 3 << 2;
const BUTTONS: [(&str, u32); 2] = [("button a", 17), ("button b", 26)];
const BUTTON_MASK: u32 = 1 << 17 | 1 << 26;
/// The pins of the edge connector and of the buses: those whose configuration the collector is told.
const WATCHED: core::ops::RangeInclusive<u32> = 0..=23;

/// What the tick saw; only its interrupt posts here.
pub static SEEN: Mailbox<4> = Mailbox::new();

static LAST: AtomicU32 = AtomicU32::new(BUTTON_MASK);
static TOLD: AtomicU32 = AtomicU32::new(BUTTON_MASK);

/// Makes the buttons inputs, which they pull low, and takes their positions. Call it before the first tick.
pub fn open() {
    for (_, pin) in BUTTONS {
        configuration(pin).write(INPUT_PULLED_UP);
    }
    let now = IN.read() & BUTTON_MASK;
    LAST.store(now, Ordering::Relaxed);
    TOLD.store(now, Ordering::Relaxed);
}

/// Records how the pins are configured and where the buttons are.
pub fn record(agent: &mut Agent<'_>) {
    for pin in WATCHED {
        let name = [b'p', b'0' + (pin / 10) as u8, b'0' + (pin % 10) as u8];
        let name = str::from_utf8(&name).unwrap_or_default();
        agent.record(&Setting::named(name, Scalar::Int(configuration(pin).read().into()))).ok();
    }
    let told = TOLD.load(Ordering::Relaxed);
    for (name, pin) in BUTTONS {
        agent.record(&Setting::named(name, Scalar::Bool(told & 1 << pin == 0))).ok();
    }
}

/// Posts each button that has been in a new position for a whole tick.
pub fn on_tick() {
    let now = IN.read() & BUTTON_MASK;
    let steady = !(now ^ LAST.load(Ordering::Relaxed));
    LAST.store(now, Ordering::Relaxed);
    let told = TOLD.load(Ordering::Relaxed);
    for (name, pin) in BUTTONS {
        let bit = 1 << pin;
        let moved = (now ^ told) & steady & bit != 0;
        // A full mailbox refuses: then the next tick tries again.
        if moved && SEEN.record(&Setting::named(name, Scalar::Bool(now & bit == 0))).is_ok() {
            TOLD.store(TOLD.load(Ordering::Relaxed) ^ bit, Ordering::Relaxed);
        }
    }
}

const fn configuration(pin: u32) -> Register {
    Register::at(GPIO, CONFIGURATION + 4 * pin as usize)
}
