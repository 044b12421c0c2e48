//! Links that cannot answer: everything is repeated, the base moves on after enough repetitions, and a carousel of Ranges heals what was lost.

use super::Body;
use crate::Agent;
use crate::events::Marks;
use tidings_wire::KindMask;

/// Transmissions of a change before it counts as delivered.
const REPEAT: usize = 3;
/// Every so many packets one is Buckets.
const BUCKETS_EVERY: u32 = 8;

/// How far the last Deltas went, oldest first.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct OneWay {
    packets: u32,
    upto: [u32; REPEAT],
    /// Of those with events.
    shown: [Marks; REPEAT],
}

// Notes how far the newest went; gives how far all of them went, nowhere before there were as many.
fn repeated<T: Copy>(ends: &mut [T; REPEAT], newest: T) -> T {
    ends.rotate_left(1);
    let [first, .., last] = ends;
    *last = newest;
    *first
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
        let upto = repeated(&mut self.one_way.upto, self.session.upto);
        self.session.acked = self.session.acked.max(upto);
        self.table.retire(self.session.acked);
        if self.events.are_shown() {
            let marks = repeated(&mut self.one_way.shown, self.events.shown());
            self.events.acknowledge(&marks);
        }
    }
}
