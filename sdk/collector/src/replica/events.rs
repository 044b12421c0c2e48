//! The event section of any body: each event once, each loss counted exactly (SPEC §10, rule 5).
//!
//! It keeps no event: the mark of a severity, and the newest origin of those that a device keeps through a loss of power, are all that is remembered.

use tidings_wire::event::{Origin, Section};

use super::{Arrival, Replica};
use crate::effects::Event;

impl Replica {
    pub(super) fn take_events(&mut self, section: &Section<'_>, arrival: &mut Arrival<'_>) {
        for group in section.groups() {
            let severity = group.severity as u8;
            let mark = &mut self.state.marks[usize::from(severity)];
            let missing = (group.first - 1).saturating_sub(*mark);
            if missing > 0 {
                *mark += missing;
                self.state.lost[usize::from(severity)] += u64::from(missing);
                arrival.effects.lost(severity, missing);
            }
            for (number, event) in group.events() {
                if number > *mark {
                    *mark = number;
                    let origin = event.origin.filter(|origin| origin.epoch <= arrival.epoch);
                    if origin.is_some_and(|origin| !is_news(&origin, &mut self.state.origins[usize::from(severity)])) {
                        // The answer tells the mark, whatever becomes of the body: it is to be stored as well.
                        arrival.effects.touch();
                        continue;
                    }
                    arrival.effects.event(Event {
                        severity,
                        number,
                        kind: event.event_type.0,
                        actor: event.actor,
                        data: event.data,
                        at_ms: happened_at(arrival.at_ms, event.age_ms, origin.is_some()),
                        origin,
                    });
                }
            }
        }
    }
}

/// Origins of a severity come in their order: one that is not above the newest is held already, from before a loss of power.
fn is_news(origin: &Origin, newest: &mut (u32, u32)) -> bool {
    let place = (origin.epoch, origin.number);
    let news = place > *newest;
    *newest = place.max(*newest);
    news
}

/// A kept event that says no age is of an earlier boot: nobody knows how long the power was away.
fn happened_at(arrived_ms: u64, age_ms: u32, kept: bool) -> Option<u64> {
    let known = !kept || age_ms != u32::MAX;
    known.then(|| arrived_ms.saturating_sub(u64::from(age_ms)))
}
