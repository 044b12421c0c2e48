//! The event section of any body: each event once, each loss counted exactly (SPEC §10, rule 5).
//!
//! It keeps no event: the mark of a severity is all that is remembered.

use tidings_wire::event::Section;

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
                    arrival.effects.event(Event {
                        severity,
                        number,
                        kind: event.event_type.0,
                        actor: event.actor,
                        data: event.data,
                        at_ms: arrival.at_ms.saturating_sub(u64::from(event.age_ms)),
                    });
                }
            }
        }
    }
}
