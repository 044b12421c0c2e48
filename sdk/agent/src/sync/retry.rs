//! When to send: time-outs from measured round trips, back-off with jitter, a budget of bytes, and never giving up.

use crate::config::Profile;

/// Tries of a step that stay at no more than 4 × RTO.
const FLAT_TRIES: u8 = 6;
/// How far ahead of its budget the device may run.
const BURST_MS: u64 = 3_600_000;
/// A host answers when it has committed to disk, which now and then takes far longer than the round trip.
const LOWEST_RTO_MS: u32 = 200;

/// Timers of the conversation, in ms.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Retry {
    srtt_ms: u32,
    tries: u8,
    random: u32,
    /// The open step is sent again at this time; before the first Hello, when that is sent.
    pub deadline: u64,
    pub beat_at: u64,
    /// The host or the link asked for silence until then.
    pub quiet_until: u64,
    paid_until: u64,
}

impl Retry {
    pub const fn new() -> Self {
        Self { srtt_ms: 0, tries: 0, random: 1, deadline: 0, beat_at: 0, quiet_until: 0, paid_until: 0 }
    }

    /// Seeds the jitter, so that devices that start together do not speak together.
    pub fn seed(&mut self, hash: u64) {
        self.random = (hash as u32 ^ (hash >> 32) as u32) | 1;
    }

    /// A time uniform in `0..=span` ms.
    pub fn uniform(&mut self, span_ms: u32) -> u32 {
        // xorshift32 (Marsaglia, 2003); jitter needs no better
        self.random ^= self.random << 13;
        self.random ^= self.random >> 17;
        self.random ^= self.random << 5;
        ((u64::from(self.random) * (u64::from(span_ms) + 1)) >> 32) as u32
    }

    /// A packet of `bytes` left; sets when it is due again and when the next Beat is.
    pub fn sent(&mut self, profile: &Profile, now: u64, bytes: usize) {
        let rto = match self.srtt_ms {
            0 => profile.start_rto_ms,
            srtt => srtt.saturating_mul(2).max(LOWEST_RTO_MS),
        };
        let doublings = match self.tries {
            tries @ 0..=FLAT_TRIES => tries.min(2),
            tries => tries - FLAT_TRIES + 2,
        };
        let full = rto.saturating_mul(1u32.checked_shl(u32::from(doublings)).unwrap_or(u32::MAX)).min(profile.cap_ms);
        let wait = full / 2 + self.uniform(full / 2);
        self.deadline = now + u64::from(wait.max(1));
        self.beat_at = now + u64::from(profile.beat_ms);
        self.pay(profile, now, bytes);
    }

    /// The open step is being sent once more.
    pub fn again(&mut self) {
        self.tries = self.tries.saturating_add(1).min(FLAT_TRIES + 28);
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

    /// Earliest time at which the budget and the host allow a packet.
    #[inline(never)]
    pub fn open_at(&self) -> u64 {
        self.quiet_until.max(self.paid_until.saturating_sub(BURST_MS))
    }

    fn pay(&mut self, profile: &Profile, now: u64, bytes: usize) {
        // Rounded down to ms per byte: the budget errs by less than 1 ms a byte.
        if let Some(ms_a_byte) = (BURST_MS as u32).checked_div(profile.bytes_per_hour) {
            let cost = ms_a_byte.saturating_mul(bytes as u32);
            self.paid_until = self.paid_until.max(now) + u64::from(cost);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{NB_IOT, SERIAL};

    fn waits(profile: &Profile, tries: usize) -> Vec<u64> {
        let mut retry = Retry::new();
        retry.seed(7);
        (0..tries)
            .map(|_| {
                retry.sent(profile, 0, 10);
                retry.again();
                retry.deadline
            })
            .collect()
    }

    #[test]
    fn stays_at_four_times_rto_for_six_retries_then_doubles_to_the_cap() {
        let waits = waits(&SERIAL, 20);
        assert!(waits[1..=6].iter().all(|wait| *wait <= 4_000));
        assert!(waits[7] > 4_000 - 1 && waits[7] <= 8_000);
        assert!(waits[15..].iter().all(|wait| (30_000..=60_000).contains(wait)));
    }

    #[test]
    fn budget_holds_over_an_hour() {
        let mut retry = Retry::new();
        let mut sent = 0;
        for now in (0..7_200_000).step_by(1_000) {
            if retry.open_at() <= now {
                retry.sent(&NB_IOT, now, 100);
                sent += 100;
            }
        }
        // Two hours, one hour ahead, the packet that used it up, and 1 % for rounding.
        let most = 3 * NB_IOT.bytes_per_hour * 101 / 100 + 100;
        assert!((NB_IOT.bytes_per_hour..=most).contains(&sent), "{sent}");
    }
}
