//! What this device says of itself: what it is and runs, and whether its debug port is locked.

use embassy_nrf::gpio::Input;
use embassy_nrf::pac;
use tidings::facts::{Claim, Identity, Scalar, Setting, SettingId, Software, SoftwareClass};
use tidings::wire::message::BootReason;
use tidings::{Agent, Kind};

/// The model, and the id of a device that got none of its own.
pub const MODEL: &str = env!("CARGO_PKG_NAME");
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// What the byte holds in a chip whose debug port may be open: this word, or, on early revisions, nothing (nRF52840 PS, APPROTECT). A later revision with an
/// erased byte is locked, and is told as open all the same.
const OPEN: [u8; 2] = [0x5A, 0xFF];

/// Records everything that holds at the start.
pub fn record(agent: &mut Agent<'_>, buttons: &[(&'static str, Input<'_>)]) {
    for (claim, text) in [(Claim::HARDWARE_MODEL, MODEL), (Claim::ARCHITECTURE, "armv7e-m")] {
        agent.record(&Identity::claim(claim, Scalar::Text(text))).ok();
    }
    agent.record(&Software::slot(0).version(VERSION).class(SoftwareClass::FIRMWARE).name(MODEL)).ok();
    agent.record(&Setting::id(SettingId::SECURE_BOOT, Scalar::Unsupported)).ok();
    agent.record(&Setting::id(SettingId::DEBUG_LOCK, Scalar::Bool(is_locked()))).ok();
    for (name, input) in buttons {
        agent.record(&button(name, input.is_low())).ok();
    }
    for kind in [Kind::IDENTITY, Kind::SOFTWARE, Kind::SETTING] {
        agent.complete(kind);
    }
}

/// Whether a button is pressed.
pub fn button(name: &str, pressed: bool) -> Setting<'_> {
    Setting::named(name, Scalar::Bool(pressed))
}

fn is_locked() -> bool {
    let [protection, ..] = pac::UICR.approtect().read().0.to_le_bytes();
    !OPEN.contains(&protection)
}

/// Why this run began, from the chip's own word, which is cleared.
pub fn boot_reason() -> BootReason {
    let reason = pac::POWER.resetreas().read();
    pac::POWER.resetreas().write_value(reason);
    match reason {
        reason if reason.0 == 0 => BootReason::POWER_ON,
        reason if reason.lockup() => BootReason::FAULT,
        reason if reason.sreq() => BootReason::SOFTWARE,
        reason if reason.dog() => BootReason::WATCHDOG,
        reason if reason.resetpin() => BootReason::RESET_PIN,
        _ => BootReason::UNKNOWN,
    }
}
