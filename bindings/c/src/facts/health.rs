//! Measurements with thresholds (kind 7).

use crate::agent::{Held, tidings_agent_t};
use crate::borrowed::{Door, tidings_bytes_t};
use crate::form::{Formed, form};
use crate::handle::with;
use crate::mailbox::tidings_mailbox_t;
use crate::status::{Outcome, recorded, tidings_status_t};
use crate::told::{Fate, post_record, post_remove, record, remove, tell};
use tidings::facts::{Health, HealthKey, HealthValue, Metric, Threshold, Unit};
use tidings::{Kind, Limits};

/// A measurement: `value` × 10^`exponent` `unit`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tidings_health_t {
    /// Key: which one, `TIDINGS_METRIC_…`; `TIDINGS_METRIC_NAMED` for the vendor's own.
    pub metric: u16,
    /// Power of ten that the value is multiplied by.
    pub exponent: i8,
    /// Its unit: `TIDINGS_UNIT_…`.
    pub unit: u8,
    /// Where it lies against its thresholds, `TIDINGS_THRESHOLD_…`; `tidings_sample_health` sets it by itself.
    pub state: u8,
    /// Key: a vendor metric's name; empty for numbered ones.
    pub name: tidings_bytes_t,
    /// Key: which one of several: a disk, a core, a sensor.
    pub instance: tidings_bytes_t,
    /// The number.
    pub value: i64,
}

/// When a measurement is worth telling, in its own unit. Limits may lie above or below the normal values.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tidings_limits_t {
    /// Past it the state is `TIDINGS_THRESHOLD_WARNING`.
    pub warning: i64,
    /// Past it the state is `TIDINGS_THRESHOLD_CRITICAL`.
    pub critical: i64,
    /// How far a value must come back before its state improves.
    pub hysteresis: i64,
    /// A value that moved no further than this, with its state unchanged, is not recorded.
    pub dead_band: i64,
}

impl tidings_health_t {
    /// The measurement as the crate `tidings` has it, for its thresholds.
    ///
    /// # Safety
    /// As for [`Door::slice`].
    unsafe fn read<'g>(&self, door: &Door<'_>) -> Outcome<Health<'g>> {
        // SAFETY: as the caller of this.
        let (name, instance) = unsafe {
            (if self.metric == Metric::NAMED.0 { door.text(&self.name)? } else { "" }, door.text(&self.instance)?)
        };
        let key = HealthKey { metric: Metric(self.metric), name, instance };
        let (unit, state) = (Unit(self.unit), Threshold(self.state));
        Ok(Health { key, value: HealthValue { value: self.value, exponent: self.exponent, unit, state } })
    }
}

form! {
    tidings_health_t, Kind::HEALTH,
    [(metric metric) (when 0) (text name) (always) (text instance)],
    [(number value) (number exponent) (number unit) (number state)]
}

/// Records a measurement unless it is noise (`TIDINGS_UNCHANGED`); its state is set from `limits`.
///
/// `fact`, what it points to and `limits` are read during the call. Thread context. Bounded by the table.
/// Fails as `tidings_record_health`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_sample_health(
    agent: *mut tidings_agent_t,
    fact: *const tidings_health_t,
    limits: *const tidings_limits_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe {
        with::<Held>(agent, |held| {
            let door = held.door();
            let tidings_limits_t { warning, critical, hysteresis, dead_band } = *door.given(limits)?;
            let limits = Limits { warning, critical, hysteresis, dead_band };
            let told = door.given(fact)?.read(&door);
            match told {
                Ok(told) => Ok(recorded(held.agent.sample(&told, &limits)?)),
                Err(_) => tell(held, fact.cast(), tidings_health_t::FORM, Fate::IsSo), // refused in the same words, and noted
            }
        })
    }
}

/// Records a measurement; the same value again does nothing (`TIDINGS_UNCHANGED`).
///
/// `fact` and what it points to are read during the call. Thread context. Bounded by the table.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, TOO_LONG, TEXT, FULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_record_health(
    agent: *mut tidings_agent_t,
    fact: *const tidings_health_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { record(agent, fact) }
}

/// Removes a measurement with this key, if it is held (`TIDINGS_UNCHANGED` if not); only the fields of the key matter.
///
/// As `tidings_record_health`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_remove_health(
    agent: *mut tidings_agent_t,
    fact: *const tidings_health_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { remove(agent, fact) }
}

/// Posts a measurement for the agent to record at its next `tidings_drain`.
///
/// `fact` and what it points to are read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
/// `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, TOO_LONG, TEXT, MAILBOX_FULL or MAILBOX_TOO_LONG.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_post_health(
    mailbox: *mut tidings_mailbox_t,
    fact: *const tidings_health_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { post_record(mailbox, fact) }
}

/// Posts that a measurement with this key is gone.
///
/// As `tidings_post_health`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_post_remove_health(
    mailbox: *mut tidings_mailbox_t,
    fact: *const tidings_health_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { post_remove(mailbox, fact) }
}
