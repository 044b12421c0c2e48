//! The main job, live: a collector, the Linux gateway, two microcontrollers in QEMU (firmware in Rust and in C), and a story of two minutes.
//!
//! In view it prints each change as it arrives, and then hands the device's console to whoever sits there. Headless it
//! plays the same story at once, compares what arrived with what was typed, looks for all of it in what passed on the way, and leaves the judgement
//! to the exit code. Plain, what must be hidden else must be readable: so the search is known to find it.

mod capture;
pub mod children;
mod console;
mod fleet;
pub mod ledger;
mod stage;
mod story;
mod typewriter;

use anyhow::{Context, Result, bail};
use children::{Guard, wait_for};
use ledger::{BOARD, Entry, GATEWAY, IN_C};
use stage::Stage;
use std::io::stdin;
use std::net::TcpListener;
use std::thread::sleep;
use std::time::{Duration, Instant};
use story::{STORY, Scene};

/// From what is typed to what is committed; a busy machine gets its time.
const ARRIVES_WITHIN: Duration = Duration::from_secs(60);
/// The story in view takes two minutes.
const PACE: Duration = Duration::from_secs(13);

/// Sets up what is missing, raises the stage and plays the story on it.
pub fn run(headless: bool, plain: bool) -> Result<()> {
    crate::setup::run()?;
    let mut stage = Stage::raise(plain)?;
    let told = if headless { play_at_once(&mut stage) } else { play_in_view(&mut stage) };
    if told.is_err() {
        stage.show_logs();
    }
    told?;
    stage.lower()
}

fn play_at_once(stage: &mut Stage) -> Result<()> {
    await_entry(stage, 0, "firmware in C", |entry| entry.is_of(IN_C) && entry.has("change", "software", "added"))?;
    for scene in STORY {
        let before = stage.ledger.last()?;
        perform(stage, scene)?;
        await_entry(stage, before, scene.arrives.what, |entry| scene.arrived_as(entry))?;
    }
    let before = stage.ledger.last()?;
    let listener = open_port()?;
    let port = format!("\"port\":{}", listener.local_addr()?.port());
    await_entry(stage, before, "listener of the gateway", |entry| {
        entry.is_of(GATEWAY) && entry.has("change", "listener", "added") && entry.text().contains(&port)
    })?;
    judge(stage)
}

/// The gateway watches this very machine: a port that this program opens is a change there.
fn open_port() -> Result<TcpListener> {
    let listener = TcpListener::bind("127.0.0.1:0").context("no free port on loopback")?;
    println!("\nOn this machine a program listens on {}.", listener.local_addr()?);
    Ok(listener)
}

fn await_entry(stage: &mut Stage, after: u64, what: &str, is_it: impl Fn(&Entry) -> bool) -> Result<()> {
    let arrived = wait_for(what, ARRIVES_WITHIN, || {
        stage.still_stands()?;
        Ok(stage.ledger.after(after)?.into_iter().find(&is_it))
    })?;
    println!("  arrived: {arrived}");
    Ok(())
}

/// Everything once, nothing told anew after the reboot but health, and both sides equal.
fn judge(stage: &mut Stage) -> Result<()> {
    let entries = stage.ledger.after(0)?;
    for scene in STORY {
        let times = entries.iter().filter(|entry| scene.arrived_as(entry)).count();
        if times != 1 {
            bail!("`{}` was told {times} times", scene.types);
        }
    }
    if let Some(again) = told_after_reboot(&entries) {
        bail!("nothing changed in the reboot, yet it was told: {again}");
    }
    let own = stage.console.state()?;
    wait_for("agreement of the collector's facts with the device's own", ARRIVES_WITHIN, || {
        Ok((stage.ledger.facts_of_board()? == own).then_some(()))
    })?;
    println!("\nall of it arrived once; the collector holds the device's {} facts, byte for byte", own.len());
    judge_the_way(stage)
}

/// Nothing that a device recorded stands readable in what it and the collector said; if nothing was sealed, all of it does.
fn judge_the_way(stage: &Stage) -> Result<()> {
    for (device, passed) in [GATEWAY, BOARD, IN_C].into_iter().zip(stage.passed()) {
        let mut words = stage.ledger.words_of(device)?;
        // The id of a device is in clear, as it is meant to be: so the search finds what is there.
        words.retain(|word| !device.as_bytes().windows(word.len()).any(|part| part == word));
        let readable: Vec<_> = words.iter().filter(|word| passed.shows(word)).collect();
        let wanted = if stage.plain { words.len() } else { 0 };
        println!(
            "{device}: of {} recorded words {} can be read in {} packets, {} bytes",
            words.len(),
            readable.len(),
            passed.packets(),
            passed.bytes()
        );
        // The firmware in C records no word that is long enough.
        if !passed.shows(device.as_bytes()) || (words.is_empty() && device != IN_C) {
            bail!("nothing of the {device} was captured");
        }
        if readable.len() != wanted {
            let shown: Vec<_> = readable.into_iter().map(|word| String::from_utf8_lossy(word)).collect();
            bail!("{wanted} words of the {device} should be readable on the way, and these are: {}", shown.join(", "));
        }
    }
    Ok(())
}

fn told_after_reboot(entries: &[Entry]) -> Option<&Entry> {
    let reboot = entries.iter().rposition(|entry| entry.has("notice", "", "reboot") && entry.is_of(BOARD))?;
    let volatile = |entry: &Entry| ["health", "agent"].iter().any(|kind| entry.is_change_of(kind));
    entries[reboot..].iter().find(|entry| entry.is_of(BOARD) && entry.is_change() && !volatile(entry))
}

fn play_in_view(stage: &mut Stage) -> Result<()> {
    let _follower = Guard::start_in_view("follower", &mut stage.ledger.follow())?;
    for scene in STORY {
        perform(stage, scene)?;
        pause(stage)?;
    }
    let _listener = open_port()?;
    hand_over(stage)
}

fn pause(stage: &mut Stage) -> Result<()> {
    let next = Instant::now() + PACE;
    while Instant::now() < next {
        stage.still_stands()?;
        sleep(Duration::from_millis(200));
    }
    Ok(())
}

fn perform(stage: &mut Stage, scene: &Scene) -> Result<()> {
    println!("\n{}\n  > {}", scene.says, scene.types);
    if scene.on == IN_C {
        return stage.keys_in_c.press(scene.types);
    }
    println!("  {}", stage.console.enter(scene.types)?);
    Ok(())
}

/// What is typed here goes to the device's console, until the end of the input.
fn hand_over(stage: &mut Stage) -> Result<()> {
    println!(
        "\nYour turn: lines typed here go to the console of the microcontroller (`help` lists them; Ctrl-D ends)."
    );
    println!("On this machine, install a package, add an account or open a port: the gateway tells of it.");
    println!("In another terminal: {}", stage.ledger.how_to_ask());
    println!(
        "A line that begins with `c ` presses keys on the microcontroller in C: t switches telnet, c opens its case."
    );
    for line in stdin().lines() {
        let line = line?;
        match line.strip_prefix("c ") {
            Some(keys) => stage.keys_in_c.press(keys)?,
            None => println!("  {}", stage.console.enter(&line)?),
        }
        stage.still_stands()?;
    }
    Ok(())
}
