//! Hello, Beat and Buckets: where the device stands, in one digest or one a kind.

use crate::Agent;
use tidings_wire::cursor::Writer;
use tidings_wire::message::{Hello, Standing, head, write_buckets};
use tidings_wire::{Digest, MINOR};

impl Agent<'_> {
    /// The digest over all compared kinds.
    pub(crate) fn total(&self) -> Digest {
        let compared = self.coverage.compared();
        let mut total = Digest::EMPTY;
        compared.iter().for_each(|kind| total.add(self.bucket(kind).0));
        total
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

    pub(super) fn hello(&self, out: &mut Writer<'_>, now: u64) {
        let hello = Hello {
            standing: self.standing(),
            minor: MINOR,
            schema_rev: self.config.schema_rev,
            boot_reason: self.config.boot_reason,
            uptime_s: (now.saturating_sub(self.started_at) >> 3) as u32 / 125,
            resets: self.config.resets,
            challenge: self.session.challenge,
            instance: self.session.instance,
        };
        hello.write(out);
    }

    pub(super) fn beat(&self, out: &mut Writer<'_>) {
        out.u32(self.session.seq);
        out.raw(&self.total().short().to_le_bytes());
    }

    pub(super) fn buckets(&self, out: &mut Writer<'_>) {
        let standing = self.standing();
        write_buckets(out, &standing);
        standing.compared.iter().for_each(|kind| out.raw(&self.bucket(kind).short().to_le_bytes()));
    }

    /// The head byte of a body of this type.
    pub(super) fn head_byte(&self, body: super::Body) -> u8 {
        let body_type = match body {
            super::Body::Hello => return head::HELLO,
            super::Body::Delta => head::DELTA,
            super::Body::Range => head::RANGE,
            super::Body::Beat => head::BEAT,
            super::Body::Buckets => head::BUCKETS,
        };
        if self.config.one_way { body_type | head::ONE_WAY } else { body_type }
    }
}
