//! How complete each kind is. A slow source, a failed source and an opt-out are three states that never look like a removal.

use tidings_wire::facts::Coverage;
use tidings_wire::{Kind, KindMask};

/// Kinds that a device of this build can record: 0–14 and the vendor kind.
pub(crate) const KNOWN: KindMask = KindMask(0xFFFF);

const VOLATILE: KindMask = KindMask::of(Kind::HEALTH).and(KindMask::of(Kind::AGENT));

/// The state of all kinds; a kind in no mask is unused.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Coverages {
    loading: KindMask,
    complete: KindMask,
    partial: KindMask,
    failed: KindMask,
    off: KindMask,
    /// Something of the kind was refused since its scan began.
    overflowed: KindMask,
}

impl Coverages {
    pub const fn new(expected: KindMask) -> Self {
        Self {
            loading: expected.within(KNOWN).without(VOLATILE),
            complete: VOLATILE,
            partial: KindMask::NONE,
            failed: KindMask::NONE,
            off: KindMask::NONE,
            overflowed: KindMask::NONE,
        }
    }

    /// Kinds that take part in digests.
    pub const fn compared(&self) -> KindMask {
        self.complete
    }

    pub const fn off(&self) -> KindMask {
        self.off
    }

    pub const fn loading(&self) -> KindMask {
        self.loading
    }

    /// Kinds whose changes travel but are not compared.
    pub const fn incomplete(&self) -> KindMask {
        self.partial.and(self.failed)
    }

    pub fn of(&self, kind: Kind) -> Option<Coverage> {
        let states = [
            (self.off, Coverage::OFF),
            (self.loading, Coverage::LOADING),
            (self.failed, Coverage::FAILED),
            (self.partial, Coverage::PARTIAL),
            (self.complete, Coverage::COMPLETE),
        ];
        states.into_iter().find(|(mask, _)| mask.has(kind)).map(|(_, state)| state)
    }

    /// Puts `kind` into `state`; true if its state changed.
    pub fn set(&mut self, kind: Kind, state: Coverage) -> bool {
        if self.of(kind) == Some(state) {
            return false;
        }
        for mask in [&mut self.loading, &mut self.complete, &mut self.partial, &mut self.failed, &mut self.off] {
            mask.remove(kind);
        }
        let mask = match state {
            Coverage::LOADING => &mut self.loading,
            Coverage::COMPLETE => &mut self.complete,
            Coverage::FAILED => &mut self.failed,
            Coverage::OFF => &mut self.off,
            _ => &mut self.partial,
        };
        mask.insert(kind);
        true
    }

    /// A scan of `kind` begins.
    pub fn begin(&mut self, kind: Kind) -> bool {
        self.overflowed.remove(kind);
        self.of(kind).is_none() && self.set(kind, Coverage::LOADING)
    }

    /// A scan of `kind` ended well: it is complete, unless something did not fit.
    pub fn finish(&mut self, kind: Kind) -> bool {
        let partial = self.overflowed.has(kind);
        self.set(kind, if partial { Coverage::PARTIAL } else { Coverage::COMPLETE })
    }

    /// Something of `kind` was refused.
    pub fn overflow(&mut self, kind: Kind) -> bool {
        self.overflowed.insert(kind);
        self.of(kind) != Some(Coverage::LOADING) && self.set(kind, Coverage::PARTIAL)
    }
}
