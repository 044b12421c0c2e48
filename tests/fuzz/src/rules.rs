//! What one packet may do to a replica, written plainly from SPEC §10: facts in a map, one rule after another.
//!
//! Promise: facts, `applied`, event marks and what is wanted are judged for every packet. Not here: change counts, notices, ages and rate limits.

use crate::HOST;
use std::collections::{BTreeMap, BTreeSet};
use tidings_collector::effects::{Effect, Effects};
use tidings_collector::replica::{DeviceState, Replica};
use tidings_wire::message::{Ack, AckFlags, Downlink, Message, Standing, Uplink};
use tidings_wire::record::Records;
use tidings_wire::segment::Segments;
use tidings_wire::{Kind, KindMask};

/// Facts as they are held.
pub type Facts = BTreeMap<(u8, Vec<u8>), Vec<u8>>;

/// A replica at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// Its state.
    pub state: DeviceState,
    /// Its facts.
    pub facts: Facts,
}

/// What came in and what went out.
#[derive(Debug)]
pub struct Exchange<'a> {
    /// The packet's epoch.
    pub epoch: u32,
    /// The packet's number.
    pub ctr: u64,
    /// Its body.
    pub uplink: Uplink<'a>,
    /// The answer.
    pub reply: Option<Downlink<'static>>,
    /// What it did.
    pub effects: &'a Effects,
}

impl Seen {
    /// The replica now.
    #[must_use]
    pub fn of(replica: &Replica) -> Self {
        let facts = replica.facts().map(|(kind, key, fact)| ((kind, key.to_vec()), fact.value.clone())).collect();
        Self { state: replica.state().clone(), facts }
    }

    /// Panics unless `after` is what the exchange may make of it.
    pub fn judge(&self, exchange: &Exchange<'_>, after: &Self) {
        let Exchange { epoch, ctr, uplink, .. } = exchange;
        let hello = match &uplink.message {
            Message::Hello(hello) => Some(hello),
            _ => None,
        };
        let again = hello.is_some_and(|hello| hello.standing.acc_epoch == 0) && self.state.run_seen;
        if *epoch < self.state.epoch || *epoch == self.state.epoch && again {
            return self.unchanged(after, "an older life");
        }
        let greets = hello.is_some() || matches!(uplink.message, Message::Buckets { .. }) || uplink.one_way;
        let now = match self.state.epoch {
            known if *epoch == known => self.clone(),
            _ if greets => self.reborn(*epoch, uplink.one_way, after.state.boot_epoch == *epoch),
            _ => {
                assert!(exchange.acked().flags.has(AckFlags::NEED_HELLO), "an unknown life greets first");
                return self.unchanged(after, "an unknown life");
            }
        };
        match now.state.last_ctr {
            Some(last) if *ctr < last => {
                assert!(exchange.reply.is_none(), "an old packet has no answer");
                now.unchanged(after, "an old packet");
            }
            Some(last) if *ctr == last => now.unchanged(after, "a repetition"),
            _ => now.judge_new(exchange, after),
        }
    }

    fn unchanged(&self, after: &Self, why: &str) {
        assert_eq!(self, after, "{why} changes nothing");
    }

    /// Before the first packet of an epoch.
    fn reborn(&self, epoch: u32, one_way: bool, boot: bool) -> Self {
        let mut now = self.clone();
        now.state = DeviceState { epoch, last_ctr: None, applied: 0, pending: 0, ask: false, ..now.state };
        now.state.coverage.clear();
        if one_way {
            (now.state.compared, now.state.pending) = (KindMask::ALL.0, KindMask::ALL.0);
        }
        if boot {
            now.state.marks = [0; 4];
            now.facts.retain(|(kind, _), _| !Kind(*kind).is_volatile());
        }
        now
    }

    fn judge_new(&self, exchange: &Exchange<'_>, after: &Self) {
        self.judge_events(exchange, after);
        let (expected, applied) = match &exchange.uplink.message {
            Message::Hello(hello) => self.compared(&hello.standing, after, true),
            Message::Buckets { standing, .. } => self.compared(standing, after, false),
            Message::Delta { base, upto, records, .. } => self.delta((*base, *upto), *records, exchange, after),
            Message::Range { as_of, segments } => self.range(*as_of, *segments, exchange, after),
            Message::Beat { .. } => (Some(self.facts.clone()), self.state.applied),
            Message::Unknown(_) => (None, self.state.applied),
        };
        let refused = exchange.reply.map(|_| exchange.acked().flags.has(AckFlags::NOT_APPLIED));
        match expected {
            Some(facts) if refused != Some(true) || facts.len() <= HOST.max_facts => {
                let full = exchange.uplink.one_way && facts.len() > HOST.max_facts && after.facts == self.facts;
                assert!(full || after.facts == facts, "{:?} after {:?}, not {facts:?}", after.facts, self.facts);
                assert!(full || after.state.applied == applied, "applied {} and not {applied}", after.state.applied);
                assert!(refused != Some(true), "what is applied is not refused");
            }
            _ => {
                assert_eq!(after.facts, self.facts, "what is refused changes no fact");
                assert_eq!(after.state.applied, self.state.applied, "nor what is applied");
                assert!(refused != Some(false), "the device is told");
            }
        }
    }

    /// Numbers of this section that tell a kept event again, which the host has by its origin.
    fn repeated(&self, exchange: &Exchange<'_>) -> BTreeSet<(u8, u32)> {
        let (marks, mut newest) = (self.state.marks, self.state.origins);
        let mut repeated = BTreeSet::new();
        for group in exchange.uplink.events.groups() {
            let severity = group.severity as usize;
            for (number, event) in group.events().filter(|(number, _)| *number > marks[severity]) {
                let Some(origin) = event.origin.filter(|origin| origin.epoch <= exchange.epoch) else { continue };
                let place = (origin.epoch, origin.number);
                if place <= newest[severity] {
                    repeated.insert((group.severity as u8, number));
                }
                newest[severity] = newest[severity].max(place);
            }
        }
        repeated
    }

    /// Marks rise by what is delivered, what is lost and what is told again, each number once.
    fn judge_events(&self, exchange: &Exchange<'_>, after: &Self) {
        let mut marks = self.state.marks;
        let repeated = self.repeated(exchange);
        let pass = |marks: &mut [u32; 4], severity: u8| {
            let mark = &mut marks[usize::from(severity)];
            while repeated.contains(&(severity, mark.saturating_add(1))) {
                *mark += 1;
            }
        };
        for effect in exchange.effects.iter() {
            match effect {
                Effect::Event(event) => {
                    pass(&mut marks, event.severity);
                    let mark = &mut marks[usize::from(event.severity)];
                    assert_eq!(event.number, *mark + 1, "each event once and in order");
                    *mark = event.number;
                }
                Effect::Lost { severity, count } => marks[usize::from(severity)] += count,
                _ => {}
            }
        }
        (0..4).for_each(|severity| pass(&mut marks, severity));
        assert_eq!(marks, after.state.marks, "each number was delivered, counted or told again");
        for group in exchange.uplink.events.groups() {
            assert!(marks[group.severity as usize] >= group.first - 1 + u32::from(group.count), "all of it was heard");
        }
    }

    /// Hello and Buckets: kinds that are off are withdrawn; equal digests end every doubt, others raise one.
    fn compared(&self, standing: &Standing, after: &Self, hello: bool) -> (Option<Facts>, u32) {
        let mut facts = self.facts.clone();
        facts.retain(|(kind, _), _| !standing.off.has(Kind(*kind)));
        assert_eq!((after.state.compared, after.state.off), (standing.compared.0, standing.off.0));
        let state = &after.state;
        let agree = total(&facts, standing.compared) == standing.total;
        let in_doubt =
            if hello { state.ask && state.pending == standing.compared.0 } else { !state.ask && state.pending != 0 };
        let nothing_to_want = standing.compared.is_empty();
        assert!(
            if agree { !state.ask && state.pending == 0 } else { in_doubt || nothing_to_want },
            "{agree} {state:?}"
        );
        (Some(facts), standing.seq)
    }

    fn delta(
        &self,
        (base, upto): (u32, u32),
        records: Records<'_>,
        exchange: &Exchange<'_>,
        after: &Self,
    ) -> (Option<Facts>, u32) {
        let gap = base > self.state.applied;
        if gap && !exchange.uplink.one_way {
            assert!(after.state.ask, "a gap is asked for");
            return (None, 0);
        }
        let mut facts = self.facts.clone();
        if upto <= self.state.applied {
            return (Some(facts), self.state.applied);
        }
        for record in records.flatten() {
            let at = (record.kind.0, record.key.to_vec());
            match record.value {
                Some(value) => drop(facts.insert(at, value.to_vec())),
                None => drop(facts.remove(&at)),
            }
        }
        (Some(facts), upto)
    }

    fn range(&self, as_of: u32, segments: Segments<'_>, exchange: &Exchange<'_>, after: &Self) -> (Option<Facts>, u32) {
        if as_of < self.state.applied {
            return (None, 0);
        }
        let mut facts = self.facts.clone();
        let mut covered: BTreeMap<u8, Vec<u8>> = self.state.coverage.clone();
        let mut whole = KindMask::NONE;
        let mut ascending = true;
        let mut before = (0, Vec::new());
        for segment in segments.flatten() {
            let (kind, from) = (segment.kind.0, segment.from.to_vec());
            let end = (!segment.last).then(|| segment.end().to_vec());
            ascending &= before <= (kind, from.clone());
            before = (kind, end.clone().unwrap_or(vec![0xFF; 65]));
            let within = |key: &Vec<u8>| *key > from && end.as_ref().is_none_or(|end| key <= end);
            facts.retain(|(of, key), _| *of != kind || !within(key));
            facts.extend(segment.facts().map(|(key, value)| ((kind, key.to_vec()), value.to_vec())));
            if from.is_empty() || covered.get(&kind).is_some_and(|covered| *covered >= from) {
                whole.set(segment.kind, segment.last || whole.has(segment.kind));
                let furthest = covered.get(&kind).cloned().unwrap_or_default();
                covered.insert(kind, end.unwrap_or_default().max(furthest));
            }
        }
        let given = KindMask(self.state.pending).without(KindMask(after.state.pending));
        assert!(given.without(whole).is_empty(), "a kind is whole only if it was covered from its start");
        // Intervals that no device sends are not let in at the limit.
        let odd = !ascending && exchange.reply.is_none_or(|_| exchange.acked().flags.has(AckFlags::NOT_APPLIED));
        (Some(facts).filter(|_| !(odd && after.facts == self.facts)), self.state.applied)
    }
}

impl Exchange<'_> {
    fn acked(&self) -> Ack<'static> {
        match self.reply {
            Some(Downlink::Ack(ack)) => ack,
            other => panic!("{other:?} is no Ack"),
        }
    }
}

fn total(facts: &Facts, kinds: KindMask) -> u64 {
    let of_kinds = facts.iter().filter(|((kind, _), _)| kinds.has(Kind(*kind)));
    let hashes =
        of_kinds.map(|((kind, key), value)| tidings_wire::digest::hash(&HOST.digest_key, Kind(*kind), key, value));
    hashes.fold(0, u64::wrapping_add)
}
