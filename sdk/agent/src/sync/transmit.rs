//! What to send, and when.

use super::{Body, Retry, Timer};
use crate::Agent;
use crate::stats::bump;

impl Agent<'_> {
    /// Builds the next packet in `buffer` if one is due at `now_ms`; gives its length. Bounded by one packet.
    ///
    /// The buffer must hold the profile's MTU: a fact that does not fit a smaller one waits for ever, and all that comes after it, which
    /// [`Stats::too_small`](crate::Stats::too_small) counts. Call again when [`Agent::next_deadline`] says so, or after anything was recorded or received.
    #[inline(never)]
    pub fn poll_transmit(&mut self, now_ms: u64, buffer: &mut [u8]) -> Option<usize> {
        self.tick(now_ms);
        if !self.session.epoch_open || self.session.link_down || self.retry.closed_for() > 0 {
            return None;
        }
        #[cfg(feature = "one-way")]
        if self.settings.shape.is_one_way() {
            return self.transmit_one_way(buffer);
        }
        let (body, wait) = self.next();
        if wait > 0 {
            return None;
        }
        let retry = self.session.goes_on_with(body);
        let len = self.build(body, buffer)?;
        if retry {
            self.retry.again();
            bump(&mut self.stats.retries);
        } else {
            self.retry.fresh();
        }
        self.note_sent(body);
        self.retry.sent(&self.settings.pace, len);
        Some(len)
    }

    /// When to call [`Agent::poll_transmit`] again at the latest, in ms of the same clock; 0 means at once.
    pub fn next_deadline(&self) -> u64 {
        let wait = if !self.session.epoch_open {
            0
        } else if self.session.link_down {
            return u64::MAX;
        } else if self.settings.shape.is_one_way() {
            self.one_way_wait()
        } else {
            self.next().1
        };
        match wait.max(self.retry.closed_for()) {
            0 => 0,
            wait => self.now + u64::from(wait),
        }
    }

    // What is sent next, and in how many ms. An open step goes on after its time-out; a Beat does not: news may replace it at once.
    #[inline(never)]
    fn next(&self) -> (Body, u32) {
        let session = &self.session;
        let wanted = !self.wanted().is_empty();
        let waits = session.open && session.body != Body::Beat;
        let timeout = if waits { self.retry.left(Timer::Step) } else { 0 };
        if !session.greeted {
            return (Body::Hello, if waits { timeout } else { self.retry.left(Timer::Step).max(self.load_wait()) });
        }
        if waits && (session.body != Body::Range || wanted) {
            return (session.body, timeout);
        }
        let (news, beat) = (self.news_wait(), self.retry.left(Timer::Beat));
        let (body, wait) = if session.ask {
            (Body::Buckets, 0)
        } else if wanted && !(session.last_was_range && news == 0) {
            (Body::Range, 0)
        } else if session.dirty() || news <= beat {
            (Body::Delta, news.min(beat))
        } else {
            (Body::Beat, beat)
        };
        (body, wait.max(timeout))
    }

    // Hello waits for expected kinds, at most the load time.
    fn load_wait(&self) -> u32 {
        let waits = !self.session.hello_sent && !self.coverage.loading().is_empty();
        if waits { self.retry.left(Timer::Load) } else { 0 }
    }

    // When a link that cannot answer carries the next packet: soon if there is news, else when a Beat would be due.
    pub(super) fn one_way_wait(&self) -> u32 {
        let news = self.session.dirty() || self.events.pending();
        let timer = if news || !self.session.hello_sent { Timer::Step } else { Timer::Beat };
        self.retry.left(timer).max(self.load_wait())
    }

    // When a Delta is due: at once for events, after the hold-down for facts.
    #[inline(always)]
    fn news_wait(&self) -> u32 {
        if self.events.pending() {
            0
        } else if self.session.dirty() {
            self.retry.left(Timer::News)
        } else {
            Retry::NEVER
        }
    }
}
