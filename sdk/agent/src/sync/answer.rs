//! What the host says, and what follows from it.
//!
//! An answer counts only under the current epoch, and only if it echoes a packet of the open step; the first that counts ends the step. Everything
//! else is refused whole: late, repeated and replayed answers change nothing.

use super::{Body, Retry, Step, Timer};
use crate::stats::bump;
use crate::{Agent, InputError};
use tidings_wire::KindMask;
use tidings_wire::cursor::{Fields, Writer};
use tidings_wire::facts::AgentItem;
use tidings_wire::message::{AckFlags, Answer};
use tidings_wire::packet::{Direction, open_answer};

/// The longest silence that a host may ask for: 49 days.
const LONGEST_QUIET_S: u32 = 4_233_600;
/// The furthest that a host may move a device's epoch at once (SPEC §10): no device boots that often unseen, and none may lose all its epochs to a lie.
const LONGEST_LEAP: u32 = 1 << 20;

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
        if !self.session.open {
            return Err(InputError::NotExpected);
        }
        let asked = |out: &mut Writer<'_>| self.write_shared(out, Direction::Down);
        let body = open_answer(self.keys.suite, asked, packet).map_err(InputError::Packet)?;
        let Answer { number, echo, flags, mut fields } = Answer::read(body).map_err(|_| InputError::Malformed)?;
        let Step { first, last, .. } = self.session.step;
        if echo < first || echo > last {
            return Err(InputError::NotExpected);
        }
        match number {
            Answer::ACK => self.accept(echo, flags, &mut fields),
            Answer::STALE => return self.stale(echo, fields.u32()),
            _ => {}
        }
        Ok(())
    }

    // Only the answer to the first or the last packet of a step tells the round trip: the time at which the others left is not kept.
    fn end_step(&mut self, echo: u32) {
        let step = self.session.step;
        self.session.open = false;
        self.retry.fresh();
        if echo == step.last {
            self.retry.measured((self.now as u32).wrapping_sub(step.last_at));
        } else if echo == step.first {
            self.retry.measured((self.now as u32).wrapping_sub(step.first_at));
        }
    }

    fn stale(&mut self, echo: u32, known: u32) -> Result<(), InputError> {
        if known.wrapping_sub(self.session.epoch) > LONGEST_LEAP {
            return Err(InputError::NotExpected);
        }
        self.end_step(echo);
        bump(&mut self.stats.rollbacks);
        self.session.epoch = known; // nothing is sent under it: the next one opens above
        self.session.end_epoch();
        self.retry.set(Timer::Step, 0);
        self.tell(AgentItem::ROLLBACKS, 0, u64::from(self.stats.rollbacks));
        Ok(())
    }

    #[inline(never)]
    fn accept(&mut self, echo: u32, flags: AckFlags, fields: &mut Fields<'_>) {
        let (applied, want) = (fields.u32(), KindMask(fields.u32()));
        let marks = core::array::from_fn(|_| fields.u32());
        self.end_step(echo);
        self.note_collector(flags, fields);
        if flags.has(AckFlags::NEED_HELLO) {
            self.session.rehello();
            self.retry.set(Timer::Step, 0);
            return;
        }
        self.session.acc_epoch = self.session.epoch;
        let taken = !flags.has(AckFlags::NOT_APPLIED);
        self.note_applied(applied, taken);
        self.events.acknowledge(&marks);
        if taken {
            self.step_taken();
        }
        self.session.want = self.session.want.union(want);
        // The host takes the masks of another life for ours: a kind that is not compared can never be given, so they are told anew.
        if self.session.greeted && !want.without(self.coverage.compared()).is_empty() {
            self.greet_again();
        }
        self.session.ask |= flags.has(AckFlags::ASK) && self.session.greeted;
        let waits = self.retry.left(Timer::News) != Retry::NEVER;
        if self.session.dirty() && (!waits || self.session.acked < self.session.step.seq) {
            self.retry.set(Timer::News, 0);
        }
    }

    // The optional fields, in their order.
    fn note_collector(&mut self, flags: AckFlags, fields: &mut Fields<'_>) {
        if flags.has(AckFlags::INSTANCE) {
            let instance = fields.u32le();
            let foreign = self.session.knows_instance && self.session.instance != instance;
            (self.session.knows_instance, self.session.instance) = (true, instance);
            if foreign {
                self.tell(AgentItem::FOREIGN_COLLECTOR, 0, u64::from(instance));
            }
        }
        if flags.has(AckFlags::RETRY_AFTER) {
            self.retry.set(Timer::Quiet, fields.u32().min(LONGEST_QUIET_S) * 1000);
        }
        if flags.has(AckFlags::CHALLENGE) {
            self.session.challenge = [fields.u32le(), fields.u32le()];
            self.session.is_challenged = true;
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
        if taken && matches!(self.session.body, Body::Hello | Body::Buckets) {
            self.stamp(self.coverage.incomplete(), true);
        }
        self.table.retire(applied);
    }

    fn step_taken(&mut self) {
        match self.session.body {
            body @ (Body::Hello | Body::Buckets) => {
                self.session.greeted |= body == Body::Hello;
                self.session.ask = false;
                self.session.again = KindMask::NONE;
                self.session.restart_pass();
                self.register_volatile();
            }
            Body::Range => self.chunk_accepted(),
            Body::Delta | Body::Beat => {}
        }
    }
}
