//! The engine for a device that reports software and events and nothing else.

#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use size::device::{Device, exchange};
use size::kinds::record_software;

#[cortex_m_rt::entry]
fn main() -> ! {
    static mut DEVICE: Device = Device::new();
    DEVICE.run(|agent, received, now_ms| {
        record_software(agent);
        exchange(agent, received, now_ms);
    })
}
