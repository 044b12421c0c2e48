//! What this device says of itself: 32 facts with those of its pins.

use tidings::facts::{Claim, Identity, Scalar, Setting, SettingId, Software, SoftwareClass};
use tidings::wire::message::BootReason;
use tidings::{Agent, Kind};

use crate::board::Board;
use crate::pins;

/// The model, and the id of a device that got none of its own.
pub const MODEL: &str = env!("CARGO_PKG_NAME");
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Records everything that holds at the start.
pub fn record(agent: &mut Agent<'_>) {
    for (claim, text) in
        [(Claim::HARDWARE_MODEL, MODEL), (Claim::HARDWARE_VERSION, "1"), (Claim::ARCHITECTURE, "armv6-m")]
    {
        agent.record(&Identity::claim(claim, Scalar::Text(text))).ok();
    }
    agent.record(&Software::slot(0).version(VERSION).class(SoftwareClass::FIRMWARE).name(MODEL)).ok();
    agent.record(&Setting::id(SettingId::SECURE_BOOT, Scalar::Unsupported)).ok();
    agent.record(&Setting::id(SettingId::DEBUG_LOCK, Scalar::Bool(Board::is_protected()))).ok();
    pins::record(agent);
    for kind in [Kind::IDENTITY, Kind::SOFTWARE, Kind::SETTING] {
        agent.complete(kind);
    }
}

/// Why this run began, from the chip's own word.
pub fn boot_reason() -> BootReason {
    match Board::reset_reason() {
        0 => BootReason::POWER_ON,
        bits if bits & 8 != 0 => BootReason::FAULT,
        bits if bits & 4 != 0 => BootReason::SOFTWARE,
        bits if bits & 2 != 0 => BootReason::WATCHDOG,
        bits if bits & 1 != 0 => BootReason::RESET_PIN,
        _ => BootReason::UNKNOWN,
    }
}
