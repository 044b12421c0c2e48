//! The engine and the codecs of all kinds, packets given and taken one by one.

#![no_std]
#![no_main]

use size::device::{Device, exchange, tell_everything};
use size::kinds::record_all;

size::firmware! {
    DEVICE: Device = Device::new();
    => {
        DEVICE.run(|agent, received, now_ms| {
            record_all(agent);
            tell_everything(agent);
            exchange(agent, received, now_ms);
        })
    }
}
