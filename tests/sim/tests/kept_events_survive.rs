//! An event that the agent said is kept reaches the host, and none is told twice: with a cut of the power at every step and at every byte that the
//! queue's flash changes, and with many cuts at random.

use tidings_sim::kept::{Cut, Totals, Trouble, World};

const STEPS: u64 = 120;
const TROUBLE: Trouble = Trouble { loss: 30, crash: 10, event: 30 };

/// A boot that ends so, another with trouble, and peace; whether the cut came before the end.
fn history(seed: u64, cut: Cut, totals: &mut Totals) -> bool {
    let mut world = World::new(seed, TROUBLE);
    let told = world.live(STEPS, cut).and_then(|went| {
        world.live(STEPS / 4, Cut::AtTheEnd)?;
        world.find_peace()?;
        Ok(went)
    });
    totals.kept += world.totals.kept;
    totals.refused += world.totals.refused;
    totals.survived += world.totals.survived;
    told.unwrap_or_else(|what| panic!("seed {seed}, {cut:?}: {what}"))
}

#[test]
fn a_cut_at_any_step() {
    let mut totals = Totals::default();
    for seed in 1..=4 {
        for step in 0..STEPS {
            assert!(history(seed, Cut::BeforeStep(step), &mut totals));
        }
    }
    assert!(totals.kept > 1_000 && totals.survived > 100, "{totals:?}");
}

#[test]
fn a_cut_at_any_byte_of_the_queue() {
    let (mut totals, mut cuts) = (Totals::default(), 0);
    for seed in 1..=2 {
        for bytes in 0.. {
            if !history(seed, Cut::AfterBytes(bytes), &mut totals) {
                break;
            }
            cuts += 1;
        }
    }
    assert!(cuts > 1_000 && totals.survived > 100, "{cuts} cuts, {totals:?}");
}

#[test]
fn many_cuts_at_random() {
    let mut totals = Totals::default();
    for seed in 1..=400 {
        let trouble = Trouble { loss: seed % 90, crash: seed % 40, event: 5 + seed % 50 };
        let mut world = World::new(seed, trouble);
        for boot in 0..20 {
            let chance = seed * 977 + boot * 131;
            let cut = match boot % 3 {
                0 => Cut::BeforeStep(chance % 60),
                _ => Cut::AfterBytes(chance % 700),
            };
            world.live(60, cut).unwrap_or_else(|what| panic!("seed {seed}, boot {boot}: {what}"));
        }
        world.find_peace().unwrap_or_else(|what| panic!("seed {seed}: {what}"));
        totals.kept += world.totals.kept;
        totals.refused += world.totals.refused;
        totals.survived += world.totals.survived;
    }
    assert!(totals.kept > 10_000 && totals.refused > 100 && totals.survived > 1_000, "{totals:?}");
}
