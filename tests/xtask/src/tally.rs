//! Counts of tests, read from what the runners print: cargo's `test result:` lines and unittest's closing lines.
//!
//! A runner that prints neither is one test: it passed or it failed.

use std::ops::AddAssign;

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Ran and held.
    pub passed: usize,
    /// Ran and did not hold, or could not run.
    pub failed: usize,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl Tally {
    /// Reads a runner's output; a runner that failed counts at least one failure, whatever it printed.
    pub fn read(output: &str, ok: bool) -> Self {
        let mut tally = Self::default();
        output.lines().filter_map(cargo).for_each(|count| tally += count);
        tally += unittest(output).unwrap_or_default();
        if tally == Self::default() {
            tally.passed = usize::from(ok);
        }
        if !ok && tally.failed == 0 {
            tally.failed = 1;
        }
        tally
    }
}

/// `test result: ok. 12 passed; 0 failed; 0 ignored; …`
fn cargo(line: &str) -> Option<Tally> {
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    Some(Tally { passed: number_before(counts, " passed")?, failed: number_before(counts, " failed")? })
}

/// `Ran 12 tests in 0.010s`, then `OK` or `FAILED (failures=1, errors=2)`.
fn unittest(output: &str) -> Option<Tally> {
    let ran = output.lines().find_map(|line| line.strip_prefix("Ran ")?.split(' ').next()?.parse::<usize>().ok())?;
    let verdict = output.lines().rev().find(|line| line.starts_with("FAILED (")).unwrap_or_default();
    let failed = number_after(verdict, "failures=") + number_after(verdict, "errors=");
    Some(Tally { passed: ran.saturating_sub(failed), failed })
}

fn number_before(text: &str, mark: &str) -> Option<usize> {
    let (before, _) = text.split_once(mark)?;
    before.rsplit(' ').next()?.parse().ok()
}

fn number_after(text: &str, mark: &str) -> usize {
    let digits = text.split_once(mark).map_or("", |(_, after)| after);
    digits.split(|c: char| !c.is_ascii_digit()).next().and_then(|digits| digits.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_lines_are_summed() {
        let output = "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
                      test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n";
        assert_eq!(Tally::read(output, false), Tally { passed: 15, failed: 2 });
    }

    #[test]
    fn unittest_counts_failures_and_errors() {
        assert_eq!(Tally::read("Ran 9 tests in 0.012s\n\nOK\n", true), Tally { passed: 9, failed: 0 });
        assert_eq!(Tally::read("Ran 1 test in 0.012s\n\nFAILED (errors=1)\n", false), Tally { passed: 0, failed: 1 });
        assert_eq!(
            Tally::read("Ran 9 tests in 1s\n\nFAILED (failures=2, errors=1)\n", false),
            Tally { passed: 6, failed: 3 }
        );
    }

    #[test]
    fn a_silent_runner_is_one_test_and_a_failed_runner_never_passes_whole() {
        assert_eq!(Tally::read("fine\n", true), Tally { passed: 1, failed: 0 });
        assert_eq!(Tally::read("error: could not compile\n", false), Tally { passed: 0, failed: 1 });
        let died_later = "test result: ok. 5 passed; 0 failed; 0 ignored\nerror: could not compile\n";
        assert_eq!(Tally::read(died_later, false), Tally { passed: 5, failed: 1 });
    }
}
