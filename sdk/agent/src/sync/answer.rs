//! What the host says, and what follows from it.
//!
//! An answer counts only under the current epoch, and only if it echoes a packet of the open step; the first that counts ends the step. Everything
//! else is refused whole: late, repeated and replayed answers change nothing.

use super::{Body, Step};
use crate::stats::bump;
use crate::{Agent, InputError};
use tidings_wire::facts::AgentItem;
use tidings_wire::message::{Ack, AckFlags, Downlink};
use tidings_wire::packet::open_answer;

impl Agent<'_> {
    /// Takes in one packet from the host, opening it in place. Bounded by the packet and the table.
    ///
    /// # Errors
    /// [`InputError`] if it was refused; then nothing changed but a counter.
    #[inline(never)]
    pub fn handle_input(&mut self, now_ms: u64, packet: &mut [u8]) -> Result<(), InputError> {
        self.tick(now_ms);
        let taken = self.take_answer(packet);
        let counter = if taken.is_ok() { &mut self.stats.answers } else { &mut self.stats.refused };
        bump(counter);
        taken
    }

    fn take_answer(&mut self, packet: &mut [u8]) -> Result<(), InputError> {
        let Step { open, first, last, .. } = self.session.step;
        if !open {
            return Err(InputError::NotExpected);
        }
        let body = open_answer(self.keys.suite, &self.envelope(), packet).map_err(InputError::Packet)?;
        let downlink = Downlink::read(body).map_err(|_| InputError::Malformed)?;
        let echo = u32::try_from(downlink.echo()).map_err(|_| InputError::NotExpected)?;
        if echo < first || echo > last {
            return Err(InputError::NotExpected);
        }
        match &downlink {
            Downlink::Ack(ack) => self.accept(echo, ack),
            Downlink::Stale { known, .. } => self.stale(echo, *known),
            Downlink::Unknown { .. } => {}
        }
        Ok(())
    }

    // Only the answer to the first or the last packet of a step tells the round trip: the time at which the others left is not kept.
    fn end_step(&mut self, echo: u32) {
        let step = &mut self.session.step;
        step.open = false;
        self.retry.fresh();
        if echo == step.last {
            self.retry.measured((self.now as u32).wrapping_sub(step.last_at));
        } else if echo == step.first {
            self.retry.measured((self.now as u32).wrapping_sub(step.first_at));
        }
    }

    fn stale(&mut self, echo: u32, known: u32) {
        self.end_step(echo);
        bump(&mut self.stats.rollbacks);
        self.session.known_epoch = self.session.known_epoch.max(known);
        self.session.end_epoch();
        self.retry.deadline = self.now;
        self.tell(AgentItem::ROLLBACKS, 0, u64::from(self.stats.rollbacks));
    }

    fn accept(&mut self, echo: u32, ack: &Ack<'_>) {
        self.end_step(echo);
        self.note_collector(ack);
        if ack.flags.has(AckFlags::NEED_HELLO) {
            self.session.rehello();
            self.retry.deadline = self.now;
            return;
        }
        self.session.acc_epoch = self.session.epoch;
        let taken = !ack.flags.has(AckFlags::NOT_APPLIED);
        self.note_applied(ack.applied, taken);
        self.events.acknowledge(&ack.marks);
        if taken {
            self.step_taken();
        }
        self.session.want = self.session.want.and(ack.want);
        self.session.ask |= ack.flags.has(AckFlags::ASK) && !self.session.hello_due;
        if self.session.dirty() && (self.session.delta_due_at == u64::MAX || self.session.acked < self.session.step.seq)
        {
            self.session.delta_due_at = self.now;
        }
    }

    fn note_collector(&mut self, ack: &Ack<'_>) {
        if let Some(seconds) = ack.retry_after_s {
            self.retry.quiet_until = self.now + u64::from(seconds) * 1000;
        }
        if ack.challenge.is_some() {
            self.session.challenge = ack.challenge;
        }
        if let Some(instance) = ack.instance {
            let foreign = self.session.instance.is_some_and(|known| known != instance);
            self.session.instance = Some(instance);
            if foreign {
                self.tell(AgentItem::FOREIGN_COLLECTOR, 0, u64::from(instance));
            }
        }
    }

    // An answer to Hello or Buckets puts `applied` past everything, and digests prove nothing about incomplete kinds: they are told anew.
    fn note_applied(&mut self, applied: u32, taken: bool) {
        let floor = self.session.acked;
        // Less than was acknowledged: an old backup. More than ever was: one that knows another life under this epoch.
        if applied < floor || applied > self.session.seq {
            self.session.ask = true;
            return;
        }
        self.session.acked = applied;
        if taken && matches!(self.session.step.body, Body::Hello | Body::Buckets) {
            self.tell_incomplete_anew();
        }
        self.table.retire(applied);
    }

    fn tell_incomplete_anew(&mut self) {
        for at in 0..self.table.len() {
            let mut head = self.table.head(at);
            if self.coverage.is_incomplete(head.kind()) {
                self.session.seq += 1;
                head.stamp = self.session.seq;
                self.table.set_head(at, &head);
            }
        }
    }

    fn step_taken(&mut self) {
        match self.session.step.body {
            body @ (Body::Hello | Body::Buckets) => {
                self.session.hello_due &= body != Body::Hello;
                self.session.ask = false;
                self.session.again = tidings_wire::KindMask::NONE;
                self.session.restart_pass();
                self.register_volatile();
            }
            Body::Range => self.chunk_accepted(),
            Body::Delta | Body::Beat => {}
        }
    }
}
