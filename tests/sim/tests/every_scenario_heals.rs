//! A quick run of every scenario; `cargo xtask sim` runs many more.

use tidings_sim::history::{self, Totals};
use tidings_sim::scenario::ALL;
use tidings_sim::trace::Trace;

/// Histories of each scenario.
const EACH: u64 = 12;

#[test]
fn every_scenario_heals_and_nothing_is_lost_or_told_twice() {
    let mut totals = Totals::default();
    for scenario in ALL {
        for seed in 1..=EACH {
            match history::run(scenario, seed, Trace::new(true, false)) {
                Ok(one) => totals.add(&one),
                Err(failure) => panic!("{}\n{} seed {seed}: {}", failure.steps.join("\n"), scenario.name, failure.what),
            }
        }
    }
    let host = &totals.host;
    let seen = [
        totals.power_cuts,
        totals.rollbacks,
        totals.lost,
        totals.tombstones,
        totals.refused,
        host.faults,
        host.crashes,
        host.resyncs,
        host.stales,
        host.clones,
        host.foreign,
        host.events_lost,
    ];
    assert!(seen.iter().all(|count| *count > 0), "some trouble never came: {seen:?}");
}

#[test]
fn a_seed_decides_everything() {
    let everything = ALL.last().expect("there are scenarios");
    let runs = [0, 1].map(|_| history::run(everything, 5, Trace::new(false, false)).expect("it heals"));
    assert_eq!(format!("{:?}", runs[0]), format!("{:?}", runs[1]));
}
