//! The devices that a running collector deals with: loaded from the database when they speak, admitted by policy, saved when changed.
//!
//! The database is the truth: what is held here is dropped when another process has changed a device, before the next packet is taken.

use std::collections::HashMap;

use tidings_wire::DigestKey;

use super::{Limits, Unknown};
use crate::device_id::DeviceId;
use crate::keys::Keyring;
use crate::replica::{DeviceState, Fact, Replica, Settings};
use crate::store::{Batch, DeviceRow, Standing, StoreError};

/// Facts held in memory, in all; past it all devices are dropped and loaded again as they speak.
const RESIDENT_FACTS: usize = 2_000_000;
/// Devices held in memory, likewise.
const RESIDENT_DEVICES: usize = 100_000;

/// Why a device's packet is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is not known, and unknown devices are refused.
    Unknown,
    /// It waits for a person to name it.
    Quarantined,
    /// There are as many devices as there may be.
    TooMany,
}

/// One device in memory.
pub struct Member {
    /// Its row; the state in it is written anew when the device is saved.
    pub row: DeviceRow,
    /// Its state machine.
    pub replica: Replica,
    counted: bool,
    changed: bool,
}

impl Member {
    /// Whether nothing it said was ever kept.
    pub fn is_stranger(&self) -> bool {
        !self.counted || self.row.state.epoch == 0 && self.replica.state().epoch == 0
    }

    /// Notes a packet that was accepted.
    pub fn heard(&mut self, at_ms: i64, source: &str) {
        self.row.last_seen_ms = at_ms;
        if self.row.source != source {
            source.clone_into(&mut self.row.source);
        }
    }
}

/// All devices in memory.
pub struct Fleet {
    limits: Limits,
    instance: u32,
    members: HashMap<DeviceId, Member>,
    changed: Vec<DeviceId>,
    known: usize,
}

impl Fleet {
    /// An empty one; [`Fleet::reload`] comes before the first packet.
    #[must_use]
    pub fn new(limits: Limits, instance: u32) -> Self {
        Self { limits, instance, members: HashMap::new(), changed: Vec::new(), known: 0 }
    }

    /// Drops what is held, between batches: another process has changed a device.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn reload(&mut self, batch: &Batch<'_>) -> Result<(), StoreError> {
        self.members.clear();
        self.known = batch.device_count()?;
        Ok(())
    }

    /// Drops what is held, between batches: keys have changed.
    pub fn clear(&mut self) {
        self.members.clear();
    }

    /// Drops what is held if it is too much; between batches.
    pub fn trim(&mut self) {
        let facts: usize = self.members.values().map(|member| member.replica.fact_count()).sum();
        if facts > RESIDENT_FACTS || self.members.len() > RESIDENT_DEVICES {
            self.members.clear();
        }
    }

    /// The device of an id, ready to receive; a new one too, if policy allows. The inner error says why it is not heard.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn admit(
        &mut self,
        keys: &Keyring,
        batch: &Batch<'_>,
        id: DeviceId,
        at_ms: i64,
    ) -> Result<Result<&mut Member, Refusal>, StoreError> {
        if !self.members.contains_key(&id) {
            match self.load(keys, batch, id, at_ms)? {
                Ok(member) => self.members.insert(id, member),
                Err(refusal) => return Ok(Err(refusal)),
            };
        }
        Ok(self.members.get_mut(&id).ok_or(Refusal::Unknown))
    }

    fn load(
        &mut self,
        keys: &Keyring,
        batch: &Batch<'_>,
        id: DeviceId,
        at_ms: i64,
    ) -> Result<Result<Member, Refusal>, StoreError> {
        let row = batch.device(&id)?;
        let standing = row.as_ref().map(|row| row.standing);
        let row = row.unwrap_or_else(|| new_row(id, at_ms));
        // Whoever has keys is known, by the hand that wrote the key file.
        let unknown = if keys.knows(&id) { Unknown::Accept } else { self.limits.unknown };
        let digest_key = keys.digest_key(&id);
        match (standing, unknown) {
            (Some(Standing::Accepted), _) => Ok(Ok(self.restore(row, batch.facts(&id)?, true, digest_key))),
            (Some(Standing::Quarantined), Unknown::Accept) if keys.knows(&id) => {
                let row = DeviceRow { standing: Standing::Accepted, ..row };
                Ok(Ok(self.restore(row, Vec::new(), true, digest_key)))
            }
            (Some(Standing::Quarantined), _) => Ok(Err(Refusal::Quarantined)),
            (_, Unknown::Refuse) => Ok(Err(Refusal::Unknown)),
            _ if self.known >= self.limits.max_devices => Ok(Err(Refusal::TooMany)),
            (_, Unknown::Quarantine) => self.quarantine(batch, row).map(Err),
            (_, Unknown::Accept) => Ok(Ok(self.restore(named(batch, row)?, Vec::new(), false, digest_key))),
        }
    }

    fn restore(&self, row: DeviceRow, facts: Vec<(u8, Vec<u8>, Fact)>, counted: bool, digest_key: DigestKey) -> Member {
        let settings = Settings { max_facts: self.limits.max_facts, instance: self.instance, digest_key };
        let replica = Replica::restore(settings, row.state.clone(), facts);
        Member { row, replica, counted, changed: false }
    }

    fn quarantine(&mut self, batch: &Batch<'_>, row: DeviceRow) -> Result<Refusal, StoreError> {
        batch.save_device(&DeviceRow { standing: Standing::Quarantined, ..named(batch, row)? })?;
        self.known += 1;
        Ok(Refusal::Quarantined)
    }

    /// Notes that a device's state is to be saved with the batch.
    pub fn note_change(&mut self, id: &DeviceId) {
        let Some(member) = self.members.get_mut(id) else { return };
        if !member.counted {
            member.counted = true;
            member.row.standing = Standing::Accepted;
            self.known += 1;
        }
        if !std::mem::replace(&mut member.changed, true) {
            self.changed.push(*id);
        }
    }

    /// Lets go of a stranger whose packet left no trace: floods of ids take no memory.
    pub fn drop_stranger(&mut self, id: &DeviceId) {
        if self.members.get(id).is_some_and(|member| !member.counted) {
            self.members.remove(id);
        }
    }

    /// Writes the state of all devices that changed, and says how many; `saved` hears of each.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn save(
        &mut self,
        batch: &Batch<'_>,
        mut saved: impl FnMut(&DeviceRow) -> Result<(), StoreError>,
    ) -> Result<usize, StoreError> {
        let count = self.changed.len();
        for id in self.changed.drain(..) {
            let Some(member) = self.members.get_mut(&id) else { continue };
            member.changed = false;
            member.row.state.clone_from(member.replica.state());
            batch.save_device(&member.row)?;
            saved(&member.row)?;
        }
        Ok(count)
    }
}

/// A device whose id can be read bears it as its name until a person gives another.
fn named(batch: &Batch<'_>, mut row: DeviceRow) -> Result<DeviceRow, StoreError> {
    if let Some(name) = row.id.readable().filter(|_| row.name.is_none()) {
        row.name = batch.is_free(name)?.then(|| name.to_owned());
    }
    Ok(row)
}

/// The row of a device that nothing is known of.
pub(super) fn new_row(id: DeviceId, at_ms: i64) -> DeviceRow {
    DeviceRow {
        id,
        name: None,
        tenant: String::new(),
        standing: Standing::Accepted,
        first_seen_ms: at_ms,
        last_seen_ms: at_ms,
        source: String::new(),
        state: DeviceState::default(),
    }
}
