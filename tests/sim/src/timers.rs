//! When the next of each kind of trouble comes: one timer for each, uniform around its mean.

use crate::rng::Rng;
use crate::scenario::Scenario;

/// A kind of trouble or work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it; `history` says what each does
pub enum Happening {
    Change,
    Burst,
    Flap,
    Event,
    Health,
    Scan,
    OptOut,
    PowerCut,
    Silence,
    Outage,
    Replay,
    Forge,
    HostFault,
    HostCrash,
    Backup,
}

use Happening::*;

const EACH: [Happening; 15] = [
    Change, Burst, Flap, Event, Health, Scan, OptOut, PowerCut, Silence, Outage, Replay, Forge, HostFault, HostCrash,
    Backup,
];

/// All timers.
#[derive(Debug)]
pub struct Timers {
    means: [u64; EACH.len()],
    next: [u64; EACH.len()],
}

impl Timers {
    /// The timers of a scenario, started at `now`.
    pub fn new(rng: &mut Rng, scenario: &Scenario, now: u64) -> Self {
        let Scenario { work, device, link, host, .. } = scenario;
        let means = EACH.map(|happening| match happening {
            Change => work.change_ms,
            Burst => work.burst_ms,
            Flap => work.flap_ms,
            Event => work.event_ms,
            Health => work.health_ms,
            Scan => work.scan_ms,
            OptOut => work.opt_ms,
            PowerCut => device.power_ms,
            Silence => work.silence_ms,
            Outage => link.outage_ms,
            Replay => link.replay_ms,
            Forge => link.forge_ms,
            HostFault => host.fault_ms,
            HostCrash => host.crash_ms,
            Backup => host.fault_ms / 2,
        });
        let next = means.map(|mean| if mean == 0 { u64::MAX } else { now + rng.between(1, 2 * mean) });
        Self { means, next }
    }

    /// When the next one is due.
    #[must_use]
    pub fn next_at(&self) -> u64 {
        self.next.iter().copied().min().unwrap_or(u64::MAX)
    }

    /// Puts all of them off by `gap`.
    pub fn put_off(&mut self, gap: u64) {
        self.next.iter_mut().for_each(|next| *next = next.saturating_add(gap));
    }

    /// The next that is due by `now`, and sets its timer anew.
    pub fn take(&mut self, rng: &mut Rng, now: u64) -> Option<Happening> {
        let at = self.next.iter().position(|next| *next <= now)?;
        self.next[at] = now + rng.between(1, 2 * self.means[at]);
        Some(EACH[at])
    }
}
