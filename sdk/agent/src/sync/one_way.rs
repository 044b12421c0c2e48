//! Links that cannot answer: everything is repeated, the base moves on after enough repetitions, and a carousel of Ranges heals what was lost.

use super::Body;
use super::body::Built;
use crate::Agent;
use tidings_wire::KindMask;
use tidings_wire::event::Severity;

/// Transmissions of a change before it counts as delivered.
const REPEAT: usize = 3;
/// Every so many packets one is Buckets.
const BUCKETS_EVERY: u32 = 8;

/// What the last Deltas ended with, oldest first.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct OneWay {
    packets: u32,
    sent: usize,
    upto: [u32; REPEAT],
    shown: [[u32; Severity::COUNT]; REPEAT],
}

impl OneWay {
    fn push(&mut self, built: &Built, acked: [u32; Severity::COUNT]) -> Option<(u32, [u32; Severity::COUNT])> {
        self.upto.rotate_left(1);
        self.shown.rotate_left(1);
        if let (Some(upto), Some(shown)) = (self.upto.last_mut(), self.shown.last_mut()) {
            (*upto, *shown) = (built.upto, built.shown.unwrap_or(acked));
        }
        self.sent += 1;
        let ripe = self.sent >= REPEAT;
        self.upto.first().copied().zip(self.shown.first().copied()).filter(|_| ripe)
    }
}

impl Agent<'_> {
    pub(super) fn transmit_one_way(&mut self, buffer: &mut [u8]) -> Option<usize> {
        if self.now < self.one_way_due() {
            return None;
        }
        self.session.hello_due = false;
        self.session.hello_sent = true;
        self.register_volatile();
        self.one_way.packets = self.one_way.packets.wrapping_add(1);
        let work = self.session.dirty() || self.events.pending();
        let body = match self.one_way.packets {
            n if n % BUCKETS_EVERY == 1 => Body::Buckets,
            n if work && n % 3 != 0 => Body::Delta,
            _ => Body::Range,
        };
        self.session.want = if body == Body::Range { KindMask::ALL } else { KindMask::NONE };
        self.session.step.open = false;
        let (len, built) = self.build(body, buffer)?;
        match body {
            Body::Range => self.chunk_accepted(),
            Body::Delta => self.count_as_delivered(&built),
            _ => {}
        }
        self.retry.sent(&self.config.profile, self.now, len);
        Some(len)
    }

    /// When the next packet is due: soon if there is news, else when a Beat would be.
    pub(super) fn one_way_due(&self) -> u64 {
        let news = self.session.dirty() || self.events.pending();
        let at = if news || !self.session.hello_sent { self.retry.deadline } else { self.retry.beat_at };
        at.max(self.hello_waits_until())
    }

    fn count_as_delivered(&mut self, built: &Built) {
        if let Some((upto, marks)) = self.one_way.push(built, self.events.acked()) {
            self.session.acked = self.session.acked.max(upto);
            self.table.retire(self.session.acked);
            self.events.acknowledge(&marks);
        }
    }
}
