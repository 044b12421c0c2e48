//! Measures the stack of each call of the engine, in an emulator: a line `NAME BYTES` each, over semihosting.
//!
//! Memory below the stack pointer is painted before a call; what lost its paint was used. Packets lie in static memory,
//! as a caller's buffer is the caller's.

#![no_std]
#![no_main]

use core::mem::MaybeUninit;
use cortex_m_semihosting::{debug, hprintln};
use size::device::{CONFIG, EVENTS, FACTS, PACKET};
use size::{answer, keep, unknown};
use tidings::epoch::RamEpoch;
use tidings::facts::{Account, Health, Listener, Metric, Protocol, Scalar, Setting, SettingId, Software};
use tidings::{Agent, DeviceId, EventType, Fact, Keys, Kind, Limits, Memory, Severity};

const LIMITS: Limits = Limits { warning: 70, critical: 90, hysteresis: 5, dead_band: 2 };

const PAINT: u32 = 0xA5A5_5A5A;
/// Enough for every kind of packet that the device has to send.
const EXCHANGES: usize = 8;
/// Painted words; far more than any call needs.
const WORDS: usize = 2048;
/// Words below the stack pointer that the painting itself may use.
const OWN: usize = 32;

#[cortex_m_rt::entry]
fn main() -> ! {
    static mut MEMORY: Memory<FACTS, EVENTS> = Memory::new();
    static mut AGENT: MaybeUninit<Agent<'static>> = MaybeUninit::uninit();
    static mut PACKET_OUT: [u8; PACKET] = [0; PACKET];
    static mut PACKET_IN: [u8; PACKET] = [0; PACKET];
    if let Ok(id) = DeviceId::new(unknown(b"device")) {
        let agent = AGENT.write(Agent::new(CONFIG, id, Keys::PLAIN, MEMORY));
        report("start", || keep(agent.start(0, &mut RamEpoch::new()).is_ok()));
        record(agent);
        converse(agent, PACKET_OUT, PACKET_IN);
        tell(agent);
        converse(agent, PACKET_OUT, PACKET_IN);
    }
    debug::exit(debug::EXIT_SUCCESS);
    loop {
        core::hint::spin_loop();
    }
}

fn record(agent: &mut Agent<'static>) {
    let facts: [&dyn Fact; 4] = [
        &Software::slot(0).version("1.4.2"),
        &Account::named("admin"),
        &Listener::port(Protocol::TCP, 22),
        &Setting::id(SettingId::SSH, Scalar::Bool(true)),
    ];
    for fact in facts {
        report("record", || keep(agent.record(unknown(fact)).is_ok()));
    }
}

/// What an application tells besides plain records.
fn tell(agent: &mut Agent<'static>) {
    report("scan", || {
        let mut scan = agent.scan(Kind::LISTENER);
        keep(scan.record(&Listener::port(Protocol::TCP, 22)).is_ok());
        scan.finish();
    });
    report("sample", || keep(agent.sample(&Health::metric(Metric::CPU_LOAD).value(95), &LIMITS).is_ok()));
    report("event", || keep(agent.event(Severity::Warning, EventType::TAMPER, b"who", b"what").is_ok()));
    report("remove", || keep(agent.remove(&Listener::port(Protocol::TCP, 22)).is_ok()));
    report("fail", || agent.fail(Kind::ACCOUNT));
    report("switch_off", || agent.switch_off(Kind::SETTING));
    report("switch_on", || agent.switch_on(Kind::SETTING));
}

/// Packets out and answers in, until the device has nothing more to say for a while.
fn converse(agent: &mut Agent<'static>, out: &mut [u8], back: &mut [u8]) {
    for _ in 0..EXCHANGES {
        let now_ms = agent.next_deadline();
        let mut sent = None;
        report("poll_transmit", || sent = agent.poll_transmit(now_ms, out));
        let packet = sent.and_then(|len| out.get(..len)).unwrap_or(&[]);
        let len = answer::to(packet, back).unwrap_or(0);
        report("handle_input", || keep(agent.handle_input(now_ms, back.get_mut(..len).unwrap_or_default()).is_ok()));
    }
}

fn report(name: &str, call: impl FnOnce()) {
    let bytes = used_by(call);
    hprintln!("{} {}", name, bytes);
}

/// Bytes of stack below this function's own frame that `call` used.
#[inline(never)]
fn used_by(call: impl FnOnce()) -> usize {
    let top = cortex_m::register::msp::read() as usize - OWN * 4;
    let bottom = top - WORDS * 4;
    for place in (bottom..top).step_by(4) {
        // SAFETY: RAM below the stack pointer by a margin; nothing else lies there in this image.
        unsafe { (place as *mut u32).write_volatile(PAINT) };
    }
    call();
    // SAFETY: as above.
    let untouched =
        (bottom..top).step_by(4).take_while(|place| unsafe { (*place as *const u32).read_volatile() } == PAINT);
    WORDS * 4 - untouched.count() * 4 + OWN * 4
}
