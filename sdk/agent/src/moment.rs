//! When something happened, in 38 bits.
//!
//! Promise: an age is exact up to 49 days and saturates; the bits wrap after 8 years. Not here: deadlines, which are times left (`sync/retry.rs`).

const BITS: u32 = 38;

/// A time in ms, its low 38 bits: a word and 6 bits that fit beside other things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Moment {
    pub low: u32,
    /// At most 63.
    pub high: u8,
}

impl Moment {
    pub fn of(now_ms: u64) -> Self {
        Self { low: now_ms as u32, high: (now_ms >> 32) as u8 & 63 }
    }

    /// Time since then in ms; `u32::MAX` means that or more.
    #[inline(never)]
    pub fn age_ms(self, now_ms: u64) -> u32 {
        let then = u64::from(self.high) << 32 | u64::from(self.low);
        let age = now_ms.wrapping_sub(then) & ((1 << BITS) - 1);
        u32::try_from(age).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_exact_then_saturate_and_survive_the_wrap() {
        let day = 86_400_000;
        for start in [0, 7, (1 << BITS) - 5, (1 << 32) - 1] {
            let then = Moment::of(start);
            for age in [0, 1, 63, day, 49 * day] {
                assert_eq!(then.age_ms(start + age), age as u32);
            }
            assert_eq!(then.age_ms(start + 50 * day), u32::MAX);
            assert_eq!(then.age_ms(start + 8 * 365 * day), u32::MAX);
        }
    }
}
