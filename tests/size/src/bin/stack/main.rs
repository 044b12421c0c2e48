//! Measures the stack of each public call of the engine under each suite, in an emulator: a line `SUITE CALL BYTES` each, over semihosting.
//!
//! Memory below the stack pointer is painted before a call; what lost its paint was used. Packets lie in static memory, as a caller's
//! buffer is the caller's. It measures the paths that it walks, in conversations that go the longest way; it proves nothing of others.

#![no_std]
#![no_main]

mod paint;

use core::convert::Infallible;
use cortex_m_semihosting::debug;
use embedded_io::{ErrorType, Read, ReadReady, Write, WriteReady};
use paint::report;
use size::answer::{Host, Mood};
use size::device::{CONFIG, EVENTS, PACKET};
use size::{facts, keep, unknown};
use tidings::epoch::RamEpoch;
use tidings::facts::{
    Account, Health, Identity, Interface, Listener, Metric, Protocol, Scalar, Setting, SettingId, Software, Update,
    VendorFact,
};
use tidings::suites::{Ascon128, ChaCha20Poly1305, KeySet};
use tidings::wire::packet::{Plain, Suite};
use tidings::{
    Agent, DeviceId, EventType, Fact, Framing, Keys, Kind, Limits, Mailbox, Memory, Serial, Severity, provision,
};

const LIMITS: Limits = Limits { warning: 70, critical: 90, hysteresis: 5, dead_band: 2 };
/// Room for most of the facts, so that the table fills up.
const FACTS: usize = 1024;

/// Enough for every kind of packet that the device has to send.
const EXCHANGES: usize = 24;

size::firmware! {
    MEMORY: [Memory<FACTS, EVENTS>; 3] = [const { Memory::new() }; 3];
    LINE: Line = Line { out: [0; PACKET], back: [0; PACKET] };
    => {
        let (Ok(set), Ok(next)) = (key_set(1), key_set(2)) else { stop() };
        let [plain, chacha, ascon] = MEMORY;
        exercise("plain", Ends { keys: Keys::PLAIN, next: None, host: &Plain }, plain, LINE);
        let (device, later) = (ChaCha20Poly1305::device(&set), ChaCha20Poly1305::device(&next));
        let (keys, next_keys) = (Keys::sealed(&device, &set), Some(Keys::sealed(&later, &next)));
        exercise("sealed", Ends { keys, next: next_keys, host: &ChaCha20Poly1305::host(&set) }, chacha, LINE);
        let (device, later) = (Ascon128::device(&set), Ascon128::device(&next));
        let (keys, next_keys) = (Keys::sealed(&device, &set), Some(Keys::sealed(&later, &next)));
        exercise("ascon", Ends { keys, next: next_keys, host: &Ascon128::host(&set) }, ascon, LINE);
        stop()
    }
}

fn stop() -> ! {
    debug::exit(debug::EXIT_SUCCESS);
    size::device::stop()
}

fn key_set(kid: u8) -> Result<KeySet, tidings::wire::suites::KeyError> {
    KeySet::new(unknown(kid), [kid; 32], [kid + 7; 32], [9; 16])
}

/// Both ends of a suite.
struct Ends<'a> {
    keys: Keys<'a>,
    next: Option<Keys<'a>>,
    host: &'a dyn Suite,
}

/// A packet in each direction.
struct Line {
    out: [u8; PACKET],
    back: [u8; PACKET],
}

/// The device under measurement.
struct Desk<'a, 'l> {
    suite: &'static str,
    agent: Agent<'a>,
    store: RamEpoch,
    host: Host<'a>,
    line: &'l mut Line,
}

fn exercise<'a>(suite: &'static str, ends: Ends<'a>, memory: &'a mut Memory<FACTS, EVENTS>, line: &mut Line) {
    let Ok(id) = DeviceId::new(unknown(b"device")) else { stop() };
    let mut built = None;
    report(suite, "new", || built = Some(Agent::new(CONFIG, id, ends.keys, memory)));
    let Some(agent) = built else { stop() };
    let mut desk = Desk { suite, agent, store: RamEpoch::new(), host: Host::new(ends.host), line };
    report(suite, "provision", || keep(provision(3, &mut desk.store).is_ok()));
    report(suite, "start", || keep(desk.agent.start(0, &mut desk.store).is_ok()));
    desk.record_each_kind();
    desk.converse();
    desk.tell();
    desk.converse();
    desk.fill();
    desk.converse();
    desk.post();
    desk.stream();
    desk.fall_behind(ends.next);
    desk.ask();
}

impl<'a> Desk<'a, '_> {
    fn record(&mut self, fact: &dyn Fact) {
        report(self.suite, "record", || keep(self.agent.record(unknown(fact)).is_ok()));
    }

    fn record_each_kind(&mut self) {
        let kinds: [&dyn Fact; 8] = [
            &Software::slot(0).version("1.4.2"),
            &Account::named("admin"),
            &Listener::port(Protocol::TCP, 22),
            &Setting::id(SettingId::SSH, Scalar::Bool(true)),
            &Identity::claim(tidings::facts::Claim(1), Scalar::Text("lamp")),
            &Update::slot(0),
            &Interface::named("eth0"),
            &VendorFact { vendor_kind: 300, key: b"key", value: b"value" },
        ];
        kinds.iter().for_each(|fact| self.record(*fact));
    }

    /// What an application tells besides plain records.
    fn tell(&mut self) {
        let Self { suite, agent, .. } = self;
        let listener = Listener::port(Protocol::TCP, 22);
        report(suite, "scan", || {
            let mut scan = agent.scan(Kind::LISTENER);
            keep(scan.record(&listener).is_ok());
            scan.finish();
        });
        report(suite, "scan", || agent.scan(Kind::SOFTWARE).finish());
        report(suite, "scan", || agent.scan(Kind::SETTING).fail());
        for value in [95, 10] {
            let health = Health::metric(Metric::CPU_LOAD).value(value);
            report(suite, "sample", || keep(agent.sample(&health, &LIMITS).is_ok()));
        }
        for severity in [Severity::Warning, Severity::Critical].into_iter().cycle().take(12) {
            report(suite, "event", || keep(agent.event(severity, EventType::TAMPER, b"who", &[7; 20]).is_ok()));
        }
        report(suite, "remove", || keep(agent.remove(&listener).is_ok()));
        report(suite, "complete", || agent.complete(Kind::LISTENER));
        report(suite, "fail", || agent.fail(Kind::ACCOUNT));
        report(suite, "switch_off", || agent.switch_off(Kind::SETTING));
        report(suite, "switch_on", || agent.switch_on(Kind::SETTING));
    }

    /// Facts until the table is full, removals that leave tombstones, and facts that push those out.
    fn fill(&mut self) {
        facts::each(false, &mut |fact| self.record(fact));
        facts::each(true, &mut |fact| self.record(fact));
        let (suite, agent) = (self.suite, &mut self.agent);
        facts::each(false, &mut |fact| report(suite, "remove", || keep(agent.remove(fact).is_ok())));
        facts::each(true, &mut |fact| self.record(fact));
    }

    /// What interrupts post, and its way to the table.
    fn post(&mut self) {
        let Self { suite, agent, .. } = self;
        let mailbox = Mailbox::<4>::new();
        let listener = Listener::port(Protocol::UDP, 68);
        report(suite, "Mailbox::record", || keep(mailbox.record(&listener).is_ok()));
        report(suite, "Mailbox::remove", || keep(mailbox.remove(&listener).is_ok()));
        report(suite, "Mailbox::event", || keep(mailbox.event(Severity::Info, EventType::TEXT, b"isr").is_ok()));
        report(suite, "drain", || agent.drain(0, &mailbox));
    }

    /// Packets out and answers in, until the device has nothing more to say for a while.
    fn converse(&mut self) {
        let Self { suite, agent, host, line: Line { out, back }, .. } = self;
        host.mood = Mood::Lost;
        for turn in 0..EXCHANGES {
            let mut now_ms = 0;
            report(suite, "next_deadline", || now_ms = agent.next_deadline());
            let mut sent = None;
            report(suite, "poll_transmit", || sent = agent.poll_transmit(now_ms, out));
            let packet = sent.and_then(|len| out.get(..len)).unwrap_or(&[]);
            let len = host.answer(packet, back).unwrap_or(0);
            let answer = back.get_mut(..len).unwrap_or_default();
            report(suite, "handle_input", || keep(agent.handle_input(now_ms, answer).is_ok()));
            if turn > 2 {
                host.mood = Mood::Synced;
            }
        }
    }

    /// The same over a byte stream.
    fn stream(&mut self) {
        let Self { suite, agent, host, line: Line { out, back }, .. } = self;
        keep(agent.record(&Software::slot(0).version("stream")).is_ok());
        let now_ms = agent.next_deadline();
        let mut serial = Serial::<Wire<'_>, PACKET>::new(Wire { input: &[], output: back, used: 0 });
        report(suite, "Serial::pump", || keep(serial.pump(agent, now_ms).is_ok()));
        let mut framing = Framing::<PACKET>::new();
        let now_ms = agent.next_deadline();
        let mut len = 0;
        report(suite, "Framing::send", || len = framing.send(agent, now_ms, out));
        let mut decoder = tidings::wire::cobs::Decoder::new();
        let mut packet = [0; PACKET];
        let steps = out.iter().take(len).map(|byte| decoder.push(*byte, &mut packet));
        let framed =
            steps.last().map_or(0, |step| if let tidings::wire::cobs::Step::Frame(len) = step { len } else { 0 });
        let mut answer = [0; PACKET];
        let len = host.answer(packet.get(..framed).unwrap_or(&[]), &mut answer).unwrap_or(0);
        let mut encoder = tidings::wire::cobs::Encoder::new();
        let mut frame = [0; PACKET + 8];
        let bytes = core::iter::from_fn(|| encoder.next(answer.get(..len).unwrap_or(&[])));
        let framed = frame.iter_mut().zip(bytes).map(|(to, byte)| *to = byte).count();
        let frame = frame.get(..framed).unwrap_or(&[]);
        report(suite, "Framing::receive", || framing.receive(agent, now_ms, frame));
        let mut serial = Serial::<Wire<'_>, PACKET>::new(Wire { input: frame, output: back, used: 0 });
        report(suite, "Serial::pump", || keep(serial.pump(agent, now_ms).is_ok()));
    }

    /// The host knows a newer epoch; then the keys change.
    fn fall_behind(&mut self, next: Option<Keys<'a>>) {
        self.host.mood = Mood::Ahead;
        let Self { suite, agent, store, host, line: Line { out, back } } = self;
        keep(agent.record(&Software::slot(0).version("behind")).is_ok());
        let now_ms = agent.next_deadline();
        let sent = agent.poll_transmit(now_ms, out).and_then(|len| out.get(..len)).unwrap_or(&[]);
        let len = host.answer(sent, back).unwrap_or(0);
        let answer = back.get_mut(..len).unwrap_or_default();
        report(suite, "handle_input", || keep(agent.handle_input(now_ms, answer).is_ok()));
        report(suite, "maintain", || keep(agent.maintain(now_ms + 5_000, store).is_ok()));
        if let Some(keys) = next {
            report(suite, "change_keys", || keep(agent.change_keys(keys).is_ok()));
            report(suite, "maintain", || keep(agent.maintain(now_ms + 9_000, store).is_ok()));
            report(suite, "poll_transmit", || keep(agent.poll_transmit(now_ms + 9_000, out).is_some()));
        }
    }

    /// What tells and changes little.
    fn ask(&mut self) {
        let Self { suite, agent, .. } = self;
        report(suite, "is_synced", || keep(agent.is_synced()));
        report(suite, "facts", || keep(agent.facts().count() > 3));
        report(suite, "coverage", || keep(agent.coverage(Kind::SOFTWARE).is_some()));
        report(suite, "link_down", || agent.link_down());
        report(suite, "link_up", || agent.link_up(0));
        report(suite, "tick", || agent.tick(0));
    }
}

/// A port with bytes to read and room for what is written.
struct Wire<'a> {
    input: &'a [u8],
    output: &'a mut [u8],
    used: usize,
}

impl ErrorType for Wire<'_> {
    type Error = Infallible;
}

impl Read for Wire<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Infallible> {
        self.input.read(buffer)
    }
}

impl ReadReady for Wire<'_> {
    fn read_ready(&mut self) -> Result<bool, Infallible> {
        Ok(!self.input.is_empty())
    }
}

impl Write for Wire<'_> {
    fn write(&mut self, buffer: &[u8]) -> Result<usize, Infallible> {
        if let (Some(slot), Some(byte)) = (self.output.get_mut(self.used), buffer.first()) {
            *slot = *byte;
        }
        self.used += 1;
        Ok(1)
    }

    fn flush(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}

impl WriteReady for Wire<'_> {
    fn write_ready(&mut self) -> Result<bool, Infallible> {
        Ok(true)
    }
}
