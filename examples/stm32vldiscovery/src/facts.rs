//! What this device says of itself, and the setting that its console changes.

use tidings::facts::{Claim, Identity, Scalar, Setting, SettingId, Software, SoftwareClass};
use tidings::{Agent, Kind};

/// The model, and the id of a device that got none of its own.
pub const MODEL: &str = env!("CARGO_PKG_NAME");
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Records everything that holds at the start.
pub fn record(agent: &mut Agent<'_>) {
    agent.record(&Identity::claim(Claim::HARDWARE_MODEL, Scalar::Text(MODEL))).ok();
    agent.record(&Software::slot(0).version(VERSION).class(SoftwareClass::FIRMWARE).name(MODEL)).ok();
    agent.record(&Setting::id(SettingId::SECURE_BOOT, Scalar::Unknown)).ok();
    agent.record(&Setting::id(SettingId::DEBUG_LOCK, Scalar::Unknown)).ok();
    agent.record(&Setting::named("colour", Scalar::Text("none"))).ok();
    for kind in [Kind::IDENTITY, Kind::SOFTWARE, Kind::SETTING] {
        agent.complete(kind);
    }
}
