//! Measures how long calls of the engine take, in an emulator that moves its clock by instructions: a line
//! `CALL INSTRUCTIONS` each.
//!
//! The device holds 64 facts under the plain suite. What measuring takes is taken off. It
//! counts instructions, not cycles: memory, flash and caches of a real part come on top.

#![no_std]
#![no_main]

use cortex_m_semihosting::{debug, hprintln};
use size::answer::{Host, Mood};
use size::{facts, keep, unknown};
use tidings::epoch::RamEpoch;
use tidings::facts::Software;
use tidings::suites::{Ascon128, ChaCha20Poly1305, KeySet};
use tidings::wire::cursor::Writer;
use tidings::wire::message::head;
use tidings::wire::packet::{Envelope, Plain, Suite, Unique, seal};
use tidings::{Agent, Config, DeviceId, Keys, KindMask, Memory, Recorded, config};

/// Counts a fixed frequency of the emulated clock, upwards.
const COUNTER: *const u32 = 0x4002_8018 as *const u32;
/// A tick of it, and what an instruction takes under `-icount shift=10`.
const TICK_NS: u32 = 40;
const INSTRUCTION_NS: u32 = 1024;
/// The body that is sealed.
const BODY: usize = 64;
const PACKET: usize = 512;
const CONFIG: Config = Config::new().profile(config::SERIAL).hold_down_ms(0);
/// Exchanges after which the host holds everything.
const EXCHANGES: usize = 24;

size::firmware! {
    MEMORY: Memory<4096, 256> = Memory::new();
    OUT: [u8; PACKET] = [0; PACKET];
    BACK: [u8; PACKET] = [0; PACKET];
    => {
        let Ok(id) = DeviceId::new(unknown(b"device")) else { stop() };
        let mut agent = Agent::new(CONFIG, id, Keys::PLAIN, MEMORY);
        keep(agent.start(0, &mut RamEpoch::new()).is_ok());
        facts::each(false, &mut |fact| keep(agent.record(fact).is_ok()));
        let mut host = Host::new(&Plain);
        let mut link = Link { out: OUT, back: BACK, now_ms: 0 };
        (0..EXCHANGES).for_each(|_| keep(link.exchange(&mut agent, &mut host).is_some()));
        host.mood = Mood::Synced;
        measure_records(&mut agent);
        (0..EXCHANGES).for_each(|_| keep(link.exchange(&mut agent, &mut host).is_some()));
        measure_exchanges(&mut agent, &mut host, &mut link);
        measure_beat(&mut agent, &mut host, &mut link);
        measure_seals();
        stop()
    }
}

fn stop() -> ! {
    debug::exit(debug::EXIT_SUCCESS);
    size::device::stop()
}

fn measure_records(agent: &mut Agent<'_>) {
    for (name, other, wanted) in
        [("record-unchanged", false, Recorded::Unchanged), ("record-changed", true, Recorded::Changed)]
    {
        let (mut most, mut sum, mut count) = (0, 0, 0);
        facts::each(other, &mut |fact| {
            let mut recorded = None;
            let taken = instructions_of(|| recorded = agent.record(unknown(fact)).ok());
            if recorded == Some(wanted) {
                most = taken.max(most);
                sum += taken;
                count += 1;
            }
        });
        if count == facts::COUNT as u32 {
            hprintln!("{} {}", name, (sum + count / 2) / count);
            hprintln!("{}-worst {}", name, most);
        }
    }
}

/// A changed version on its way, and a turn of the main loop in which nothing is due.
fn measure_exchanges(agent: &mut Agent<'_>, host: &mut Host<'_>, link: &mut Link<'_>) {
    let mut nothing = Some(0);
    let idle = instructions_of(|| nothing = agent.poll_transmit(link.now_ms, link.out));
    keep(agent.record(&Software::slot(1).version("2.0.0")).is_ok());
    if let (None, Some((transmit, input))) = (nothing, link.exchange(agent, host)) {
        hprintln!("poll_transmit-idle {}", idle);
        hprintln!("poll_transmit {}", transmit);
        hprintln!("handle_input {}", input);
    }
}

/// Digests are summed when they are sent: with all kinds complete, a Beat is little else.
fn measure_beat(agent: &mut Agent<'_>, host: &mut Host<'_>, link: &mut Link<'_>) {
    KindMask::ALL.iter().for_each(|kind| agent.complete(kind));
    (0..EXCHANGES).for_each(|_| keep(link.exchange(agent, host).is_some()));
    if let Some((transmit, _)) = link.exchange(agent, host)
        && link.has_sent(head::BEAT)
    {
        hprintln!("poll_transmit-beat {}", transmit);
    }
}

fn measure_seals() {
    let Ok(set) = KeySet::new(1, [1; 32], [2; 32], [9; 16]) else { return };
    let suites: [(&str, &dyn Suite); 3] = [
        ("seal-plain", &Plain),
        ("seal-chacha20poly1305", &ChaCha20Poly1305::device(&set)),
        ("seal-ascon", &Ascon128::device(&set)),
    ];
    for (name, suite) in suites {
        let envelope =
            Envelope { suite: suite.id(), kid: None, id: Some(b"device"), epoch: 300, unique: Unique::Counter(300) };
        let mut packet = [7; PACKET];
        let mut out = Writer::new(&mut packet);
        envelope.write(&mut out);
        let clear = out.len();
        let mut sealed = None;
        let taken = instructions_of(|| sealed = seal(unknown(suite), &envelope, &mut packet, clear, BODY));
        if sealed == Some(clear + BODY + suite.check_len()) {
            hprintln!("{} {}", name, taken);
        }
    }
}

/// Packets on their way.
struct Link<'l> {
    out: &'l mut [u8],
    back: &'l mut [u8],
    now_ms: u64,
}

impl Link<'_> {
    /// Whether the last packet was of this type.
    fn has_sent(&self, body_type: u8) -> bool {
        let body = Envelope::read(self.out).ok().and_then(|(_, clear)| self.out.get(clear));
        body.is_some_and(|first| first & head::TYPE == body_type)
    }

    /// What the next packet and its answer took, if both were taken.
    fn exchange(&mut self, agent: &mut Agent<'_>, host: &mut Host<'_>) -> Option<(u32, u32)> {
        self.now_ms = self.now_ms.max(agent.next_deadline());
        let mut sent = None;
        let transmit = instructions_of(|| sent = agent.poll_transmit(self.now_ms, self.out));
        let len = host.answer(self.out.get(..sent?)?, self.back)?;
        let answer = self.back.get_mut(..len)?;
        let mut taken = false;
        let input = instructions_of(|| taken = agent.handle_input(self.now_ms, answer).is_ok());
        taken.then_some((transmit, input))
    }
}

/// Instructions that `call` takes, less those that the measurement takes. Whole ones: a tick more or less, as the counter happens to stand, is less
/// than a tenth of one.
fn instructions_of(call: impl FnOnce()) -> u32 {
    let nothing = ticks(|| ());
    let ticks = ticks(call).saturating_sub(nothing);
    (ticks * TICK_NS + INSTRUCTION_NS / 2) / INSTRUCTION_NS
}

#[inline(never)]
fn ticks(call: impl FnOnce()) -> u32 {
    // SAFETY: a register of the emulated board, read without effect.
    let now = || unsafe { COUNTER.read_volatile() };
    let begun = now();
    call();
    now().wrapping_sub(begun)
}
