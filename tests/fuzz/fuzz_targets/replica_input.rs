//! The replica under any bodies: it never panics, what is malformed leaves no trace, and it holds no more than it may.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tidings_collector::effects::Effects;
use tidings_collector::replica::{Opened, Replica, Settings};
use tidings_fuzz::Script;
use tidings_wire::DigestKey;

const SETTINGS: Settings = Settings { max_facts: 40, instance: 7, digest_key: DigestKey([0; 16]) };

fuzz_target!(|data: &[u8]| {
    let mut script = Script(data);
    let mut replica = Replica::new(SETTINGS);
    let mut ctr = 0;
    while !script.is_over() {
        let head = script.byte();
        let epoch = u32::from(head & 3) + 1;
        ctr = if head & 4 != 0 { u64::from(head >> 3) } else { ctr + 1 };
        let before = (replica.state().clone(), held(&replica));
        let mut effects = Effects::new();
        let body = script.long_bytes();
        let answer = replica.receive(Opened { epoch, ctr, body }, 1_000 + ctr, &mut effects);
        let touched = !effects.is_empty() || effects.state_changed();
        assert!(answer.is_ok() || !touched, "what is malformed leaves no trace");
        assert!(touched || before == (replica.state().clone(), held(&replica)), "what changes is told");
        assert!(replica.fact_count() <= SETTINGS.max_facts && replica.fact_count() == held(&replica).len());
    }
});

fn held(replica: &Replica) -> Vec<(u8, Vec<u8>, Vec<u8>)> {
    replica.facts().map(|(kind, key, fact)| (kind, key.to_vec(), fact.value.to_vec())).collect()
}
