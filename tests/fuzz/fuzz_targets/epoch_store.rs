//! Epoch stores over any contents: no panic, and after any number of power cuts no epoch is opened twice.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tidings::epoch::{ByteEpoch, NorEpoch};
use tidings::{Agent, Config, DeviceId, EpochStore, Keys, Memory};
use tidings_fuzz::memory::{Nor, PAGE, Plain};
use tidings_fuzz::{Script, link};

fuzz_target!(|data: &[u8]| {
    let mut script = Script(data);
    if script.byte() & 1 == 0 {
        let mut bytes = [0xFF; 2 * PAGE];
        bytes.iter_mut().zip(script.take(2 * PAGE)).for_each(|(to, from)| *to = *from);
        let mut flash = Nor { bytes, power: usize::MAX };
        boots(&mut script, |power| {
            flash.power = power;
            let mut store = NorEpoch::new(flash.clone(), 0).ok()?;
            let opened = boot(&mut store);
            flash = store.release();
            opened
        });
    } else {
        let mut bytes = [0; 32];
        bytes.iter_mut().zip(script.take(32)).for_each(|(to, from)| *to = *from);
        let mut memory = Plain { bytes, power: usize::MAX };
        boots(&mut script, |power| {
            memory.power = power;
            let mut store = ByteEpoch::new(memory.clone(), 0);
            let opened = boot(&mut store);
            memory = store.release();
            opened
        });
    }
});

/// Boots with power for so many bytes; epochs only grow.
fn boots(script: &mut Script<'_>, mut boot: impl FnMut(usize) -> Option<u32>) {
    let mut newest = 0;
    for _ in 0..12 {
        let power = if script.is_over() { usize::MAX } else { usize::from(script.byte() % 40) };
        if let Some(epoch) = boot(power) {
            assert!(epoch > newest, "epoch {epoch} after {newest}");
            newest = epoch;
        }
    }
}

/// The epoch that an agent opens, if it does.
fn boot<S: EpochStore>(store: &mut S) -> Option<u32> {
    let mut memory = Memory::<64, 64>::new();
    let id = DeviceId::new(link::ID).expect("one byte");
    let mut agent = Agent::new(Config::new(), id, Keys::PLAIN, &mut memory);
    agent.start(0, store).ok()?;
    Some(agent.epoch())
}
