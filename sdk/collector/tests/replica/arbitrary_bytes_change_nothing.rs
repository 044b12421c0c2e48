//! Whatever arrives, the replica does not panic; what is malformed anywhere leaves no trace.

use proptest::prelude::*;
use tidings_collector::effects::Effects;
use tidings_collector::replica::{Opened, Replica};
use tidings_wire::Severity;

use crate::device::*;

fn receive(host: &mut Replica, epoch: u32, ctr: u64, body: &[u8]) -> (bool, bool) {
    let mut effects = Effects::new();
    let outcome = host.receive(Opened { epoch, ctr, body }, NOW, &mut effects);
    (outcome.is_err(), !effects.is_empty() || effects.state_changed())
}

fn snapshot(line: &Line) -> (tidings_collector::replica::DeviceState, Vec<String>) {
    (line.host.state().clone(), line.held())
}

fn bodies() -> Vec<Vec<u8>> {
    let facts = Facts::new(&[(SOFT, "a", "1"), (USER, "u", "2")]);
    let events: (Severity, u32, &[&str]) = (Severity::Warning, 2, &["x", "y"]);
    vec![
        hello(facts.standing(1)),
        buckets(&facts, 1),
        delta_with_digest(0, 2, 7, &[told(put(SOFT, "b", "2"), 300, 1), remove(USER, "u")]),
        range(2, &[(SOFT, "a", false, &[("b", "2")]), (USER, "", true, &[])]),
        with_events(&beat(0, 9), &[events]),
        one_way(delta(3, 1, &[put(SOFT, "c", "3")])),
    ]
}

#[test]
fn a_body_cut_anywhere_changes_all_or_nothing() {
    for body in bodies() {
        for len in 0..body.len() {
            let mut line = Line::synced(&Facts::new(&[(SOFT, "a", "1")]));
            let before = snapshot(&line);
            let (malformed, touched) = receive(&mut line.host, 1, 1000, &body[..len]);
            if malformed {
                assert!(!touched && snapshot(&line) == before, "{body:02x?} cut at {len}");
            }
        }
    }
}

proptest! {
    #[test]
    fn garbage(body in proptest::collection::vec(any::<u8>(), 0..200), epoch in 1u32..4, ctr in 0u64..20) {
        let mut line = Line::synced(&Facts::new(&[(SOFT, "a", "1")]));
        let before = snapshot(&line);
        let (malformed, touched) = receive(&mut line.host, epoch, ctr, &body);
        if malformed {
            prop_assert!(!touched);
        }
        if !touched {
            prop_assert_eq!(snapshot(&line), before);
        }
    }

    #[test]
    fn damaged_bodies_in_any_order(
        script in proptest::collection::vec((0usize..6, 1u32..4, 0u64..30, any::<Option<(prop::sample::Index, u8)>>()), 0..40)
    ) {
        let mut line = Line::synced(&Facts::new(&[(SOFT, "a", "1")]));
        for (which, epoch, ctr, flip) in script {
            let mut body = bodies()[which].clone();
            if let Some((at, bits)) = flip {
                let at = at.index(body.len());
                body[at] ^= bits;
            }
            let before = snapshot(&line);
            let (malformed, touched) = receive(&mut line.host, epoch, ctr, &body);
            prop_assert!(!(malformed && touched));
            prop_assert!(touched || snapshot(&line) == before);
        }
        prop_assert!(line.host.fact_count() <= SETTINGS.max_facts);
        prop_assert_eq!(line.host.fact_count(), line.held().len());
    }
}
