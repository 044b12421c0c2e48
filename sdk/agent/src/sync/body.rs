//! One packet: envelope, events, the step's body, check.

use super::{Body, Step};
use crate::Agent;
use crate::stats::bump;
use tidings_wire::cursor::Writer;
use tidings_wire::event::Severity;
use tidings_wire::message::head;
use tidings_wire::packet::{Envelope, Unique, seal};

/// What went into a body.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Built {
    /// The open step goes on.
    pub keep: bool,
    /// A Delta's end.
    pub upto: u32,
    /// Highest event numbers shown, if any were.
    pub shown: Option<[u32; Severity::COUNT]>,
}

impl Agent<'_> {
    /// Builds and seals a packet with this body in `buffer`; gives its length and what went into it.
    pub(super) fn build(&mut self, body: Body, buffer: &mut [u8]) -> Option<(usize, Built)> {
        let mtu = usize::from(self.config.profile.mtu).min(buffer.len());
        let check = self.keys.suite.check_len();
        let id = self.config.tell_id.then(|| self.id.clone());
        let envelope = Envelope {
            suite: self.keys.suite.id(),
            kid: self.keys.kid,
            id: id.as_ref().map(|id| id.as_bytes()),
            epoch: self.session.epoch,
            unique: Unique::Counter(self.session.ctr),
        };
        let mut out = Writer::new(buffer.get_mut(..mtu.checked_sub(check)?)?);
        envelope.write(&mut out);
        let clear = out.len();
        let built = self.write_body(&mut out, body)?;
        let end = out.finish()?;
        let len = seal(self.keys.suite, &envelope, buffer, clear, end - clear)?;
        self.session.ctr += 1;
        bump(&mut self.stats.sent);
        self.stats.sent_bytes = self.stats.sent_bytes.saturating_add(len as u32);
        Some((len, built))
    }

    fn write_body(&mut self, out: &mut Writer<'_>, body: Body) -> Option<Built> {
        let keep = self.session.step.open && self.session.step.body == body && body != Body::Beat;
        if body == Body::Hello {
            self.hello(out, self.now);
            return (!out.overflowed()).then_some(Built { keep, ..Built::default() });
        }
        let head_at = out.len();
        let first = self.head_byte(body);
        out.u8(first);
        let after_head = out.len();
        let shown = self.write_events(out, body);
        if shown.is_some() {
            let first = first | head::EVENTS;
            out.patch(head_at, first);
            let alone = self.session.events_starved;
            if let Some(built) = self.write_fields(out, body, head_at, first, keep, alone) {
                self.session.events_starved = false;
                return Some(Built { shown, ..built });
            }
            self.session.events_starved = true;
            out.rewind(after_head);
        }
        out.patch(head_at, first);
        self.write_fields(out, body, head_at, first, keep, false)
    }

    // At most half the packet while facts are pending, so that neither starves the other.
    fn write_events(&self, out: &mut Writer<'_>, body: Body) -> Option<[u32; Severity::COUNT]> {
        let facts_pending = body != Body::Delta || self.session.dirty();
        let room = if facts_pending { out.room() / 2 } else { out.room().saturating_sub(16) };
        self.events.write(out, room, self.now as u32)
    }

    fn write_fields(
        &mut self,
        out: &mut Writer<'_>,
        body: Body,
        head_at: usize,
        first: u8,
        mut keep: bool,
        events_alone: bool,
    ) -> Option<Built> {
        let mut upto = 0;
        match body {
            Body::Delta => upto = self.delta(out, head_at, first, events_alone)?,
            Body::Range => self.range(out, &mut keep)?,
            Body::Beat => self.beat(out),
            Body::Buckets => self.buckets(out),
            Body::Hello => {}
        }
        (!out.overflowed()).then_some(Built { keep, upto, shown: None })
    }

    /// Notes in the open step, or in a new one, that a packet left.
    pub(super) fn note_sent(&mut self, body: Body, keep: bool) {
        let ctr = self.session.ctr.saturating_sub(1);
        let before = self.session.step;
        let (first, first_at) = if keep { (before.first, before.first_at) } else { (ctr, self.now) };
        self.session.step =
            Step { open: true, body, first, last: ctr, first_at, last_at: self.now, seq: self.session.seq };
        self.session.last_was_range = body == Body::Range;
        self.session.hello_sent |= body == Body::Hello;
        if body == Body::Delta {
            self.session.delta_due_at = u64::MAX;
        }
    }
}
