//! What this device says of itself, and the setting that its console changes.

use embassy_rp::watchdog::ResetReason;
use tidings::facts::{Claim, Identity, Scalar, Setting, SettingId, Software, SoftwareClass};
use tidings::wire::message::BootReason;
use tidings::{Agent, Kind};

/// The model, and the id of a device that got none of its own.
pub const MODEL: &str = env!("CARGO_PKG_NAME");
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Records everything that holds at the start.
pub fn record(agent: &mut Agent<'_>) {
    for (claim, text) in [(Claim::HARDWARE_MODEL, MODEL), (Claim::ARCHITECTURE, "armv6-m")] {
        agent.record(&Identity::claim(claim, Scalar::Text(text))).ok();
    }
    agent.record(&Software::slot(0).version(VERSION).class(SoftwareClass::FIRMWARE).name(MODEL)).ok();
    // The chip has neither, so that who holds it reads its flash.
    for id in [SettingId::SECURE_BOOT, SettingId::DEBUG_LOCK] {
        agent.record(&Setting::id(id, Scalar::Unsupported)).ok();
    }
    agent.record(&Setting::named("colour", Scalar::Text("none"))).ok();
    for kind in [Kind::IDENTITY, Kind::SOFTWARE, Kind::SETTING] {
        agent.complete(kind);
    }
}

/// Why this run began, as far as the watchdog knows.
pub fn boot_reason(reason: Option<ResetReason>) -> BootReason {
    match reason {
        Some(ResetReason::TimedOut) => BootReason::WATCHDOG,
        Some(ResetReason::Forced) => BootReason::SOFTWARE,
        None => BootReason::UNKNOWN,
    }
}
