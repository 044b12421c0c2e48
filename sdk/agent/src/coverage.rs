//! How complete each kind is. A slow source, a failed source and an opt-out are three states that never look like a removal.

use tidings_wire::facts::Coverage;
use tidings_wire::{Kind, KindMask};

/// Kinds that a device can record: 0–14 and the vendor kind.
const KINDS: usize = 16;
/// Nothing of the kind was ever recorded; never on the wire.
const UNUSED: Coverage = Coverage(u8::MAX);

/// True if a device of this build can record facts of `kind`.
pub(crate) fn is_known(kind: Kind) -> bool {
    usize::from(kind.0) < KINDS
}

/// The state of all kinds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Coverages {
    states: [Coverage; KINDS],
    /// Something of the kind was refused since its scan began.
    overflowed: KindMask,
}

impl Coverages {
    pub fn new(expected: KindMask) -> Self {
        let states = core::array::from_fn(|at| match Kind(at as u8) {
            kind if kind.is_volatile() => Coverage::COMPLETE,
            kind if expected.has(kind) => Coverage::LOADING,
            _ => UNUSED,
        });
        Self { states, overflowed: KindMask::NONE }
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

    #[inline(never)]
    fn all(&self, state: Coverage) -> KindMask {
        let mut kinds = 0;
        for at in self.states.iter().rev() {
            kinds = kinds << 1 | u32::from(*at == state);
        }
        KindMask(kinds)
    }

    /// True if changes of `kind` travel but are not compared.
    pub fn is_incomplete(&self, kind: Kind) -> bool {
        self.is(kind, Coverage::PARTIAL) || self.is(kind, Coverage::FAILED)
    }

    #[inline(never)]
    pub fn is(&self, kind: Kind, state: Coverage) -> bool {
        self.states.get(usize::from(kind.0)) == Some(&state)
    }

    /// The state of `kind`, if anything of it was ever recorded.
    pub fn of(&self, kind: Kind) -> Option<Coverage> {
        self.states.get(usize::from(kind.0)).copied().filter(|state| *state != UNUSED)
    }

    /// Puts `kind` into `state`; true if its state changed.
    #[inline(never)]
    pub fn set(&mut self, kind: Kind, state: Coverage) -> bool {
        match self.states.get_mut(usize::from(kind.0)) {
            Some(at) => core::mem::replace(at, state) != state,
            None => false,
        }
    }

    /// A scan of `kind` begins.
    pub fn begin(&mut self, kind: Kind) {
        self.overflowed.remove(kind);
        self.enter(kind, Coverage::LOADING);
    }

    /// Puts `kind` into `state` if nothing of it was ever recorded.
    pub fn enter(&mut self, kind: Kind, state: Coverage) {
        if self.is(kind, UNUSED) {
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
