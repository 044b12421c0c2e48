//! The plain image with Ascon-AEAD128 in place of the CRC.

#![no_std]
#![no_main]

use core::mem::MaybeUninit;
use size::device::{Device, exchange, tell_everything};
use size::kinds::record_all;
use size::unknown;
use tidings::Keys;
use tidings::suites::{Ascon128, KeySet};

size::firmware! {
    DEVICE: Device = Device::new();
    SET: MaybeUninit<KeySet> = MaybeUninit::uninit();
    SUITE: MaybeUninit<Ascon128<'static>> = MaybeUninit::uninit();
    => {
        let Ok(set) = KeySet::from_bytes(unknown(&[1; KeySet::BYTES])) else {
            loop {
                core::hint::spin_loop();
            }
        };
        let set: &'static KeySet = SET.write(set);
        let keys = Keys::sealed(SUITE.write(Ascon128::device(set)), set);
        DEVICE.run_with(keys, |agent, received, now_ms| {
            record_all(agent);
            tell_everything(agent);
            exchange(agent, received, now_ms);
        })
    }
}
