//! One fact comes, changes or goes: what is told of it, and how many changes that stands for.
//!
//! A report that only confirms what is held tells nothing, unless the device's count shows that the fact changed there and back.

use tidings_wire::record::{Record, Told};

use super::{GRAVES, Grave, Healed, Replica};
use crate::effects::{Cause, Change, Count, Effects, Op};

/// What a packet says of a fact besides its value.
#[derive(Clone, Copy)]
pub(super) struct Report<'a> {
    kind: u8,
    key: &'a [u8],
    cause: Cause,
    /// The change number up to which the packet tells.
    seq: u32,
    at_ms: u64,
    /// Age and count of its last change, if they are told.
    told: Option<Told>,
    /// If not: whether it is as it was at boot, so that its count is 0.
    at_boot: bool,
}

impl<'a> Report<'a> {
    pub(super) fn by_record(record: &Record<'a>, upto: u32, at_ms: u64) -> Self {
        let Record { kind, key, told, .. } = *record;
        Self { kind: kind.0, key, cause: Cause::Delta, seq: upto, at_ms, told, at_boot: true }
    }

    /// A snapshot tells no counts; they are 0 if nothing changed on the device since its boot.
    pub(super) fn by_snapshot(kind: u8, key: &'a [u8], as_of: u32) -> Self {
        Self { kind, key, cause: Cause::Snapshot, seq: as_of, at_ms: 0, told: None, at_boot: as_of == 0 }
    }

    fn change<'c>(&self, op: Op, value: &'c [u8], old: Option<&'c [u8]>, times: u8, count: Count) -> Change<'c>
    where
        'a: 'c,
    {
        let changed_at_ms = self.told.map(|told| self.at_ms.saturating_sub(u64::from(told.age_ms)));
        Change { kind: self.kind, key: self.key, op, value, old, changed_at_ms, times, cause: self.cause, count }
    }

    /// How many changes lie between the count last seen and the one told, as far as both are known; 0 only for a repetition.
    fn changes_since(&self, seen: Option<u8>) -> u8 {
        seen.zip(self.told).map_or(1, |(seen, told)| told.count.wrapping_sub(seen))
    }
}

impl Replica {
    pub(super) fn put(&mut self, report: &Report<'_>, value: &[u8], effects: &mut Effects) {
        let count = self.count_told(report);
        let boot_epoch = self.state.boot_epoch;
        let Some(fact) = self.facts.get_mut(report.kind, report.key) else {
            return self.add(report, value, count, effects);
        };
        let changes = report.changes_since(fact.count.in_boot(boot_epoch));
        if fact.value == value && changes < 2 {
            if report.told.is_some() && fact.count != count {
                fact.count = count;
                effects.counted(report.kind, report.key, count);
            }
            return;
        }
        effects.change(report.change(Op::Changed, value, Some(&fact.value), changes.max(1), count));
        self.facts.put(report.kind, report.key, value, count);
        self.note_healed(report, |healed| healed.changed += 1);
    }

    pub(super) fn remove(&mut self, report: &Report<'_>, effects: &mut Effects) {
        let Some(fact) = self.facts.remove(report.kind, report.key) else { return };
        let count = self.count_told(report);
        let seen = fact.count.in_boot(self.state.boot_epoch);
        let times = report.changes_since(seen).max(1);
        effects.change(report.change(Op::Removed, &[], Some(&fact.value), times, count));
        let untold = seen.map(|seen| seen.wrapping_add(1));
        self.bury(report, report.told.map(|told| told.count).or(untold));
        self.note_healed(report, |healed| healed.removed += 1);
    }

    fn add(&mut self, report: &Report<'_>, value: &[u8], count: Count, effects: &mut Effects) {
        let seen = self.dig_up(report).unwrap_or(0);
        let times = report.changes_since(Some(seen)).max(1);
        effects.change(report.change(Op::Added, value, None, times, count));
        self.facts.put(report.kind, report.key, value, count);
        self.note_healed(report, |healed| healed.added += 1);
    }

    fn count_told(&self, report: &Report<'_>) -> Count {
        let at_boot = report.at_boot.then_some(0);
        Count { epoch: self.state.epoch, seen: report.told.map(|told| told.count).or(at_boot) }
    }

    /// Remembers the count of a fact that is gone: the device goes on counting if it returns.
    fn bury(&mut self, report: &Report<'_>, count: Option<u8>) {
        let Some(count) = count else { return };
        if self.state.graves.len() >= GRAVES {
            self.state.graves.remove(0);
        }
        self.state.graves.push(Grave { kind: report.kind, key: report.key.to_vec(), count, seq: report.seq });
    }

    fn dig_up(&mut self, report: &Report<'_>) -> Option<u8> {
        let of_this = |grave: &Grave| grave.kind == report.kind && grave.key == report.key;
        let at = self.state.graves.iter().position(of_this)?;
        Some(self.state.graves.remove(at).count)
    }

    fn note_healed(&mut self, report: &Report<'_>, note: fn(&mut Healed)) {
        if let Some(healed) = self.state.resync.as_mut().filter(|_| report.cause == Cause::Snapshot) {
            note(healed);
        }
    }
}
