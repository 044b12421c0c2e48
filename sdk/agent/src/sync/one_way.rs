//! Links that cannot answer: everything is repeated, the base moves on after enough repetitions, and a carousel of Ranges heals what was lost.

use super::Body;
use crate::Agent;
use crate::events::Marks;
use tidings_wire::KindMask;

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
    shown: [Marks; REPEAT],
}

impl OneWay {
    // Notes what a Delta ended with; gives what has been repeated often enough.
    fn push(&mut self, upto: u32, shown: Marks) -> Option<(u32, Marks)> {
        self.upto.rotate_left(1);
        self.shown.rotate_left(1);
        let ([.., last], [.., last_shown]) = (&mut self.upto, &mut self.shown);
        (*last, *last_shown) = (upto, shown);
        self.sent += 1;
        let ([first, ..], [first_shown, ..]) = (self.upto, self.shown);
        (self.sent >= REPEAT).then_some((first, first_shown))
    }
}

impl Agent<'_> {
    pub(super) fn transmit_one_way(&mut self, buffer: &mut [u8]) -> Option<usize> {
        if self.one_way_wait() > 0 {
            return None;
        }
        self.session.greeted = true;
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
        self.session.open = false;
        let len = self.build(body, buffer)?;
        match body {
            Body::Range => self.chunk_accepted(),
            Body::Delta => self.count_as_delivered(),
            _ => {}
        }
        self.retry.sent(&self.settings.pace, len);
        Some(len)
    }

    fn count_as_delivered(&mut self) {
        if let Some((upto, marks)) = self.one_way.push(self.session.upto, self.events.shown()) {
            self.session.acked = self.session.acked.max(upto);
            self.table.retire(self.session.acked);
            self.events.acknowledge(&marks);
        }
    }
}
