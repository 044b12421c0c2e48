//! What an application calls: of the agent, or of nothing.
//!
//! Every image is measured against the same application that calls nothing, so that the table tells what the SDK takes and not what the
//! application that calls it does. Calls of nothing take no more flash than those of the agent: an image never looks smaller than it is.

use crate::unknown;
use tidings::facts::Health;
use tidings::{Agent, EventType, Fact, Kind, Limits, Severity};

/// The calls, and whether they succeeded.
#[allow(missing_docs)] // as those of `Agent`
pub trait Sdk {
    fn record<F: Fact>(&mut self, fact: &F) -> bool;
    fn remove<F: Fact>(&mut self, fact: &F) -> bool;
    fn sample(&mut self, health: &Health<'_>, limits: &Limits) -> bool;
    fn begin_scan(&mut self, kind: Kind);
    fn finish_scan(&mut self, kind: Kind);
    fn event(&mut self, severity: Severity, event_type: EventType, actor: &[u8], data: &[u8]) -> bool;
    fn complete(&mut self, kind: Kind);
    fn fail(&mut self, kind: Kind);
    fn switch_off(&mut self, kind: Kind);
    fn switch_on(&mut self, kind: Kind);
    fn is_synced(&self) -> bool;
    fn next_deadline(&self) -> u64;
    fn poll_transmit(&mut self, now_ms: u64, buffer: &mut [u8]) -> bool;
    fn handle_input(&mut self, now_ms: u64, packet: &mut [u8]) -> bool;
}

#[rustfmt::skip] // a line a call
impl Sdk for Agent<'_> {
    #[inline(always)]
    fn record<F: Fact>(&mut self, fact: &F) -> bool { self.record(fact).is_ok() }
    #[inline(always)]
    fn remove<F: Fact>(&mut self, fact: &F) -> bool { self.remove(fact).is_ok() }
    #[inline(always)]
    fn sample(&mut self, health: &Health<'_>, limits: &Limits) -> bool { self.sample(health, limits).is_ok() }
    #[inline(always)]
    fn begin_scan(&mut self, kind: Kind) { drop(self.scan(kind)); }
    #[inline(always)]
    fn finish_scan(&mut self, kind: Kind) { self.resume_scan(kind).finish(); }
    #[inline(always)]
    fn event(&mut self, severity: Severity, event_type: EventType, actor: &[u8], data: &[u8]) -> bool {
        self.event(severity, event_type, actor, data).is_ok()
    }
    #[inline(always)]
    fn complete(&mut self, kind: Kind) { self.complete(kind); }
    #[inline(always)]
    fn fail(&mut self, kind: Kind) { self.fail(kind); }
    #[inline(always)]
    fn switch_off(&mut self, kind: Kind) { self.switch_off(kind); }
    #[inline(always)]
    fn switch_on(&mut self, kind: Kind) { self.switch_on(kind); }
    #[inline(always)]
    fn is_synced(&self) -> bool { self.is_synced() }
    #[inline(always)]
    fn next_deadline(&self) -> u64 { self.next_deadline() }
    #[inline(always)]
    fn poll_transmit(&mut self, now_ms: u64, buffer: &mut [u8]) -> bool { self.poll_transmit(now_ms, buffer).is_some() }
    #[inline(always)]
    fn handle_input(&mut self, now_ms: u64, packet: &mut [u8]) -> bool { self.handle_input(now_ms, packet).is_ok() }
}

/// The agent that does nothing.
pub struct Nothing;

impl Nothing {
    // All calls are this one.
    #[inline(never)]
    fn call(&self, _word: usize) -> bool {
        unknown(false)
    }
}

#[rustfmt::skip] // a line a call
impl Sdk for Nothing {
    #[inline(always)]
    fn record<F: Fact>(&mut self, fact: &F) -> bool { self.call(&raw const *fact as usize) }
    #[inline(always)]
    fn remove<F: Fact>(&mut self, fact: &F) -> bool { self.call(&raw const *fact as usize) }
    #[inline(always)]
    fn sample(&mut self, health: &Health<'_>, _: &Limits) -> bool { self.call(&raw const *health as usize) }
    #[inline(always)]
    fn begin_scan(&mut self, kind: Kind) { self.call(kind.0.into()); }
    #[inline(always)]
    fn finish_scan(&mut self, kind: Kind) { self.call(kind.0.into()); }
    #[inline(always)]
    fn event(&mut self, severity: Severity, _: EventType, _: &[u8], _: &[u8]) -> bool { self.call(severity as usize) }
    #[inline(always)]
    fn complete(&mut self, kind: Kind) { self.call(kind.0.into()); }
    #[inline(always)]
    fn fail(&mut self, kind: Kind) { self.call(kind.0.into()); }
    #[inline(always)]
    fn switch_off(&mut self, kind: Kind) { self.call(kind.0.into()); }
    #[inline(always)]
    fn switch_on(&mut self, kind: Kind) { self.call(kind.0.into()); }
    #[inline(always)]
    fn is_synced(&self) -> bool { self.call(0) }
    #[inline(always)]
    fn next_deadline(&self) -> u64 { self.call(0).into() }
    #[inline(always)]
    fn poll_transmit(&mut self, now_ms: u64, _: &mut [u8]) -> bool { self.call(now_ms as usize) }
    #[inline(always)]
    fn handle_input(&mut self, now_ms: u64, _: &mut [u8]) -> bool { self.call(now_ms as usize) }
}
