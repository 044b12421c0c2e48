//! The key file: JSON that only its owner may read, replaced as a whole.
//!
//! ```json
//! {"v": 1, "fleet_secret": "64 hex digits", "devices": [
//!   {"id": "hex:70756d702d37", "suite": "chacha20-poly1305", "kids": [0, 1], "revoked": false, "imported": []}]}
//! ```
//!
//! The last of at most two `kids` is the newest. `imported` holds key sets as hex; a key id that is in none of them is derived.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};
use tidings_wire::packet::SuiteId;
use tidings_wire::suites::KeySet;
use zeroize::{Zeroize, Zeroizing};

use super::derive::FleetSecret;
use super::form::hex;
use crate::decode::parse_hex;
use crate::device_id::DeviceId;

const VERSION: u32 = 1;
const MAX_KID: u8 = 127;
/// Key ids that are valid at once.
const SLOTS: usize = 2;
/// A key file of 100,000 devices has about 30 MB.
const MAX_BYTES: u64 = 256 << 20;

/// A sealed suite, by its name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ValueEnum)]
pub enum SuiteName {
    /// RFC 8439
    #[default]
    #[serde(rename = "chacha20-poly1305")]
    #[value(name = "chacha20-poly1305")]
    ChaCha20Poly1305,
    /// NIST SP 800-232
    #[serde(rename = "ascon-aead128")]
    #[value(name = "ascon-aead128")]
    AsconAead128,
}

impl SuiteName {
    /// Its number on the wire.
    #[must_use]
    pub fn id(self) -> SuiteId {
        match self {
            Self::ChaCha20Poly1305 => SuiteId::CHACHA20_POLY1305,
            Self::AsconAead128 => SuiteId::ASCON_AEAD128,
        }
    }
}

impl fmt::Display for SuiteName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::ChaCha20Poly1305 => "chacha20-poly1305",
            Self::AsconAead128 => "ascon-aead128",
        })
    }
}

/// What is said of one device.
pub struct Entry {
    /// The device.
    pub id: DeviceId,
    /// The suite that it seals with.
    pub suite: SuiteName,
    /// Valid key ids, the newest last.
    pub kids: Vec<u8>,
    /// Nothing it says is taken.
    pub revoked: bool,
    imported: Vec<KeySet>,
}

/// A key file in memory; its secrets are wiped when it is dropped.
pub struct KeyFile {
    secret: FleetSecret,
    entries: Vec<Entry>,
}

/// Why a key file cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum KeyFileError {
    /// There is none.
    Missing,
    /// There is one already.
    Exists,
    /// The file that keys should be written to is there.
    OutputExists,
    /// Others may read it.
    Loose(u32),
    /// It is not what this program writes.
    Damaged(String),
    /// It does not have the device.
    NoDevice(DeviceId),
    /// It has the device already.
    Known(DeviceId),
    /// What was asked cannot be done, and why.
    Refused(&'static str),
    /// The operating system.
    Io(io::Error),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileText {
    v: u32,
    fleet_secret: String,
    devices: Vec<EntryText>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryText {
    id: String,
    suite: SuiteName,
    kids: Vec<u8>,
    revoked: bool,
    imported: Vec<String>,
}

impl Drop for FileText {
    fn drop(&mut self) {
        self.fleet_secret.zeroize();
        self.devices.iter_mut().for_each(|entry| entry.imported.zeroize());
    }
}

impl KeyFile {
    /// Makes a new file with a new fleet secret.
    ///
    /// # Errors
    /// [`KeyFileError::Exists`], [`KeyFileError::Io`].
    pub fn create(path: &Path) -> Result<(), KeyFileError> {
        let file = Self { secret: FleetSecret::generate()?, entries: Vec::new() };
        let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
        match made {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(KeyFileError::Exists),
            Err(error) => Err(error.into()),
            Ok(mut to) => file.write_to(&mut to, path),
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`KeyFileError::Missing`], [`KeyFileError::Loose`], [`KeyFileError::Damaged`], [`KeyFileError::Io`].
    pub fn read(path: &Path) -> Result<Self, KeyFileError> {
        let file = File::open(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => KeyFileError::Missing,
            _ => KeyFileError::Io(error),
        })?;
        let mode = file.metadata()?.mode();
        if mode & 0o077 != 0 {
            return Err(KeyFileError::Loose(mode & 0o777));
        }
        let mut text = Zeroizing::new(String::new());
        file.take(MAX_BYTES).read_to_string(&mut text)?;
        let text: FileText = serde_json::from_str(&text).map_err(|error| KeyFileError::Damaged(place(&error)))?;
        Self::from_text(&text)
    }

    /// Reads, changes and replaces a file; others who edit it wait. It stays its owner's, whoever edits it: `run` would read it no more.
    ///
    /// # Errors
    /// As [`KeyFile::read`], and what `change` says; the file is then as it was.
    pub fn edit<T>(path: &Path, change: impl FnOnce(&mut Self) -> Result<T, KeyFileError>) -> Result<T, KeyFileError> {
        let folder = File::open(folder_of(path))?;
        flock(&folder, FlockOperation::LockExclusive).map_err(io::Error::from)?;
        let mut file = Self::read(path)?;
        let done = change(&mut file)?;
        let beside = beside(path);
        // One that a cut left behind.
        let _ = fs::remove_file(&beside);
        let mut to = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
        let owner = fs::metadata(path)?;
        fchown(&to, Some(owner.uid()), Some(owner.gid()))?;
        file.write_to(&mut to, path)?;
        fs::rename(&beside, path)?;
        folder.sync_all()?;
        Ok(done)
    }

    /// The devices, by id.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The entry of a device.
    ///
    /// # Errors
    /// [`KeyFileError::NoDevice`].
    pub fn entry(&self, id: &DeviceId) -> Result<&Entry, KeyFileError> {
        self.entries.iter().find(|entry| entry.id == *id).ok_or(KeyFileError::NoDevice(*id))
    }

    /// The keys of a device under one of its key ids.
    ///
    /// # Errors
    /// [`KeyFileError::Refused`] if there are none.
    pub fn keys(&self, entry: &Entry, kid: u8) -> Result<KeySet, KeyFileError> {
        let imported = entry.imported.iter().find(|keys| keys.kid() == kid);
        let keys =
            imported.map_or_else(|| self.secret.keys(&entry.id, kid), |keys| KeySet::from_bytes(&keys.to_bytes()));
        keys.map_err(|_| KeyFileError::Refused("there are no keys of this key id"))
    }

    /// The newest keys of a device.
    ///
    /// # Errors
    /// [`KeyFileError::NoDevice`].
    pub fn newest(&self, id: &DeviceId) -> Result<KeySet, KeyFileError> {
        let entry = self.entry(id)?;
        self.keys(entry, newest(&entry.kids))
    }

    /// Adds a device whose keys are derived, from key id 0 on.
    ///
    /// # Errors
    /// [`KeyFileError::Known`].
    pub fn derive(&mut self, id: DeviceId, suite: SuiteName) -> Result<(), KeyFileError> {
        self.add(Entry { id, suite, kids: vec![0], revoked: false, imported: Vec::new() })
    }

    /// Adds a device with keys of its own, or the next keys of one that is there; the ones before stay valid, unless the device was revoked.
    /// Without a suite it is the device's own, or the default one for a new device.
    ///
    /// # Errors
    /// [`KeyFileError::Refused`] if those have the same key id or another digest key, or if the suite is another one than that of keys that stay valid.
    pub fn import(&mut self, id: DeviceId, suite: Option<SuiteName>, keys: KeySet) -> Result<(), KeyFileError> {
        let Ok(before) = self.newest(&id) else {
            let suite = suite.unwrap_or_default();
            return self.add(Entry { id, suite, kids: vec![keys.kid()], revoked: false, imported: vec![keys] });
        };
        if before.digest() != keys.digest() {
            return Err(KeyFileError::Refused("the digest key is another one: it stays when keys change"));
        }
        let entry = self.entry_mut(&id)?;
        if entry.kids.contains(&keys.kid()) {
            return Err(KeyFileError::Refused("it has keys of this key id"));
        }
        let suite = suite.unwrap_or(entry.suite);
        if suite != entry.suite && !entry.revoked {
            return Err(KeyFileError::Refused(
                "the suite is another one than that of its keys before: `keys revoke` those first",
            ));
        }
        let valid = if entry.revoked { vec![keys.kid()] } else { vec![before.kid(), keys.kid()] };
        (entry.kids, entry.suite, entry.revoked) = (valid, suite, false);
        entry.imported.retain(|old| entry.kids.contains(&old.kid()));
        entry.imported.push(keys);
        Ok(())
    }

    /// Gives a device the next key id; the one before stays valid, unless the device was revoked.
    ///
    /// # Errors
    /// [`KeyFileError::NoDevice`], [`KeyFileError::Refused`].
    pub fn rotate(&mut self, id: &DeviceId) -> Result<u8, KeyFileError> {
        let entry = self.entry_mut(id)?;
        if entry.imported.iter().any(|keys| keys.kid() == newest(&entry.kids)) {
            return Err(KeyFileError::Refused("its keys were imported: `keys import` the next ones"));
        }
        let newest = newest(&entry.kids);
        if newest >= MAX_KID {
            return Err(KeyFileError::Refused("there is no key id left: start a new key file"));
        }
        let valid = if entry.revoked { vec![newest + 1] } else { vec![newest, newest + 1] };
        (entry.kids, entry.revoked) = (valid, false);
        Ok(newest + 1)
    }

    /// Refuses all that a device says under its present keys.
    ///
    /// # Errors
    /// [`KeyFileError::NoDevice`].
    pub fn revoke(&mut self, id: &DeviceId) -> Result<(), KeyFileError> {
        self.entry_mut(id)?.revoked = true;
        Ok(())
    }

    fn entry_mut(&mut self, id: &DeviceId) -> Result<&mut Entry, KeyFileError> {
        self.entries.iter_mut().find(|entry| entry.id == *id).ok_or(KeyFileError::NoDevice(*id))
    }

    fn add(&mut self, entry: Entry) -> Result<(), KeyFileError> {
        match self.entries.binary_search_by_key(&entry.id, |entry| entry.id) {
            Ok(_) => Err(KeyFileError::Known(entry.id)),
            Err(at) => {
                self.entries.insert(at, entry);
                Ok(())
            }
        }
    }

    fn from_text(text: &FileText) -> Result<Self, KeyFileError> {
        let damaged = |what: &str| KeyFileError::Damaged(what.to_owned());
        if text.v != VERSION {
            return Err(KeyFileError::Damaged(format!("version {} is not {VERSION}", text.v)));
        }
        let secret = FleetSecret::from_hex(&text.fleet_secret).ok_or_else(|| damaged("fleet_secret"))?;
        let mut entries = text.devices.iter().map(Entry::from_text).collect::<Result<Vec<_>, _>>()?;
        entries.sort_by_key(|entry| entry.id);
        if entries.windows(2).any(|two| two[0].id == two[1].id) {
            return Err(damaged("a device is there twice"));
        }
        Ok(Self { secret, entries })
    }

    fn write_to(&self, to: &mut File, path: &Path) -> Result<(), KeyFileError> {
        let devices = self.entries.iter().map(Entry::to_text).collect();
        let text = FileText { v: VERSION, fleet_secret: self.secret.to_hex().to_string(), devices };
        let json = Zeroizing::new(serde_json::to_vec_pretty(&text).map_err(io::Error::from)?);
        to.write_all(&json)?;
        to.write_all(b"\n")?;
        to.sync_all()?;
        File::open(folder_of(path))?.sync_all()?;
        Ok(())
    }
}

impl Entry {
    fn from_text(text: &EntryText) -> Result<Self, KeyFileError> {
        let damaged = |what: &str| KeyFileError::Damaged(format!("{}: {what}", text.id));
        let id = text.id.parse().map_err(|_| damaged("id"))?;
        let valid = (1..=SLOTS).contains(&text.kids.len()) && text.kids.iter().all(|kid| *kid <= MAX_KID);
        let imported: Option<Vec<_>> = text.imported.iter().map(|digits| from_hex(digits)).collect();
        match imported {
            Some(imported) if valid => {
                Ok(Self { id, suite: text.suite, kids: text.kids.clone(), revoked: text.revoked, imported })
            }
            Some(_) => Err(damaged("kids")),
            None => Err(damaged("imported")),
        }
    }

    fn to_text(&self) -> EntryText {
        let imported = self.imported.iter().map(|keys| hex(&Zeroizing::new(keys.to_bytes())[..]).to_string()).collect();
        EntryText {
            id: self.id.to_string(),
            suite: self.suite,
            kids: self.kids.clone(),
            revoked: self.revoked,
            imported,
        }
    }
}

/// The key set of 162 hex digits.
fn from_hex(digits: &str) -> Option<KeySet> {
    let bytes = Zeroizing::new(parse_hex(digits).ok()?);
    KeySet::from_bytes(bytes.as_slice().try_into().ok()?).ok()
}

fn newest(kids: &[u8]) -> u8 {
    kids.last().copied().unwrap_or(0)
}

/// Where the text is wrong; never what stands there.
fn place(error: &serde_json::Error) -> String {
    format!("line {}, column {}", error.line(), error.column())
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    name.into()
}

impl KeyFileError {
    /// Whether it is about the key file itself, not about what was asked of it.
    #[must_use]
    pub fn is_of_file(&self) -> bool {
        matches!(self, Self::Missing | Self::Exists | Self::Loose(_) | Self::Damaged(_) | Self::Io(_))
    }
}

impl From<io::Error> for KeyFileError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl fmt::Display for KeyFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is no key file; `keys init` makes one"),
            Self::Exists => f.write_str("the key file exists; it is never overwritten"),
            Self::OutputExists => f.write_str("the output file exists; it is never overwritten"),
            Self::Loose(mode) => write!(f, "others may read the key file (mode {mode:03o}); `chmod 600` it"),
            Self::Damaged(what) => write!(f, "the key file is damaged: {what}"),
            Self::NoDevice(id) => {
                write!(f, "{} is not in the key file; `keys derive` or `keys import` it", id.in_words())
            }
            Self::Known(id) => {
                let id = id.in_words();
                write!(f, "{id} is in the key file; `keys export` shows its keys, `keys rotate` makes new ones")
            }
            Self::Refused(why) => f.write_str(why),
            Self::Io(error) => write!(f, "key file: {error}"),
        }
    }
}

impl std::error::Error for KeyFileError {}
