//! What a new port shows before an agent runs on it: a list of `ok` and `FAIL`, printed on the link.
//!
//! Promise: each check ends, whatever the hardware does, and says what it saw; nothing of the agent is in the way. Not here: what only another one can judge.
//! The reader's clock tells whether two lines were [`SPAN_MS`] apart, a reset whether the epoch that was stored is found again, and the image's symbols
//! whether there is a heap. `cargo xtask ports` judges all of it.

use core::fmt::{self, Write as _};

use embedded_io::{Read, ReadReady, Write};
use tidings::EpochStore;

use crate::stack::Stack;

/// The first line.
pub const BEGIN: &str = "port-check begins";
/// The last line.
pub const END: &str = "port-check ends";
/// Whoever is at the other end sends lines back that begin with this.
pub const LOOPBACK: &str = "loopback ";
/// Milliseconds between the two lines about the clock.
pub const SPAN_MS: u64 = 2_000;

/// How long the other end may take to send a line back.
const BACK_WITHIN_MS: u64 = 5_000;
/// A link that brought nothing for so long has nothing under way.
const QUIET_MS: u64 = 200;
/// Looks at a clock that stands still, before it counts as broken: longer than a tick on any processor.
const LOOKS: u32 = 2_000_000;
/// Long enough for a byte that is dropped now and then to be missed.
const ROUNDS: usize = 16;
const LINE: &[u8; 64] = b"loopback 0123456789 abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOP\n";

/// One run of the checks.
struct Check<L, C> {
    link: L,
    now_ms: C,
    failed: u32,
}

/// Checks link, clock, store and stack, and then waits to be reset.
pub fn run<L, C, E>(link: L, now_ms: C, epochs: &mut E, stack: &Stack) -> !
where
    L: Read + ReadReady + Write,
    C: FnMut() -> u64,
    E: EpochStore,
{
    let mut check = Check { link, now_ms, failed: 0 };
    check.say(format_args!("{BEGIN}"));
    if check.clock() {
        check.link();
    } else {
        check.judge(false, format_args!("link: not tried without a clock"));
    }
    check.epoch(epochs);
    let (used, size) = (stack.used_bytes(), stack.size_bytes());
    check.judge(0 < used && used < size, format_args!("stack: {used} bytes of {size} used, the rest is painted"));
    let failed = check.failed;
    check.say(format_args!("{END}, {failed} failed"));
    loop {
        core::hint::spin_loop();
    }
}

impl<L: Read + ReadReady + Write, C: FnMut() -> u64> Check<L, C> {
    /// The first of all: others wait by it.
    fn clock(&mut self) -> bool {
        let start = (self.now_ms)();
        let (mut last, mut steps, mut backwards, mut looks) = (start, 0_u32, 0_u32, 0_u32);
        self.say(format_args!("clock at {start} ms"));
        while last.saturating_sub(start) < SPAN_MS && looks < LOOKS {
            let now = (self.now_ms)();
            looks = if now == last { looks + 1 } else { 0 };
            steps += u32::from(now > last);
            backwards += u32::from(now < last);
            last = now;
        }
        self.say(format_args!("clock at {last} ms"));
        let is_sound = looks < LOOKS && backwards == 0;
        self.judge(is_sound, format_args!("clock: {steps} steps onward, {backwards} back"));
        is_sound
    }

    fn link(&mut self) {
        let mut whole = 0;
        for _ in 0..ROUNDS {
            self.drain();
            self.link.write_all(LINE).ok();
            let mut back = [0; LINE.len()];
            if self.fill(&mut back) < LINE.len() {
                break; // silent, or a byte is gone: more rounds only take time
            }
            whole += usize::from(back == *LINE);
        }
        self.judge(whole == ROUNDS, format_args!("link: {whole} of {ROUNDS} lines came back whole"));
    }

    fn epoch<E: EpochStore>(&mut self, epochs: &mut E) {
        let Ok(found) = epochs.load() else {
            return self.judge(false, format_args!("epoch: the store cannot be read"));
        };
        let next = found.unwrap_or(0).saturating_add(1);
        let is_written = epochs.store(next).is_ok();
        let is_kept = matches!(epochs.load(), Ok(Some(kept)) if kept == next);
        self.say(format_args!("epoch found {}, stored {next}", found.unwrap_or(0)));
        self.judge(is_written && is_kept, format_args!("epoch: what is stored is read back"));
    }

    /// Reads what is under way until nothing comes.
    fn drain(&mut self) {
        let mut since = (self.now_ms)();
        while (self.now_ms)().saturating_sub(since) < QUIET_MS {
            if self.byte().is_some() {
                since = (self.now_ms)();
            }
        }
    }

    /// Reads until the buffer is full or time is up; gives how much came.
    fn fill(&mut self, buffer: &mut [u8]) -> usize {
        let start = (self.now_ms)();
        let mut len = 0;
        while (self.now_ms)().saturating_sub(start) < BACK_WITHIN_MS {
            let Some(slot) = buffer.get_mut(len) else { break };
            if let Some(byte) = self.byte() {
                *slot = byte;
                len += 1;
            }
        }
        len
    }

    fn byte(&mut self) -> Option<u8> {
        let mut byte = [0];
        let came = matches!(self.link.read_ready(), Ok(true)) && matches!(self.link.read(&mut byte), Ok(1));
        came.then_some(byte[0])
    }

    fn judge(&mut self, is_sound: bool, what: fmt::Arguments<'_>) {
        self.failed += u32::from(!is_sound);
        self.say(format_args!("{} {what}", if is_sound { "ok" } else { "FAIL" }));
    }

    fn say(&mut self, what: fmt::Arguments<'_>) {
        writeln!(Text(&mut self.link), "{what}\r").ok();
    }
}

/// A link as a place for text.
struct Text<'a, L>(&'a mut L);

impl<L: Write> fmt::Write for Text<'_, L> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write_all(text.as_bytes()).map_err(|_| fmt::Error)
    }
}
