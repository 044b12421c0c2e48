//! The engine for a device that reports software and events and nothing else.

#![no_std]
#![no_main]

use size::device::{Device, exchange};
use size::kinds::record_software;

size::firmware! {
    DEVICE: Device = Device::new();
    => {
        DEVICE.run(|agent, received, now_ms| {
            record_software(agent);
            exchange(agent, received, now_ms);
        })
    }
}
