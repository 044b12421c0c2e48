//! The keys of a running collector: all derived ahead, looked up by device, taken in anew when the key file changes.

use std::collections::HashMap;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use tidings_wire::DigestKey;
use tidings_wire::packet::SuiteId;
use tidings_wire::suites::KeySet;

use super::file::{KeyFile, KeyFileError};
use super::refusal::Refusal;
use crate::device_id::DeviceId;

/// What is pinned for one device.
pub struct Pin {
    /// Its suite.
    pub suite: SuiteId,
    sets: Vec<KeySet>,
    revoked: bool,
}

/// Keys by device. Without a file there are none, and all devices are plain.
#[derive(Default)]
pub struct Keyring {
    path: Option<PathBuf>,
    /// The file as it was when it was last taken in.
    taken: Option<Stamp>,
    pins: HashMap<DeviceId, Pin>,
    require_sealed: bool,
}

/// What changes when a file is replaced or edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    inode: u64,
    size: u64,
    changed: (i64, i64),
}

impl Keyring {
    /// The keys of the file at `path`; with `require_sealed`, plain devices are not heard.
    ///
    /// # Errors
    /// [`KeyFileError`]: the file cannot be used.
    pub fn open(path: Option<PathBuf>, require_sealed: bool) -> Result<Self, KeyFileError> {
        let mut ring = Self { path, require_sealed, ..Self::default() };
        ring.reread()?;
        Ok(ring)
    }

    /// Takes the file in anew if it changed; says whether it did.
    ///
    /// # Errors
    /// [`KeyFileError`]; the keys are then as before, and the next call tries again: a revocation must not be missed for a passing failure.
    pub fn reread(&mut self) -> Result<bool, KeyFileError> {
        let Some(path) = &self.path else { return Ok(false) };
        let stamp = fs::metadata(path).ok().map(|meta| Stamp {
            inode: meta.ino(),
            size: meta.size(),
            changed: (meta.ctime(), meta.ctime_nsec()),
        });
        if stamp.is_some() && self.taken == stamp {
            return Ok(false);
        }
        self.pins = pins(&KeyFile::read(path)?)?;
        self.taken = stamp;
        Ok(true)
    }

    /// The digest key of a device; all zero for a plain one.
    #[must_use]
    pub fn digest_key(&self, id: &DeviceId) -> DigestKey {
        let newest = self.pins.get(id).and_then(|pin| pin.sets.last());
        newest.map_or(DigestKey([0; 16]), |keys| *keys.digest())
    }

    /// Whether the key file has the device.
    #[must_use]
    pub fn knows(&self, id: &DeviceId) -> bool {
        self.pins.contains_key(id)
    }

    /// The keys that a packet of these clear fields must be sealed with; `None` for a plain one that may be.
    ///
    /// # Errors
    /// [`Refusal`], found without any cipher.
    pub fn keys(&self, id: &DeviceId, suite: SuiteId, kid: Option<u8>) -> Result<Option<&KeySet>, Refusal> {
        let plain = suite == SuiteId::PLAIN;
        match self.pins.get(id) {
            None if plain && self.require_sealed => Err(Refusal::Plain),
            None if plain => Ok(None),
            None => Err(Refusal::NoKeys),
            Some(pin) if pin.revoked => Err(Refusal::Revoked),
            Some(_) if plain => Err(Refusal::Downgrade),
            Some(pin) if pin.suite != suite => Err(Refusal::Suite),
            Some(pin) => pin.set(kid.unwrap_or(0)).map(Some),
        }
    }
}

impl Pin {
    fn set(&self, kid: u8) -> Result<&KeySet, Refusal> {
        self.sets.iter().find(|keys| keys.kid() == kid).ok_or(Refusal::Kid)
    }
}

fn pins(file: &KeyFile) -> Result<HashMap<DeviceId, Pin>, KeyFileError> {
    let pin = |entry: &super::Entry| {
        let sets = entry.kids.iter().map(|kid| file.keys(entry, *kid)).collect::<Result<_, _>>()?;
        Ok((entry.id, Pin { suite: entry.suite.id(), sets, revoked: entry.revoked }))
    };
    file.entries().iter().map(pin).collect()
}
