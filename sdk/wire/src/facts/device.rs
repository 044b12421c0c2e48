//! The device about itself: identity, settings, health, and the agent: kinds 0, 6, 7 and 8.

use super::registry::registry;
use super::{Fact, Key, Part, Scalar, Value, fact, key};
use crate::fields::{Decoder, Encoder, Field};
use crate::{Kind, Malformed};

/// An identity claim: EAT claim keys (RFC 9711) minus 256, then our own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Claim(pub u16);

/// A setting's number; 0 means that the name alone tells which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct SettingId(pub u16);

/// A measurement's number; 0 means that the name alone tells which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Metric(pub u16);

macro_rules! numbers {
    ($name:ident { $($(#[$doc:meta])* $variant:ident = $n:literal $text:literal,)* }) => {
        impl $name {
            $($(#[$doc])* pub const $variant: Self = Self($n);)*

            /// The name in SPEC §7, if the number has one.
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($n => Some($text),)*
                    _ => None,
                }
            }
        }

        impl<'a> Field<'a> for $name {
            fn write(&self, out: &mut Encoder<'_>) {
                self.0.write(out);
            }
            fn read(from: &mut crate::fields::Decoder<'a>) -> Result<Self, Malformed> {
                Field::read(from).map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self.name().filter(|_| serializer.is_human_readable()) {
                    Some(name) => serializer.serialize_str(name),
                    None => serializer.serialize_u16(self.0),
                }
            }
        }
    };
}

numbers! { Claim {
    /// Universal entity id.
    UEID = 0 "ueid",
    /// Manufacturer id.
    OEM_ID = 2 "oemid",
    /// Hardware model.
    HARDWARE_MODEL = 3 "hwmodel",
    /// Hardware version.
    HARDWARE_VERSION = 4 "hwversion",
    /// Debug status.
    DEBUG_STATUS = 7 "dbgstat",
    /// Name of the main software.
    SOFTWARE_NAME = 14 "swname",
    /// Version of the main software.
    SOFTWARE_VERSION = 15 "swversion",
    /// Where the MUD file is (RFC 8520).
    MUD_URL = 256 "mud url",
    /// Serial number.
    SERIAL_NUMBER = 257 "serial number",
    /// Vendor's name.
    VENDOR_NAME = 258 "vendor name",
    /// Model's name.
    MODEL_NAME = 259 "model name",
    /// Name of the operating system.
    OS_NAME = 260 "os name",
    /// Version of the operating system.
    OS_VERSION = 261 "os version",
    /// Release of the kernel.
    KERNEL_RELEASE = 262 "kernel release",
    /// Host name.
    HOST_NAME = 263 "host name",
    /// Processor architecture.
    ARCHITECTURE = 264 "architecture",
}}

numbers! { SettingId {
    /// Named by the vendor.
    NAMED = 0 "named",
    /// Only signed code starts.
    SECURE_BOOT = 1 "secure boot",
    /// The debug port is closed.
    DEBUG_LOCK = 2 "debug lock",
    /// Flash is encrypted.
    FLASH_ENCRYPTION = 3 "flash encryption",
    /// Oldest version that may start.
    ROLLBACK_COUNTER = 4 "rollback counter",
    /// SSH is on.
    SSH = 5 "ssh",
    /// Telnet is on.
    TELNET = 6 "telnet",
    /// Web administration is on.
    WEB_ADMINISTRATION = 7 "web administration",
    /// A firewall is on.
    FIREWALL = 8 "firewall",
    /// Where time comes from.
    TIME_SERVER = 9 "time server",
    /// Updates install themselves.
    AUTOMATIC_UPDATE = 10 "automatic update",
    /// Where updates come from.
    UPDATE_SOURCE = 11 "update source",
    /// How Wi-Fi is secured.
    WIFI_SECURITY = 12 "wi-fi security",
    /// Accepts new pairings.
    PAIRING_MODE = 13 "pairing mode",
    /// USB is on.
    USB = 14 "usb",
    /// Name server.
    DNS_SERVER = 15 "dns server",
    /// Default gateway.
    DEFAULT_GATEWAY = 16 "default gateway",
    /// How much is logged.
    LOG_LEVEL = 17 "log level",
    /// Forwards packets.
    IP_FORWARDING = 18 "ip forwarding",
    /// Remote management is on.
    REMOTE_MANAGEMENT = 19 "remote management",
    /// Regulatory country.
    COUNTRY_CODE = 20 "country code",
}}

numbers! { Metric {
    /// Named by the vendor.
    NAMED = 0 "named",
    /// Free memory.
    MEMORY_FREE = 1 "memory free",
    /// Free disk.
    DISK_FREE = 2 "disk free",
    /// Processor load.
    CPU_LOAD = 3 "cpu load",
    /// Temperature.
    TEMPERATURE = 4 "temperature",
    /// Battery charge.
    BATTERY = 5 "battery",
    /// Supply voltage.
    SUPPLY_VOLTAGE = 6 "supply voltage",
    /// Signal strength.
    SIGNAL_STRENGTH = 7 "signal strength",
    /// Uptime.
    UPTIME = 8 "uptime",
    /// Flash wear.
    FLASH_WEAR = 9 "flash wear",
    /// Free stack.
    STACK_FREE = 10 "stack free",
    /// Free heap.
    HEAP_FREE = 11 "heap free",
    /// Errors per time.
    ERROR_RATE = 12 "error rate",
    /// A temperature limit was reached.
    TEMPERATURE_LIMIT = 13 "temperature limit",
}}

key! {
    /// Which identity claim.
    IdentityKey {
        /// Its number.
        claim: Claim,
    }
}

key! {
    /// Which setting.
    SettingKey<'a> {
        /// Its number, or [`SettingId::NAMED`].
        id: SettingId,
        /// A vendor setting's name; else the instance, for example an interface.
        name: &'a str,
    }
}

macro_rules! scalar_fact {
    ($(#[$doc:meta])* $name:ident[$key:ty]: $kind:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub struct $name<'a> {
            /// Which one.
            pub key: $key,
            /// What it says.
            pub value: Scalar<'a>,
        }

        impl Fact for $name<'_> {
            fn encode(&self, part: Part, out: &mut Encoder<'_>) -> Kind {
                match part {
                    Part::Key => self.key.write(out),
                    Part::Value => self.value.write(out),
                }
                Kind::$kind
            }
        }
    };
}

scalar_fact! {
    /// Who the device is (kind 0).
    Identity[IdentityKey]: IDENTITY
}

scalar_fact! {
    /// How the device is configured (kind 6).
    Setting[SettingKey<'a>]: SETTING
}

impl<'a> Identity<'a> {
    /// The claim with this value.
    pub const fn claim(claim: Claim, value: Scalar<'a>) -> Self {
        Self { key: IdentityKey { claim }, value }
    }
}

impl<'a> Setting<'a> {
    /// The registered setting with this value.
    pub const fn id(id: SettingId, value: Scalar<'a>) -> Self {
        Self { key: SettingKey { id, name: "" }, value }
    }

    /// The vendor's setting of this name with this value.
    pub const fn named(name: &'a str, value: Scalar<'a>) -> Self {
        Self { key: SettingKey { id: SettingId::NAMED, name }, value }
    }
}

registry! {
    /// Units of measurements: SenML, RFC 8428 §12.1.
    Unit {
        /// None.
        NONE = 0 "",
        /// Percent.
        PERCENT = 1 "%",
        /// Bytes.
        BYTE = 2 "B",
        /// Seconds.
        SECOND = 3 "s",
        /// Degrees Celsius.
        CELSIUS = 4 "Cel",
        /// Volts.
        VOLT = 5 "V",
        /// Amperes.
        AMPERE = 6 "A",
        /// Watts.
        WATT = 7 "W",
        /// Decibel-milliwatts.
        DBM = 8 "dBm",
        /// Ratio.
        RATIO = 9 "/",
        /// A count.
        COUNT = 10 "count",
        /// Hertz.
        HERTZ = 11 "Hz",
        /// Percent relative humidity.
        HUMIDITY = 12 "%RH",
        /// Pascals.
        PASCAL = 13 "Pa",
    }
}

registry! {
    /// Where a measurement lies against its thresholds.
    Threshold {
        /// It has none.
        NONE = 0 "none",
        /// Within them.
        NORMAL = 1 "normal",
        /// Past the first.
        WARNING = 2 "warning",
        /// Past the last.
        CRITICAL = 3 "critical",
    }
}

/// Which measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct HealthKey<'a> {
    /// Its number, or [`Metric::NAMED`].
    pub metric: Metric,
    /// A vendor metric's name; empty for numbered ones.
    pub name: &'a str,
    /// Which one of several: a disk, a core, a sensor.
    pub instance: &'a str,
}

impl<'a> Key<'a> for HealthKey<'a> {
    fn write(&self, out: &mut Encoder<'_>) {
        self.metric.write(out);
        if self.metric == Metric::NAMED {
            self.name.write(out);
        }
        self.instance.write(out);
    }

    fn read(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let mut from = super::start(bytes)?;
        let metric: Metric = Field::read(&mut from)?;
        let name = if metric == Metric::NAMED { Field::read(&mut from)? } else { "" };
        Ok(Self { metric, name, instance: Field::read(&mut from)? })
    }
}

fact! {
    /// A measurement (kind 7).
    Health[HealthKey<'a>],
    /// What was measured: `value` × 10^`exponent` `unit`.
    HealthValue: HEALTH {
        /// The number.
        value: i64,
        /// Power of ten that it is multiplied by.
        exponent: i8,
        /// Its unit.
        unit: Unit,
        /// Where it lies against its thresholds.
        state: Threshold,
    }
}

impl HealthValue {
    /// The number and the state of an encoded value that this crate wrote, which need no check.
    pub fn standing(encoded: &[u8]) -> (i64, Threshold) {
        let mut from = Decoder::new(encoded);
        let value = from.int().unwrap_or(0);
        let [_exponent, _unit, state] = [from.byte(), from.byte(), from.byte()];
        (value, Threshold(state))
    }
}

impl<'a> Health<'a> {
    /// The registered metric, one instance only.
    pub fn metric(metric: Metric) -> Self {
        Self::of(HealthKey { metric, name: "", instance: "" })
    }

    /// The vendor's metric of this name.
    pub fn named(name: &'a str) -> Self {
        Self::of(HealthKey { metric: Metric::NAMED, name, instance: "" })
    }
}

registry! {
    /// What the agent tells about itself.
    AgentItem {
        /// State of a kind's source: see [`Coverage`].
        COVERAGE = 1 "coverage",
        /// Facts refused because the table was full.
        FACTS_DROPPED = 2 "facts dropped",
        /// Changes that were coalesced away in a range-replace.
        CHANGES_LOST = 3 "changes lost",
        /// Events dropped, by severity.
        EVENTS_LOST = 4 "events lost",
        /// Failures of the epoch store.
        EPOCH_FAULTS = 5 "epoch faults",
        /// Stack high water in bytes.
        STACK_HIGH_WATER = 6 "stack high water",
        /// Epochs that had to be skipped because the host knew newer ones.
        ROLLBACKS = 7 "rollbacks",
        /// A collector other than the last one answered.
        FOREIGN_COLLECTOR = 8 "foreign collector",
        /// Downlink packets refused.
        PACKETS_REFUSED = 9 "packets refused",
    }
}

registry! {
    /// How complete a kind is; the value of [`AgentItem::COVERAGE`].
    Coverage {
        /// Its source has not finished for the first time.
        LOADING = 0 "loading",
        /// Everything there is.
        COMPLETE = 1 "complete",
        /// Something did not fit.
        PARTIAL = 2 "partial",
        /// Its source failed.
        FAILED = 3 "failed",
        /// Switched off.
        OFF = 4 "off",
    }
}

key! {
    /// Which item of the agent.
    AgentKey {
        /// Its number.
        item: AgentItem,
        /// A kind or a severity, where the item has one for each.
        arg: u8,
    }
}

/// What the agent tells about itself (kind 8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgentFact {
    /// Which item.
    pub key: AgentKey,
    /// How many, or which state.
    pub value: u64,
}

impl Fact for AgentFact {
    fn encode(&self, part: Part, out: &mut Encoder<'_>) -> Kind {
        match part {
            Part::Key => self.key.write(out),
            Part::Value => self.value.write(out),
        }
        Kind::AGENT
    }
}

/// The value of an [`AgentFact`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct AgentValue {
    /// How many, or which state.
    pub value: u64,
}

impl<'a> Value<'a> for AgentValue {
    fn write(&self, out: &mut Encoder<'_>) {
        self.value.write(out);
    }
    fn read(bytes: &'a [u8]) -> Result<Self, Malformed> {
        Ok(Self { value: Field::read(&mut crate::fields::Decoder::new(bytes))? })
    }
}
