//! What is installed and what is being updated: kinds 1 and 9.

use super::registry::registry;
use super::{Bytes, Key, fact, key};
use crate::Malformed;
use crate::fields::{Decoder, Encoder, Field};

registry! {
    /// Where a package name is defined.
    Ecosystem {
        /// A numbered firmware slot.
        SLOT = 0 "slot",
        /// A component that the vendor names.
        COMPONENT = 1 "component",
        /// Debian packages.
        DEB = 2 "deb",
        /// RPM packages.
        RPM = 3 "rpm",
        /// Alpine packages.
        APK = 4 "apk",
        /// OpenWrt packages.
        OPKG = 5 "opkg",
        /// Snaps.
        SNAP = 6 "snap",
        /// Flatpaks.
        FLATPAK = 7 "flatpak",
        /// Container images.
        OCI = 8 "oci",
        /// Python packages.
        PYPI = 9 "pypi",
        /// JavaScript packages.
        NPM = 10 "npm",
        /// Rust crates.
        CARGO = 11 "cargo",
        /// Go modules.
        GOLANG = 12 "golang",
        /// Java packages.
        MAVEN = 13 "maven",
        /// The operating system or its kernel.
        OS = 14 "os",
    }
}

registry! {
    /// What a component is doing.
    SoftwareState {
        /// In use.
        ACTIVE = 0 "active",
        /// Kept for a roll-back.
        STANDBY = 1 "standby",
        /// Waiting for a reboot.
        STAGED = 2 "staged",
        /// Did not start.
        FAILED = 3 "failed",
        /// Installed, switched off.
        DISABLED = 4 "disabled",
    }
}

registry! {
    /// What a component is.
    SoftwareClass {
        /// Not stated.
        UNSPECIFIED = 0 "unspecified",
        /// A firmware image.
        FIRMWARE = 1 "firmware",
        /// A boot loader.
        BOOTLOADER = 2 "bootloader",
        /// An operating system.
        OPERATING_SYSTEM = 3 "operating system",
        /// A kernel.
        KERNEL = 4 "kernel",
        /// An application.
        APPLICATION = 5 "application",
        /// A library.
        LIBRARY = 6 "library",
        /// A driver.
        DRIVER = 7 "driver",
        /// A modem's firmware.
        MODEM = 8 "modem",
        /// Data or configuration.
        DATA = 9 "data",
    }
}

/// Which component: a slot, a named package, or the hash of a name that is too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SoftwareKey<'a> {
    /// A numbered slot.
    Slot(u16),
    /// A package.
    Named {
        /// Where the name is defined.
        ecosystem: Ecosystem,
        /// The package's name.
        name: &'a str,
        /// Its architecture, or empty.
        architecture: &'a str,
    },
    /// A package whose name does not fit a key; name and architecture are in the value.
    Hashed {
        /// Where the name is defined.
        ecosystem: Ecosystem,
        /// First 16 bytes of SHA-256(ecosystem ‖ name ‖ 0x00 ‖ architecture).
        hash: Bytes<'a>,
    },
}

const HASHED: u8 = 0x80;

impl<'a> Key<'a> for SoftwareKey<'a> {
    fn write(&self, out: &mut Encoder<'_>) {
        match self {
            Self::Slot(slot) => {
                Ecosystem::SLOT.write(out);
                slot.write(out);
            }
            Self::Named { ecosystem, name, architecture } => {
                ecosystem.write(out);
                name.write(out);
                architecture.write(out);
            }
            Self::Hashed { ecosystem, hash } => {
                out.byte(ecosystem.0 | HASHED);
                hash.write(out);
            }
        }
    }

    fn read(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let mut from: Decoder<'a> = super::start(bytes)?;
        Ok(match from.byte() {
            0 => Self::Slot(Field::read(&mut from)?),
            n @ HASHED.. => Self::Hashed { ecosystem: Ecosystem(n & !HASHED), hash: Field::read(&mut from)? },
            n => Self::Named {
                ecosystem: Ecosystem(n),
                name: Field::read(&mut from)?,
                architecture: Field::read(&mut from)?,
            },
        })
    }
}

fact! {
    /// Something installed (kind 1).
    Software[SoftwareKey<'a>],
    /// How an installed component is.
    SoftwareValue<'a>: SOFTWARE {
        /// Version, as its ecosystem writes it.
        version: &'a str,
        /// What it is doing.
        state: SoftwareState,
        /// What it is.
        class: SoftwareClass,
        /// Version scheme: CoSWID (RFC 9393) numbers, 16384 for semver, 0 not stated.
        scheme: u16,
        /// Prefix of the image's SHA-256, 0–32 bytes.
        digest: Bytes<'a>,
        /// Build id of the linker.
        build_id: Bytes<'a>,
        /// Source package, for matching advisories.
        source: &'a str,
        /// Version of the source package, if it differs.
        source_version: &'a str,
        /// First 8 bytes of the SBOM's SHA-256.
        sbom: Bytes<'a>,
        /// Label of a slot, or the name behind a hashed key.
        name: &'a str,
        /// Architecture behind a hashed key.
        architecture: &'a str,
    }
}

impl<'a> Software<'a> {
    /// A numbered slot.
    pub fn slot(slot: u16) -> Self {
        Self::of(SoftwareKey::Slot(slot))
    }

    /// A component that the vendor names.
    pub fn component(name: &'a str) -> Self {
        Self::of(SoftwareKey::Named { ecosystem: Ecosystem::COMPONENT, name, architecture: "" })
    }

    /// The same, in use.
    #[must_use]
    pub fn active(self) -> Self {
        self.state(SoftwareState::ACTIVE)
    }
}

registry! {
    /// How far an update is; SUIT terms.
    UpdateState {
        /// None under way.
        IDLE = 0 "idle",
        /// Offered.
        AVAILABLE = 1 "available",
        /// Being fetched.
        DOWNLOADING = 2 "downloading",
        /// Being checked.
        VERIFYING = 3 "verifying",
        /// Waiting for a reboot.
        STAGED = 4 "staged",
        /// About to reboot into it.
        REBOOTING = 5 "rebooting",
        /// Runs and was confirmed.
        CONFIRMED = 6 "confirmed",
        /// The old one runs again.
        ROLLED_BACK = 7 "rolled back",
        /// Given up.
        FAILED = 8 "failed",
    }
}

key! {
    /// Which component is updated: a slot, or a name; neither: the whole device.
    UpdateKey<'a> {
        /// A numbered slot.
        slot: u16,
        /// A component's name.
        name: &'a str,
    }
}

fact! {
    /// An update under way (kind 9).
    Update[UpdateKey<'a>],
    /// How far an update is.
    UpdateValue<'a>: UPDATE {
        /// Where it stands.
        state: UpdateState,
        /// The version that it leads to.
        target: &'a str,
        /// Progress of the present state, 0–100.
        percent: u8,
        /// The vendor's error number, 0 for none.
        error: i32,
    }
}

impl Update<'_> {
    /// The update of a numbered slot.
    pub fn slot(slot: u16) -> Self {
        Self::of(UpdateKey { slot, name: "" })
    }
}
