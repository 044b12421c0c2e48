//! A device as far as epochs are concerned: an agent with keys that starts on a store.

use tidings::suites::{ChaCha20Poly1305, KeySet};
use tidings::{Agent, Config, DeviceId, EpochError, EpochStore, Keys, Memory};

/// Boots on `store`; gives the epoch under which packets would now be sealed.
pub fn boot<S: EpochStore>(store: &mut S) -> Result<u32, EpochError<S::Error>> {
    let set = KeySet::new(1, [1; 32], [2; 32], [3; 16]).expect("the keys differ");
    let suite = ChaCha20Poly1305::device(&set);
    let mut memory = Memory::<64, 64>::new();
    let id = DeviceId::new(b"d").expect("one byte");
    let mut agent = Agent::new(Config::new(), id, Keys::sealed(&suite, &set), &mut memory);
    let started = agent.start(0, store);
    assert_eq!(agent.epoch() == 0, started.is_err(), "an epoch that failed is not used");
    started.map(|()| agent.epoch())
}

/// Numbers that look random and are the same in each run.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % end
    }
}
