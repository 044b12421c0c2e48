//! How the device is locked, from the hardware's own word: secure boot, debug lock, rollback counter.
//!
//! Promise: what the processor or the store does not say is told as unsupported or unknown, never as safe. Not here: a boot loader, which would refuse an
//! image below the counter; the board has none, so such an image runs and reports itself.

use tidings::facts::{Scalar, Setting, SettingId};
use tidings::{Agent, EpochStore, EventType, Severity};

use crate::register::Register;

/// Raised with each release that closes a hole: no older one may start after it.
const SECURITY_VERSION: u32 = 1;

/// Debug Authentication Status (Armv8-M ARM, D1.2.47): what secure invasive debug may do.
const DAUTHSTATUS: Register = Register::at(0xE000_E000, 0xFB8);
const SECURE_DEBUG: u32 = 3 << 4;
const SECURE_DEBUG_OFF: u32 = 2 << 4;
const SECURE_DEBUG_ON: u32 = 3 << 4;
/// Debug Halting Control and Status.
const DHCSR: Register = Register::at(0xE000_E000, 0xDF0);
const DEBUGGER_HERE: u32 = 1;

/// What was seen of the locks.
pub struct Posture {
    rollback: Scalar<'static>,
    debugged: bool,
}

impl Posture {
    /// Raises the rollback counter to this image's security version, and says so of an image that is below.
    pub fn take(agent: &mut Agent<'_>, counter: &mut impl EpochStore) -> Self {
        let rollback = match raise(counter) {
            Ok(oldest) => Scalar::Int(oldest.into()),
            Err(()) => Scalar::Unknown,
        };
        if matches!(rollback, Scalar::Int(oldest) if oldest > SECURITY_VERSION.into()) {
            agent.event(Severity::Critical, EventType::INTEGRITY_FAILURE, b"", b"rolled back").ok();
        }
        agent.record(&Setting::id(SettingId::SECURE_BOOT, Scalar::Unsupported)).ok();
        Self { rollback, debugged: false }
    }

    /// Looks at the debug port, which may be unlocked at any time, and records what is new.
    pub fn look(&mut self, agent: &mut Agent<'_>) {
        let lock = match DAUTHSTATUS.read() & SECURE_DEBUG {
            SECURE_DEBUG_OFF => Scalar::Bool(true),
            SECURE_DEBUG_ON => Scalar::Bool(false),
            _ => Scalar::Unsupported,
        };
        agent.record(&Setting::id(SettingId::DEBUG_LOCK, lock)).ok();
        agent.record(&Setting::id(SettingId::ROLLBACK_COUNTER, self.rollback)).ok();
        let debugged = DHCSR.read() & DEBUGGER_HERE != 0;
        if debugged && !self.debugged {
            agent.event(Severity::Critical, EventType::DEBUGGER_ATTACHED, b"", b"").ok();
        }
        self.debugged = debugged;
    }
}

/// The oldest security version that may start, after this image had its word.
fn raise(counter: &mut impl EpochStore) -> Result<u32, ()> {
    let oldest = counter.load().map_err(drop)?.unwrap_or(0);
    if oldest >= SECURITY_VERSION {
        return Ok(oldest);
    }
    counter.store(SECURITY_VERSION).map_err(drop)?;
    counter.load().map_err(drop)?.ok_or(())
}
