//! A host that knows nothing of a device asks it to show that it speaks now: each Hello brings back the last challenge.

use crate::host::{CONFIG, challenge, hello, id, keys, read, sent};
use tidings::epoch::RamEpoch;
use tidings::suites::ChaCha20Poly1305;
use tidings::{Agent, Keys, Memory};

#[test]
fn each_hello_brings_back_the_last_one() {
    let set = keys(1);
    let (suite, host) = (ChaCha20Poly1305::device(&set), ChaCha20Poly1305::host(&set));
    let mut memory = Memory::<256, 64>::new();
    let mut agent = Agent::new(CONFIG, id(), Keys::sealed(&suite, &set), &mut memory);
    agent.start(0, &mut RamEpoch::at(1)).expect("it was provisioned");
    let mut packet = sent(&mut agent);
    assert_eq!(hello(&set, &packet).challenge, None);
    for bytes in [*b"once....", *b"........", *b"01234567"] {
        let mut answer = challenge(&host, &read(&set, &packet), bytes);
        agent.handle_input(5, &mut answer).expect("it answers the open Hello");
        packet = sent(&mut agent);
        assert_eq!(hello(&set, &packet).challenge, Some(bytes));
    }
}
