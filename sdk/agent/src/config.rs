//! What a firmware decides once: link profile, kinds, delays. Checked at compile time when it stands in a `const`.

use crate::coverage::Coverages;
use crate::sync::BURST_MS;
use tidings_wire::event::Severity;
use tidings_wire::message::BootReason;
use tidings_wire::{Kind, KindMask, MAX_PACKET};

/// Smallest packet MTU in bytes: a Buckets body with every kind, id and tag must fit. Use fragments on smaller links.
pub const MIN_MTU: usize = 144;

/// Bytes that a packet needs around one fact, at most, besides the id and the key that a Range starts from.
const AROUND_FACT: usize = 57;

/// How a kind of link behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// First retransmission time-out in ms, before a round trip was measured.
    pub start_rto_ms: u32,
    /// Longest pause between retries in ms.
    pub cap_ms: u32,
    /// Time without news after which a Beat is sent, in ms.
    pub beat_ms: u32,
    /// The first Hello after boot waits a uniform part of this, in ms.
    pub spread_ms: u32,
    /// Longest packet in bytes.
    pub mtu: u16,
    /// Bytes an hour, averaged; 0 for no limit, 1 to 3 count as 4.
    pub bytes_per_hour: u32,
}

/// A serial line to a gateway or host on the desk.
pub const SERIAL: Profile =
    Profile { start_rto_ms: 1_000, cap_ms: 60_000, beat_ms: 60_000, spread_ms: 0, mtu: 512, bytes_per_hour: 0 };
/// TCP or TLS to a collector.
pub const TCP: Profile =
    Profile { start_rto_ms: 3_000, cap_ms: 300_000, beat_ms: 300_000, spread_ms: 2_000, mtu: 1_400, bytes_per_hour: 0 };
/// UDP over Ethernet or Wi-Fi.
pub const UDP: Profile = Profile {
    start_rto_ms: 3_000,
    cap_ms: 900_000,
    beat_ms: 300_000,
    spread_ms: 10_000,
    mtu: 1_200,
    bytes_per_hour: 0,
};
/// MQTT through a broker.
pub const MQTT: Profile = Profile {
    start_rto_ms: 10_000,
    cap_ms: 900_000,
    beat_ms: 900_000,
    spread_ms: 30_000,
    mtu: 1_024,
    bytes_per_hour: 0,
};
/// NB-IoT and other links that charge for bytes and energy.
pub const NB_IOT: Profile = Profile {
    start_rto_ms: 30_000,
    cap_ms: 21_600_000,
    beat_ms: 86_400_000,
    spread_ms: 300_000,
    mtu: 512,
    bytes_per_hour: 16_384,
};

/// So that the longest packet costs less than half of what a timer holds.
const MOST_MS_A_BYTE: u32 = BURST_MS / 4;

/// How a link is paced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pace {
    pub start_rto_ms: u32,
    pub cap_ms: u32,
    pub beat_ms: u32,
    /// What a byte costs of the budget, rounded down; 0 without a budget. A Cortex-M0 has no division, so it is worked out here.
    pub ms_a_byte: u32,
}

/// What packets look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape {
    pub mtu: u16,
    pub tell_id: bool,
    #[cfg(feature = "one-way")]
    pub one_way: bool,
}

impl Shape {
    pub const fn is_one_way(&self) -> bool {
        #[cfg(feature = "one-way")]
        return self.one_way;
        #[cfg(not(feature = "one-way"))]
        false
    }
}

/// How the device comes up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Boot {
    pub resets: u32,
    pub load_ms: u32,
    pub spread_ms: u32,
    pub reason: BootReason,
    pub event: Option<Severity>,
}

/// Everything that a firmware decides at build time.
///
/// In groups of no more than 16 bytes: a larger one would be moved into the agent by `memcpy`, and that be linked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Config {
    pub(crate) settings: Settings,
    pub(crate) coverage: Coverages,
}

/// What an agent keeps of it: in one piece, so that it is copied in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settings {
    pub pace: Pace,
    pub boot: Boot,
    pub shape: Shape,
    pub schema_rev: u32,
    pub hold_down_ms: u32,
}

/// The least MTU in bytes that carries facts of at most these lengths, for sizing: of the key that is longest, of the key and value that are
/// longest together, and of the device id.
///
/// A device with a profile of a lower MTU refuses such a fact with [`RecordError::TooLong`](crate::RecordError::TooLong).
pub const fn mtu_for(longest_key: usize, longest_fact: usize, id: usize) -> usize {
    longest_key + longest_fact + id + AROUND_FACT
}

impl Config {
    /// A serial line, nothing expected, 1 s hold-down, 30 s for sources to load.
    pub const fn new() -> Self {
        let settings = Settings {
            pace: Pace { start_rto_ms: 0, cap_ms: 0, beat_ms: 0, ms_a_byte: 0 },
            boot: Boot { resets: 0, load_ms: 30_000, spread_ms: 0, reason: BootReason::UNKNOWN, event: None },
            shape: Shape {
                mtu: 0,
                tell_id: true,
                #[cfg(feature = "one-way")]
                one_way: false,
            },
            schema_rev: 0,
            hold_down_ms: 1_000,
        };
        Self { settings, coverage: Coverages::new() }.profile(SERIAL)
    }

    /// Sets the link profile.
    ///
    /// # Panics
    /// If its MTU is under [`MIN_MTU`] or over [`MAX_PACKET`]; in a `const` that is a compile error.
    #[must_use]
    #[allow(clippy::panic)] // a configuration in a `const` fails at compile time
    #[inline(always)] // a caller that looked before leaves no panic in the image
    pub const fn profile(mut self, profile: Profile) -> Self {
        let Profile { start_rto_ms, cap_ms, beat_ms, spread_ms, mtu, bytes_per_hour } = profile;
        assert!(mtu as usize >= MIN_MTU && mtu as usize <= MAX_PACKET, "MTU out of bounds");
        let ms_a_byte = match BURST_MS.checked_div(bytes_per_hour) {
            Some(ms) if ms > MOST_MS_A_BYTE => MOST_MS_A_BYTE,
            Some(ms) => ms,
            None => 0,
        };
        self.settings.pace = Pace { start_rto_ms, cap_ms, beat_ms, ms_a_byte };
        self.settings.boot.spread_ms = spread_ms;
        self.settings.shape.mtu = mtu;
        self
    }

    /// Sets the firmware's own revision of what it records; told in Hello.
    #[must_use]
    pub const fn schema_rev(mut self, rev: u32) -> Self {
        self.settings.schema_rev = rev;
        self
    }

    /// Adds a kind whose source fills it after boot: Hello waits for it, at most the load time.
    #[must_use]
    pub const fn expect(mut self, kind: Kind) -> Self {
        self.expect_all(KindMask::of(kind));
        self
    }

    /// Adds kinds as [`Config::expect`] does, for callers that know them at run time only.
    pub const fn expect_all(&mut self, kinds: KindMask) {
        self.coverage.expect_all(kinds);
    }

    /// Sets how long Hello waits for expected kinds, in ms.
    #[must_use]
    pub const fn load_ms(mut self, ms: u32) -> Self {
        self.settings.boot.load_ms = ms;
        self
    }

    /// Sets the hold-down in ms: a fact that changes again within it waits for its end.
    #[must_use]
    pub const fn hold_down_ms(mut self, ms: u32) -> Self {
        self.settings.hold_down_ms = ms;
        self
    }

    /// Sets why the device started and how many resets it counted; told in Hello.
    #[must_use]
    pub const fn boot(mut self, reason: BootReason, resets: u32) -> Self {
        self.settings.boot.reason = reason;
        self.settings.boot.resets = resets;
        self
    }

    /// Sets a link that cannot answer: everything is repeated, nothing is awaited.
    #[cfg(feature = "one-way")]
    #[must_use]
    pub const fn one_way(mut self, on: bool) -> Self {
        self.settings.shape.one_way = on;
        self
    }

    /// Leaves the device id out of packets where the transport names the device.
    #[must_use]
    pub const fn tell_id(mut self, on: bool) -> Self {
        self.settings.shape.tell_id = on;
        self
    }

    /// Records a boot event of this severity at each start.
    #[must_use]
    pub const fn boot_event(mut self, severity: Severity) -> Self {
        self.settings.boot.event = Some(severity);
        self
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coverage::KNOWN_KINDS;

    #[test]
    fn what_is_expected_loads_unless_it_is_volatile() {
        let all = KindMask(u32::MAX).iter().fold(Config::new(), Config::expect);
        let mut at_once = Config::new();
        at_once.expect_all(KindMask(u32::MAX));
        assert_eq!(at_once, all);
        assert_eq!(all.coverage.loading(), KNOWN_KINDS.without(KindMask::VOLATILE));
        assert_eq!(Config::new().expect(Kind::SOFTWARE).coverage.loading(), KindMask::of(Kind::SOFTWARE));
    }
}
