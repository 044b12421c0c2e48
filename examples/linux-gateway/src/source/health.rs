//! How the machine fares: memory, space on the root file system, load.
//!
//! Promise: a value moves only when it has moved by its band, so that noise sends nothing. Not here: averages and history.

use std::collections::HashMap;
use std::time::Duration;

use nix::sys::statvfs::statvfs;

use crate::fact::{Fact, Health, Kind, Level, Metric};
use crate::source::{Failure, Reading, Source, Watch};

/// How often it is measured.
pub const POLL: Duration = Duration::from_secs(2);

/// What is worth telling of a metric. All numbers are percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Moves smaller than this are noise.
    pub band: i64,
    /// From here on it is a warning.
    pub warning: i64,
    /// From here on it is critical; below `warning` if less is worse.
    pub critical: i64,
}

impl Limits {
    const fn of(metric: Metric) -> Limits {
        match metric {
            Metric::MemoryFree => Limits { band: 5, warning: 15, critical: 5 },
            Metric::DiskFree => Limits { band: 2, warning: 10, critical: 3 },
            Metric::Load => Limits { band: 50, warning: 150, critical: 300 },
        }
    }

    fn level(self, percent: i64) -> Level {
        let past = |limit: i64| {
            if self.critical < self.warning { percent <= limit } else { percent >= limit }
        };
        match (past(self.critical), past(self.warning)) {
            (true, _) => Level::Critical,
            (_, true) => Level::Warning,
            _ => Level::Normal,
        }
    }
}

/// Health of the running machine; it remembers what it told last.
#[derive(Default)]
pub struct HealthSource {
    told: HashMap<Metric, i64>,
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
    /// The last told value, unless the new one is a whole band away from it.
    fn settle(&mut self, metric: Metric, percent: i64) -> Fact {
        let limits = Limits::of(metric);
        let told = self.told.entry(metric).or_insert(percent);
        if (percent - *told).abs() >= limits.band {
            *told = percent;
        }
        Fact::Health(Health { metric, percent: *told, level: limits.level(*told) })
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
        assert_eq!(told(16), (16, Level::Normal));
        for noise in [15, 12, 20, 14, 13, 16] {
            assert_eq!(told(noise), (16, Level::Normal));
        }
        assert_eq!(told(11), (11, Level::Warning));
        for noise in [15, 8, 14] {
            assert_eq!(told(noise), (11, Level::Warning));
        }
        assert_eq!(told(4), (4, Level::Critical));
        assert_eq!(told(60), (60, Level::Normal));
    }

    #[test]
    fn more_load_is_worse() {
        let limits = Limits::of(Metric::Load);
        assert_eq!(
            [0, 149, 150, 300].map(|p| limits.level(p)),
            [Level::Normal, Level::Normal, Level::Warning, Level::Critical]
        );
    }

    #[test]
    fn this_machine_answers() {
        let reading = HealthSource::default().read().unwrap();
        assert_eq!((reading.facts.len(), reading.skipped), (3, 0));
    }
}
