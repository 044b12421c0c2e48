//! The open registries of the vocabulary as constants of C.
//!
//! Promise: each constant equals the one of the same name in `tidings-wire`, by an assertion beside it. Not here: what they mean together (SPEC §7).

use tidings::facts::*;
use tidings::wire::message::BootReason;
use tidings::{EventType, Kind, Severity};

/// Who the device is: EAT claims, MUD URL, host name.
pub const TIDINGS_KIND_IDENTITY: u8 = 0;
const _: () = assert!(TIDINGS_KIND_IDENTITY == Kind::IDENTITY.0);
/// What is installed.
pub const TIDINGS_KIND_SOFTWARE: u8 = 1;
const _: () = assert!(TIDINGS_KIND_SOFTWARE == Kind::SOFTWARE.0);
/// Who may use it.
pub const TIDINGS_KIND_ACCOUNT: u8 = 2;
const _: () = assert!(TIDINGS_KIND_ACCOUNT == Kind::ACCOUNT.0);
/// Open ports.
pub const TIDINGS_KIND_LISTENER: u8 = 3;
const _: () = assert!(TIDINGS_KIND_LISTENER == Kind::LISTENER.0);
/// Who is seen on its networks.
pub const TIDINGS_KIND_NEIGHBOUR: u8 = 4;
const _: () = assert!(TIDINGS_KIND_NEIGHBOUR == Kind::NEIGHBOUR.0);
/// Certificates and keys.
pub const TIDINGS_KIND_CERTIFICATE: u8 = 5;
const _: () = assert!(TIDINGS_KIND_CERTIFICATE == Kind::CERTIFICATE.0);
/// Configuration and posture.
pub const TIDINGS_KIND_SETTING: u8 = 6;
const _: () = assert!(TIDINGS_KIND_SETTING == Kind::SETTING.0);
/// Measurements with thresholds; volatile.
pub const TIDINGS_KIND_HEALTH: u8 = 7;
const _: () = assert!(TIDINGS_KIND_HEALTH == Kind::HEALTH.0);
/// The agent about itself; volatile.
pub const TIDINGS_KIND_AGENT: u8 = 8;
const _: () = assert!(TIDINGS_KIND_AGENT == Kind::AGENT.0);
/// Updates under way.
pub const TIDINGS_KIND_UPDATE: u8 = 9;
const _: () = assert!(TIDINGS_KIND_UPDATE == Kind::UPDATE.0);
/// Network interfaces.
pub const TIDINGS_KIND_INTERFACE: u8 = 10;
const _: () = assert!(TIDINGS_KIND_INTERFACE == Kind::INTERFACE.0);
/// All vendor kinds together; the key starts with the vendor kind, 2 bytes big-endian.
pub const TIDINGS_KIND_VENDOR: u8 = 15;
const _: () = assert!(TIDINGS_KIND_VENDOR == Kind::VENDOR.0);

/// The data is UTF-8 text.
pub const TIDINGS_EVENT_TEXT: u16 = 0;
const _: () = assert!(TIDINGS_EVENT_TEXT == EventType::TEXT.0);
/// The device started.
pub const TIDINGS_EVENT_BOOT: u16 = 1;
const _: () = assert!(TIDINGS_EVENT_BOOT == EventType::BOOT.0);
/// The device is about to stop.
pub const TIDINGS_EVENT_SHUTDOWN: u16 = 2;
const _: () = assert!(TIDINGS_EVENT_SHUTDOWN == EventType::SHUTDOWN.0);
/// Somebody logged in.
pub const TIDINGS_EVENT_LOGIN: u16 = 3;
const _: () = assert!(TIDINGS_EVENT_LOGIN == EventType::LOGIN.0);
/// Somebody failed to log in.
pub const TIDINGS_EVENT_LOGIN_FAILED: u16 = 4;
const _: () = assert!(TIDINGS_EVENT_LOGIN_FAILED == EventType::LOGIN_FAILED.0);
/// Somebody logged out.
pub const TIDINGS_EVENT_LOGOUT: u16 = 5;
const _: () = assert!(TIDINGS_EVENT_LOGOUT == EventType::LOGOUT.0);
/// The case was opened, a probe attached, a sensor moved.
pub const TIDINGS_EVENT_TAMPER: u16 = 6;
const _: () = assert!(TIDINGS_EVENT_TAMPER == EventType::TAMPER.0);
/// The firmware crashed; data: PC u32le, LR u32le.
pub const TIDINGS_EVENT_CRASH: u16 = 7;
const _: () = assert!(TIDINGS_EVENT_CRASH == EventType::CRASH.0);
/// Something stored is not what was stored.
pub const TIDINGS_EVENT_INTEGRITY_FAILURE: u16 = 8;
const _: () = assert!(TIDINGS_EVENT_INTEGRITY_FAILURE == EventType::INTEGRITY_FAILURE.0);
/// A store failed.
pub const TIDINGS_EVENT_STORAGE_FAULT: u16 = 9;
const _: () = assert!(TIDINGS_EVENT_STORAGE_FAULT == EventType::STORAGE_FAULT.0);
/// Somebody changed the configuration.
pub const TIDINGS_EVENT_CONFIGURATION_CHANGED: u16 = 10;
const _: () = assert!(TIDINGS_EVENT_CONFIGURATION_CHANGED == EventType::CONFIGURATION_CHANGED.0);
/// An update ended.
pub const TIDINGS_EVENT_UPDATE_RESULT: u16 = 11;
const _: () = assert!(TIDINGS_EVENT_UPDATE_RESULT == EventType::UPDATE_RESULT.0);
/// A network was joined.
pub const TIDINGS_EVENT_NETWORK_ATTACHED: u16 = 12;
const _: () = assert!(TIDINGS_EVENT_NETWORK_ATTACHED == EventType::NETWORK_ATTACHED.0);
/// A network was left.
pub const TIDINGS_EVENT_NETWORK_DETACHED: u16 = 13;
const _: () = assert!(TIDINGS_EVENT_NETWORK_DETACHED == EventType::NETWORK_DETACHED.0);
/// The clock was set.
pub const TIDINGS_EVENT_CLOCK_STEPPED: u16 = 14;
const _: () = assert!(TIDINGS_EVENT_CLOCK_STEPPED == EventType::CLOCK_STEPPED.0);
/// The watchdog fired.
pub const TIDINGS_EVENT_WATCHDOG: u16 = 15;
const _: () = assert!(TIDINGS_EVENT_WATCHDOG == EventType::WATCHDOG.0);
/// A debugger was attached.
pub const TIDINGS_EVENT_DEBUGGER_ATTACHED: u16 = 16;
const _: () = assert!(TIDINGS_EVENT_DEBUGGER_ATTACHED == EventType::DEBUGGER_ATTACHED.0);
/// A connection was refused by policy.
pub const TIDINGS_EVENT_CONNECTION_BLOCKED: u16 = 17;
const _: () = assert!(TIDINGS_EVENT_CONNECTION_BLOCKED == EventType::CONNECTION_BLOCKED.0);
/// Memory, disk or handles ran out.
pub const TIDINGS_EVENT_RESOURCE_EXHAUSTED: u16 = 18;
const _: () = assert!(TIDINGS_EVENT_RESOURCE_EXHAUSTED == EventType::RESOURCE_EXHAUSTED.0);
/// Reporting was switched off or on by the user.
pub const TIDINGS_EVENT_REPORTING_SWITCHED: u16 = 19;
const _: () = assert!(TIDINGS_EVENT_REPORTING_SWITCHED == EventType::REPORTING_SWITCHED.0);
/// An unknown device was seen.
pub const TIDINGS_EVENT_UNKNOWN_DEVICE: u16 = 20;
const _: () = assert!(TIDINGS_EVENT_UNKNOWN_DEVICE == EventType::UNKNOWN_DEVICE.0);

/// Good to know; syslog 6.
pub const TIDINGS_SEVERITY_INFO: u8 = 0;
const _: () = assert!(TIDINGS_SEVERITY_INFO == Severity::Info as u8);
/// Normal but significant; syslog 5.
pub const TIDINGS_SEVERITY_NOTICE: u8 = 1;
const _: () = assert!(TIDINGS_SEVERITY_NOTICE == Severity::Notice as u8);
/// Look at it; syslog 4.
pub const TIDINGS_SEVERITY_WARNING: u8 = 2;
const _: () = assert!(TIDINGS_SEVERITY_WARNING == Severity::Warning as u8);
/// Act on it; syslog 2.
pub const TIDINGS_SEVERITY_CRITICAL: u8 = 3;
const _: () = assert!(TIDINGS_SEVERITY_CRITICAL == Severity::Critical as u8);

/// Not known.
pub const TIDINGS_BOOT_REASON_UNKNOWN: u8 = 0;
const _: () = assert!(TIDINGS_BOOT_REASON_UNKNOWN == BootReason::UNKNOWN.0);
/// Power came on.
pub const TIDINGS_BOOT_REASON_POWER_ON: u8 = 1;
const _: () = assert!(TIDINGS_BOOT_REASON_POWER_ON == BootReason::POWER_ON.0);
/// The supply dipped.
pub const TIDINGS_BOOT_REASON_BROWN_OUT: u8 = 2;
const _: () = assert!(TIDINGS_BOOT_REASON_BROWN_OUT == BootReason::BROWN_OUT.0);
/// The reset pin.
pub const TIDINGS_BOOT_REASON_RESET_PIN: u8 = 3;
const _: () = assert!(TIDINGS_BOOT_REASON_RESET_PIN == BootReason::RESET_PIN.0);
/// The firmware asked for it.
pub const TIDINGS_BOOT_REASON_SOFTWARE: u8 = 4;
const _: () = assert!(TIDINGS_BOOT_REASON_SOFTWARE == BootReason::SOFTWARE.0);
/// The watchdog.
pub const TIDINGS_BOOT_REASON_WATCHDOG: u8 = 5;
const _: () = assert!(TIDINGS_BOOT_REASON_WATCHDOG == BootReason::WATCHDOG.0);
/// A fault or lock-up.
pub const TIDINGS_BOOT_REASON_FAULT: u8 = 6;
const _: () = assert!(TIDINGS_BOOT_REASON_FAULT == BootReason::FAULT.0);
/// Wake from a sleep that loses RAM.
pub const TIDINGS_BOOT_REASON_WAKE: u8 = 7;
const _: () = assert!(TIDINGS_BOOT_REASON_WAKE == BootReason::WAKE.0);
/// New firmware.
pub const TIDINGS_BOOT_REASON_UPDATE: u8 = 8;
const _: () = assert!(TIDINGS_BOOT_REASON_UPDATE == BootReason::UPDATE.0);
/// A debugger.
pub const TIDINGS_BOOT_REASON_DEBUGGER: u8 = 9;
const _: () = assert!(TIDINGS_BOOT_REASON_DEBUGGER == BootReason::DEBUGGER.0);

/// A numbered firmware slot.
pub const TIDINGS_ECOSYSTEM_SLOT: u8 = 0;
const _: () = assert!(TIDINGS_ECOSYSTEM_SLOT == Ecosystem::SLOT.0);
/// A component that the vendor names.
pub const TIDINGS_ECOSYSTEM_COMPONENT: u8 = 1;
const _: () = assert!(TIDINGS_ECOSYSTEM_COMPONENT == Ecosystem::COMPONENT.0);
/// Debian packages.
pub const TIDINGS_ECOSYSTEM_DEB: u8 = 2;
const _: () = assert!(TIDINGS_ECOSYSTEM_DEB == Ecosystem::DEB.0);
/// RPM packages.
pub const TIDINGS_ECOSYSTEM_RPM: u8 = 3;
const _: () = assert!(TIDINGS_ECOSYSTEM_RPM == Ecosystem::RPM.0);
/// Alpine packages.
pub const TIDINGS_ECOSYSTEM_APK: u8 = 4;
const _: () = assert!(TIDINGS_ECOSYSTEM_APK == Ecosystem::APK.0);
/// OpenWrt packages.
pub const TIDINGS_ECOSYSTEM_OPKG: u8 = 5;
const _: () = assert!(TIDINGS_ECOSYSTEM_OPKG == Ecosystem::OPKG.0);
/// Snaps.
pub const TIDINGS_ECOSYSTEM_SNAP: u8 = 6;
const _: () = assert!(TIDINGS_ECOSYSTEM_SNAP == Ecosystem::SNAP.0);
/// Flatpaks.
pub const TIDINGS_ECOSYSTEM_FLATPAK: u8 = 7;
const _: () = assert!(TIDINGS_ECOSYSTEM_FLATPAK == Ecosystem::FLATPAK.0);
/// Container images.
pub const TIDINGS_ECOSYSTEM_OCI: u8 = 8;
const _: () = assert!(TIDINGS_ECOSYSTEM_OCI == Ecosystem::OCI.0);
/// Python packages.
pub const TIDINGS_ECOSYSTEM_PYPI: u8 = 9;
const _: () = assert!(TIDINGS_ECOSYSTEM_PYPI == Ecosystem::PYPI.0);
/// JavaScript packages.
pub const TIDINGS_ECOSYSTEM_NPM: u8 = 10;
const _: () = assert!(TIDINGS_ECOSYSTEM_NPM == Ecosystem::NPM.0);
/// Rust crates.
pub const TIDINGS_ECOSYSTEM_CARGO: u8 = 11;
const _: () = assert!(TIDINGS_ECOSYSTEM_CARGO == Ecosystem::CARGO.0);
/// Go modules.
pub const TIDINGS_ECOSYSTEM_GOLANG: u8 = 12;
const _: () = assert!(TIDINGS_ECOSYSTEM_GOLANG == Ecosystem::GOLANG.0);
/// Java packages.
pub const TIDINGS_ECOSYSTEM_MAVEN: u8 = 13;
const _: () = assert!(TIDINGS_ECOSYSTEM_MAVEN == Ecosystem::MAVEN.0);
/// The operating system or its kernel.
pub const TIDINGS_ECOSYSTEM_OS: u8 = 14;
const _: () = assert!(TIDINGS_ECOSYSTEM_OS == Ecosystem::OS.0);

/// In use.
pub const TIDINGS_SOFTWARE_STATE_ACTIVE: u8 = 0;
const _: () = assert!(TIDINGS_SOFTWARE_STATE_ACTIVE == SoftwareState::ACTIVE.0);
/// Kept for a roll-back.
pub const TIDINGS_SOFTWARE_STATE_STANDBY: u8 = 1;
const _: () = assert!(TIDINGS_SOFTWARE_STATE_STANDBY == SoftwareState::STANDBY.0);
/// Waiting for a reboot.
pub const TIDINGS_SOFTWARE_STATE_STAGED: u8 = 2;
const _: () = assert!(TIDINGS_SOFTWARE_STATE_STAGED == SoftwareState::STAGED.0);
/// Did not start.
pub const TIDINGS_SOFTWARE_STATE_FAILED: u8 = 3;
const _: () = assert!(TIDINGS_SOFTWARE_STATE_FAILED == SoftwareState::FAILED.0);
/// Installed, switched off.
pub const TIDINGS_SOFTWARE_STATE_DISABLED: u8 = 4;
const _: () = assert!(TIDINGS_SOFTWARE_STATE_DISABLED == SoftwareState::DISABLED.0);

/// Not stated.
pub const TIDINGS_SOFTWARE_CLASS_UNSPECIFIED: u8 = 0;
const _: () = assert!(TIDINGS_SOFTWARE_CLASS_UNSPECIFIED == SoftwareClass::UNSPECIFIED.0);
/// A firmware image.
pub const TIDINGS_SOFTWARE_CLASS_FIRMWARE: u8 = 1;
const _: () = assert!(TIDINGS_SOFTWARE_CLASS_FIRMWARE == SoftwareClass::FIRMWARE.0);
/// A boot loader.
pub const TIDINGS_SOFTWARE_CLASS_BOOTLOADER: u8 = 2;
const _: () = assert!(TIDINGS_SOFTWARE_CLASS_BOOTLOADER == SoftwareClass::BOOTLOADER.0);
/// An operating system.
pub const TIDINGS_SOFTWARE_CLASS_OPERATING_SYSTEM: u8 = 3;
const _: () = assert!(TIDINGS_SOFTWARE_CLASS_OPERATING_SYSTEM == SoftwareClass::OPERATING_SYSTEM.0);
/// A kernel.
pub const TIDINGS_SOFTWARE_CLASS_KERNEL: u8 = 4;
const _: () = assert!(TIDINGS_SOFTWARE_CLASS_KERNEL == SoftwareClass::KERNEL.0);
/// An application.
pub const TIDINGS_SOFTWARE_CLASS_APPLICATION: u8 = 5;
const _: () = assert!(TIDINGS_SOFTWARE_CLASS_APPLICATION == SoftwareClass::APPLICATION.0);
/// A library.
pub const TIDINGS_SOFTWARE_CLASS_LIBRARY: u8 = 6;
const _: () = assert!(TIDINGS_SOFTWARE_CLASS_LIBRARY == SoftwareClass::LIBRARY.0);
/// A driver.
pub const TIDINGS_SOFTWARE_CLASS_DRIVER: u8 = 7;
const _: () = assert!(TIDINGS_SOFTWARE_CLASS_DRIVER == SoftwareClass::DRIVER.0);
/// A modem's firmware.
pub const TIDINGS_SOFTWARE_CLASS_MODEM: u8 = 8;
const _: () = assert!(TIDINGS_SOFTWARE_CLASS_MODEM == SoftwareClass::MODEM.0);
/// Data or configuration.
pub const TIDINGS_SOFTWARE_CLASS_DATA: u8 = 9;
const _: () = assert!(TIDINGS_SOFTWARE_CLASS_DATA == SoftwareClass::DATA.0);

/// None under way.
pub const TIDINGS_UPDATE_STATE_IDLE: u8 = 0;
const _: () = assert!(TIDINGS_UPDATE_STATE_IDLE == UpdateState::IDLE.0);
/// Offered.
pub const TIDINGS_UPDATE_STATE_AVAILABLE: u8 = 1;
const _: () = assert!(TIDINGS_UPDATE_STATE_AVAILABLE == UpdateState::AVAILABLE.0);
/// Being fetched.
pub const TIDINGS_UPDATE_STATE_DOWNLOADING: u8 = 2;
const _: () = assert!(TIDINGS_UPDATE_STATE_DOWNLOADING == UpdateState::DOWNLOADING.0);
/// Being checked.
pub const TIDINGS_UPDATE_STATE_VERIFYING: u8 = 3;
const _: () = assert!(TIDINGS_UPDATE_STATE_VERIFYING == UpdateState::VERIFYING.0);
/// Waiting for a reboot.
pub const TIDINGS_UPDATE_STATE_STAGED: u8 = 4;
const _: () = assert!(TIDINGS_UPDATE_STATE_STAGED == UpdateState::STAGED.0);
/// About to reboot into it.
pub const TIDINGS_UPDATE_STATE_REBOOTING: u8 = 5;
const _: () = assert!(TIDINGS_UPDATE_STATE_REBOOTING == UpdateState::REBOOTING.0);
/// Runs and was confirmed.
pub const TIDINGS_UPDATE_STATE_CONFIRMED: u8 = 6;
const _: () = assert!(TIDINGS_UPDATE_STATE_CONFIRMED == UpdateState::CONFIRMED.0);
/// The old one runs again.
pub const TIDINGS_UPDATE_STATE_ROLLED_BACK: u8 = 7;
const _: () = assert!(TIDINGS_UPDATE_STATE_ROLLED_BACK == UpdateState::ROLLED_BACK.0);
/// Given up.
pub const TIDINGS_UPDATE_STATE_FAILED: u8 = 8;
const _: () = assert!(TIDINGS_UPDATE_STATE_FAILED == UpdateState::FAILED.0);

/// May do everything.
pub const TIDINGS_ROLES_ADMINISTRATOR: u32 = 1;
const _: () = assert!(TIDINGS_ROLES_ADMINISTRATOR == Roles::ADMINISTRATOR.0);
/// May log in.
pub const TIDINGS_ROLES_LOGIN: u32 = 2;
const _: () = assert!(TIDINGS_ROLES_LOGIN == Roles::LOGIN.0);
/// May come from a network.
pub const TIDINGS_ROLES_REMOTE: u32 = 4;
const _: () = assert!(TIDINGS_ROLES_REMOTE == Roles::REMOTE.0);
/// Belongs to a program.
pub const TIDINGS_ROLES_SERVICE: u32 = 8;
const _: () = assert!(TIDINGS_ROLES_SERVICE == Roles::SERVICE.0);
/// May operate, not configure.
pub const TIDINGS_ROLES_OPERATOR: u32 = 16;
const _: () = assert!(TIDINGS_ROLES_OPERATOR == Roles::OPERATOR.0);

/// May be used.
pub const TIDINGS_ACCOUNT_FLAGS_ENABLED: u32 = 1;
const _: () = assert!(TIDINGS_ACCOUNT_FLAGS_ENABLED == AccountFlags::ENABLED.0);
/// Has a password.
pub const TIDINGS_ACCOUNT_FLAGS_PASSWORD_SET: u32 = 2;
const _: () = assert!(TIDINGS_ACCOUNT_FLAGS_PASSWORD_SET == AccountFlags::PASSWORD_SET.0);
/// Still has the password that it was shipped with (ETSI EN 303 645, 5.1).
pub const TIDINGS_ACCOUNT_FLAGS_DEFAULT_PASSWORD: u32 = 4;
const _: () = assert!(TIDINGS_ACCOUNT_FLAGS_DEFAULT_PASSWORD == AccountFlags::DEFAULT_PASSWORD.0);
/// Locked.
pub const TIDINGS_ACCOUNT_FLAGS_LOCKED: u32 = 8;
const _: () = assert!(TIDINGS_ACCOUNT_FLAGS_LOCKED == AccountFlags::LOCKED.0);
/// Expired.
pub const TIDINGS_ACCOUNT_FLAGS_EXPIRED: u32 = 16;
const _: () = assert!(TIDINGS_ACCOUNT_FLAGS_EXPIRED == AccountFlags::EXPIRED.0);
/// Lets anybody in.
pub const TIDINGS_ACCOUNT_FLAGS_EMPTY_PASSWORD: u32 = 32;
const _: () = assert!(TIDINGS_ACCOUNT_FLAGS_EMPTY_PASSWORD == AccountFlags::EMPTY_PASSWORD.0);

/// Not known.
pub const TIDINGS_CREDENTIAL_UNKNOWN: u8 = 0;
const _: () = assert!(TIDINGS_CREDENTIAL_UNKNOWN == Credential::UNKNOWN.0);
/// A password.
pub const TIDINGS_CREDENTIAL_PASSWORD: u8 = 1;
const _: () = assert!(TIDINGS_CREDENTIAL_PASSWORD == Credential::PASSWORD.0);
/// A public key.
pub const TIDINGS_CREDENTIAL_PUBLIC_KEY: u8 = 2;
const _: () = assert!(TIDINGS_CREDENTIAL_PUBLIC_KEY == Credential::PUBLIC_KEY.0);
/// A certificate.
pub const TIDINGS_CREDENTIAL_CERTIFICATE: u8 = 3;
const _: () = assert!(TIDINGS_CREDENTIAL_CERTIFICATE == Credential::CERTIFICATE.0);
/// A token.
pub const TIDINGS_CREDENTIAL_TOKEN: u8 = 4;
const _: () = assert!(TIDINGS_CREDENTIAL_TOKEN == Credential::TOKEN.0);
/// Nothing: nobody can log in.
pub const TIDINGS_CREDENTIAL_NONE: u8 = 5;
const _: () = assert!(TIDINGS_CREDENTIAL_NONE == Credential::NONE.0);

/// A certificate of the device.
pub const TIDINGS_CERTIFICATE_TYPE_CERTIFICATE: u8 = 0;
const _: () = assert!(TIDINGS_CERTIFICATE_TYPE_CERTIFICATE == CertificateType::CERTIFICATE.0);
/// A certificate that the device trusts.
pub const TIDINGS_CERTIFICATE_TYPE_TRUST_ANCHOR: u8 = 1;
const _: () = assert!(TIDINGS_CERTIFICATE_TYPE_TRUST_ANCHOR == CertificateType::TRUST_ANCHOR.0);
/// An SSH key.
pub const TIDINGS_CERTIFICATE_TYPE_SSH_KEY: u8 = 2;
const _: () = assert!(TIDINGS_CERTIFICATE_TYPE_SSH_KEY == CertificateType::SSH_KEY.0);
/// A key shared with a peer.
pub const TIDINGS_CERTIFICATE_TYPE_PRE_SHARED_KEY: u8 = 3;
const _: () = assert!(TIDINGS_CERTIFICATE_TYPE_PRE_SHARED_KEY == CertificateType::PRE_SHARED_KEY.0);
/// A bare key pair.
pub const TIDINGS_CERTIFICATE_TYPE_KEY_PAIR: u8 = 4;
const _: () = assert!(TIDINGS_CERTIFICATE_TYPE_KEY_PAIR == CertificateType::KEY_PAIR.0);

/// Not stated.
pub const TIDINGS_KEY_KIND_UNSTATED: u8 = 0;
const _: () = assert!(TIDINGS_KEY_KIND_UNSTATED == KeyKind::UNSTATED.0);
/// RSA.
pub const TIDINGS_KEY_KIND_RSA: u8 = 1;
const _: () = assert!(TIDINGS_KEY_KIND_RSA == KeyKind::RSA.0);
/// NIST P-256.
pub const TIDINGS_KEY_KIND_EC_P256: u8 = 2;
const _: () = assert!(TIDINGS_KEY_KIND_EC_P256 == KeyKind::EC_P256.0);
/// NIST P-384.
pub const TIDINGS_KEY_KIND_EC_P384: u8 = 3;
const _: () = assert!(TIDINGS_KEY_KIND_EC_P384 == KeyKind::EC_P384.0);
/// NIST P-521.
pub const TIDINGS_KEY_KIND_EC_P521: u8 = 4;
const _: () = assert!(TIDINGS_KEY_KIND_EC_P521 == KeyKind::EC_P521.0);
/// Ed25519.
pub const TIDINGS_KEY_KIND_ED25519: u8 = 5;
const _: () = assert!(TIDINGS_KEY_KIND_ED25519 == KeyKind::ED25519.0);
/// Ed448.
pub const TIDINGS_KEY_KIND_ED448: u8 = 6;
const _: () = assert!(TIDINGS_KEY_KIND_ED448 == KeyKind::ED448.0);
/// A symmetric key.
pub const TIDINGS_KEY_KIND_SYMMETRIC: u8 = 7;
const _: () = assert!(TIDINGS_KEY_KIND_SYMMETRIC == KeyKind::SYMMETRIC.0);

/// Neither.
pub const TIDINGS_CERTIFICATE_ROLE_NONE: u8 = 0;
const _: () = assert!(TIDINGS_CERTIFICATE_ROLE_NONE == CertificateRole::NONE.0);
/// Initial device identity, from the factory.
pub const TIDINGS_CERTIFICATE_ROLE_IDEVID: u8 = 1;
const _: () = assert!(TIDINGS_CERTIFICATE_ROLE_IDEVID == CertificateRole::IDEVID.0);
/// Locally significant identity, from the owner.
pub const TIDINGS_CERTIFICATE_ROLE_LDEVID: u8 = 2;
const _: () = assert!(TIDINGS_CERTIFICATE_ROLE_LDEVID == CertificateRole::LDEVID.0);

/// digitalSignature.
pub const TIDINGS_KEY_USAGE_DIGITAL_SIGNATURE: u32 = 1;
const _: () = assert!(TIDINGS_KEY_USAGE_DIGITAL_SIGNATURE == KeyUsage::DIGITAL_SIGNATURE.0);
/// nonRepudiation.
pub const TIDINGS_KEY_USAGE_NON_REPUDIATION: u32 = 2;
const _: () = assert!(TIDINGS_KEY_USAGE_NON_REPUDIATION == KeyUsage::NON_REPUDIATION.0);
/// keyEncipherment.
pub const TIDINGS_KEY_USAGE_KEY_ENCIPHERMENT: u32 = 4;
const _: () = assert!(TIDINGS_KEY_USAGE_KEY_ENCIPHERMENT == KeyUsage::KEY_ENCIPHERMENT.0);
/// dataEncipherment.
pub const TIDINGS_KEY_USAGE_DATA_ENCIPHERMENT: u32 = 8;
const _: () = assert!(TIDINGS_KEY_USAGE_DATA_ENCIPHERMENT == KeyUsage::DATA_ENCIPHERMENT.0);
/// keyAgreement.
pub const TIDINGS_KEY_USAGE_KEY_AGREEMENT: u32 = 16;
const _: () = assert!(TIDINGS_KEY_USAGE_KEY_AGREEMENT == KeyUsage::KEY_AGREEMENT.0);
/// keyCertSign.
pub const TIDINGS_KEY_USAGE_KEY_CERT_SIGN: u32 = 32;
const _: () = assert!(TIDINGS_KEY_USAGE_KEY_CERT_SIGN == KeyUsage::KEY_CERT_SIGN.0);
/// cRLSign.
pub const TIDINGS_KEY_USAGE_CRL_SIGN: u32 = 64;
const _: () = assert!(TIDINGS_KEY_USAGE_CRL_SIGN == KeyUsage::CRL_SIGN.0);
/// encipherOnly.
pub const TIDINGS_KEY_USAGE_ENCIPHER_ONLY: u32 = 128;
const _: () = assert!(TIDINGS_KEY_USAGE_ENCIPHER_ONLY == KeyUsage::ENCIPHER_ONLY.0);
/// decipherOnly.
pub const TIDINGS_KEY_USAGE_DECIPHER_ONLY: u32 = 256;
const _: () = assert!(TIDINGS_KEY_USAGE_DECIPHER_ONLY == KeyUsage::DECIPHER_ONLY.0);
/// id-kp-serverAuth.
pub const TIDINGS_KEY_USAGE_SERVER_AUTH: u32 = 65536;
const _: () = assert!(TIDINGS_KEY_USAGE_SERVER_AUTH == KeyUsage::SERVER_AUTH.0);
/// id-kp-clientAuth.
pub const TIDINGS_KEY_USAGE_CLIENT_AUTH: u32 = 131072;
const _: () = assert!(TIDINGS_KEY_USAGE_CLIENT_AUTH == KeyUsage::CLIENT_AUTH.0);
/// id-kp-codeSigning.
pub const TIDINGS_KEY_USAGE_CODE_SIGNING: u32 = 262144;
const _: () = assert!(TIDINGS_KEY_USAGE_CODE_SIGNING == KeyUsage::CODE_SIGNING.0);

/// TCP.
pub const TIDINGS_PROTOCOL_TCP: u8 = 6;
const _: () = assert!(TIDINGS_PROTOCOL_TCP == Protocol::TCP.0);
/// UDP.
pub const TIDINGS_PROTOCOL_UDP: u8 = 17;
const _: () = assert!(TIDINGS_PROTOCOL_UDP == Protocol::UDP.0);
/// SCTP.
pub const TIDINGS_PROTOCOL_SCTP: u8 = 132;
const _: () = assert!(TIDINGS_PROTOCOL_SCTP == Protocol::SCTP.0);
/// Not IP: a radio service or a local console, named by the interface.
pub const TIDINGS_PROTOCOL_LOCAL: u8 = 255;
const _: () = assert!(TIDINGS_PROTOCOL_LOCAL == Protocol::LOCAL.0);

/// Reachable from the device itself only.
pub const TIDINGS_LISTENER_FLAGS_LOOPBACK: u32 = 1;
const _: () = assert!(TIDINGS_LISTENER_FLAGS_LOOPBACK == ListenerFlags::LOOPBACK.0);
/// Encrypts.
pub const TIDINGS_LISTENER_FLAGS_ENCRYPTED: u32 = 2;
const _: () = assert!(TIDINGS_LISTENER_FLAGS_ENCRYPTED == ListenerFlags::ENCRYPTED.0);
/// Asks who is there.
pub const TIDINGS_LISTENER_FLAGS_AUTHENTICATED: u32 = 4;
const _: () = assert!(TIDINGS_LISTENER_FLAGS_AUTHENTICATED == ListenerFlags::AUTHENTICATED.0);

/// Ethernet, Wi-Fi: 6 bytes.
pub const TIDINGS_LINK_KIND_EUI48: u8 = 1;
const _: () = assert!(TIDINGS_LINK_KIND_EUI48 == LinkKind::EUI48.0);
/// IEEE 802.15.4: 8 bytes.
pub const TIDINGS_LINK_KIND_EUI64: u8 = 2;
const _: () = assert!(TIDINGS_LINK_KIND_EUI64 == LinkKind::EUI64.0);
/// Bluetooth public: 6 bytes.
pub const TIDINGS_LINK_KIND_BLUETOOTH_PUBLIC: u8 = 3;
const _: () = assert!(TIDINGS_LINK_KIND_BLUETOOTH_PUBLIC == LinkKind::BLUETOOTH_PUBLIC.0);
/// Bluetooth random: 6 bytes.
pub const TIDINGS_LINK_KIND_BLUETOOTH_RANDOM: u8 = 4;
const _: () = assert!(TIDINGS_LINK_KIND_BLUETOOTH_RANDOM == LinkKind::BLUETOOTH_RANDOM.0);
/// No link address: 4 or 16 bytes of IP.
pub const TIDINGS_LINK_KIND_IP: u8 = 5;
const _: () = assert!(TIDINGS_LINK_KIND_IP == LinkKind::IP.0);
/// Keyed hash, where addresses must not leave the device: 8 bytes.
pub const TIDINGS_LINK_KIND_HASHED: u8 = 255;
const _: () = assert!(TIDINGS_LINK_KIND_HASHED == LinkKind::HASHED.0);

/// Seen.
pub const TIDINGS_NEIGHBOUR_STATE_SEEN: u8 = 0;
const _: () = assert!(TIDINGS_NEIGHBOUR_STATE_SEEN == NeighbourState::SEEN.0);
/// Configured.
pub const TIDINGS_NEIGHBOUR_STATE_PERMANENT: u8 = 1;
const _: () = assert!(TIDINGS_NEIGHBOUR_STATE_PERMANENT == NeighbourState::PERMANENT.0);
/// Bonded or paired.
pub const TIDINGS_NEIGHBOUR_STATE_BONDED: u8 = 2;
const _: () = assert!(TIDINGS_NEIGHBOUR_STATE_BONDED == NeighbourState::BONDED.0);
/// Blocked.
pub const TIDINGS_NEIGHBOUR_STATE_BLOCKED: u8 = 3;
const _: () = assert!(TIDINGS_NEIGHBOUR_STATE_BLOCKED == NeighbourState::BLOCKED.0);

/// Not stated.
pub const TIDINGS_LINK_SECURITY_UNSTATED: u8 = 0;
const _: () = assert!(TIDINGS_LINK_SECURITY_UNSTATED == LinkSecurity::UNSTATED.0);
/// Not at all.
pub const TIDINGS_LINK_SECURITY_NONE: u8 = 1;
const _: () = assert!(TIDINGS_LINK_SECURITY_NONE == LinkSecurity::NONE.0);
/// Encrypted, peer not verified.
pub const TIDINGS_LINK_SECURITY_UNAUTHENTICATED: u8 = 2;
const _: () = assert!(TIDINGS_LINK_SECURITY_UNAUTHENTICATED == LinkSecurity::UNAUTHENTICATED.0);
/// Encrypted, peer verified.
pub const TIDINGS_LINK_SECURITY_AUTHENTICATED: u8 = 3;
const _: () = assert!(TIDINGS_LINK_SECURITY_AUTHENTICATED == LinkSecurity::AUTHENTICATED.0);

/// Something else.
pub const TIDINGS_INTERFACE_TYPE_OTHER: u8 = 0;
const _: () = assert!(TIDINGS_INTERFACE_TYPE_OTHER == InterfaceType::OTHER.0);
/// Ethernet.
pub const TIDINGS_INTERFACE_TYPE_ETHERNET: u8 = 1;
const _: () = assert!(TIDINGS_INTERFACE_TYPE_ETHERNET == InterfaceType::ETHERNET.0);
/// Wi-Fi.
pub const TIDINGS_INTERFACE_TYPE_WIFI: u8 = 2;
const _: () = assert!(TIDINGS_INTERFACE_TYPE_WIFI == InterfaceType::WIFI.0);
/// A mobile network.
pub const TIDINGS_INTERFACE_TYPE_CELLULAR: u8 = 3;
const _: () = assert!(TIDINGS_INTERFACE_TYPE_CELLULAR == InterfaceType::CELLULAR.0);
/// Bluetooth.
pub const TIDINGS_INTERFACE_TYPE_BLUETOOTH: u8 = 4;
const _: () = assert!(TIDINGS_INTERFACE_TYPE_BLUETOOTH == InterfaceType::BLUETOOTH.0);
/// IEEE 802.15.4: Thread, Zigbee.
pub const TIDINGS_INTERFACE_TYPE_IEEE802154: u8 = 5;
const _: () = assert!(TIDINGS_INTERFACE_TYPE_IEEE802154 == InterfaceType::IEEE802154.0);
/// LoRa.
pub const TIDINGS_INTERFACE_TYPE_LORA: u8 = 6;
const _: () = assert!(TIDINGS_INTERFACE_TYPE_LORA == InterfaceType::LORA.0);
/// CAN.
pub const TIDINGS_INTERFACE_TYPE_CAN: u8 = 7;
const _: () = assert!(TIDINGS_INTERFACE_TYPE_CAN == InterfaceType::CAN.0);
/// A serial line.
pub const TIDINGS_INTERFACE_TYPE_SERIAL: u8 = 8;
const _: () = assert!(TIDINGS_INTERFACE_TYPE_SERIAL == InterfaceType::SERIAL.0);
/// The device itself.
pub const TIDINGS_INTERFACE_TYPE_LOOPBACK: u8 = 9;
const _: () = assert!(TIDINGS_INTERFACE_TYPE_LOOPBACK == InterfaceType::LOOPBACK.0);
/// A tunnel or VPN.
pub const TIDINGS_INTERFACE_TYPE_TUNNEL: u8 = 10;
const _: () = assert!(TIDINGS_INTERFACE_TYPE_TUNNEL == InterfaceType::TUNNEL.0);
/// A bridge.
pub const TIDINGS_INTERFACE_TYPE_BRIDGE: u8 = 11;
const _: () = assert!(TIDINGS_INTERFACE_TYPE_BRIDGE == InterfaceType::BRIDGE.0);
/// A VLAN.
pub const TIDINGS_INTERFACE_TYPE_VLAN: u8 = 12;
const _: () = assert!(TIDINGS_INTERFACE_TYPE_VLAN == InterfaceType::VLAN.0);
/// Virtual Ethernet and the like.
pub const TIDINGS_INTERFACE_TYPE_VIRTUAL: u8 = 13;
const _: () = assert!(TIDINGS_INTERFACE_TYPE_VIRTUAL == InterfaceType::VIRTUAL.0);

/// Not stated.
pub const TIDINGS_RADIO_UNSTATED: u8 = 0;
const _: () = assert!(TIDINGS_RADIO_UNSTATED == Radio::UNSTATED.0);
/// GSM.
pub const TIDINGS_RADIO_GSM: u8 = 1;
const _: () = assert!(TIDINGS_RADIO_GSM == Radio::GSM.0);
/// UMTS.
pub const TIDINGS_RADIO_UMTS: u8 = 2;
const _: () = assert!(TIDINGS_RADIO_UMTS == Radio::UMTS.0);
/// LTE.
pub const TIDINGS_RADIO_LTE: u8 = 3;
const _: () = assert!(TIDINGS_RADIO_LTE == Radio::LTE.0);
/// LTE-M.
pub const TIDINGS_RADIO_LTE_M: u8 = 4;
const _: () = assert!(TIDINGS_RADIO_LTE_M == Radio::LTE_M.0);
/// NB-IoT.
pub const TIDINGS_RADIO_NB_IOT: u8 = 5;
const _: () = assert!(TIDINGS_RADIO_NB_IOT == Radio::NB_IOT.0);
/// 5G.
pub const TIDINGS_RADIO_NR: u8 = 6;
const _: () = assert!(TIDINGS_RADIO_NR == Radio::NR.0);

/// Administratively up.
pub const TIDINGS_INTERFACE_FLAGS_UP: u32 = 1;
const _: () = assert!(TIDINGS_INTERFACE_FLAGS_UP == InterfaceFlags::UP.0);
/// Has a carrier.
pub const TIDINGS_INTERFACE_FLAGS_RUNNING: u32 = 2;
const _: () = assert!(TIDINGS_INTERFACE_FLAGS_RUNNING == InterfaceFlags::RUNNING.0);
/// Traffic costs money.
pub const TIDINGS_INTERFACE_FLAGS_METERED: u32 = 4;
const _: () = assert!(TIDINGS_INTERFACE_FLAGS_METERED == InterfaceFlags::METERED.0);

/// Universal entity id.
pub const TIDINGS_CLAIM_UEID: u16 = 0;
const _: () = assert!(TIDINGS_CLAIM_UEID == Claim::UEID.0);
/// Manufacturer id.
pub const TIDINGS_CLAIM_OEM_ID: u16 = 2;
const _: () = assert!(TIDINGS_CLAIM_OEM_ID == Claim::OEM_ID.0);
/// Hardware model.
pub const TIDINGS_CLAIM_HARDWARE_MODEL: u16 = 3;
const _: () = assert!(TIDINGS_CLAIM_HARDWARE_MODEL == Claim::HARDWARE_MODEL.0);
/// Hardware version.
pub const TIDINGS_CLAIM_HARDWARE_VERSION: u16 = 4;
const _: () = assert!(TIDINGS_CLAIM_HARDWARE_VERSION == Claim::HARDWARE_VERSION.0);
/// Debug status.
pub const TIDINGS_CLAIM_DEBUG_STATUS: u16 = 7;
const _: () = assert!(TIDINGS_CLAIM_DEBUG_STATUS == Claim::DEBUG_STATUS.0);
/// Name of the main software.
pub const TIDINGS_CLAIM_SOFTWARE_NAME: u16 = 14;
const _: () = assert!(TIDINGS_CLAIM_SOFTWARE_NAME == Claim::SOFTWARE_NAME.0);
/// Version of the main software.
pub const TIDINGS_CLAIM_SOFTWARE_VERSION: u16 = 15;
const _: () = assert!(TIDINGS_CLAIM_SOFTWARE_VERSION == Claim::SOFTWARE_VERSION.0);
/// Where the MUD file is (RFC 8520).
pub const TIDINGS_CLAIM_MUD_URL: u16 = 256;
const _: () = assert!(TIDINGS_CLAIM_MUD_URL == Claim::MUD_URL.0);
/// Serial number.
pub const TIDINGS_CLAIM_SERIAL_NUMBER: u16 = 257;
const _: () = assert!(TIDINGS_CLAIM_SERIAL_NUMBER == Claim::SERIAL_NUMBER.0);
/// Vendor's name.
pub const TIDINGS_CLAIM_VENDOR_NAME: u16 = 258;
const _: () = assert!(TIDINGS_CLAIM_VENDOR_NAME == Claim::VENDOR_NAME.0);
/// Model's name.
pub const TIDINGS_CLAIM_MODEL_NAME: u16 = 259;
const _: () = assert!(TIDINGS_CLAIM_MODEL_NAME == Claim::MODEL_NAME.0);
/// Name of the operating system.
pub const TIDINGS_CLAIM_OS_NAME: u16 = 260;
const _: () = assert!(TIDINGS_CLAIM_OS_NAME == Claim::OS_NAME.0);
/// Version of the operating system.
pub const TIDINGS_CLAIM_OS_VERSION: u16 = 261;
const _: () = assert!(TIDINGS_CLAIM_OS_VERSION == Claim::OS_VERSION.0);
/// Release of the kernel.
pub const TIDINGS_CLAIM_KERNEL_RELEASE: u16 = 262;
const _: () = assert!(TIDINGS_CLAIM_KERNEL_RELEASE == Claim::KERNEL_RELEASE.0);
/// Host name.
pub const TIDINGS_CLAIM_HOST_NAME: u16 = 263;
const _: () = assert!(TIDINGS_CLAIM_HOST_NAME == Claim::HOST_NAME.0);
/// Processor architecture.
pub const TIDINGS_CLAIM_ARCHITECTURE: u16 = 264;
const _: () = assert!(TIDINGS_CLAIM_ARCHITECTURE == Claim::ARCHITECTURE.0);

/// Named by the vendor.
pub const TIDINGS_SETTING_NAMED: u16 = 0;
const _: () = assert!(TIDINGS_SETTING_NAMED == SettingId::NAMED.0);
/// Only signed code starts.
pub const TIDINGS_SETTING_SECURE_BOOT: u16 = 1;
const _: () = assert!(TIDINGS_SETTING_SECURE_BOOT == SettingId::SECURE_BOOT.0);
/// The debug port is closed.
pub const TIDINGS_SETTING_DEBUG_LOCK: u16 = 2;
const _: () = assert!(TIDINGS_SETTING_DEBUG_LOCK == SettingId::DEBUG_LOCK.0);
/// Flash is encrypted.
pub const TIDINGS_SETTING_FLASH_ENCRYPTION: u16 = 3;
const _: () = assert!(TIDINGS_SETTING_FLASH_ENCRYPTION == SettingId::FLASH_ENCRYPTION.0);
/// Oldest version that may start.
pub const TIDINGS_SETTING_ROLLBACK_COUNTER: u16 = 4;
const _: () = assert!(TIDINGS_SETTING_ROLLBACK_COUNTER == SettingId::ROLLBACK_COUNTER.0);
/// SSH is on.
pub const TIDINGS_SETTING_SSH: u16 = 5;
const _: () = assert!(TIDINGS_SETTING_SSH == SettingId::SSH.0);
/// Telnet is on.
pub const TIDINGS_SETTING_TELNET: u16 = 6;
const _: () = assert!(TIDINGS_SETTING_TELNET == SettingId::TELNET.0);
/// Web administration is on.
pub const TIDINGS_SETTING_WEB_ADMINISTRATION: u16 = 7;
const _: () = assert!(TIDINGS_SETTING_WEB_ADMINISTRATION == SettingId::WEB_ADMINISTRATION.0);
/// A firewall is on.
pub const TIDINGS_SETTING_FIREWALL: u16 = 8;
const _: () = assert!(TIDINGS_SETTING_FIREWALL == SettingId::FIREWALL.0);
/// Where time comes from.
pub const TIDINGS_SETTING_TIME_SERVER: u16 = 9;
const _: () = assert!(TIDINGS_SETTING_TIME_SERVER == SettingId::TIME_SERVER.0);
/// Updates install themselves.
pub const TIDINGS_SETTING_AUTOMATIC_UPDATE: u16 = 10;
const _: () = assert!(TIDINGS_SETTING_AUTOMATIC_UPDATE == SettingId::AUTOMATIC_UPDATE.0);
/// Where updates come from.
pub const TIDINGS_SETTING_UPDATE_SOURCE: u16 = 11;
const _: () = assert!(TIDINGS_SETTING_UPDATE_SOURCE == SettingId::UPDATE_SOURCE.0);
/// How Wi-Fi is secured.
pub const TIDINGS_SETTING_WIFI_SECURITY: u16 = 12;
const _: () = assert!(TIDINGS_SETTING_WIFI_SECURITY == SettingId::WIFI_SECURITY.0);
/// Accepts new pairings.
pub const TIDINGS_SETTING_PAIRING_MODE: u16 = 13;
const _: () = assert!(TIDINGS_SETTING_PAIRING_MODE == SettingId::PAIRING_MODE.0);
/// USB is on.
pub const TIDINGS_SETTING_USB: u16 = 14;
const _: () = assert!(TIDINGS_SETTING_USB == SettingId::USB.0);
/// Name server.
pub const TIDINGS_SETTING_DNS_SERVER: u16 = 15;
const _: () = assert!(TIDINGS_SETTING_DNS_SERVER == SettingId::DNS_SERVER.0);
/// Default gateway.
pub const TIDINGS_SETTING_DEFAULT_GATEWAY: u16 = 16;
const _: () = assert!(TIDINGS_SETTING_DEFAULT_GATEWAY == SettingId::DEFAULT_GATEWAY.0);
/// How much is logged.
pub const TIDINGS_SETTING_LOG_LEVEL: u16 = 17;
const _: () = assert!(TIDINGS_SETTING_LOG_LEVEL == SettingId::LOG_LEVEL.0);
/// Forwards packets.
pub const TIDINGS_SETTING_IP_FORWARDING: u16 = 18;
const _: () = assert!(TIDINGS_SETTING_IP_FORWARDING == SettingId::IP_FORWARDING.0);
/// Remote management is on.
pub const TIDINGS_SETTING_REMOTE_MANAGEMENT: u16 = 19;
const _: () = assert!(TIDINGS_SETTING_REMOTE_MANAGEMENT == SettingId::REMOTE_MANAGEMENT.0);
/// Regulatory country.
pub const TIDINGS_SETTING_COUNTRY_CODE: u16 = 20;
const _: () = assert!(TIDINGS_SETTING_COUNTRY_CODE == SettingId::COUNTRY_CODE.0);

/// Named by the vendor.
pub const TIDINGS_METRIC_NAMED: u16 = 0;
const _: () = assert!(TIDINGS_METRIC_NAMED == Metric::NAMED.0);
/// Free memory.
pub const TIDINGS_METRIC_MEMORY_FREE: u16 = 1;
const _: () = assert!(TIDINGS_METRIC_MEMORY_FREE == Metric::MEMORY_FREE.0);
/// Free disk.
pub const TIDINGS_METRIC_DISK_FREE: u16 = 2;
const _: () = assert!(TIDINGS_METRIC_DISK_FREE == Metric::DISK_FREE.0);
/// Processor load.
pub const TIDINGS_METRIC_CPU_LOAD: u16 = 3;
const _: () = assert!(TIDINGS_METRIC_CPU_LOAD == Metric::CPU_LOAD.0);
/// Temperature.
pub const TIDINGS_METRIC_TEMPERATURE: u16 = 4;
const _: () = assert!(TIDINGS_METRIC_TEMPERATURE == Metric::TEMPERATURE.0);
/// Battery charge.
pub const TIDINGS_METRIC_BATTERY: u16 = 5;
const _: () = assert!(TIDINGS_METRIC_BATTERY == Metric::BATTERY.0);
/// Supply voltage.
pub const TIDINGS_METRIC_SUPPLY_VOLTAGE: u16 = 6;
const _: () = assert!(TIDINGS_METRIC_SUPPLY_VOLTAGE == Metric::SUPPLY_VOLTAGE.0);
/// Signal strength.
pub const TIDINGS_METRIC_SIGNAL_STRENGTH: u16 = 7;
const _: () = assert!(TIDINGS_METRIC_SIGNAL_STRENGTH == Metric::SIGNAL_STRENGTH.0);
/// Uptime.
pub const TIDINGS_METRIC_UPTIME: u16 = 8;
const _: () = assert!(TIDINGS_METRIC_UPTIME == Metric::UPTIME.0);
/// Flash wear.
pub const TIDINGS_METRIC_FLASH_WEAR: u16 = 9;
const _: () = assert!(TIDINGS_METRIC_FLASH_WEAR == Metric::FLASH_WEAR.0);
/// Free stack.
pub const TIDINGS_METRIC_STACK_FREE: u16 = 10;
const _: () = assert!(TIDINGS_METRIC_STACK_FREE == Metric::STACK_FREE.0);
/// Free heap.
pub const TIDINGS_METRIC_HEAP_FREE: u16 = 11;
const _: () = assert!(TIDINGS_METRIC_HEAP_FREE == Metric::HEAP_FREE.0);
/// Errors per time.
pub const TIDINGS_METRIC_ERROR_RATE: u16 = 12;
const _: () = assert!(TIDINGS_METRIC_ERROR_RATE == Metric::ERROR_RATE.0);
/// A temperature limit was reached.
pub const TIDINGS_METRIC_TEMPERATURE_LIMIT: u16 = 13;
const _: () = assert!(TIDINGS_METRIC_TEMPERATURE_LIMIT == Metric::TEMPERATURE_LIMIT.0);

/// None.
pub const TIDINGS_UNIT_NONE: u8 = 0;
const _: () = assert!(TIDINGS_UNIT_NONE == Unit::NONE.0);
/// Percent.
pub const TIDINGS_UNIT_PERCENT: u8 = 1;
const _: () = assert!(TIDINGS_UNIT_PERCENT == Unit::PERCENT.0);
/// Bytes.
pub const TIDINGS_UNIT_BYTE: u8 = 2;
const _: () = assert!(TIDINGS_UNIT_BYTE == Unit::BYTE.0);
/// Seconds.
pub const TIDINGS_UNIT_SECOND: u8 = 3;
const _: () = assert!(TIDINGS_UNIT_SECOND == Unit::SECOND.0);
/// Degrees Celsius.
pub const TIDINGS_UNIT_CELSIUS: u8 = 4;
const _: () = assert!(TIDINGS_UNIT_CELSIUS == Unit::CELSIUS.0);
/// Volts.
pub const TIDINGS_UNIT_VOLT: u8 = 5;
const _: () = assert!(TIDINGS_UNIT_VOLT == Unit::VOLT.0);
/// Amperes.
pub const TIDINGS_UNIT_AMPERE: u8 = 6;
const _: () = assert!(TIDINGS_UNIT_AMPERE == Unit::AMPERE.0);
/// Watts.
pub const TIDINGS_UNIT_WATT: u8 = 7;
const _: () = assert!(TIDINGS_UNIT_WATT == Unit::WATT.0);
/// Decibel-milliwatts.
pub const TIDINGS_UNIT_DBM: u8 = 8;
const _: () = assert!(TIDINGS_UNIT_DBM == Unit::DBM.0);
/// Ratio.
pub const TIDINGS_UNIT_RATIO: u8 = 9;
const _: () = assert!(TIDINGS_UNIT_RATIO == Unit::RATIO.0);
/// A count.
pub const TIDINGS_UNIT_COUNT: u8 = 10;
const _: () = assert!(TIDINGS_UNIT_COUNT == Unit::COUNT.0);
/// Hertz.
pub const TIDINGS_UNIT_HERTZ: u8 = 11;
const _: () = assert!(TIDINGS_UNIT_HERTZ == Unit::HERTZ.0);
/// Percent relative humidity.
pub const TIDINGS_UNIT_HUMIDITY: u8 = 12;
const _: () = assert!(TIDINGS_UNIT_HUMIDITY == Unit::HUMIDITY.0);
/// Pascals.
pub const TIDINGS_UNIT_PASCAL: u8 = 13;
const _: () = assert!(TIDINGS_UNIT_PASCAL == Unit::PASCAL.0);

/// It has none.
pub const TIDINGS_THRESHOLD_NONE: u8 = 0;
const _: () = assert!(TIDINGS_THRESHOLD_NONE == Threshold::NONE.0);
/// Within them.
pub const TIDINGS_THRESHOLD_NORMAL: u8 = 1;
const _: () = assert!(TIDINGS_THRESHOLD_NORMAL == Threshold::NORMAL.0);
/// Past the first.
pub const TIDINGS_THRESHOLD_WARNING: u8 = 2;
const _: () = assert!(TIDINGS_THRESHOLD_WARNING == Threshold::WARNING.0);
/// Past the last.
pub const TIDINGS_THRESHOLD_CRITICAL: u8 = 3;
const _: () = assert!(TIDINGS_THRESHOLD_CRITICAL == Threshold::CRITICAL.0);

/// State of a kind's source: see [`Coverage`].
pub const TIDINGS_AGENT_ITEM_COVERAGE: u8 = 1;
const _: () = assert!(TIDINGS_AGENT_ITEM_COVERAGE == AgentItem::COVERAGE.0);
/// Facts refused because the table was full.
pub const TIDINGS_AGENT_ITEM_FACTS_DROPPED: u8 = 2;
const _: () = assert!(TIDINGS_AGENT_ITEM_FACTS_DROPPED == AgentItem::FACTS_DROPPED.0);
/// Changes that were coalesced away in a range-replace.
pub const TIDINGS_AGENT_ITEM_CHANGES_LOST: u8 = 3;
const _: () = assert!(TIDINGS_AGENT_ITEM_CHANGES_LOST == AgentItem::CHANGES_LOST.0);
/// Events dropped, by severity.
pub const TIDINGS_AGENT_ITEM_EVENTS_LOST: u8 = 4;
const _: () = assert!(TIDINGS_AGENT_ITEM_EVENTS_LOST == AgentItem::EVENTS_LOST.0);
/// Failures of the epoch store.
pub const TIDINGS_AGENT_ITEM_EPOCH_FAULTS: u8 = 5;
const _: () = assert!(TIDINGS_AGENT_ITEM_EPOCH_FAULTS == AgentItem::EPOCH_FAULTS.0);
/// Stack high water in bytes.
pub const TIDINGS_AGENT_ITEM_STACK_HIGH_WATER: u8 = 6;
const _: () = assert!(TIDINGS_AGENT_ITEM_STACK_HIGH_WATER == AgentItem::STACK_HIGH_WATER.0);
/// Epochs that had to be skipped because the host knew newer ones.
pub const TIDINGS_AGENT_ITEM_ROLLBACKS: u8 = 7;
const _: () = assert!(TIDINGS_AGENT_ITEM_ROLLBACKS == AgentItem::ROLLBACKS.0);
/// A collector other than the last one answered.
pub const TIDINGS_AGENT_ITEM_FOREIGN_COLLECTOR: u8 = 8;
const _: () = assert!(TIDINGS_AGENT_ITEM_FOREIGN_COLLECTOR == AgentItem::FOREIGN_COLLECTOR.0);
/// Downlink packets refused.
pub const TIDINGS_AGENT_ITEM_PACKETS_REFUSED: u8 = 9;
const _: () = assert!(TIDINGS_AGENT_ITEM_PACKETS_REFUSED == AgentItem::PACKETS_REFUSED.0);

/// Its source has not finished for the first time.
pub const TIDINGS_COVERAGE_LOADING: u8 = 0;
const _: () = assert!(TIDINGS_COVERAGE_LOADING == Coverage::LOADING.0);
/// Everything there is.
pub const TIDINGS_COVERAGE_COMPLETE: u8 = 1;
const _: () = assert!(TIDINGS_COVERAGE_COMPLETE == Coverage::COMPLETE.0);
/// Something did not fit.
pub const TIDINGS_COVERAGE_PARTIAL: u8 = 2;
const _: () = assert!(TIDINGS_COVERAGE_PARTIAL == Coverage::PARTIAL.0);
/// Its source failed.
pub const TIDINGS_COVERAGE_FAILED: u8 = 3;
const _: () = assert!(TIDINGS_COVERAGE_FAILED == Coverage::FAILED.0);
/// Switched off.
pub const TIDINGS_COVERAGE_OFF: u8 = 4;
const _: () = assert!(TIDINGS_COVERAGE_OFF == Coverage::OFF.0);

/// The device cannot tell.
pub const TIDINGS_SCALAR_UNKNOWN: u8 = 0;
const _: () = assert!(TIDINGS_SCALAR_UNKNOWN == Scalar::Unknown.tag());
/// The device has no such thing.
pub const TIDINGS_SCALAR_UNSUPPORTED: u8 = 1;
const _: () = assert!(TIDINGS_SCALAR_UNSUPPORTED == Scalar::Unsupported.tag());
/// On or off, in `number`: 0 or 1.
pub const TIDINGS_SCALAR_BOOL: u8 = 2;
const _: () = assert!(TIDINGS_SCALAR_BOOL == Scalar::Bool(false).tag());
/// A number, in `number`.
pub const TIDINGS_SCALAR_INT: u8 = 3;
const _: () = assert!(TIDINGS_SCALAR_INT == Scalar::Int(0).tag());
/// One of a list that the key implies, in `number`: 0 to `UINT32_MAX`.
pub const TIDINGS_SCALAR_ENUM: u8 = 4;
const _: () = assert!(TIDINGS_SCALAR_ENUM == Scalar::Enum(0).tag());
/// Text, in `bytes`.
pub const TIDINGS_SCALAR_TEXT: u8 = 5;
const _: () = assert!(TIDINGS_SCALAR_TEXT == Scalar::Text("").tag());
/// Opaque bytes, in `bytes`.
pub const TIDINGS_SCALAR_BYTES: u8 = 6;
const _: () = assert!(TIDINGS_SCALAR_BYTES == Scalar::Bytes(Bytes(&[])).tag());
/// A keyed hash of a secret, in `bytes`: tells that it changed, not what it is.
pub const TIDINGS_SCALAR_HASH: u8 = 7;
const _: () = assert!(TIDINGS_SCALAR_HASH == Scalar::Hash(Bytes(&[])).tag());
