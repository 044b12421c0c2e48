//! What people ask of devices while a collector runs: taken into the device's state, then watched until it is fulfilled.
//!
//! Level-triggered: a request stays open in the database until the device's state says that it is done, whatever restarts in between.

use std::collections::HashMap;

use crate::device_id::DeviceId;
use crate::store::{Batch, DeviceRow, Request, StoreError};

/// The open requests by device.
#[derive(Debug, Default)]
pub struct Requests {
    taken: HashMap<DeviceId, Vec<i64>>,
}

impl Requests {
    /// Reads the open requests anew; gives those that are to be taken into a device's state.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn reload(&mut self, batch: &Batch<'_>) -> Result<Vec<Request>, StoreError> {
        let (taken, new): (Vec<_>, Vec<_>) = batch.open_requests()?.into_iter().partition(|request| request.taken);
        self.taken.clear();
        taken.iter().for_each(|request| self.watch(request));
        Ok(new)
    }

    /// Watches a request that is part of its device's state.
    pub fn watch(&mut self, request: &Request) {
        self.taken.entry(request.device).or_default().push(request.n);
    }

    /// Closes a device's requests if its state says that it is in step again.
    ///
    /// # Errors
    /// What SQLite reports.
    pub fn close_fulfilled(&mut self, batch: &Batch<'_>, row: &DeviceRow, now_ms: i64) -> Result<(), StoreError> {
        if row.state.ask || row.state.pending != 0 {
            return Ok(());
        }
        let done = self.taken.remove(&row.id).unwrap_or_default();
        done.into_iter().try_for_each(|n| batch.request_done(n, now_ms))
    }
}
