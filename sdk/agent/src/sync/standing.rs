//! Hello, Beat and Buckets: where the device stands, in one digest or one a kind.

use super::Session;
use crate::Agent;
use tidings_wire::cursor::Writer;
use tidings_wire::message::head;
use tidings_wire::{Digest, KindMask, MINOR};

impl Agent<'_> {
    // The digest over the facts of these kinds.
    #[inline(never)]
    fn digest(&self, kinds: KindMask) -> Digest {
        let (mut sum, mut at) = (Digest::EMPTY, 0);
        while at < self.table.used() {
            if kinds.has(self.table.kind(at)) {
                sum.add(self.hash_of(at));
            }
            at = self.table.next(at);
        }
        sum
    }

    /// The digest over all compared kinds.
    #[inline(always)]
    pub(crate) fn total(&self) -> Digest {
        self.digest(self.coverage.compared())
    }

    /// Kinds that the host wants as Range and may have.
    #[inline(never)]
    pub(crate) fn wanted(&self) -> KindMask {
        self.session.want.intersection(self.coverage.compared())
    }

    // What Hello and Buckets share, but for seq: see [`tidings_wire::message::Standing`].
    fn masks(&self, out: &mut Writer<'_>) {
        let (compared, off) = (self.coverage.compared(), self.coverage.off());
        out.u32(compared.0).u32(off.0).u32(self.session.acc_epoch).u64le(self.total().0);
    }

    /// Writes [`tidings_wire::message::Hello`], field by field from where they lie.
    pub(super) fn hello(&self, out: &mut Writer<'_>) {
        let Session { seq, is_challenged, challenge: [low, high], knows_instance, instance, .. } = self.session;
        let told = if is_challenged { head::CHALLENGE } else { 0 };
        let named = if knows_instance { head::INSTANCE } else { 0 };
        out.u8(head::HELLO | told | named).u32(seq).u8(MINOR).u32(self.settings.schema_rev);
        self.masks(out);
        out.u8(self.settings.boot.reason.0).u32(self.uptime_s()).u32(self.settings.boot.resets);
        if is_challenged {
            out.u32le(low).u32le(high);
        }
        if knows_instance {
            out.u32le(instance);
        }
    }

    // By 8, then by 125, so that 32 bits are enough for a thousand years.
    fn uptime_s(&self) -> u32 {
        ((self.now - self.started_at) >> 3) as u32 / 125
    }

    pub(super) fn beat(&self, out: &mut Writer<'_>) -> bool {
        out.u32(self.session.seq).u32le(self.total().short());
        true
    }

    pub(super) fn buckets(&self, out: &mut Writer<'_>) -> bool {
        out.u32(self.session.seq);
        self.masks(out);
        for kind in self.coverage.compared().iter() {
            out.u32le(self.digest(KindMask::of(kind)).short());
        }
        true
    }

    /// The head byte of a body of this type, but for Hello.
    pub(super) fn head_byte(&self, body: super::Body) -> u8 {
        body as u8 | if self.settings.shape.is_one_way() { head::ONE_WAY } else { 0 }
    }
}
