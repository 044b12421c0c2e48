//! What this device says of itself: what it is and runs, and how its fuses lock it.
//!
//! Promise: what is told of the posture is read from the fuses at each start. Not here: the setting of fuses, which cannot be undone.

use esp_hal::efuse::{self, DIS_PAD_JTAG, DIS_USB_JTAG, SECURE_BOOT_EN};
use esp_hal::rtc_cntl::SocResetReason;
use esp_hal::system::reset_reason;
use tidings::facts::{Bytes, Claim, Identity, Scalar, Setting, SettingId, Software, SoftwareClass};
use tidings::wire::message::BootReason;
use tidings::{Agent, Kind};

/// The model, and the id of a device that got none of its own.
pub const MODEL: &str = env!("CARGO_PKG_NAME");
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Records everything that holds at the start.
pub fn record(agent: &mut Agent<'_>) {
    for (claim, text) in [(Claim::HARDWARE_MODEL, MODEL), (Claim::ARCHITECTURE, "rv32imc")] {
        agent.record(&Identity::claim(claim, Scalar::Text(text))).ok();
    }
    let mac = efuse::base_mac_address();
    agent.record(&Identity::claim(Claim::UEID, Scalar::Bytes(Bytes(mac.as_bytes())))).ok();
    agent.record(&Software::slot(0).version(VERSION).class(SoftwareClass::FIRMWARE).name(MODEL)).ok();
    for (id, holds) in [
        (SettingId::SECURE_BOOT, efuse::read_bit(SECURE_BOOT_EN)),
        (SettingId::DEBUG_LOCK, efuse::read_bit(DIS_PAD_JTAG) && efuse::read_bit(DIS_USB_JTAG)),
        (SettingId::FLASH_ENCRYPTION, efuse::flash_encryption()),
    ] {
        agent.record(&Setting::id(id, Scalar::Bool(holds))).ok();
    }
    agent.record(&button(false)).ok();
    for kind in [Kind::IDENTITY, Kind::SOFTWARE, Kind::SETTING] {
        agent.complete(kind);
    }
}

/// Whether the board's button is pressed.
pub fn button(pressed: bool) -> Setting<'static> {
    Setting::named("button", Scalar::Bool(pressed))
}

/// Why this run began, from the chip's own word.
pub fn boot_reason() -> BootReason {
    match reset_reason() {
        Some(SocResetReason::ChipPowerOn) => BootReason::POWER_ON,
        Some(SocResetReason::CoreSw | SocResetReason::Cpu0Sw) => BootReason::SOFTWARE,
        Some(SocResetReason::SysBrownOut) => BootReason::BROWN_OUT,
        Some(
            SocResetReason::CoreMwdt0
            | SocResetReason::CoreMwdt1
            | SocResetReason::CoreRtcWdt
            | SocResetReason::Cpu0Mwdt0
            | SocResetReason::Cpu0Mwdt1
            | SocResetReason::Cpu0RtcWdt
            | SocResetReason::SysRtcWdt
            | SocResetReason::SysSuperWdt,
        ) => BootReason::WATCHDOG,
        _ => BootReason::UNKNOWN,
    }
}
