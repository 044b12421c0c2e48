//! The plain image under ChaCha20-Poly1305, with room for two key slots.

#![no_std]
#![no_main]

use core::mem::MaybeUninit;
use size::device::{Device, exchange, stop, tell_everything};
use size::kinds::record_all;
use size::unknown;
use tidings::Keys;
use tidings::wire::suites::{ChaCha20Poly1305, KeySet};

size::firmware! {
    DEVICE: Device = Device::new();
    SLOTS: [MaybeUninit<KeySet>; 2] = [const { MaybeUninit::uninit() }; 2];
    SUITE: MaybeUninit<ChaCha20Poly1305<'static>> = MaybeUninit::uninit();
    => {
        let [slot, _] = unknown(SLOTS);
        let Ok(keys) = KeySet::from_bytes(unknown(&[0; KeySet::BYTES])) else { stop() };
        let keys = slot.write(keys);
        let suite = SUITE.write(ChaCha20Poly1305::device(keys));
        DEVICE.run_with(Keys::sealed(suite, keys), |agent, received, now_ms| {
            record_all(agent);
            tell_everything(agent);
            exchange(agent, received, now_ms);
        })
    }
}
