//! What this device says of itself, and the settings that its console and its button change.

use tidings::facts::{Claim, Identity, Scalar, Setting, Software, SoftwareClass};
use tidings::{Agent, Kind};

/// The model.
pub const MODEL: &str = env!("CARGO_PKG_NAME");
/// The id of a device that got none of its own: the model is too long for one.
pub const DEVICE: &str = "an386-embassy";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Records everything that holds at the start.
pub fn record(agent: &mut Agent<'_>) {
    for (claim, text) in [(Claim::HARDWARE_MODEL, MODEL), (Claim::ARCHITECTURE, "armv7e-m")] {
        agent.record(&Identity::claim(claim, Scalar::Text(text))).ok();
    }
    agent.record(&Software::slot(0).version(VERSION).class(SoftwareClass::FIRMWARE).name(MODEL)).ok();
    agent.record(&Setting::named("colour", Scalar::Text("none"))).ok();
    agent.record(&light(false)).ok();
    for kind in [Kind::IDENTITY, Kind::SOFTWARE, Kind::SETTING] {
        agent.complete(kind);
    }
}

/// Whether the light is on.
pub fn light(on: bool) -> Setting<'static> {
    Setting::named("light", Scalar::Bool(on))
}
