//! When to send: time-outs from measured round trips, back-off with jitter, a budget of bytes, and never giving up.

use crate::config::Pace;

/// Tries of a step that stay at no more than 4 × RTO.
const FLAT_TRIES: u32 = 6;
/// How far ahead of its budget the device may run.
pub(crate) const BURST_MS: u32 = 3_600_000;
/// A host answers when it has committed to disk, which now and then takes far longer than the round trip.
const LOWEST_RTO_MS: u32 = 200;

/// What time is counted down to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Timer {
    /// The open step is sent again; before the first Hello, that is sent.
    Step,
    /// A Beat.
    Beat,
    /// The end of the silence that the host or the link asked for.
    Quiet,
    /// The end of the time that is paid for with bytes already sent.
    Paid,
    /// A Delta; stands still if nothing waits.
    News,
    /// The end of the time that Hello waits for expected kinds.
    Load,
}

/// Timers of the conversation.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub(crate) struct Retry {
    /// Time left in ms, by [`Timer`]; 0 means due. So a deadline needs neither 64 bits nor care when the clock wraps.
    left: [u32; 6],
    srtt_ms: u32,
    random: u32,
    tries: u32,
}

impl Retry {
    /// Time left of a timer that stands still.
    pub const NEVER: u32 = u32::MAX;

    /// Everything is due, but for [`Timer::News`], which stands still; the jitter is seeded before it is used.
    pub const fn new() -> Self {
        let mut left = [0; 6];
        left[Timer::News as usize] = Self::NEVER;
        Self { left, srtt_ms: 0, random: 0, tries: 0 }
    }

    /// Counts down.
    pub fn tick(&mut self, elapsed_ms: u32) {
        for left in &mut self.left {
            if *left != Self::NEVER {
                *left = left.saturating_sub(elapsed_ms);
            }
        }
    }

    pub fn left(&self, timer: Timer) -> u32 {
        self.left.get(timer as usize).copied().unwrap_or(0)
    }

    pub fn set(&mut self, timer: Timer, ms: u32) {
        if let Some(left) = self.left.get_mut(timer as usize) {
            *left = ms;
        }
    }

    /// Sets a timer to `ms` unless less is left.
    pub fn hasten(&mut self, timer: Timer, ms: u32) {
        self.set(timer, ms.min(self.left(timer)));
    }

    /// Seeds the jitter, so that devices that start together do not speak together.
    pub fn seed(&mut self, hash: u64) {
        self.random = (hash as u32 ^ (hash >> 32) as u32) | 1;
    }

    /// A time uniform in `0..=span` ms.
    #[inline(never)]
    pub fn uniform(&mut self, span_ms: u32) -> u32 {
        // xorshift32 (Marsaglia, 2003); jitter needs no better
        self.random ^= self.random << 13;
        self.random ^= self.random >> 17;
        self.random ^= self.random << 5;
        ((u64::from(self.random) * (u64::from(span_ms) + 1)) >> 32) as u32
    }

    /// A packet of `bytes` left; sets when it is due again and when the next Beat is.
    pub fn sent(&mut self, pace: &Pace, bytes: usize) {
        let rto = match self.srtt_ms {
            0 => pace.start_rto_ms,
            srtt => srtt.saturating_mul(2).max(LOWEST_RTO_MS),
        };
        let doublings = match self.tries {
            tries @ 0..=FLAT_TRIES => tries.min(2),
            tries => tries - FLAT_TRIES + 2,
        };
        let full = (0..doublings).fold(rto, |full, _| full.saturating_add(full)).min(pace.cap_ms);
        let wait = full / 2 + self.uniform(full / 2);
        self.set(Timer::Step, wait.max(1));
        self.set(Timer::Beat, pace.beat_ms);
        // Neither overflows: nothing is sent over BURST_MS ahead, and a packet costs half of the range at most.
        let cost = pace.ms_a_byte.wrapping_mul(bytes as u32);
        self.set(Timer::Paid, self.left(Timer::Paid).wrapping_add(cost));
    }

    /// The open step is being sent once more.
    pub fn again(&mut self) {
        self.tries = (self.tries + 1).min(FLAT_TRIES + 28);
    }

    /// An answer named without doubt the packet that it answers, which left so long ago.
    pub fn measured(&mut self, round_trip_ms: u32) {
        let sample = round_trip_ms.max(1);
        self.srtt_ms = match self.srtt_ms {
            0 => sample,
            srtt => srtt - srtt / 4 + sample / 4,
        };
    }

    /// A step ended or another one begins: no back-off is carried over.
    pub fn fresh(&mut self) {
        self.tries = 0;
    }

    /// Time in ms until the budget and the host allow a packet.
    #[inline(never)]
    pub fn closed_for(&self) -> u32 {
        self.left(Timer::Quiet).max(self.left(Timer::Paid).saturating_sub(BURST_MS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;
    use crate::config::{NB_IOT, SERIAL};

    fn waits(config: &Config, tries: usize) -> Vec<u32> {
        let mut retry = Retry::new();
        retry.seed(7);
        (0..tries)
            .map(|_| {
                retry.sent(&config.settings.pace, 10);
                retry.again();
                retry.left(Timer::Step)
            })
            .collect()
    }

    #[test]
    fn stays_at_four_times_rto_for_six_retries_then_doubles_to_the_cap() {
        let waits = waits(&Config::new().profile(SERIAL), 20);
        assert!(waits[1..=6].iter().all(|wait| *wait <= 4_000));
        assert!(waits[7] > 4_000 - 1 && waits[7] <= 8_000);
        assert!(waits[15..].iter().all(|wait| (30_000..=60_000).contains(wait)));
    }

    #[test]
    fn budget_holds_over_an_hour() {
        let config = Config::new().profile(NB_IOT);
        let mut retry = Retry::new();
        let mut sent = 0;
        for _ in (0..7_200_000).step_by(1_000) {
            if retry.closed_for() == 0 {
                retry.sent(&config.settings.pace, 100);
                sent += 100;
            }
            retry.tick(1_000);
        }
        // Two hours, one hour ahead, the packet that used it up, and 1 % for rounding.
        let most = 3 * NB_IOT.bytes_per_hour * 101 / 100 + 100;
        assert!((NB_IOT.bytes_per_hour..=most).contains(&sent), "{sent}");
    }

    #[test]
    fn timers_end_stand_still_and_outlast_no_silence() {
        let mut retry = Retry::new();
        retry.set(Timer::Step, 5);
        retry.set(Timer::News, Retry::NEVER);
        retry.set(Timer::Quiet, u32::MAX - 1);
        retry.tick(4);
        assert_eq!((retry.left(Timer::Step), retry.left(Timer::News)), (1, Retry::NEVER));
        retry.tick(u32::MAX);
        assert_eq!((retry.left(Timer::Step), retry.closed_for(), retry.left(Timer::News)), (0, 0, Retry::NEVER));
    }
}
