<<<<<<< HEAD
//! The plain image under ChaCha20-Poly1305, with room for two key slots.
=======
//! The plain image with ChaCha20-Poly1305 in place of the CRC.
>>>>>>> sealed

#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use core::mem::MaybeUninit;
<<<<<<< HEAD
use size::device::{Device, exchange, stop, tell_everything};
use size::kinds::record_all;
use size::unknown;
use tidings::Keys;
use tidings::wire::suites::{ChaCha20Poly1305, KeySet};
=======
use size::device::{Device, exchange, tell_everything};
use size::kinds::record_all;
use size::unknown;
use tidings::Keys;
use tidings::suites::{ChaCha20Poly1305, KeySet};
>>>>>>> sealed

#[cortex_m_rt::entry]
fn main() -> ! {
    static mut DEVICE: Device = Device::new();
<<<<<<< HEAD
    static mut SLOTS: [MaybeUninit<KeySet>; 2] = [const { MaybeUninit::uninit() }; 2];
    static mut SUITE: MaybeUninit<ChaCha20Poly1305<'static>> = MaybeUninit::uninit();
    let [slot, _] = unknown(SLOTS);
    let Ok(keys) = KeySet::from_bytes(unknown(&[0; KeySet::BYTES])) else { stop() };
    let keys = slot.write(keys);
    let suite = SUITE.write(ChaCha20Poly1305::device(keys));
    DEVICE.run_with(Keys::sealed(suite, keys), |agent, received, now_ms| {
=======
    static mut SET: MaybeUninit<KeySet> = MaybeUninit::uninit();
    static mut SUITE: MaybeUninit<ChaCha20Poly1305<'static>> = MaybeUninit::uninit();
    let Ok(set) = KeySet::from_bytes(unknown(&[1; KeySet::BYTES])) else {
        loop {
            core::hint::spin_loop();
        }
    };
    let set: &'static KeySet = SET.write(set);
    let keys = Keys::sealed(SUITE.write(ChaCha20Poly1305::device(set)), set);
    DEVICE.run_with(keys, |agent, received, now_ms| {
>>>>>>> sealed
        record_all(agent);
        tell_everything(agent);
        exchange(agent, received, now_ms);
    })
}
