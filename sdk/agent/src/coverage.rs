//! How complete each kind is. A slow source, a failed source and an opt-out are three states that never look like a removal.

use tidings_wire::facts::Coverage;
use tidings_wire::{Kind, KindMask};

/// Kinds that a device can record: 0–14 and the vendor kind.
const KNOWN: usize = 16;
/// What stands for a kind of which nothing was ever recorded.
const UNHEARD: u8 = 0;

/// Kinds whose facts a device of this build can record.
pub(crate) const KNOWN_KINDS: KindMask = KindMask((1 << KNOWN) - 1);

/// The state of all kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Coverages {
    /// By kind: [`UNHEARD`], or one more than the number of its state.
    states: [u8; KNOWN],
    /// Something of the kind was refused since its scan began.
    overflowed: KindMask,
}

impl Coverages {
    /// Of a device that expects nothing.
    pub const fn new() -> Self {
        let none = Self { states: [UNHEARD; KNOWN], overflowed: KindMask::NONE };
        none.with(Kind::HEALTH, Coverage::COMPLETE).with(Kind::AGENT, Coverage::COMPLETE)
    }

    /// Has each of `kinds` loading, unless it is volatile.
    pub const fn expect_all(&mut self, kinds: KindMask) {
        let mut kind = 0;
        while kind < KNOWN {
            let of = Kind(kind as u8);
            if kinds.has(of) && !of.is_volatile() {
                #[allow(clippy::indexing_slicing)] // it is within
                {
                    self.states[kind] = number(Coverage::LOADING);
                }
            }
            kind += 1;
        }
    }

    const fn with(mut self, kind: Kind, state: Coverage) -> Self {
        let kind = kind.0 as usize;
        if kind < KNOWN {
            #[allow(clippy::indexing_slicing)] // it is within
            {
                self.states[kind] = number(state);
            }
        }
        self
    }

    /// Kinds that take part in digests.
    pub fn compared(&self) -> KindMask {
        self.all(Coverage::COMPLETE)
    }

    #[inline(always)]
    pub fn off(&self) -> KindMask {
        self.all(Coverage::OFF)
    }

    pub fn loading(&self) -> KindMask {
        self.all(Coverage::LOADING)
    }

    #[inline(never)]
    fn all(&self, state: Coverage) -> KindMask {
        let bits = self.states.iter().rev().fold(0, |bits, held| bits << 1 | u32::from(*held == number(state)));
        KindMask(bits)
    }

    /// Kinds whose changes travel but are not compared.
    pub fn incomplete(&self) -> KindMask {
        self.all(Coverage::PARTIAL).union(self.all(Coverage::FAILED))
    }

    pub fn is(&self, kind: Kind, state: Coverage) -> bool {
        self.held(kind) == number(state)
    }

    /// The state of `kind`, if anything of it was ever recorded.
    pub fn of(&self, kind: Kind) -> Option<Coverage> {
        self.held(kind).checked_sub(1).map(Coverage)
    }

    fn held(&self, kind: Kind) -> u8 {
        self.states.get(usize::from(kind.0)).copied().unwrap_or(UNHEARD)
    }

    /// Puts `kind` into `state`; true if its state changed.
    pub fn set(&mut self, kind: Kind, state: Coverage) -> bool {
        match self.states.get_mut(usize::from(kind.0)) {
            Some(held) if *held != number(state) => {
                *held = number(state);
                true
            }
            _ => false,
        }
    }

    /// A scan of `kind` begins.
    pub fn begin(&mut self, kind: Kind) {
        self.overflowed.remove(kind);
        self.enter_if_unheard(kind, Coverage::LOADING);
    }

    /// Puts `kind` into `state` if nothing of it was ever recorded.
    #[inline(always)]
    pub fn enter_if_unheard(&mut self, kind: Kind, state: Coverage) {
        if self.held(kind) == UNHEARD {
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

const fn number(state: Coverage) -> u8 {
    state.0 + 1
}
