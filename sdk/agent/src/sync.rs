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
pub(crate) use retry::Retry;

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

/// The step under way: its packets carry the counters `first..=last`.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Step {
    pub open: bool,
    pub body: Body,
    pub first: u32,
    pub last: u32,
    /// Low 32 bits of the times at which those left.
    pub first_at: u32,
    pub last_at: u32,
    /// `seq` when the step was last built.
    pub seq: u32,
}

impl Step {
    /// True if a packet with this body would be one more of the step.
    pub fn goes_on_with(&self, body: Body) -> bool {
        self.open && self.body == body && body != Body::Beat
    }
}

/// The chunk of the open Range step, which ends at the table's `end`.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Chunk {
    /// Every kind in the chunk.
    pub kinds: KindMask,
    /// The kind of its last segment.
    pub final_kind: u8,
    /// The last segment runs to the end of its kind.
    pub last: bool,
}

/// Where a Range pass stands: the kind it is in or comes to next, and whether it is inside it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Pass {
    pub kind: u8,
    pub inside: bool,
}

/// Everything about the conversation with the host.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Session {
    /// 0 until one was stored.
    pub epoch: u32,
    /// The host knows epochs up to here.
    pub known_epoch: u32,
    /// A new epoch must be stored before anything is sent.
    pub epoch_due: bool,
    /// Of the next packet; when they are used up, a new epoch is due.
    pub ctr: u32,
    pub seq: u32,
    pub acked: u32,
    /// The end of the last Delta.
    pub upto: u32,
    pub acc_epoch: u32,
    pub hello_due: bool,
    pub hello_sent: bool,
    pub ask: bool,
    /// Kinds that the host wants as Range.
    pub want: KindMask,
    /// Kinds of `want` that need a second pass after this one.
    pub again: KindMask,
    pub pass: Pass,
    pub chunk: Chunk,
    pub step: Step,
    /// Volatile kinds are registered.
    pub volatile_ready: bool,
    pub last_was_range: bool,
    /// Events had to stay behind because a record needed the whole packet.
    pub events_starved: bool,
    pub instance: Option<u32>,
    pub challenge: Option<[u8; 8]>,
    /// Earliest time for a Delta; `u64::MAX` if nothing waits.
    pub delta_due_at: u64,
}

impl Session {
    pub fn new() -> Self {
        Self { epoch_due: true, hello_due: true, delta_due_at: u64::MAX, ..Self::default() }
    }

    pub fn dirty(&self) -> bool {
        self.seq > self.acked
    }

    /// The epoch is used up or known to be old: another one must be stored, and Hello follows.
    pub fn end_epoch(&mut self) {
        self.epoch_due = true;
        self.rehello();
    }

    /// Starts over with Hello; the host says again what it wants.
    #[inline(never)]
    pub fn rehello(&mut self) {
        self.hello_due = true;
        self.want = KindMask::NONE;
        self.again = KindMask::NONE;
        self.restart_pass();
        self.step.open = false;
    }

    pub fn restart_pass(&mut self) {
        self.pass = Pass::default();
    }

    /// The next kind of a pass over `want`, and whether the pass is inside it.
    pub fn next_in_pass(&self, want: KindMask) -> Option<(Kind, bool)> {
        let inside = self.pass.inside && want.has(Kind(self.pass.kind));
        let ahead = want.from(Kind(self.pass.kind));
        let next = if ahead.is_empty() { want } else { ahead };
        next.first().map(|kind| (kind, inside))
    }
}
