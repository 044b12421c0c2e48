//! Epoch stores over any contents, torn writes and records that rot: no epoch is opened twice, and on memory that was never anything else each boot
//! with power succeeds and takes a number near the last one.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tidings::epoch::{ByteEpoch, NorEpoch};
use tidings::suites::{ChaCha20Poly1305, KeySet};
use tidings::{Agent, Config, DeviceId, EpochStore, Keys, Memory, provision};
use tidings_fuzz::memory::{Nor, PAGE, Plain, Power};
use tidings_fuzz::{Script, link};

/// Boots of a script: enough to go round the ring of 16 slots twice.
const BOOTS: u32 = 40;
/// Numbers that a boot may burn: one a slot that it tries.
const BURNED: u32 = 4;

/// Memory of one kind with a store on it.
trait Board {
    /// Records may rot one after another; else one does between two boots that leave a sound one.
    const ROTS_AT_WILL: bool;

    /// Writes the first epoch, unless there is one.
    fn provision(&mut self);
    /// Boots; gives the epoch that was opened, if one was and the power lasted so long that packets may have left under it.
    fn boot(&mut self, power: Power) -> Option<u32>;
    /// The record that was written last loses some bits of a byte.
    fn rot(&mut self, byte: usize, bits: u8);
}

fuzz_target!(|data: &[u8]| {
    let mut script = Script(data);
    let shape = script.byte();
    let is_new = shape & 2 == 0;
    let contents = if is_new { &[] } else { script.bytes() };
    if shape & 1 == 0 {
        let mut bytes = [0xFF; 2 * PAGE];
        bytes.iter_mut().zip(contents).for_each(|(to, from)| *to = *from);
        boots(&mut Nor { bytes, power: Power::FULL, written: 0 }, &mut script, is_new);
    } else {
        let mut bytes = [0; 32];
        bytes.iter_mut().zip(contents).for_each(|(to, from)| *to = *from);
        boots(&mut Plain { bytes, power: Power::FULL, written: 0 }, &mut script, is_new);
    }
});

/// Boots, each with so much power; some of the records that they leave rot.
fn boots<B: Board>(board: &mut B, script: &mut Script<'_>, is_new: bool) {
    board.provision();
    let (mut newest, mut burned) = (0, 0);
    let (mut is_sound, mut has_rotted) = (true, false);
    for _ in 0..BOOTS {
        let head = script.byte();
        let lasts = head & 1 == 0 || has_rotted && !B::ROTS_AT_WILL;
        let power = if lasts { Power::FULL } else { Power { bytes: (head >> 2).into(), kept: script.byte() } };
        burned += BURNED;
        let opened = board.boot(power);
        assert!(opened.is_some() || !is_new || !lasts, "new memory with power opens an epoch");
        let Some(epoch) = opened else {
            is_sound = false;
            continue;
        };
        assert!(epoch > newest, "epoch {epoch} after {newest}");
        assert!(!is_new || epoch - newest <= burned, "epoch {epoch} after {newest}: numbers are wasted");
        (newest, burned) = (epoch, 1);
        has_rotted = head & 2 != 0 && (is_sound || B::ROTS_AT_WILL);
        if has_rotted {
            board.rot(usize::from(script.byte()), script.byte());
        }
        is_sound = !has_rotted;
    }
}

impl Board for Nor {
    const ROTS_AT_WILL: bool = false;

    fn provision(&mut self) {
        let mut store = NorEpoch::new(self.clone(), 0).expect("two whole pages");
        provision(0, &mut store).ok(); // contents that are full to the last number stay as they are
        *self = store.release();
    }

    fn boot(&mut self, power: Power) -> Option<u32> {
        self.power = power;
        let mut store = NorEpoch::new(self.clone(), 0).expect("two whole pages");
        let opened = open(&mut store);
        *self = store.release();
        opened.filter(|_| !self.power.is_gone())
    }

    fn rot(&mut self, byte: usize, bits: u8) {
        self.bytes[self.written + byte % 16] |= bits;
    }
}

impl Board for Plain {
    const ROTS_AT_WILL: bool = true;

    fn provision(&mut self) {
        let mut store = ByteEpoch::new(self.clone(), 0);
        provision(0, &mut store).ok(); // contents that are full to the last number stay as they are
        *self = store.release();
    }

    fn boot(&mut self, power: Power) -> Option<u32> {
        self.power = power;
        let mut store = ByteEpoch::new(self.clone(), 0);
        let opened = open(&mut store);
        *self = store.release();
        opened.filter(|_| !self.power.is_gone())
    }

    fn rot(&mut self, byte: usize, bits: u8) {
        self.bytes[self.written + byte % 16] ^= bits;
    }
}

/// The epoch under which an agent would seal, if it opens one.
fn open<S: EpochStore>(store: &mut S) -> Option<u32> {
    let set = KeySet::new(1, [1; 32], [2; 32], [3; 16]).expect("the keys differ");
    let suite = ChaCha20Poly1305::device(&set);
    let mut memory = Memory::<64, 64>::new();
    let id = DeviceId::new(link::ID).expect("one byte");
    let mut agent = Agent::new(Config::new(), id, Keys::sealed(&suite, &set), &mut memory);
    agent.start(0, store).ok()?;
    Some(agent.epoch())
}
