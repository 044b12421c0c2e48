//! Hello: the device greets after a boot or with other kinds, and the totals are compared (SPEC §10, rule 6).
//!
//! It does not start the epoch: that was done before.

use tidings_wire::Kind;
use tidings_wire::message::{Hello, Standing};

use super::{Arrival, Refused, Replica};
use crate::effects::{Cause, Change, Notice, Op, Why};

impl Replica {
    pub(super) fn hello(&mut self, hello: &Hello, arrival: &mut Arrival<'_>) -> Result<(), Refused> {
        self.state.schema_rev = hello.schema_rev;
        self.state.boot_reason = hello.boot_reason.0;
        self.state.uptime_s = hello.uptime_s;
        self.state.resets = hello.resets;
        self.note_collector(hello.instance, arrival);
        if !self.totals_agree(&hello.standing, arrival) {
            self.want_all(Why::Hello, arrival.effects);
            self.ask_for_buckets(Why::Hello, arrival.effects);
        }
        Ok(())
    }

    /// Takes over what the device says of its kinds and seq; if the totals agree, nothing is left to be asked.
    pub(super) fn totals_agree(&mut self, standing: &Standing, arrival: &mut Arrival<'_>) -> bool {
        for kind in standing.off.iter() {
            self.withdraw(kind, arrival);
        }
        self.state.off = standing.off.0;
        self.state.compared = standing.compared.0;
        self.state.applied = standing.seq;
        let agree = self.facts.total(standing.compared).0 == standing.total;
        if agree {
            self.want_nothing();
            self.state.ask = false;
        }
        agree
    }

    /// Nothing is known any more about a kind that was switched off: its facts are not removed, they are no longer told.
    fn withdraw(&mut self, kind: Kind, arrival: &mut Arrival<'_>) {
        for (key, fact) in self.facts.take_kind(kind) {
            arrival.effects.change(Change {
                kind: kind.0,
                key: &key,
                op: Op::Withdrawn,
                value: &[],
                old: Some(&fact.value),
                changed_at_ms: None,
                times: 1,
                cause: Cause::Off,
                count: fact.count,
            });
        }
    }

    fn note_collector(&mut self, instance: Option<u32>, arrival: &mut Arrival<'_>) {
        let foreign = instance.filter(|id| *id != self.settings.instance);
        if let Some(instance) = foreign.filter(|_| foreign != self.state.foreign_instance) {
            arrival.effects.notice(Notice::ForeignCollector { instance });
        }
        self.state.foreign_instance = foreign;
    }
}
