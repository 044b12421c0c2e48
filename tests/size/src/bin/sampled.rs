//! The plain image, with measurements that are told only past their limits.

#![no_std]
#![no_main]

use size::device::{Device, exchange, sample, tell_everything};
use size::kinds::record_all;

size::firmware! {
    DEVICE: Device = Device::new();
    => {
        DEVICE.run(|agent, received, now_ms| {
            record_all(agent);
            sample(agent);
            tell_everything(agent);
            exchange(agent, received, now_ms);
        })
    }
}
