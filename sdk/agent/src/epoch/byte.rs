//! An epoch in memory that is written byte by byte, any number of times: EEPROM, FRAM, battery-backed SRAM.

use super::EpochStore;
use super::record::{self, LEN};
use embedded_storage::Storage;

/// Two records that are written in turn, 32 bytes from `offset`: a power cut leaves the other one whole. A boot that finds one torn writes both.
#[derive(Debug)]
pub struct ByteEpoch<M> {
    memory: M,
    offset: u32,
}

/// What the two places hold.
#[derive(Clone, Copy)]
struct Found {
    /// The place of the newest record, and its epoch.
    newest: Option<(u32, u32)>,
    /// A record is torn; its number may have been used.
    torn: bool,
}

impl<M: Storage> ByteEpoch<M> {
    /// Bytes of memory that the store uses.
    pub const BYTES: usize = 2 * LEN;

    /// The store in the 32 bytes of `memory` from `offset`.
    pub const fn new(memory: M, offset: u32) -> Self {
        Self { memory, offset }
    }

    /// Gives the memory back.
    pub fn release(self) -> M {
        self.memory
    }

    const fn at(&self, place: u32) -> u32 {
        self.offset + place * LEN as u32
    }

    fn read(&mut self, place: u32) -> Result<Option<u32>, M::Error> {
        let mut bytes = [0; LEN];
        self.memory.read(self.at(place), &mut bytes)?;
        Ok(record::decode(&bytes))
    }

    fn find(&mut self) -> Result<Found, M::Error> {
        let (first, second) = (self.read(0)?, self.read(1)?);
        let newest = if second > first { second.map(|epoch| (1, epoch)) } else { first.map(|epoch| (0, epoch)) };
        Ok(Found { newest, torn: first.is_none() || second.is_none() })
    }
}

impl<M: Storage> EpochStore for ByteEpoch<M> {
    type Error = M::Error;

    fn load(&mut self) -> Result<Option<u32>, M::Error> {
        let found = self.find()?;
        Ok(found.newest.map(|(_, epoch)| epoch.saturating_add(u32::from(found.torn))))
    }

    fn store(&mut self, epoch: u32) -> Result<(), M::Error> {
        let bytes = record::encode(epoch);
        let Found { newest, torn } = self.find()?;
        let first = newest.map_or(0, |(place, _)| 1 - place);
        self.memory.write(self.at(first), &bytes)?;
        // Never one whole record beside a torn one for long: if this one turns out torn too, only the other place tells its number.
        if torn { self.memory.write(self.at(1 - first), &bytes) } else { Ok(()) }
    }
}
