//! What every port must show: it reports, it tells a change once, it greets after a reset and no more, and a spoiled frame counts for nothing.
//!
//! Each case is named before it runs and ends at a deadline.

use super::Ran;
use super::bench::{Bench, is_volatile};
use super::cable::Way;
use super::list::Port;
use super::spoken::{Said, What, said};
use crate::demo::children::wait_for;
use crate::house;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::fs;
use std::thread;
use std::time::Duration;

const SOON: Duration = Duration::from_secs(60);
/// Longer than two of the longest pauses between repetitions (`SERIAL.cap_ms`).
const TWO_PAUSES: Duration = Duration::from_secs(130);
/// Quiet for so long, the link has nothing under way.
const QUIET: Duration = Duration::from_millis(700);
/// Most bytes of a greeting: the budget of the bytes table, an id of up to 16 bytes and its length, the frame.
const GREETING: usize = 64 + 17 + 3;

type Case = fn(&mut Bench, &mut Ran) -> Result<()>;

/// Runs every case on a board that was just switched on.
pub fn all(port: &Port, bench: &mut Bench, bless: bool) -> Result<Ran> {
    let mut ran = Ran::default();
    let mut cases: Vec<(&str, Case)> = vec![
        ("starts, and the collector holds its facts, sealed", reports),
        ("a change arrives once", changes),
        ("a reset costs a Hello", resets),
        ("spoiled frames count for nothing", |bench, _| refuses(bench)),
    ];
    if bench.keeps_events() {
        cases.push(("an alarm outlives power", |bench, _| outlives_power(bench)));
    }
    for (number, (sentence, case)) in cases.into_iter().enumerate() {
        println!("── {}: {sentence}", port.name);
        case(bench, &mut ran).with_context(|| sentence.to_owned())?;
        if number == 0 {
            compare(port, bench, bless)?;
        }
    }
    ran.stack = stack(bench)?;
    compare_log(port, bench, bless)?;
    Ok(ran)
}

fn reports(bench: &mut Bench, ran: &mut Ran) -> Result<()> {
    in_step(bench)?;
    let up = settled(bench)?;
    ran.first_sync = up.iter().map(|said| said.bytes).sum();
    ran.facts = bench.facts()?.iter().filter(|fact| !is_volatile(fact)).count();
    ensure!(ran.facts > 0, "the collector holds no facts");
    Ok(())
}

/// Until all is as it was, as an emulator's reset lets go of a button: it must not be pressed then.
fn changes(bench: &mut Bench, ran: &mut Ran) -> Result<()> {
    for _ in 0..bench.round() {
        let up = one_change(bench)?;
        ran.change = up.first().context("nothing was sent")?.bytes;
        ensure!(up.iter().all(|said| said.what == What::Delta), "more than the change was sent: {up:?}");
    }
    Ok(())
}

fn one_change(bench: &mut Bench) -> Result<Vec<Said>> {
    let before = bench.log_end()?;
    bench.cable.forget();
    bench.change()?;
    arrives(bench, before)
}

fn resets(bench: &mut Bench, ran: &mut Ran) -> Result<()> {
    let (before, epoch) = (bench.log_end()?, epoch(bench)?);
    bench.reset()?;
    wait_for("new epoch", SOON, || Ok((self::epoch(bench)? > epoch).then_some(())))?;
    in_step(bench)?;
    let up = settled(bench)?;
    let (hellos, rest): (Vec<&Said>, Vec<&Said>) = up.iter().partition(|said| said.what == What::Hello);
    let own_talk = |said: &&Said| said.what == What::Delta && said.kinds.iter().all(|kind| kind.is_volatile());
    ensure!(rest.iter().all(own_talk), "more than a Hello was sent: {up:?}");
    ran.reset = hellos.iter().map(|said| said.bytes).max().context("no Hello was sent")?;
    ensure!(ran.reset <= GREETING, "the Hello has {} bytes", ran.reset);
    let changes = bench.changes_after(before)?;
    ensure!(changes.is_empty(), "the reset changed something: {changes:?}");
    Ok(())
}

/// Spoiled on the way up, a change does not arrive; spoiled on the way down, its answer does not count, so that the board repeats itself.
fn refuses(bench: &mut Bench) -> Result<()> {
    let before = bench.log_end()?;
    bench.cable.forget();
    bench.cable.spoil(Way::Up, true);
    bench.change()?;
    repeats(bench)?;
    let changes = bench.changes_after(before)?;
    ensure!(changes.is_empty(), "a spoiled frame was believed: {changes:?}");
    // The record begins before the answer is spoiled: the board's pauses double, and none of its tries may be missed.
    bench.cable.forget();
    bench.cable.spoil(Way::Down, true);
    bench.cable.spoil(Way::Up, false);
    repeats(bench)?;
    wait_for("change", SOON, || Ok(Some(bench.changes_after(before)?).filter(|changes| changes.len() == 1)))?;
    bench.cable.spoil(Way::Down, false);
    settled(bench)?;
    ensure!(bench.changes_after(before)?.len() == 1, "the repeated change was counted again");
    one_change(bench).map(drop)
}

/// The power goes before the collector has heard of an alarm: it arrives afterwards, once, and never again.
fn outlives_power(bench: &mut Bench) -> Result<()> {
    let epoch = epoch(bench)?;
    bench.cable.spoil(Way::Up, true);
    bench.alarm()?;
    thread::sleep(QUIET);
    ensure!(bench.alarms()?.is_empty(), "the cable was to spoil it");
    for boot in 0..2 {
        bench.reset()?;
        wait_for("alarm", SOON, || Ok((!bench.alarms()?.is_empty()).then_some(())))?;
        in_step(bench)?;
        settled(bench)?;
        let alarms = bench.alarms()?;
        ensure!(alarms.len() == 1, "boot {boot}: {} alarms: {alarms:?}", alarms.len());
        ensure!(alarms[0]["origin"]["epoch"] == epoch, "not of the boot in which it happened: {alarms:?}");
        ensure!(alarms[0]["changed_at_ms"].is_null(), "nobody can know when: {alarms:?}");
    }
    Ok(())
}

/// Waits until the board has sent a Delta twice since the record began.
fn repeats(bench: &mut Bench) -> Result<()> {
    wait_for("repetition", TWO_PAUSES, || {
        bench.row()?;
        let up = said(&bench.cable.passed(Way::Up), &bench.key)?;
        Ok((up.iter().filter(|said| said.what == What::Delta).count() >= 2).then_some(()))
    })
}

/// Waits until exactly one change has arrived and the link is quiet; gives what was sent for it.
fn arrives(bench: &mut Bench, before: u64) -> Result<Vec<Said>> {
    let arrived =
        wait_for("change", SOON, || Ok(Some(bench.changes_after(before)?).filter(|changes| !changes.is_empty())))?;
    let up = settled(bench)?;
    let after = bench.changes_after(before)?;
    ensure!(arrived.len() == 1 && after.len() == 1, "not one change: {after:?}");
    Ok(up)
}

fn in_step(bench: &mut Bench) -> Result<()> {
    wait_for("device in step with the collector", SOON, || {
        let row = bench.row()?;
        Ok(row.is_some_and(|row| row["in_step"] == true && row["facts"].as_u64() > Some(0)).then_some(()))
    })
}

/// Waits until the link is quiet; gives what the board said since the record began.
fn settled(bench: &mut Bench) -> Result<Vec<Said>> {
    let up = wait_for("quiet link", SOON, || {
        let before = bench.cable.passed(Way::Up);
        thread::sleep(QUIET);
        Ok(Some(bench.cable.passed(Way::Up)).filter(|now| *now == before))
    })?;
    said(&up, &bench.key)
}

fn epoch(bench: &mut Bench) -> Result<u64> {
    bench.row()?.and_then(|row| row["epoch"].as_u64()).context("the collector knows no epoch")
}

fn stack(bench: &Bench) -> Result<u64> {
    let is_stack = |fact: &&Value| fact["kind"] == "agent" && fact["key"]["item"] == "stack high water";
    let facts = bench.facts()?;
    let Some(stack) = facts.iter().find(is_stack) else { return Ok(0) };
    stack["value"].as_u64().context("what arrived of the stack is no number")
}

/// Compares what arrived with the port's golden, or writes it.
fn compare(port: &Port, bench: &Bench, bless: bool) -> Result<()> {
    let line =
        |fact: &Value| format!("{} {} {}\n", fact["kind"].as_str().unwrap_or_default(), fact["key"], fact["value"]);
    let arrived: String = bench.facts()?.iter().filter(|fact| !is_volatile(fact)).map(line).collect();
    is_golden(port, "golden.txt", &arrived, bless)
}

/// Compares what was logged in all cases with the port's golden, or writes it. A port that logs nothing has none.
fn compare_log(port: &Port, bench: &Bench, bless: bool) -> Result<()> {
    bench.logged()?.map_or(Ok(()), |logged| is_golden(port, "log.txt", &logged, bless))
}

fn is_golden(port: &Port, name: &str, arrived: &str, bless: bool) -> Result<()> {
    let path = house::root().join("examples").join(port.name).join(name);
    if bless {
        return fs::write(&path, arrived).with_context(|| format!("cannot write {}", path.display()));
    }
    let golden =
        fs::read_to_string(&path).with_context(|| format!("there is no {}; --bless writes it", path.display()))?;
    if arrived != golden {
        bail!("what arrived is not {name} (--bless accepts it):\n{arrived}");
    }
    Ok(())
}
