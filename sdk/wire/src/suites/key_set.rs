//! The keys of one device, as SPEC §2 lists them.
//!
//! Promise: they are wiped when dropped, cannot be printed, copied or compared, and those of the two directions differ. Not here: deriving them,
//! which the host does.

use crate::DigestKey;
use core::fmt;
use core::mem::MaybeUninit;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Bytes of an AEAD key in a set; a suite with shorter keys uses the first ones.
const KEY: usize = 32;
/// Bytes of the shortest key that a suite uses.
const SHORTEST: usize = 16;
const DIGEST: usize = 16;
const MAX_KID: u8 = 127;

/// The keys of one device: key id, one AEAD key a direction, and the digest key. Wiped when dropped; has no `Debug`.
///
/// ```compile_fail
/// fn printed(keys: &tidings_wire::suites::KeySet) -> impl core::fmt::Debug { keys }
/// ```
pub struct KeySet {
    kid: u8,
    up: [u8; KEY],
    down: [u8; KEY],
    digest: DigestKey,
}

/// Whose end of the link seals: it picks the key of each direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Seals with the up key, opens with the down key.
    Device,
    /// Seals with the down key, opens with the up key.
    Host,
}

/// Why bytes are no key set; an erased (0xFF) or cleared (0x00) memory is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyError {
    /// The key id is over 127.
    Kid,
    /// Up and down key do not differ within their first 16 bytes: packets could be turned round.
    SameKeys,
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kid => "key id over 127",
            Self::SameKeys => "up and down key are the same",
        })
    }
}

impl core::error::Error for KeyError {}

fn check(kid: u8, up: &[u8], down: &[u8]) -> Result<(), KeyError> {
    if kid > MAX_KID {
        return Err(KeyError::Kid);
    }
    let same = up.iter().zip(down).take(SHORTEST).all(|(up, down)| up == down);
    if same { Err(KeyError::SameKeys) } else { Ok(()) }
}

impl KeySet {
    /// Bytes of a key set as [`KeySet::from_bytes`] takes it.
    pub const BYTES: usize = 1 + KEY + KEY + DIGEST;

    /// A set of these keys.
    ///
    /// # Errors
    /// [`KeyError`] if `kid` is over 127, or `up` and `down` begin with the same 16 bytes.
    pub fn new(kid: u8, up: [u8; KEY], down: [u8; KEY], digest: [u8; DIGEST]) -> Result<Self, KeyError> {
        Self { kid, up, down, digest: DigestKey(digest) }.checked()
    }

    fn checked(self) -> Result<Self, KeyError> {
        check(self.kid, &self.up, &self.down)?;
        Ok(self)
    }

    /// A set from its stored form: `kid | up 32 | down 32 | digest 16`.
    ///
    /// # Errors
    /// As [`KeySet::new`].
    pub fn from_bytes(bytes: &[u8; Self::BYTES]) -> Result<Self, KeyError> {
        let mut set = MaybeUninit::uninit();
        Ok(core::mem::replace(Self::write_to(&mut set, bytes)?, Self::blank(0)))
    }

    /// As [`KeySet::from_bytes`], written where it will lie: no copy of the keys is left on the way there.
    ///
    /// # Errors
    /// As [`KeySet::new`]; nothing was written.
    pub fn write_to<'p>(place: &'p mut MaybeUninit<Self>, bytes: &[u8; Self::BYTES]) -> Result<&'p mut Self, KeyError> {
        let [kid, keys @ ..] = bytes;
        let (up, rest) = keys.split_at(KEY);
        let (down, digest) = rest.split_at(KEY);
        check(*kid, up, down)?;
        let set = place.write(Self::blank(*kid));
        set.up.copy_from_slice(up);
        set.down.copy_from_slice(down);
        set.digest.0.copy_from_slice(digest);
        Ok(set)
    }

    const fn blank(kid: u8) -> Self {
        Self { kid, up: [0; KEY], down: [0; KEY], digest: DigestKey([0; DIGEST]) }
    }

    /// The stored form; whoever asks for it wipes it.
    pub fn to_bytes(&self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        let kept = core::iter::once(&self.kid).chain(&self.up).chain(&self.down).chain(&self.digest.0);
        bytes.iter_mut().zip(kept).for_each(|(to, from)| *to = *from);
        bytes
    }

    /// The key id, at most 127.
    pub const fn kid(&self) -> u8 {
        self.kid
    }

    /// The key of the digests.
    pub const fn digest(&self) -> &DigestKey {
        &self.digest
    }

    /// The key that `side` seals with, for a vendor's own suite; shorter keys are its first bytes.
    pub const fn seals(&self, side: Side) -> &[u8; KEY] {
        match side {
            Side::Device => &self.up,
            Side::Host => &self.down,
        }
    }

    /// The key that `side` opens with.
    pub const fn opens(&self, side: Side) -> &[u8; KEY] {
        match side {
            Side::Device => &self.down,
            Side::Host => &self.up,
        }
    }
}

impl Drop for KeySet {
    fn drop(&mut self) {
        self.up.zeroize();
        self.down.zeroize();
        self.digest.0.zeroize();
    }
}

impl ZeroizeOnDrop for KeySet {}
