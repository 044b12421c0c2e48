//! When something happened, in 32 bits.
//!
//! Promise: an age is right to 64 ms and saturates; a clock of 64 ms ticks wraps after 8 years. Not here: deadlines, which stay 64-bit.

const SHIFT: u32 = 6;

/// A time in ticks of 64 ms, wrapping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Moment(pub u32);

impl Moment {
    pub fn of(now_ms: u64) -> Self {
        Self((now_ms >> SHIFT) as u32)
    }

    /// Time since then in ms; `u32::MAX` means that or more.
    #[inline(never)]
    pub fn age_ms(self, now_ms: u64) -> u32 {
        let ticks = Self::of(now_ms).0.wrapping_sub(self.0);
        if ticks >> (u32::BITS - SHIFT) == 0 { ticks << SHIFT } else { u32::MAX }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_saturate_after_49_days_and_survive_the_wrap() {
        let day = 86_400_000;
        for start in [0, u64::from(u32::MAX) << SHIFT] {
            let then = Moment::of(start);
            assert_eq!(then.age_ms(start + 63), 0);
            assert_eq!(then.age_ms(start + day), day as u32);
            assert_eq!(then.age_ms(start + 49 * day), 49 * day as u32);
            assert_eq!(then.age_ms(start + 50 * day), u32::MAX);
            assert_eq!(then.age_ms(start + 8 * 365 * day), u32::MAX);
        }
    }
}
