//! Builds every port, runs those that have an emulator against a real collector, and prints what each costs.
//!
//! Promise: keys are fresh in each run, every wait ends, and each case is named before it runs. What arrived is compared with `golden.txt` beside the
//! port's manifest, and what was logged with `log.txt`; `--bless` writes them. Not here: real boards.

mod bench;
mod cable;
mod cases;
mod fleet;
mod image;
mod list;
mod log;
mod machine;
#[cfg(test)]
mod newcomer;
mod port_check;
mod readme;
mod spoken;

use anyhow::{Context, Result, bail, ensure};
use std::time::Instant;

use bench::Bench;
use fleet::Fleet;
use image::Size;
use list::Port;

/// What is known of a port after its turn.
pub struct Row {
    name: &'static str,
    core: &'static str,
    size: Size,
    ran: Option<Ran>,
}

/// What a run of a port showed.
#[derive(Default)]
pub struct Ran {
    /// Facts about the device; what the agent says of itself is not counted.
    pub facts: usize,
    /// Deepest use of the stack that the firmware reported, in bytes; 0 if it does not look.
    pub stack: u64,
    /// Bytes from switching on until the collector has everything.
    pub first_sync: usize,
    /// Bytes of one change.
    pub change: usize,
    /// Bytes of the greeting after a reset with nothing changed.
    pub reset: usize,
}

/// Takes the ports of these names in turn, or all; an error when one does not build or fails a case.
pub fn run(names: &[String], bless: bool) -> Result<()> {
    let ports = list::named(names)?;
    let fleet = Fleet::raise()?;
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    for port in ports {
        let begun = Instant::now();
        match take(port, &fleet, bless) {
            Ok(row) => rows.push(row),
            Err(error) => faults.push(format!("{}: {error:#}", port.name)),
        }
        println!("   {} took {:.0} s", port.name, begun.elapsed().as_secs_f32());
    }
    readme::print(&rows);
    if bless && names.is_empty() && faults.is_empty() {
        readme::write(&rows)?;
    } else if !bless {
        faults.extend(readme::strangers(&rows)?);
    }
    faults.iter().for_each(|fault| eprintln!("FAILED {fault}"));
    if faults.is_empty() { Ok(()) } else { bail!("{} faults of ports", faults.len()) }
}

fn take(port: &'static Port, fleet: &Fleet, bless: bool) -> Result<Row> {
    println!("\n── {}: builds for {}", port.name, port.target);
    let key = fleet.key_of(port.device())?;
    let image = image::build(port, &key)?;
    let size = image::measure(&image)?;
    for target in list::further_targets(port) {
        println!("── {}: compiles for {target}", port.name);
        image::build_for(port, target, &key)?;
    }
    let ran = match &port.machine {
        Some(machine) => {
            let mut bench = Bench::set_up(port, machine, &image, fleet).context("it cannot be switched on")?;
            let ran = cases::all(port, &mut bench, bless);
            if ran.is_err() {
                bench.show_words();
            }
            if list::checks_itself(port) {
                drop(bench);
                port_check::run(port, machine, &key).context("its own checks")?;
            }
            Some(ran?)
        }
        None => None,
    };
    keeps(port, &size, ran.as_ref())?;
    Ok(Row { name: port.name, core: port.core, size, ran })
}

/// An error when a port takes more than it promises.
fn keeps(port: &Port, size: &Size, ran: Option<&Ran>) -> Result<()> {
    let Some(limit) = &port.limit else { return Ok(()) };
    let ram = size.ram + ran.map_or(0, |ran| ran.stack);
    ensure!(size.flash < limit.flash, "it stores {} bytes, and promises less than {}", size.flash, limit.flash);
    ensure!(ram < limit.ram, "it takes {ram} bytes of memory, and promises less than {}", limit.ram);
    Ok(())
}
