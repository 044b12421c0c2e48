//! Who may use the device and with what: kinds 2 and 5.

use super::registry::{flags, registry};
use super::{Bytes, Key, fact};
use crate::Malformed;
use crate::fields::{Encoder, Field, List};

flags! {
    /// What an account may do.
    Roles {
        /// May do everything.
        ADMINISTRATOR = 0 "administrator",
        /// May log in.
        LOGIN = 1 "login",
        /// May come from a network.
        REMOTE = 2 "remote",
        /// Belongs to a program.
        SERVICE = 3 "service",
        /// May operate, not configure.
        OPERATOR = 4 "operator",
    }
}

flags! {
    /// How an account is secured.
    AccountFlags {
        /// May be used.
        ENABLED = 0 "enabled",
        /// Has a password.
        PASSWORD_SET = 1 "password set",
        /// Still has the password that it was shipped with (ETSI EN 303 645, 5.1).
        DEFAULT_PASSWORD = 2 "default password",
        /// Locked.
        LOCKED = 3 "locked",
        /// Expired.
        EXPIRED = 4 "expired",
        /// Lets anybody in.
        EMPTY_PASSWORD = 5 "empty password",
    }
}

registry! {
    /// What opens an account.
    Credential {
        /// Not known.
        UNKNOWN = 0 "unknown",
        /// A password.
        PASSWORD = 1 "password",
        /// A public key.
        PUBLIC_KEY = 2 "public key",
        /// A certificate.
        CERTIFICATE = 3 "certificate",
        /// A token.
        TOKEN = 4 "token",
        /// Nothing: nobody can log in.
        NONE = 5 "none",
    }
}

/// How an account is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountId<'a> {
    /// By its name.
    Name(&'a str),
    /// By its number.
    Uid(u32),
    /// By the keyed hash of its name, where names must not leave the device; 8 bytes.
    Hashed(Bytes<'a>),
}

/// Which account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct AccountKey<'a> {
    /// Its name, number, or hash.
    pub account: AccountId<'a>,
    /// Where it is defined; empty: the operating system, or the device's only place.
    pub realm: &'a str,
}

impl<'a> Key<'a> for AccountKey<'a> {
    fn write(&self, out: &mut Encoder<'_>) {
        match self.account {
            AccountId::Name(name) => {
                out.byte(0);
                name.write(out);
            }
            AccountId::Uid(uid) => {
                out.byte(1);
                uid.write(out);
            }
            AccountId::Hashed(hash) => {
                out.byte(2);
                hash.write(out);
            }
        }
        self.realm.write(out);
    }

    fn read(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let mut from = super::start(bytes)?;
        let account = match from.byte() {
            0 => AccountId::Name(Field::read(&mut from)?),
            1 => AccountId::Uid(Field::read(&mut from)?),
            2 => AccountId::Hashed(Field::read(&mut from)?),
            _ => return Err(Malformed),
        };
        Ok(Self { account, realm: Field::read(&mut from)? })
    }
}

fact! {
    /// An account (kind 2).
    Account[AccountKey<'a>],
    /// How an account is.
    AccountValue<'a>: ACCOUNT {
        /// What it may do.
        roles: Roles,
        /// How it is secured.
        flags: AccountFlags,
        /// What opens it.
        credential: Credential,
        /// Its number; 0: root, or not stated.
        uid: u32,
        /// Groups that it belongs to, at most 16.
        groups: List<'a, &'a str>,
        /// Groups left out of the list.
        more_groups: u16,
        /// Its login shell.
        shell: &'a str,
        /// A label, where the key is not its name.
        name: &'a str,
    }
}

impl<'a> Account<'a> {
    /// The account of this name in the device's only realm.
    pub fn named(name: &'a str) -> Self {
        Self::of(AccountKey { account: AccountId::Name(name), realm: "" })
    }
}

registry! {
    /// What a slot of credentials holds.
    CertificateType {
        /// A certificate of the device.
        CERTIFICATE = 0 "certificate",
        /// A certificate that the device trusts.
        TRUST_ANCHOR = 1 "trust anchor",
        /// An SSH key.
        SSH_KEY = 2 "ssh key",
        /// A key shared with a peer.
        PRE_SHARED_KEY = 3 "pre-shared key",
        /// A bare key pair.
        KEY_PAIR = 4 "key pair",
    }
}

registry! {
    /// Algorithm of a key.
    KeyKind {
        /// Not stated.
        UNSTATED = 0 "unstated",
        /// RSA.
        RSA = 1 "rsa",
        /// NIST P-256.
        EC_P256 = 2 "ec p-256",
        /// NIST P-384.
        EC_P384 = 3 "ec p-384",
        /// NIST P-521.
        EC_P521 = 4 "ec p-521",
        /// Ed25519.
        ED25519 = 5 "ed25519",
        /// Ed448.
        ED448 = 6 "ed448",
        /// A symmetric key.
        SYMMETRIC = 7 "symmetric",
    }
}

registry! {
    /// Role of a device certificate, IEEE 802.1AR.
    CertificateRole {
        /// Neither.
        NONE = 0 "none",
        /// Initial device identity, from the factory.
        IDEVID = 1 "idevid",
        /// Locally significant identity, from the owner.
        LDEVID = 2 "ldevid",
    }
}

flags! {
    /// What a key may be used for: RFC 5280 §4.2.1.3, then extended uses.
    KeyUsage {
        /// digitalSignature.
        DIGITAL_SIGNATURE = 0 "digital signature",
        /// nonRepudiation.
        NON_REPUDIATION = 1 "non repudiation",
        /// keyEncipherment.
        KEY_ENCIPHERMENT = 2 "key encipherment",
        /// dataEncipherment.
        DATA_ENCIPHERMENT = 3 "data encipherment",
        /// keyAgreement.
        KEY_AGREEMENT = 4 "key agreement",
        /// keyCertSign.
        KEY_CERT_SIGN = 5 "key cert sign",
        /// cRLSign.
        CRL_SIGN = 6 "crl sign",
        /// encipherOnly.
        ENCIPHER_ONLY = 7 "encipher only",
        /// decipherOnly.
        DECIPHER_ONLY = 8 "decipher only",
        /// id-kp-serverAuth.
        SERVER_AUTH = 16 "server auth",
        /// id-kp-clientAuth.
        CLIENT_AUTH = 17 "client auth",
        /// id-kp-codeSigning.
        CODE_SIGNING = 18 "code signing",
    }
}

/// How a slot is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotId<'a> {
    /// By number.
    Slot(u16),
    /// By name, for example a path.
    Name(&'a str),
    /// By the first 16 bytes of the SHA-256 of a name that does not fit a key.
    Hashed(Bytes<'a>),
}

/// Which certificate or key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct CertificateKey<'a> {
    /// Where it is stored.
    pub slot: SlotId<'a>,
    /// Which one in a bundle.
    pub index: u16,
}

impl<'a> Key<'a> for CertificateKey<'a> {
    fn write(&self, out: &mut Encoder<'_>) {
        match self.slot {
            SlotId::Slot(slot) => {
                out.byte(0);
                slot.write(out);
            }
            SlotId::Name(name) => {
                out.byte(1);
                name.write(out);
            }
            SlotId::Hashed(hash) => {
                out.byte(2);
                hash.write(out);
            }
        }
        self.index.write(out);
    }

    fn read(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let mut from = super::start(bytes)?;
        let slot = match from.byte() {
            0 => SlotId::Slot(Field::read(&mut from)?),
            1 => SlotId::Name(Field::read(&mut from)?),
            2 => SlotId::Hashed(Field::read(&mut from)?),
            _ => return Err(Malformed),
        };
        Ok(Self { slot, index: Field::read(&mut from)? })
    }
}

fact! {
    /// A certificate or key (kind 5).
    Certificate[CertificateKey<'a>],
    /// What a slot holds.
    CertificateValue<'a>: CERTIFICATE {
        /// What it is.
        certificate_type: CertificateType,
        /// Prefix of the SHA-256 of its DER, 0–32 bytes.
        fingerprint: Bytes<'a>,
        /// End of validity, Unix time in s.
        not_after: i64,
        /// Start of validity, Unix time in s.
        not_before: i64,
        /// Whose it is.
        subject: &'a str,
        /// Who issued it.
        issuer: &'a str,
        /// Serial number, big-endian.
        serial: Bytes<'a>,
        /// What it may be used for.
        usage: KeyUsage,
        /// Algorithm of its key.
        key_kind: KeyKind,
        /// Size of its key in bits.
        key_bits: u16,
        /// Its role as a device identity.
        role: CertificateRole,
        /// A label, or the name behind a hashed key.
        label: &'a str,
    }
}

impl<'a> Certificate<'a> {
    /// A numbered slot.
    pub fn slot(slot: u16) -> Self {
        Self::of(CertificateKey { slot: SlotId::Slot(slot), index: 0 })
    }

    /// A named slot.
    pub fn named(name: &'a str) -> Self {
        Self::of(CertificateKey { slot: SlotId::Name(name), index: 0 })
    }
}
