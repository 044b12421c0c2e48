//! One packet: envelope, events, the step's body, check.

use super::{Body, Retry, Timer};
use crate::Agent;
use crate::stats::bump;
use tidings_wire::cursor::Writer;
use tidings_wire::message::head;
use tidings_wire::packet::{Direction, Envelope, Unique, seal_with, uplink_nonce};

impl Agent<'_> {
    /// The clear fields that a packet and its answer share.
    #[inline(always)]
    pub(super) fn envelope(&self) -> Envelope<'_> {
        Envelope {
            suite: self.keys.suite.id(),
            kid: self.keys.kid,
            id: self.settings.shape.tell_id.then_some(self.id.as_bytes()),
            epoch: self.session.epoch,
            unique: Unique::None,
        }
    }

    /// Writes them.
    #[inline(never)]
    pub(super) fn write_shared(&self, out: &mut Writer<'_>, direction: Direction) {
        self.envelope().write_shared(out, direction);
    }

    /// Builds and seals a packet with this body in `buffer`; gives its length. If that is too small it is asked for again after a while.
    #[inline(always)]
    pub(super) fn build(&mut self, body: Body, buffer: &mut [u8]) -> Option<usize> {
        let built = self.build_within(body, buffer);
        if built.is_none() {
            bump(&mut self.stats.too_small);
            self.retry.set(Timer::Quiet, 1000);
        }
        built
    }

    fn build_within(&mut self, body: Body, buffer: &mut [u8]) -> Option<usize> {
        let mtu = usize::from(self.settings.shape.mtu).min(buffer.len());
        let room = mtu.checked_sub(self.keys.suite.check_len())?;
        let mut out = Writer::new(buffer.get_mut(..room)?);
        self.write_shared(&mut out, Direction::Up);
        out.u32(self.session.ctr);
        let clear = out.len();
        if !self.write_body(&mut out, body) {
            return None;
        }
        let body_len = out.finish()? - clear;
        let nonce = uplink_nonce(self.keys.kid, self.session.epoch, self.session.ctr.into());
        let len = seal_with(self.keys.suite, &nonce, buffer, clear, body_len)?;
        self.session.ctr += 1;
        if self.session.ctr == u32::MAX {
            self.session.end_epoch();
        }
        bump(&mut self.stats.sent);
        self.stats.sent_bytes = self.stats.sent_bytes.wrapping_add(len as u32);
        Some(len)
    }

    // If a record needs the whole packet, the events wait; they go alone with the next Delta.
    fn write_body(&mut self, out: &mut Writer<'_>, body: Body) -> bool {
        if body == Body::Hello {
            self.hello(out);
            return !out.overflowed();
        }
        let start = out.len();
        if self.write_parts(out, body, true) {
            return true;
        }
        out.rewind(start);
        #[cfg(feature = "one-way")]
        self.events.show_none();
        self.write_parts(out, body, false)
    }

    fn write_parts(&mut self, out: &mut Writer<'_>, body: Body, events: bool) -> bool {
        let head_at = out.len();
        out.u8(self.head_byte(body));
        let shown = events && self.write_events(out, body);
        let alone = shown && self.session.events_starved;
        let fits = match body {
            Body::Delta => self.delta(out, head_at, alone),
            Body::Range => self.range(out),
            Body::Beat => self.beat(out),
            _ => self.buckets(out),
        } && !out.overflowed();
        if shown {
            out.mark(head_at, head::EVENTS);
            self.session.events_starved = !fits;
        }
        fits
    }

    // At most half the packet while facts are pending, so that neither starves the other.
    fn write_events(&mut self, out: &mut Writer<'_>, body: Body) -> bool {
        let facts_pending = body != Body::Delta || self.session.dirty();
        let spare = if facts_pending { out.room() / 2 } else { 16 };
        self.events.write(out, spare, self.now)
    }

    /// Notes in the open step, or in a new one, that a packet left.
    #[inline(never)]
    pub(super) fn note_sent(&mut self, body: Body) {
        let (ctr, now) = (self.session.ctr.wrapping_sub(1), self.now as u32);
        let session = &mut self.session;
        if !session.goes_on_with(body) {
            (session.step.first, session.step.first_at) = (ctr, now);
        }
        (session.step.last, session.step.last_at, session.step.seq) = (ctr, now, session.seq);
        (session.open, session.body) = (true, body);
        session.last_was_range = body == Body::Range;
        session.hello_sent |= body == Body::Hello;
        if body == Body::Delta {
            self.retry.set(Timer::News, Retry::NEVER);
        }
    }
}
