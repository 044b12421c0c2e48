//! Reads the points in time that a person types: RFC 3339, or an age such as `10m` or `90d`.
//!
//! No dates without a time zone: they mean another moment on each machine.

use jiff::Timestamp;

const SECOND_MS: i64 = 1_000;
const UNITS_MS: [(&str, i64); 5] = [
    ("s", SECOND_MS),
    ("m", 60 * SECOND_MS),
    ("h", 3_600 * SECOND_MS),
    ("d", 86_400 * SECOND_MS),
    ("w", 604_800 * SECOND_MS),
];

/// A point in time before or at now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Unix time in milliseconds.
    At(i64),
    /// Milliseconds before now.
    Ago(i64),
}

impl Moment {
    /// Unix time in milliseconds, if it is `now_ms` now.
    pub fn unix_ms(self, now_ms: i64) -> i64 {
        match self {
            Self::At(at_ms) => at_ms,
            Self::Ago(age_ms) => now_ms.saturating_sub(age_ms),
        }
    }
}

/// Reads `2026-11-24T06:00:00Z` or `10m`.
///
/// # Errors
/// A sentence for the person.
pub fn parse_moment(text: &str) -> Result<Moment, String> {
    if let Ok(age_ms) = parse_age_ms(text) {
        return Ok(Moment::Ago(age_ms));
    }
    match text.parse::<Timestamp>() {
        Ok(at) => Ok(Moment::At(at.as_millisecond())),
        Err(_) => Err("expected RFC 3339 as in 2026-11-24T06:00:00Z, or an age as in 10m (s, m, h, d, w)".into()),
    }
}

/// Reads an age in milliseconds: digits and one of `s m h d w`.
///
/// # Errors
/// A sentence for the person.
pub fn parse_age_ms(text: &str) -> Result<i64, String> {
    let age = UNITS_MS.iter().find_map(|(unit, ms)| {
        let digits = text.strip_suffix(unit)?;
        digits.bytes().all(|b| b.is_ascii_digit()).then_some(())?;
        digits.parse::<i64>().ok()?.checked_mul(*ms)
    });
    age.ok_or_else(|| "expected a number and a unit as in 90d (s, m, h, d, w)".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_and_instants_are_read() {
        assert_eq!(parse_moment("10m"), Ok(Moment::Ago(600_000)));
        assert_eq!(parse_moment("1970-01-01T01:00:01+01:00"), Ok(Moment::At(1_000)));
        assert_eq!(Moment::Ago(10).unix_ms(25), 15);
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "m", "-1m", "10", "1y", "yesterday", "9223372036854775807w", "2026-11-24"] {
            assert!(parse_moment(text).is_err(), "{text}");
        }
    }
}
