//! How complete each kind is. A slow source, a failed source and an opt-out are three states that never look like a removal.

use tidings_wire::facts::Coverage;
use tidings_wire::{Kind, KindMask};

/// Kinds that a device can record: 0–14 and the vendor kind.
const KNOWN: KindMask = KindMask(0xFFFF);
const STATES: usize = 5;

/// True if a device of this build can record facts of `kind`.
pub(crate) fn is_known(kind: Kind) -> bool {
    KNOWN.has(kind)
}

/// The state of all kinds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Coverages {
    /// The kinds in each state, by its number; in none are those of which nothing was ever recorded.
    kinds: [KindMask; STATES],
    /// Something of the kind was refused since its scan began.
    overflowed: KindMask,
}

impl Coverages {
    pub fn new(expected: KindMask) -> Self {
        let loading = expected.within(KNOWN).without(KindMask::VOLATILE);
        let none = KindMask::NONE;
        Self { kinds: [loading, KindMask::VOLATILE, none, none, none], overflowed: none }
    }

    /// Kinds that take part in digests.
    pub fn compared(&self) -> KindMask {
        self.all(Coverage::COMPLETE)
    }

    pub fn off(&self) -> KindMask {
        self.all(Coverage::OFF)
    }

    pub fn loading(&self) -> KindMask {
        self.all(Coverage::LOADING)
    }

    fn all(&self, state: Coverage) -> KindMask {
        self.kinds.get(usize::from(state.0)).copied().unwrap_or_default()
    }

    /// True if changes of `kind` travel but are not compared.
    pub fn is_incomplete(&self, kind: Kind) -> bool {
        self.all(Coverage::PARTIAL).and(self.all(Coverage::FAILED)).has(kind)
    }

    pub fn is(&self, kind: Kind, state: Coverage) -> bool {
        self.all(state).has(kind)
    }

    /// The state of `kind`, if anything of it was ever recorded.
    pub fn of(&self, kind: Kind) -> Option<Coverage> {
        (0..STATES as u8).map(Coverage).find(|state| self.is(kind, *state))
    }

    /// Puts `kind` into `state`; true if its state changed.
    #[inline(never)]
    pub fn set(&mut self, kind: Kind, state: Coverage) -> bool {
        if !is_known(kind) || self.is(kind, state) {
            return false;
        }
        self.kinds.iter_mut().for_each(|kinds| kinds.remove(kind));
        if let Some(kinds) = self.kinds.get_mut(usize::from(state.0)) {
            kinds.insert(kind);
        }
        true
    }

    /// A scan of `kind` begins.
    pub fn begin(&mut self, kind: Kind) {
        self.overflowed.remove(kind);
        self.enter(kind, Coverage::LOADING);
    }

    /// Puts `kind` into `state` if nothing of it was ever recorded.
    #[inline(never)]
    pub fn enter(&mut self, kind: Kind, state: Coverage) {
        if self.of(kind).is_none() {
            self.set(kind, state);
        }
    }

    /// The state of a kind whose source told everything: it is complete, unless something did not fit.
    pub fn outcome(&self, kind: Kind) -> Coverage {
        if self.overflowed.has(kind) { Coverage::PARTIAL } else { Coverage::COMPLETE }
    }

    /// Something of `kind` was refused; true if that makes it partial now and not at the end of its first scan.
    pub fn overflow(&mut self, kind: Kind) -> bool {
        self.overflowed.insert(kind);
        !self.is(kind, Coverage::LOADING)
    }
}
