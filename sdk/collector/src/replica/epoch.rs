//! Lives of a device: what belongs to an older one is told so, and a newer one starts afresh (SPEC §10, rules 2 and 3).
//!
//! It cannot tell a replay from a device whose epoch went backwards: both get a Stale, at most a few a minute.

use tidings_wire::message::{Downlink, Hello, Message};
use tidings_wire::{Kind, KindMask};

use super::{Arrival, DeviceState, Replica};
use crate::effects::Notice;

/// Most Stale answers to one device in a minute.
const STALE_A_MINUTE: u8 = 4;
const MINUTE_MS: u64 = 60_000;
/// So many lives in a row that were superseded while their sender was still speaking are taken for two senders.
const TURNS_OF_A_CLONE: u8 = 3;

/// What is remembered about older lives while the process runs.
#[derive(Default)]
pub(super) struct Lives {
    minute_start_ms: u64,
    stales: u8,
    superseded: Option<Superseded>,
    turns: u8,
}

struct Superseded {
    epoch: u32,
    last_ctr: Option<u64>,
}

impl Lives {
    /// Whether one more Stale may be sent, and whether it is the first of its minute. A clock that steps starts a new minute.
    fn stale_at(&mut self, at_ms: u64) -> Option<bool> {
        if self.stales == 0 || at_ms.checked_sub(self.minute_start_ms).is_none_or(|since| since >= MINUTE_MS) {
            (self.minute_start_ms, self.stales) = (at_ms, 0);
        }
        self.stales += 1;
        match self.stales {
            1 => Some(true),
            2..=STALE_A_MINUTE => Some(false),
            _ => {
                self.stales = STALE_A_MINUTE;
                None
            }
        }
    }

    fn supersede(&mut self, epoch: u32, last_ctr: Option<u64>) {
        if self.superseded.replace(Superseded { epoch, last_ctr }).is_some() {
            self.turns = 0;
        }
    }

    /// Whether a packet of an old life shows, with those before it, that two senders take turns.
    fn is_clone(&mut self, epoch: u32, ctr: u64) -> bool {
        let speaks_on = |old: &mut Superseded| old.epoch == epoch && old.last_ctr.is_none_or(|last| ctr > last);
        if self.superseded.take_if(speaks_on).is_some() {
            self.turns += 1;
        }
        let clone = self.turns >= TURNS_OF_A_CLONE;
        if clone {
            self.turns = 0;
        }
        clone
    }
}

impl Replica {
    pub(super) fn is_old_life(&self, arrival: &Arrival<'_>, message: &Message<'_>) -> bool {
        let greets_again =
            matches!(message, Message::Hello(hello) if hello.standing.acc_epoch == 0) && self.state.run_seen;
        arrival.epoch < self.state.epoch || arrival.epoch == self.state.epoch && greets_again
    }

    pub(super) fn answer_old_life(&mut self, arrival: &mut Arrival<'_>) -> Option<Downlink<'static>> {
        let known = self.state.epoch;
        if self.lives.is_clone(arrival.epoch, arrival.ctr) {
            arrival.effects.notice(Notice::Clone);
        }
        if arrival.one_way {
            return None;
        }
        if self.lives.stale_at(arrival.at_ms)? {
            arrival.effects.notice(Notice::StaleEpoch { epoch: arrival.epoch, known });
        }
        Some(Downlink::Stale { echo: arrival.ctr, known })
    }

    /// Starts the epoch of a packet; false if such a packet cannot.
    pub(super) fn begin_epoch(&mut self, arrival: &mut Arrival<'_>, message: &Message<'_>) -> bool {
        let acc_epoch = match message {
            Message::Hello(hello) => hello.standing.acc_epoch,
            Message::Buckets { standing, .. } => standing.acc_epoch,
            _ if arrival.one_way => 0,
            _ => return false,
        };
        let known = self.state.epoch;
        self.lives.supersede(known, self.state.last_ctr);
        // Within a boot the device may have moved on from epochs whose answers it never heard.
        let same_boot = self.state.boot_epoch..=known;
        let boot = acc_epoch == 0 || !same_boot.contains(&acc_epoch);
        self.start_counting(arrival);
        if boot {
            self.forget_last_boot(arrival);
        }
        arrival.effects.notice(match message {
            _ if known == 0 => Notice::NewDevice,
            _ if !boot => Notice::NewEpoch,
            Message::Hello(Hello { boot_reason, uptime_s, resets, .. }) => {
                Notice::Reboot { reason: boot_reason.0, uptime_s: *uptime_s, resets: *resets }
            }
            _ => Notice::Reboot { reason: 0, uptime_s: 0, resets: 0 },
        });
        true
    }

    fn start_counting(&mut self, arrival: &Arrival<'_>) {
        let everything = if arrival.one_way { KindMask::ALL.0 } else { 0 };
        let old = core::mem::take(&mut self.state);
        self.state = DeviceState {
            epoch: arrival.epoch,
            last_ctr: None,
            applied: 0,
            pending: everything,
            ask: false,
            compared: if arrival.one_way { everything } else { old.compared },
            run_seen: false,
            coverage: Default::default(),
            resync: arrival.one_way.then(Default::default),
            one_way: arrival.one_way,
            ..old
        };
    }

    /// Events, change counts and volatile facts do not outlive a boot.
    fn forget_last_boot(&mut self, arrival: &mut Arrival<'_>) {
        self.state.boot_epoch = arrival.epoch;
        self.state.marks = [0; 4];
        self.state.graves.clear();
        for kind in [Kind::HEALTH, Kind::AGENT] {
            if self.facts.take_kind(kind).len() > 0 {
                arrival.effects.cleared(kind.0);
            }
        }
    }
}
