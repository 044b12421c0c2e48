//! `tidings-sim --histories N --seed S [--scenario X] [--trace] [--each] [--first]`: histories round-robin over the scenarios, and what they contained.
//! `tidings-sim mutants [NAME] [--share 1/4]`: the mutants whose name holds NAME, or every fourth; `today/4` goes on by one each day.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;
use tidings_sim::history::{self, Totals};
use tidings_sim::mutants::{self, Share};
use tidings_sim::scenario::{ALL, Scenario};
use tidings_sim::trace::Trace;

/// Failures printed in full.
const SHOWN: u64 = 5;
/// Seeds that a day has for itself.
const SEEDS_A_DAY: u64 = 1_000_000;

struct Order {
    histories: u64,
    seed: u64,
    scenarios: Vec<&'static Scenario>,
    trace: bool,
    each: bool,
    first: bool,
}

fn main() -> ExitCode {
    let words: Vec<_> = std::env::args().skip(1).collect();
    if words.first().is_some_and(|word| word == "mutants") {
        return try_mutants(&words[1..]);
    }
    let order = match parse(words.into_iter()) {
        Ok(order) => order,
        Err(why) => {
            eprintln!(
                "{why}\nusage: tidings-sim [--histories N] [--seed S] [--scenario NAME] [--trace] [--each] [--first]"
            );
            return ExitCode::from(2);
        }
    };
    let began = Instant::now();
    let (totals, failed) = run_all(&order);
    print_totals(&totals, failed, began.elapsed().as_secs_f64());
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Copies the tree around this crate into its own target folder, so that two trees never share a copy, and tries the mutants there.
fn try_mutants(words: &[String]) -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (only, share) = match words {
        [] => ("", Share::ALL),
        [only] => (only.as_str(), Share::ALL),
        [rest @ .., option, share] if option == "--share" => {
            let Some(share) = Share::read(share) else {
                eprintln!("--share needs a part and a whole, as 1/4");
                return ExitCode::from(2);
            };
            (rest.first().map_or("", String::as_str), share)
        }
        _ => {
            eprintln!("usage: tidings-sim mutants [NAME] [--share 1/4]");
            return ExitCode::from(2);
        }
    };
    match mutants::run(&root, &root.join("target/mutants"), only, share) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("mutants: {error}");
            ExitCode::from(2)
        }
    }
}

fn parse(mut args: impl Iterator<Item = String>) -> Result<Order, String> {
    let mut order =
        Order { histories: 1_000, seed: 1, scenarios: ALL.iter().collect(), trace: false, each: false, first: false };
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| format!("{arg} needs a value"));
        match arg.as_str() {
            "--histories" => order.histories = value()?.parse().map_err(|_| "--histories needs a number")?,
            "--seed" => order.seed = seed(&value()?).ok_or("--seed needs a number or `today`")?,
            "--scenario" => {
                let name = value()?;
                order.scenarios = vec![Scenario::named(&name).ok_or_else(|| format!("no scenario {name}"))?];
            }
            "--trace" => order.trace = true,
            "--each" => order.each = true,
            "--first" => order.first = true,
            _ => return Err(format!("what is {arg}?")),
        }
    }
    Ok(order)
}

/// A number, or `today`: the same all day, and never that of another day.
fn seed(word: &str) -> Option<u64> {
    if word == "today" { Some(mutants::today() as u64 * SEEDS_A_DAY) } else { word.parse().ok() }
}

fn run_all(order: &Order) -> (Totals, u64) {
    let (next, failed) = (AtomicU64::new(0), AtomicU64::new(0));
    let totals = Mutex::new(vec![(Totals::default(), 0u64); order.scenarios.len()]);
    let threads = if order.trace { 1 } else { std::thread::available_parallelism().map_or(1, usize::from) };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= order.histories || order.first && failed.load(Ordering::Relaxed) > 0 {
                        return;
                    }
                    let which = (n % order.scenarios.len() as u64) as usize;
                    let seed = order.seed + n / order.scenarios.len() as u64;
                    let outcome = run_one(order.scenarios[which], seed, order.trace, &failed);
                    let mut totals = totals.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                    match outcome {
                        Some(one) => totals[which].0.add(&one),
                        None => totals[which].1 += 1,
                    }
                }
            });
        }
    });
    let each = totals.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut all = Totals::default();
    for ((one, failures), scenario) in each.iter().zip(&order.scenarios) {
        all.add(one);
        if order.each {
            println!(
                "{:<26} ok {:>5} failed {failures:>4}  heal ≤ {:>3} packets {:>7} ms",
                scenario.name, one.histories, one.heal_packets, one.heal_ms
            );
        }
    }
    (all, failed.into_inner())
}

fn run_one(scenario: &Scenario, seed: u64, trace: bool, failed: &AtomicU64) -> Option<Totals> {
    match history::run(scenario, seed, Trace::new(false, trace)) {
        Ok(totals) => Some(totals),
        Err(failure) => {
            if failed.fetch_add(1, Ordering::Relaxed) < SHOWN {
                let steps = history::run(scenario, seed, Trace::new(true, false)).err().map(|failure| failure.steps);
                let steps = steps.unwrap_or_default().join("\n");
                println!(
                    "{steps}\nFAILED {}: {}\nreplay: cargo xtask sim --histories 1 --scenario {} --seed {seed} --trace\n",
                    scenario.name, failure.what, scenario.name
                );
            }
            None
        }
    }
}

fn print_totals(totals: &Totals, failed: u64, seconds: f64) {
    let Totals { host, .. } = totals;
    println!("histories {} failures {failed} in {seconds:.1} s", totals.histories + failed);
    println!(
        "power cuts {} · lost packets {} · host losses {} · resyncs {}",
        totals.power_cuts, totals.lost, host.faults, host.resyncs
    );
    println!("packets sent {} · their bytes {} · epoch rollbacks {}", totals.packets, totals.bytes, totals.rollbacks);
    println!(
        "host crashes {} · stale epochs {} · clone alarms {} · foreign collectors {}",
        host.crashes, host.stales, host.clones, host.foreign
    );
    println!(
        "changes {} · events {} · delivered {} · counted lost {} · tombstones given up {} · facts refused {}",
        totals.changes, totals.events, host.events, host.events_lost, totals.tombstones, totals.refused
    );
    println!("after the trouble both agreed within {} packets and {} ms", totals.heal_packets, totals.heal_ms);
}
