//! What a forged packet costs the device: no cipher at all if its clear fields are not those of an open packet, else one run over the packet, whatever the
//! forger does. Counted as calls and bytes of the suite; `cargo xtask instructions` says what a run takes.

use super::host::{CONFIG, ack, id, keys, read, sent};
use std::cell::Cell;
use tidings::epoch::RamEpoch;
use tidings::suites::ChaCha20Poly1305;
use tidings::wire::packet::{NONCE, PacketError, Suite, SuiteId};
use tidings::{Agent, Keys, Memory};

/// A suite that counts what it is asked to open.
struct Counting<'k> {
    suite: ChaCha20Poly1305<'k>,
    opened: Cell<(usize, usize)>,
}

impl Suite for Counting<'_> {
    fn id(&self) -> SuiteId {
        self.suite.id()
    }

    fn check_len(&self) -> usize {
        self.suite.check_len()
    }

    fn seal(&self, nonce: &[u8; NONCE], clear: &[u8], body: &mut [u8], check: &mut [u8]) {
        self.suite.seal(nonce, clear, body, check);
    }

    fn open(&self, nonce: &[u8; NONCE], clear: &[u8], body: &mut [u8], check: &[u8]) -> Result<(), PacketError> {
        let (calls, bytes) = self.opened.get();
        self.opened.set((calls + 1, bytes + clear.len() + body.len()));
        self.suite.open(nonce, clear, body, check)
    }
}

#[test]
fn a_forged_packet_costs_one_run_of_the_cipher_at_most_and_one_for_others_none() {
    let set = keys(1);
    let suite = Counting { suite: ChaCha20Poly1305::device(&set), opened: Cell::default() };
    let mut memory = Memory::<256, 128>::new();
    let mut agent = Agent::new(CONFIG, id(), Keys::sealed(&suite, &set), &mut memory);
    agent.start(0, &mut RamEpoch::at(4)).expect("RAM takes everything");
    let good = ack(&ChaCha20Poly1305::host(&set), &read(&set, &sent(&mut agent)));
    let clear = 1 + 1 + 1 + 6 + 1;
    for at in 0..good.len() {
        suite.opened.set((0, 0));
        let mut forged = good.clone();
        forged[at] ^= 0x40;
        assert!(agent.handle_input(2, &mut forged).is_err());
        let (calls, bytes) = suite.opened.get();
        assert_eq!(calls, usize::from(at >= clear), "byte {at}");
        assert!(bytes <= good.len(), "{bytes} bytes of {}", good.len());
    }
    for len in [0, 1, clear, 64, 1_400, 4_096, 65_536] {
        suite.opened.set((0, 0));
        let mut forged = good.clone();
        forged.resize(len.max(clear), 0x55);
        forged.truncate(len);
        assert!(agent.handle_input(2, &mut forged).is_err());
        let (calls, bytes) = suite.opened.get();
        assert!(calls <= 1 && bytes <= len.min(1_400), "{calls} runs over {bytes} bytes of {len}");
    }
    assert_eq!(u64::from(agent.stats().refused), good.len() as u64 + 7);
    assert_eq!(agent.handle_input(3, &mut good.clone()), Ok(()), "none of them did harm");
    suite.opened.set((0, 0));
    assert!(agent.handle_input(3, &mut good.clone()).is_err());
    assert_eq!(suite.opened.get(), (0, 0), "with nothing open, no answer is looked at");
}
