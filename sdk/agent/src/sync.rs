//! The sync machine: one open step at a time, each rebuilt from the table whenever it is sent.
//!
//! A step is one Hello, Buckets, Range chunk or Delta with all its retransmissions, or one Beat. Only an answer to a packet of the open step counts.

mod answer;
mod body;
#[cfg(all(test, feature = "sealed"))]
#[allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod counter_runs_out;
mod delta;
#[cfg(feature = "one-way")]
mod one_way;
mod range;
mod retry;
mod standing;
mod transmit;

#[cfg(feature = "one-way")]
pub(crate) use one_way::OneWay;
pub(crate) use retry::{BURST_MS, Retry, Timer};

use tidings_wire::message::head;
use tidings_wire::{Kind, KindMask};

/// What a step sends, by its number in the head byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(u8)]
pub(crate) enum Body {
    #[default]
    Hello = head::HELLO,
    Delta = head::DELTA,
    Range = head::RANGE,
    Beat = head::BEAT,
    Buckets = head::BUCKETS,
}

/// The packets of the step under way: they carry the counters `first..=last`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Step {
    pub first: u32,
    pub last: u32,
    /// Low 32 bits of the times at which those left.
    pub first_at: u32,
    pub last_at: u32,
    /// `seq` when the step was last built.
    pub seq: u32,
}

/// A chunk of a Range, which ends at the table's `end`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chunk {
    /// Every kind in the chunk.
    pub kinds: KindMask,
    /// The kind of its last segment.
    pub final_kind: u8,
    /// The last segment runs to the end of its kind.
    pub last: bool,
    /// Where the pass stands before it: the kind that it is in or comes to next, and whether it is inside.
    pub kind: u8,
    pub inside: bool,
}

/// Everything about the conversation with the host; all zero at first.
#[derive(Debug, Clone, Copy)]
#[repr(C)] // bytes first: see `Agent`
pub(crate) struct Session {
    /// The epoch is stored and may be used; else another one must be, before anything is sent.
    pub epoch_open: bool,
    /// The host answered a Hello, and no other is due.
    pub greeted: bool,
    pub hello_sent: bool,
    pub ask: bool,
    /// Volatile kinds are registered.
    pub volatile_ready: bool,
    pub last_was_range: bool,
    /// Events had to stay behind because a record needed the whole packet.
    pub events_starved: bool,
    pub link_down: bool,
    pub knows_instance: bool,
    pub is_challenged: bool,
    /// A step is under way, and what it sends; that stays when it ends.
    pub open: bool,
    pub body: Body,
    /// 0 until one was stored.
    pub epoch: u32,
    /// Of the next packet; when they are used up, a new epoch is due.
    pub ctr: u32,
    pub seq: u32,
    pub acked: u32,
    pub step: Step,
    /// Kinds that the host wants as Range.
    pub want: KindMask,
    /// Kinds of `want` that need a second pass after this one.
    pub again: KindMask,
    /// Of the open Range step.
    pub chunk: Chunk,
    pub acc_epoch: u32,
    /// The end of the last Delta.
    #[cfg(feature = "one-way")]
    pub upto: u32,
    pub instance: u32,
    /// Low and high half.
    pub challenge: [u32; 2],
}

impl Session {
    pub const fn new() -> Self {
        let none = KindMask::NONE;
        Self {
            epoch_open: false,
            greeted: false,
            hello_sent: false,
            ask: false,
            volatile_ready: false,
            last_was_range: false,
            events_starved: false,
            link_down: false,
            knows_instance: false,
            is_challenged: false,
            open: false,
            body: Body::Hello,
            epoch: 0,
            ctr: 0,
            seq: 0,
            acked: 0,
            step: Step { first: 0, last: 0, first_at: 0, last_at: 0, seq: 0 },
            want: none,
            again: none,
            chunk: Chunk { kinds: none, final_kind: 0, last: false, kind: 0, inside: false },
            acc_epoch: 0,
            #[cfg(feature = "one-way")]
            upto: 0,
            instance: 0,
            challenge: [0; 2],
        }
    }

    /// True if a packet with this body would be one more of the open step.
    pub fn goes_on_with(&self, body: Body) -> bool {
        self.open && self.body == body && body != Body::Beat
    }

    pub fn dirty(&self) -> bool {
        self.seq > self.acked
    }

    /// The epoch is used up or known to be old: another one must be stored, and Hello follows.
    #[inline(always)]
    pub fn end_epoch(&mut self) {
        self.epoch_open = false;
        self.rehello();
    }

    /// Starts over with Hello; the host says again what it wants.
    #[inline(never)]
    pub fn rehello(&mut self) {
        self.greeted = false;
        self.want = KindMask::NONE;
        self.again = KindMask::NONE;
        self.restart_pass();
        self.open = false;
    }

    pub fn restart_pass(&mut self) {
        (self.chunk.kind, self.chunk.inside) = (0, false);
    }

    /// The next kind of a pass over `want`, and whether the pass is inside it.
    pub fn next_in_pass(&self, want: KindMask) -> Option<(Kind, bool)> {
        let inside = self.chunk.inside && want.has(Kind(self.chunk.kind));
        let ahead = want.at_least(Kind(self.chunk.kind));
        let next = if ahead.is_empty() { want } else { ahead };
        next.first().map(|kind| (kind, inside))
    }
}
