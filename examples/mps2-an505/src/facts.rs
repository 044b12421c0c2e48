//! What this device says of itself besides its posture, and the setting that its console changes.

use tidings::facts::{Claim, Identity, Scalar, Setting, Software, SoftwareClass};
use tidings::{Agent, Kind};

/// The model, and the id of a device that got none of its own.
pub const MODEL: &str = env!("CARGO_PKG_NAME");
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Records everything that holds at the start; the posture is recorded by then.
pub fn record(agent: &mut Agent<'_>) {
    for (claim, text) in [(Claim::HARDWARE_MODEL, MODEL), (Claim::ARCHITECTURE, "armv8-m.main")] {
        agent.record(&Identity::claim(claim, Scalar::Text(text))).ok();
    }
    agent.record(&Software::slot(0).version(VERSION).class(SoftwareClass::FIRMWARE).name(MODEL)).ok();
    agent.record(&Setting::named("colour", Scalar::Text("none"))).ok();
    for kind in [Kind::IDENTITY, Kind::SOFTWARE, Kind::SETTING] {
        agent.complete(kind);
    }
}
