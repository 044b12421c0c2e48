//! What a firmware decides once, as one struct: zero is the default of every field but the first four.
//!
//! Promise: it is checked whole before anything is built from it. Not here: the memory of the handle (`agent`).

use crate::borrowed::{Door, tidings_bytes_t};
use crate::keys::tidings_keys_t;
use crate::status::{
    Outcome, Refusal, TIDINGS_E_ID, TIDINGS_E_KIND, TIDINGS_E_MTU, TIDINGS_E_UNSUPPORTED, TIDINGS_E_VALUE,
};
use core::ffi::c_void;
use core::mem::MaybeUninit;
use tidings::config::{MIN_MTU, MQTT, NB_IOT, Profile, SERIAL, TCP, UDP};
use tidings::wire::message::BootReason;
use tidings::wire::{MAX_ID, MAX_PACKET};
use tidings::{Config, DeviceId, KindMask, Severity};

/// A serial line to a gateway or host on the desk.
pub const TIDINGS_PROFILE_SERIAL: u8 = 0;
/// TCP or TLS to a collector.
pub const TIDINGS_PROFILE_TCP: u8 = 1;
/// UDP over Ethernet or Wi-Fi.
pub const TIDINGS_PROFILE_UDP: u8 = 2;
/// MQTT through a broker.
pub const TIDINGS_PROFILE_MQTT: u8 = 3;
/// NB-IoT and other links that charge for bytes and energy.
pub const TIDINGS_PROFILE_NB_IOT: u8 = 4;

/// In a field whose 0 means its default: none at all.
pub const TIDINGS_NONE: u32 = u32::MAX;
/// Smallest MTU in bytes.
pub const TIDINGS_MIN_MTU: usize = 144;
/// Longest packet in bytes, on any link.
pub const TIDINGS_MAX_PACKET: usize = 2304;
/// Bytes that a fact takes in the table besides its key and value.
pub const TIDINGS_FACT_OVERHEAD: usize = 13;
/// Bytes that an event takes besides its actor and data.
pub const TIDINGS_EVENT_OVERHEAD: usize = 17;
/// Bytes that a kept event needs of the memory for events besides its actor and data, the room for any other event included.
pub const TIDINGS_KEPT_EVENT_OVERHEAD: usize = 114;
/// Bytes of the table that hold no facts but the key of the fact at hand. `TIDINGS_DEVICE` adds them.
pub const TIDINGS_TABLE_OVERHEAD: usize = 64;

const _: () = assert!(TIDINGS_MIN_MTU == MIN_MTU && TIDINGS_MAX_PACKET == MAX_PACKET);
const _: () = assert!(TIDINGS_FACT_OVERHEAD == tidings::fact_bytes(0, 0));
const _: () = assert!(TIDINGS_EVENT_OVERHEAD == tidings::event_bytes(0, 0));
const _: () = assert!(TIDINGS_KEPT_EVENT_OVERHEAD == tidings::kept_event_bytes(0, 0));
const _: () = assert!(TIDINGS_TABLE_OVERHEAD == tidings::Agent::ROOMS);

/// The profiles by their numbers.
static PROFILES: [Profile; 5] = [SERIAL, TCP, UDP, MQTT, NB_IOT];
const _: () = assert!(TIDINGS_PROFILE_SERIAL == 0 && TIDINGS_PROFILE_TCP == 1 && TIDINGS_PROFILE_UDP == 2);
const _: () = assert!(TIDINGS_PROFILE_MQTT == 3 && TIDINGS_PROFILE_NB_IOT == 4);

/// Number of kinds that a device can record.
const KINDS: u32 = 16;

/// Everything that `tidings_init` needs. `tidings_config` gives one with sizes and memory filled in and the rest at its default, which is zero.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tidings_config_t {
    /// `sizeof(tidings_config_t)`: tells a header of another version.
    pub struct_size: u32,
    /// `TIDINGS_ABI`.
    pub abi: u32,
    /// Memory for facts; the agent owns it until `tidings_deinit`. A fact takes `TIDINGS_FACT_BYTES(key, value)` of it; `TIDINGS_TABLE_OVERHEAD`
    /// bytes hold none.
    pub table: *mut c_void,
    /// Bytes of `table`, at least `TIDINGS_TABLE_OVERHEAD`.
    pub table_len: usize,
    /// Memory for events; the agent owns it until `tidings_deinit`. An event takes `TIDINGS_EVENT_BYTES(actor, data)` of it.
    pub events: *mut c_void,
    /// Bytes of `events`.
    pub events_len: usize,
    /// Who the device is: 1 to 16 bytes, for example a fuse UID or an IMEI; copied. The only field without a default.
    pub id: tidings_bytes_t,
    /// Keys that seal the packets, in use until `tidings_deinit`; NULL for the plain suite, on trusted wires and inside TLS.
    pub keys: *mut tidings_keys_t,
    /// Kinds whose source fills them after boot, `TIDINGS_KIND_BIT(kind)` of each: Hello waits for them, at most `load_ms`.
    pub expected: u32,
    /// The firmware's own revision of what it records.
    pub schema_rev: u32,
    /// How long Hello waits for expected kinds, in ms; 0: 30 s, `TIDINGS_NONE`: not at all.
    pub load_ms: u32,
    /// A fact that changes again within it waits for its end, in ms; 0: 1 s, `TIDINGS_NONE`: none.
    pub hold_down_ms: u32,
    /// Resets that the firmware counted.
    pub resets: u32,
    /// Why the device started: `TIDINGS_BOOT_REASON_…`.
    pub boot_reason: u8,
    /// 0: no event at start; else one, as `TIDINGS_BOOT_EVENT(TIDINGS_SEVERITY_NOTICE)`.
    pub boot_event: u8,
    /// 1: the transport names the device, packets leave its id out.
    pub hide_id: u8,
    /// 1: the link cannot answer; needs a library with `one-way`.
    pub one_way: u8,
    /// `TIDINGS_PROFILE_…`: the kind of link, which the following fields may adjust.
    pub profile: u8,
    /// Longest packet in bytes; 0: the profile's.
    pub mtu: u16,
    /// First retransmission time-out in ms; 0: the profile's.
    pub start_rto_ms: u32,
    /// Longest pause between retries in ms; 0: the profile's.
    pub cap_ms: u32,
    /// Time without news after which a Beat is sent, in ms; 0: the profile's.
    pub beat_ms: u32,
    /// The first Hello waits a uniform part of this, in ms; 0: the profile's, `TIDINGS_NONE`: it does not wait.
    pub spread_ms: u32,
    /// Bytes an hour, averaged; 0: the profile's, `TIDINGS_NONE`: no limit.
    pub bytes_per_hour: u32,
}

impl tidings_config_t {
    /// Writes the configuration that this one describes to where it is wanted.
    // Out of line and in place: what goes from hand to hand by value takes a device more flash than all the rest of it.
    #[inline(never)]
    pub(crate) fn read_into(&self, place: &mut MaybeUninit<Config>) -> Outcome<()> {
        if self.expected >> KINDS != 0 {
            return Err(Refusal::of(TIDINGS_E_KIND));
        }
        let profile = PROFILES.get(usize::from(self.profile)).ok_or(Refusal::of(TIDINGS_E_VALUE))?;
        let mtu = if self.mtu == 0 { profile.mtu } else { self.mtu };
        if usize::from(mtu) < MIN_MTU || usize::from(mtu) > MAX_PACKET {
            return Err(Refusal::of(TIDINGS_E_MTU));
        }
        if self.hide_id > 1 || self.one_way > 1 || self.boot_event > Severity::Critical as u8 + 1 {
            return Err(Refusal::of(TIDINGS_E_VALUE));
        }
        if self.one_way > 0 && !cfg!(feature = "one-way") {
            return Err(Refusal::of(TIDINGS_E_UNSUPPORTED));
        }
        let profile = Profile {
            start_rto_ms: or_default(self.start_rto_ms, profile.start_rto_ms),
            cap_ms: or_default(self.cap_ms, profile.cap_ms),
            beat_ms: or_default(self.beat_ms, profile.beat_ms),
            spread_ms: or_default(self.spread_ms, profile.spread_ms),
            mtu,
            bytes_per_hour: or_default(self.bytes_per_hour, profile.bytes_per_hour),
        };
        let config = Config::new()
            .profile(profile)
            .schema_rev(self.schema_rev)
            .load_ms(or_default(self.load_ms, 30_000))
            .hold_down_ms(or_default(self.hold_down_ms, 1_000))
            .boot(BootReason(self.boot_reason), self.resets)
            .tell_id(self.hide_id == 0);
        #[cfg(feature = "one-way")]
        let config = config.one_way(self.one_way > 0);
        let config = place.write(config);
        config.expect_all(KindMask(self.expected));
        if self.boot_event > 0 {
            *config = config.boot_event(Severity::from_bits(self.boot_event - 1));
        }
        Ok(())
    }

    /// Writes the device id to where it is wanted.
    ///
    /// # Safety
    /// As for [`Door::slice`].
    #[inline(never)]
    pub(crate) unsafe fn read_id(&self, id: &mut MaybeUninit<DeviceId>) -> Outcome<()> {
        if self.id.len > MAX_ID {
            return Err(Refusal::of(TIDINGS_E_ID));
        }
        // SAFETY: as the caller of this.
        id.write(DeviceId::new(unsafe { Door::clear_of(&[]).slice(self.id.ptr, self.id.len, MAX_ID)? })?);
        Ok(())
    }
}

/// 0 is the default, [`TIDINGS_NONE`] is 0.
#[inline(never)]
const fn or_default(given: u32, default: u32) -> u32 {
    match given {
        0 => default,
        TIDINGS_NONE => 0,
        _ => given,
    }
}
