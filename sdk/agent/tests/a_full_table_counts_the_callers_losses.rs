//! Facts that a full table refused are counted once each; that the agent then cannot even tell of them is no loss of the caller's.

use tidings::facts::RawFact;
use tidings::{Agent, Config, DeviceId, Keys, Kind, Memory, RecordError};

fn big(key: &[u8]) -> RawFact<'_> {
    RawFact { kind: Kind::IDENTITY, key, value: &[0; 90] }
}

#[test]
fn a_full_table_counts_the_callers_losses_and_no_others() {
    let mut memory = Memory::<100, 0>::new();
    let id = DeviceId::new(b"full").expect("short");
    let mut agent = Agent::new(Config::new(), id, Keys::PLAIN, &mut memory);
    // What is left is too little for the agent's own fact too.
    agent.record(&RawFact { kind: Kind::SETTING, key: b"most", value: &[0; 70] }).expect("it fits");
    for losses in 1..=3 {
        assert_eq!(agent.record(&big(b"a")), Err(RecordError::Full));
        assert_eq!(agent.stats().facts_dropped, losses);
    }
    assert!(agent.facts().all(|(kind, ..)| kind != Kind::AGENT), "it was told after all, and this proves nothing");
}
