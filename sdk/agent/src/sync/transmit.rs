//! What to send, and when.

use super::Body;
use crate::Agent;
use crate::stats::bump;

impl Agent<'_> {
    /// Builds the next packet in `buffer` if one is due at `now_ms`; gives its length. Bounded by one packet.
    ///
    /// The buffer should hold the profile's MTU; a smaller one lowers it. Call again when [`Agent::next_deadline`] says so, or after
    /// anything was recorded or received.
    pub fn poll_transmit(&mut self, now_ms: u64, buffer: &mut [u8]) -> Option<usize> {
        self.tick(now_ms);
        if self.session.epoch_due || !self.link_up || self.now < self.retry.open_at() {
            return None;
        }
        #[cfg(feature = "one-way")]
        if self.config.is_one_way() {
            return self.transmit_one_way(buffer);
        }
        let body = self.due_now()?;
        let retry = self.session.step.goes_on_with(body);
        let len = self.build(body, buffer)?;
        if retry {
            self.retry.again();
            bump(&mut self.stats.retries);
        }
        self.note_sent(body);
        self.retry.sent(&self.config.profile, self.now, len);
        Some(len)
    }

    /// When to call [`Agent::poll_transmit`] again at the latest, in ms of the same clock; 0 means at once.
    pub fn next_deadline(&self) -> u64 {
        let open_at = self.retry.open_at();
        if self.session.epoch_due {
            return open_at;
        }
        if !self.link_up {
            return u64::MAX;
        }
        let step = &self.session.step;
        let at = if self.config.is_one_way() {
            self.one_way_due()
        } else if self.session.hello_due && !step.open {
            self.retry.deadline.max(self.hello_waits_until())
        } else if !step.open || step.body == Body::Beat {
            self.idle_deadline()
        } else {
            self.retry.deadline
        };
        at.max(open_at)
    }

    // The body that is due, if its time has come.
    fn due_now(&self) -> Option<Body> {
        let step = &self.session.step;
        // A Beat is never repeated: news or the next Beat replace it. Anything else waits for its answer or its time-out.
        let waits = step.open && step.body != Body::Beat && self.now < self.retry.deadline;
        if waits { None } else { self.choose() }
    }

    fn choose(&self) -> Option<Body> {
        let session = &self.session;
        if session.hello_due {
            let ready = session.step.open || self.now >= self.retry.deadline.max(self.hello_waits_until());
            return ready.then_some(Body::Hello);
        }
        let wanted = !self.wanted().is_empty();
        if session.step.open {
            match session.step.body {
                body @ (Body::Delta | Body::Buckets) => return Some(body),
                Body::Range if wanted => return Some(Body::Range),
                _ => {}
            }
        }
        let news = self.now >= self.news_at();
        if session.ask {
            Some(Body::Buckets)
        } else if wanted && !(session.last_was_range && news) {
            Some(Body::Range)
        } else if news {
            Some(Body::Delta)
        } else if self.now >= self.retry.beat_at {
            Some(if session.dirty() { Body::Delta } else { Body::Beat })
        } else {
            None
        }
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

    #[inline(never)] // asked in four places
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

    fn idle_deadline(&self) -> u64 {
        let wanted = !self.wanted().is_empty();
        if self.session.ask || wanted { 0 } else { self.retry.beat_at.min(self.news_at()) }
    }
}
