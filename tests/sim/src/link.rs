//! Datagrams under way: lost, doubled, late, cut, changed, and cut into fragments where the link is narrow.

use crate::rng::Rng;
use crate::scenario::LinkTerms;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use tidings_wire::fragment::{Cutter, Slot};

/// Who speaks or hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// A device; 1 is its clone.
    Device(usize),
    /// A collector.
    Host(usize),
}

/// One packet that arrived.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrived {
    at: u64,
    number: u64,
    /// Whom it reached.
    pub to: Party,
    /// Where answers go.
    pub from: Party,
    /// When it left.
    pub sent_at: u64,
    /// What is left of it.
    pub bytes: Vec<u8>,
}

/// Everything under way.
#[derive(Debug)]
pub struct Link {
    terms: LinkTerms,
    under_way: BinaryHeap<Reverse<Arrived>>,
    number: u64,
    fragment_id: u8,
    sets: Vec<(u64, Party, Slot)>,
    /// Nothing passes.
    pub out: bool,
    /// All is well.
    pub calm: bool,
    /// Datagrams that were lost.
    pub lost: u64,
}

impl Link {
    /// Nothing under way.
    #[must_use]
    pub fn new(terms: LinkTerms) -> Self {
        Self {
            terms,
            under_way: BinaryHeap::new(),
            number: 0,
            fragment_id: 0,
            sets: Vec::new(),
            out: false,
            calm: false,
            lost: 0,
        }
    }

    /// When the next datagram arrives.
    #[must_use]
    pub fn next_at(&self) -> u64 {
        self.under_way.peek().map_or(u64::MAX, |Reverse(next)| next.at)
    }

    /// Sends a packet.
    pub fn send(&mut self, rng: &mut Rng, now: u64, late: bool, from: Party, to: Party, packet: &[u8]) {
        if self.terms.datagram == 0 {
            return self.send_datagram(rng, now, late, from, to, packet);
        }
        self.fragment_id = self.fragment_id.wrapping_add(1);
        let mut room = vec![0; self.terms.datagram];
        let Ok(mut cutter) = Cutter::new(packet, self.fragment_id, room.len()) else { return };
        while let Some(len) = cutter.next(&mut room) {
            self.send_datagram(rng, now, late, from, to, &room[..len]);
        }
    }

    /// Puts bytes at the receiver's door at once: an attacker's.
    pub fn inject(&mut self, now: u64, from: Party, to: Party, sent_at: u64, bytes: Vec<u8>) {
        self.number += 1;
        self.under_way.push(Reverse(Arrived { at: now, number: self.number, to, from, sent_at, bytes }));
    }

    /// The next packet that has arrived by `now`, made whole from its fragments.
    pub fn receive(&mut self, now: u64) -> Option<Arrived> {
        while self.next_at() <= now {
            let Reverse(mut arrived) = self.under_way.pop()?;
            if self.terms.datagram == 0 {
                return Some(arrived);
            }
            if let Some(whole) = self.reassemble(now, arrived.to, &arrived.bytes) {
                arrived.bytes = whole;
                return Some(arrived);
            }
        }
        None
    }

    fn send_datagram(&mut self, rng: &mut Rng, now: u64, late: bool, from: Party, to: Party, bytes: &[u8]) {
        let terms = self.terms;
        let copies = match () {
            () if self.calm => 1,
            () if self.out || rng.percent(terms.loss) => 0,
            () if rng.percent(terms.dup) => 2,
            () => 1,
        };
        self.lost += u64::from(copies == 0);
        for _ in 0..copies {
            let mut bytes = bytes.to_vec();
            if !self.calm {
                damage(rng, &terms, &mut bytes);
            }
            let extra = if late { terms.late_ms } else { 0 };
            let delay = if self.calm { terms.delay_ms.0 } else { rng.between(terms.delay_ms.0, terms.delay_ms.1) };
            self.inject(now + delay + extra, from, to, now, bytes);
        }
    }

    fn reassemble(&mut self, now: u64, to: Party, datagram: &[u8]) -> Option<Vec<u8>> {
        let id = *datagram.first()?;
        let same = |set: &(u64, Party, Slot)| set.1 == to && set.2.id() == Some(id);
        let at = self.sets.iter().position(same).unwrap_or_else(|| {
            if self.sets.iter().filter(|set| set.1 == to).count() >= self.terms.slots {
                let oldest = self.sets.iter().enumerate().filter(|(_, set)| set.1 == to).min_by_key(|(_, set)| set.0);
                self.sets.remove(oldest.map_or(0, |(at, _)| at));
            }
            self.sets.push((now, to, Slot::new()));
            self.sets.len() - 1
        });
        self.sets[at].0 = now;
        let whole = self.sets[at].2.push(datagram).ok()??.to_vec();
        self.sets.remove(at);
        Some(whole)
    }
}

fn damage(rng: &mut Rng, terms: &LinkTerms, bytes: &mut Vec<u8>) {
    if rng.percent(terms.corrupt) && !bytes.is_empty() {
        let at = rng.index(bytes.len());
        bytes[at] ^= 1 << rng.below(8);
    }
    if rng.percent(terms.truncate) {
        bytes.truncate(rng.index(bytes.len()));
    }
}
