//! Who the device is and how its packets are checked.
//!
//! Promise: no key can be printed, and the agent borrows keys, so that the owner's wipe is the only one needed. Not here: where keys are kept. The
//! firmware keeps two slots of [`KeySet::BYTES`] bytes and the number of the active one, in memory that is written whole or not at all.
//!
//! A change of keys, without a gap in reporting; a power cut between any two steps leaves a device that still reports:
//!
//! 1. the collector makes the next set (`keys rotate`) and from then on takes both;
//! 2. the firmware writes the set into the idle slot, reads it back, and makes that slot the active one;
//! 3. it calls [`Agent::change_keys`](crate::Agent::change_keys); the next [`Agent::maintain`](crate::Agent::maintain) stores a new epoch, and
//!    Hello follows under the new keys;
//! 4. once [`Agent::keys_accepted`](crate::Agent::keys_accepted) says so it erases the old slot. If that takes too long, it makes the old slot active
//!    and changes back: the collector still takes both.

use crate::{IdError, KeyChangeError};
use heapless::Vec;
use tidings_wire::MAX_ID;
use tidings_wire::digest::DigestKey;
use tidings_wire::packet::{Plain, Suite, SuiteId};
use tidings_wire::suites::{KeyError, KeySet};

const MAX_KID: u8 = 127;

/// A device id: 1–16 opaque bytes, for example a fuse UID or an IMEI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeviceId(Vec<u8, MAX_ID, u8>);

impl DeviceId {
    /// The id of these bytes.
    ///
    /// # Errors
    /// [`IdError`] if there are none or over 16.
    pub fn new(bytes: &[u8]) -> Result<Self, IdError> {
        let mut id = Self(Vec::new());
        id.0.extend_from_slice(bytes).map_err(|_| IdError)?;
        if bytes.is_empty() { Err(IdError) } else { Ok(id) }
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The suite of both directions, its key id, and the digest key; all borrowed, nothing copied.
#[derive(Clone, Copy)]
pub struct Keys<'a> {
    pub(crate) suite: &'a dyn Suite,
    pub(crate) kid: Option<u8>,
    pub(crate) digest: &'a DigestKey,
}

impl<'a> Keys<'a> {
    /// The plain suite: for trusted wires, and inside TLS, DTLS or OSCORE.
    pub const PLAIN: Keys<'static> = Keys { suite: &Plain, kid: None, digest: &DigestKey([0; 16]) };

    /// A suite that seals with the keys of `set`.
    ///
    /// ```
    /// # #[cfg(feature = "sealed")] {
    /// use tidings::epoch::RamEpoch; // a real device: NorEpoch, ByteEpoch or FileEpoch
    /// use tidings::suites::{ChaCha20Poly1305, KeySet};
    /// use tidings::{Agent, Config, DeviceId, Keys, Memory, provision};
    ///
    /// let partition: [u8; KeySet::BYTES] = core::array::from_fn(|i| i as u8); // `tidings-collector keys export`
    /// let set = KeySet::from_bytes(&partition).expect("a blank partition is no key set");
    /// let suite = ChaCha20Poly1305::device(&set);
    /// let mut memory = Memory::<1024, 256>::new();
    /// let id = DeviceId::new(b"pump-7").expect("1 to 16 bytes");
    /// let mut agent = Agent::new(Config::new(), id, Keys::sealed(&suite, &set), &mut memory);
    ///
    /// let mut store = RamEpoch::new();
    /// assert!(agent.start(0, &mut store).is_err()); // not provisioned: it does not seal
    /// provision(0, &mut store).expect("once, at the factory");
    /// agent.start(0, &mut store).expect("it holds an epoch now");
    /// assert_eq!(agent.epoch(), 1);
    /// # }
    /// ```
    pub const fn sealed(suite: &'a dyn Suite, set: &'a KeySet) -> Self {
        Self { suite, kid: Some(set.kid()), digest: set.digest() }
    }

    /// A vendor's suite whose keys never leave the hardware.
    ///
    /// # Errors
    /// [`KeyError::Kid`] if `kid` is over 127.
    pub const fn hardware(suite: &'a dyn Suite, kid: u8, digest: &'a DigestKey) -> Result<Self, KeyError> {
        if kid > MAX_KID { Err(KeyError::Kid) } else { Ok(Self { suite, kid: Some(kid), digest }) }
    }

    pub(crate) fn are_sealed(&self) -> bool {
        self.suite.id() != SuiteId::PLAIN
    }

    // Whether a device may go over from these keys to `next`.
    pub(crate) fn may_become(&self, next: &Self) -> Result<(), KeyChangeError> {
        if !next.are_sealed() {
            Err(KeyChangeError::Plain)
        } else if next.kid == self.kid {
            Err(KeyChangeError::SameKid)
        } else if next.digest != self.digest {
            Err(KeyChangeError::OtherDigestKey)
        } else {
            Ok(())
        }
    }
}

impl core::fmt::Debug for Keys<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Keys").field("suite", &self.suite.id()).field("kid", &self.kid).finish_non_exhaustive()
    }
}
