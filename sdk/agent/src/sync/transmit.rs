//! What to send, and when.

use super::Body;
use crate::Agent;
use crate::stats::bump;

impl Agent<'_> {
    /// Builds the next packet in `buffer` if one is due at `now_ms`; gives its length. Bounded by one packet.
    ///
    /// The buffer should hold the profile's MTU; a smaller one lowers it. Call again when [`Agent::next_deadline`] says so, or after
    /// anything was recorded or received.
    #[inline(never)]
    pub fn poll_transmit(&mut self, now_ms: u64, buffer: &mut [u8]) -> Option<usize> {
        self.tick(now_ms);
        if self.session.epoch_due || !self.link_up || self.now < self.retry.open_at() {
            return None;
        }
        #[cfg(feature = "one-way")]
        if self.config.is_one_way() {
            return self.transmit_one_way(buffer);
        }
        let (body, due_at) = self.next();
        if self.now < due_at {
            return None;
        }
        let retry = self.session.step.goes_on_with(body);
        let len = self.build(body, buffer)?;
        if retry {
            self.retry.again();
            bump(&mut self.stats.retries);
        } else {
            self.retry.fresh();
        }
        self.note_sent(body);
        self.retry.sent(&self.config.profile, self.now, len);
        Some(len)
    }

    /// When to call [`Agent::poll_transmit`] again at the latest, in ms of the same clock; 0 means at once.
    #[inline(never)]
    pub fn next_deadline(&self) -> u64 {
        let due_at = if self.session.epoch_due {
            0
        } else if !self.link_up {
            return u64::MAX;
        } else if self.config.is_one_way() {
            self.one_way_due()
        } else {
            self.next().1
        };
        due_at.max(self.retry.open_at())
    }

    // What is sent next, and when. An open step goes on after its time-out; a Beat does not: news may replace it at once.
    #[inline(never)]
    fn next(&self) -> (Body, u64) {
        let (session, retry) = (&self.session, &self.retry);
        let wanted = !self.wanted().is_empty();
        let waits = session.step.open && session.step.body != Body::Beat;
        let timeout = if waits { retry.deadline } else { 0 };
        if session.hello_due {
            return (Body::Hello, if waits { timeout } else { retry.deadline.max(self.hello_waits_until()) });
        }
        if waits && (session.step.body != Body::Range || wanted) {
            return (session.step.body, timeout);
        }
        let news_at = self.news_at();
        let (body, at) = if session.ask {
            (Body::Buckets, 0)
        } else if wanted && !(session.last_was_range && self.now >= news_at) {
            (Body::Range, 0)
        } else if session.dirty() || news_at <= retry.beat_at {
            (Body::Delta, news_at.min(retry.beat_at))
        } else {
            (Body::Beat, retry.beat_at)
        };
        (body, at.max(timeout))
    }

    // Hello waits for expected kinds, at most the load time.
    fn hello_waits_until(&self) -> u64 {
        let waits = !self.session.hello_sent && !self.coverage.loading().is_empty();
        if waits { self.started_at + u64::from(self.config.load_ms) } else { 0 }
    }

    // When a link that cannot answer carries the next packet: soon if there is news, else when a Beat would be due.
    pub(super) fn one_way_due(&self) -> u64 {
        let news = self.session.dirty() || self.events.pending();
        let at = if news || !self.session.hello_sent { self.retry.deadline } else { self.retry.beat_at };
        at.max(self.hello_waits_until())
    }

    // When a Delta is due: at once for events, after the hold-down for facts.
    fn news_at(&self) -> u64 {
        if self.events.pending() {
            0
        } else if self.session.dirty() {
            self.session.delta_due_at
        } else {
            u64::MAX
        }
    }
}
