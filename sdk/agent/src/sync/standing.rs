//! Hello, Beat and Buckets: where the device stands, in one digest or one a kind.

use crate::Agent;
use tidings_wire::cursor::Writer;
use tidings_wire::message::{Hello, Standing, head, write_buckets};
use tidings_wire::{Digest, KindMask, MINOR};

impl Agent<'_> {
    /// The digest over all compared kinds.
    pub(crate) fn total(&self) -> Digest {
        let mut total = Digest::EMPTY;
        self.coverage.compared().iter().for_each(|kind| total.add(self.bucket(kind).0));
        total
    }

    /// Kinds that the host wants as Range and may have.
    #[inline(never)]
    pub(crate) fn wanted(&self) -> KindMask {
        self.session.want.within(self.coverage.compared())
    }

    fn standing(&self) -> Standing {
        Standing {
            seq: self.session.seq,
            compared: self.coverage.compared(),
            off: self.coverage.off(),
            acc_epoch: self.session.acc_epoch,
            total: self.total().0,
        }
    }

    pub(super) fn hello(&self, out: &mut Writer<'_>) {
        let hello = Hello {
            standing: self.standing(),
            minor: MINOR,
            schema_rev: self.config.schema_rev,
            boot_reason: self.config.boot_reason,
            uptime_s: ((self.now - self.started_at) >> 3) as u32 / 125,
            resets: self.config.resets,
            challenge: self.session.challenge,
            instance: self.session.instance,
        };
        hello.write(out);
    }

    pub(super) fn beat(&self, out: &mut Writer<'_>) -> bool {
        out.u32(self.session.seq);
        out.raw(&self.total().short().to_le_bytes());
        true
    }

    pub(super) fn buckets(&self, out: &mut Writer<'_>) -> bool {
        let standing = self.standing();
        write_buckets(out, &standing);
        standing.compared.iter().for_each(|kind| out.raw(&self.bucket(kind).short().to_le_bytes()));
        true
    }

    /// The head byte of a body of this type, but for Hello.
    pub(super) fn head_byte(&self, body: super::Body) -> u8 {
        body as u8 | if self.config.is_one_way() { head::ONE_WAY } else { 0 }
    }
}
