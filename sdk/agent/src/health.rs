//! Thresholds for measurements, so that noise sends nothing.

use tidings_wire::facts::Threshold;

/// When a measurement is worth telling, in the measurement's own unit.
///
/// Limits may lie above (`warning < critical`) or below (`warning > critical`) the normal values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From it on the state is [`Threshold::WARNING`].
    pub warning: i64,
    /// From it on the state is [`Threshold::CRITICAL`].
    pub critical: i64,
    /// How far a value must come back before its state improves.
    pub hysteresis: i64,
    /// A value that moved no further than this, with its state unchanged, is not recorded.
    pub dead_band: i64,
}

impl Limits {
    /// The state of `value`, given the state before.
    pub fn judge(&self, value: i64, before: Threshold) -> Threshold {
        if self.is_past(self.critical, value, before == Threshold::CRITICAL) {
            Threshold::CRITICAL
        } else if self.is_past(self.warning, value, before.0 >= Threshold::WARNING.0) {
            Threshold::WARNING
        } else {
            Threshold::NORMAL
        }
    }

    // A value that was past a limit must come back by the hysteresis. Limits below the normal values are those above it, mirrored.
    #[inline(never)]
    fn is_past(&self, limit: i64, value: i64, was: bool) -> bool {
        let mirror = if self.critical < self.warning { -1 } else { 0 };
        let back = if was { self.hysteresis } else { 0 };
        value ^ mirror >= (limit ^ mirror).saturating_sub(back)
    }

    /// True if a sample need not be recorded over the one held.
    pub fn is_noise(&self, value: i64, state: Threshold, held: i64, held_state: Threshold) -> bool {
        state == held_state && value.abs_diff(held) <= self.dead_band.unsigned_abs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn state_improves_only_past_the_hysteresis() {
        let hot = Limits { warning: 60, critical: 80, hysteresis: 5, dead_band: 0 };
        let path = [(50, 1), (60, 2), (57, 2), (55, 2), (54, 1), (80, 3), (76, 3), (74, 2)];
        let mut state = Threshold::NONE;
        for (value, expected) in path {
            state = hot.judge(value, state);
            assert_eq!(state.0, expected, "at {value}");
        }
        let low = Limits { warning: 20, critical: 10, hysteresis: 2, dead_band: 1 };
        assert_eq!(low.judge(10, Threshold::NORMAL), Threshold::CRITICAL);
        assert_eq!(low.judge(12, Threshold::CRITICAL), Threshold::CRITICAL);
        assert_eq!(low.judge(13, Threshold::CRITICAL), Threshold::WARNING);
        assert!(low.is_noise(31, Threshold::NORMAL, 30, Threshold::NORMAL));
        assert!(!low.is_noise(32, Threshold::NORMAL, 30, Threshold::NORMAL));
    }
}
