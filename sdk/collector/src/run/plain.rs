//! Warns of devices that report in plain: once each, and only so many, whatever ids a sender makes up.

use std::collections::BTreeSet;

use super::say::say;
use crate::device_id::DeviceId;

/// Devices that are named in warnings.
const MAX_NAMED: usize = 32;

/// The devices that were warned of since `run` began.
#[derive(Debug, Default)]
pub struct PlainDevices {
    named: BTreeSet<DeviceId>,
    more: bool,
}

impl PlainDevices {
    /// Notes that a device was heard in plain.
    pub fn heard(&mut self, device: &DeviceId) {
        if self.named.len() < MAX_NAMED {
            if self.named.insert(*device) {
                say(format_args!(
                    "warning: {device} reports in plain: whoever is on the way reads it and can pose as it; `keys derive` gives it keys"
                ));
            }
        } else if !self.more && !self.named.contains(device) {
            self.more = true;
            say(format_args!("warning: more devices report in plain; --require-sealed refuses them all"));
        }
    }
}
