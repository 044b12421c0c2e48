//! How the machine fares: memory, space on the root file system, load.
//!
//! Promise: a value is told anew only when it leaves its dead band or crosses a limit, so that noise sends nothing. Not here: averages and history.

use std::collections::HashMap;
use std::time::Duration;

use nix::sys::statvfs::statvfs;
use tidings::Limits;
use tidings::facts::Threshold;

use crate::fact::{Fact, Health, Kind, Level, Metric};
use crate::source::{Failure, Reading, Source, Watch};

/// How often it is measured.
pub const POLL: Duration = Duration::from_secs(2);

/// What is worth telling of a metric, in percent; if less is worse, `critical` lies below `warning`.
const fn limits(metric: Metric) -> Limits {
    match metric {
        Metric::MemoryFree => Limits { warning: 15, critical: 5, hysteresis: 3, dead_band: 4 },
        Metric::DiskFree => Limits { warning: 10, critical: 3, hysteresis: 1, dead_band: 1 },
        Metric::Load => Limits { warning: 150, critical: 300, hysteresis: 25, dead_band: 49 },
    }
}

/// Health of the running machine; it remembers what it told last.
#[derive(Default)]
pub struct HealthSource {
    told: HashMap<Metric, (i64, Threshold)>,
}

impl Source for HealthSource {
    fn kind(&self) -> Kind {
        Kind::Health
    }

    fn watch(&self) -> Watch {
        Watch::Every(POLL)
    }

    fn read(&mut self) -> Result<Reading, Failure> {
        let text = |path: &str| std::fs::read_to_string(path).map_err(|e| Failure(format!("{path}: {e}")));
        let processors = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
        let samples = [
            (Metric::MemoryFree, text("/proc/meminfo").and_then(|text| memory_free(&text))),
            (Metric::DiskFree, disk_free()),
            (Metric::Load, text("/proc/loadavg").and_then(|text| load(&text, processors))),
        ];
        let mut reading = Reading::default();
        for (metric, sample) in samples {
            reading.take(sample.map(|percent| self.settle(metric, percent)));
        }
        Ok(reading)
    }
}

impl HealthSource {
    /// The last told value, unless the new one is no noise.
    fn settle(&mut self, metric: Metric, percent: i64) -> Fact {
        let limits = limits(metric);
        let before = self.told.get(&metric).copied();
        let state = limits.judge(percent, before.map_or(Threshold::NONE, |(_, state)| state));
        let (percent, state) = match before {
            Some(held) if limits.is_noise(percent, state, held.0, held.1) => held,
            _ => (percent, state),
        };
        self.told.insert(metric, (percent, state));
        Fact::Health(Health { metric, percent, level: level(state) })
    }
}

fn level(state: Threshold) -> Level {
    match state {
        Threshold::CRITICAL => Level::Critical,
        Threshold::WARNING => Level::Warning,
        _ => Level::Normal,
    }
}

/// `MemAvailable` of `MemTotal`.
fn memory_free(meminfo: &str) -> Result<i64, Failure> {
    let field = |name: &str| {
        let value = meminfo.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        value.and_then(|value| value.split_whitespace().next()?.parse::<u64>().ok())
    };
    let whole = field("MemTotal").unwrap_or_default();
    field("MemAvailable")
        .and_then(|free| percent(free, whole))
        .ok_or_else(|| Failure("/proc/meminfo: no MemAvailable".into()))
}

/// Blocks that a program without privileges may still fill, of those that it could ever fill (as `df` counts).
fn disk_free() -> Result<i64, Failure> {
    let disk = statvfs("/").map_err(|e| Failure(format!("the root file system: {e}")))?;
    let free = disk.blocks_available() as u64;
    let used = (disk.blocks() as u64).saturating_sub(disk.blocks_free() as u64);
    percent(free, used + free).ok_or_else(|| Failure("the root file system has no size".into()))
}

/// One-minute load of `processors`.
fn load(loadavg: &str, processors: u64) -> Result<i64, Failure> {
    let load = loadavg.split_whitespace().next().and_then(|text| text.parse::<f64>().ok());
    let hundredths = load.map(|load| (load * 100.0) as u64);
    hundredths
        .and_then(|sum| i64::try_from(sum / processors.max(1)).ok())
        .ok_or_else(|| Failure("/proc/loadavg: no number".into()))
}

fn percent(part: u64, whole: u64) -> Option<i64> {
    i64::try_from(part.checked_mul(100)?.checked_div(whole)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_texts_are_read() {
        let meminfo = "MemTotal:       1024000 kB\nMemFree:          10000 kB\nMemAvailable:    256000 kB\n";
        assert_eq!(memory_free(meminfo), Ok(25));
        assert_eq!(load("0.50 0.40 0.30 1/100 4242\n", 2), Ok(25));
        assert!(memory_free("MemTotal: 0 kB\nMemAvailable: 0 kB\n").is_err());
        assert!(memory_free("").is_err() && load("", 1).is_err());
    }

    #[test]
    fn noise_within_the_band_tells_nothing() {
        let mut source = HealthSource::default();
        let mut told = |percent| match source.settle(Metric::MemoryFree, percent) {
            Fact::Health(health) => (health.percent, health.level),
            other => panic!("{other:?}"),
        };
        assert_eq!(told(20), (20, Level::Normal));
        for noise in [16, 24, 19, 20] {
            assert_eq!(told(noise), (20, Level::Normal));
        }
        assert_eq!(told(15), (15, Level::Warning));
        for noise in [11, 18, 15] {
            assert_eq!(told(noise), (15, Level::Warning));
        }
        assert_eq!(told(4), (4, Level::Critical));
        assert_eq!(told(60), (60, Level::Normal));
    }

    #[test]
    fn more_load_is_worse() {
        let judge = |percent| limits(Metric::Load).judge(percent, Threshold::NORMAL);
        let expected = [Threshold::NORMAL, Threshold::NORMAL, Threshold::WARNING, Threshold::CRITICAL];
        assert_eq!([0, 149, 150, 300].map(judge), expected);
    }

    #[test]
    fn this_machine_answers() {
        let reading = HealthSource::default().read().unwrap();
        assert_eq!((reading.facts.len(), reading.skipped), (3, 0));
    }
}
