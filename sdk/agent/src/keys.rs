//! Who the device is and how its packets are checked.

use crate::IdError;
use tidings_wire::MAX_ID;
use tidings_wire::digest::DigestKey;
use tidings_wire::packet::{Plain, Suite};

/// A device id: 1–16 opaque bytes, for example a fuse UID or an IMEI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceId {
    len: u8,
    bytes: [u8; MAX_ID],
}

impl DeviceId {
    /// The id of these bytes.
    ///
    /// # Errors
    /// [`IdError`] if there are none or over 16.
    pub fn new(bytes: &[u8]) -> Result<Self, IdError> {
        if bytes.is_empty() || bytes.len() > MAX_ID {
            return Err(IdError);
        }
        let mut id = Self { len: bytes.len() as u8, bytes: [0; MAX_ID] };
        id.bytes.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        Ok(id)
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or(&[])
    }
}

/// The suite of both directions and the digest key.
#[derive(Clone, Copy)]
pub struct Keys<'a> {
    pub(crate) suite: &'a dyn Suite,
    pub(crate) kid: Option<u8>,
    pub(crate) digest: DigestKey,
}

impl<'a> Keys<'a> {
    /// The plain suite: for trusted wires, and inside TLS, DTLS or OSCORE.
    pub const PLAIN: Keys<'static> = Keys { suite: &Plain, kid: None, digest: DigestKey([0; 16]) };

    /// A sealed suite under key id `kid`, at most 127.
    pub const fn sealed(kid: u8, suite: &'a dyn Suite, digest: DigestKey) -> Self {
        Self { suite, kid: Some(kid & 0x7F), digest }
    }
}

impl core::fmt::Debug for Keys<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Keys").field("suite", &self.suite.id()).field("kid", &self.kid).finish_non_exhaustive()
    }
}
