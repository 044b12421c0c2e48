//! Measures the stack of each call of the border, made from C on the archive: a line `SUITE FUNCTION BYTES` each, over semihosting.
//!
//! `c/stack.c` calls and measures; here are the host that answers, the line that tells, and the start. `cargo xtask stack` links them, and builds
//! this with the feature that nothing else asks for. A call that is refused ends it with a line that is none of those.

#![no_std]
#![no_main]

use core::ffi::{CStr, c_char, c_int, c_void};
use core::slice;
use cortex_m_semihosting::{debug, hprintln};
use size::answer::{Host, Mood};
use size::device::PACKET;
use size::unknown;
use tidings::suites::{ChaCha20Poly1305, KeySet};
use tidings::wire::cobs::{Decoder, Encoder, Step};
use tidings::wire::packet::Plain;

unsafe extern "C" {
    fn exercise(suite: *const c_char, keys: *const u8, host: *mut c_void);
}

size::firmware! {
    KEYS: [u8; KeySet::BYTES] = [1; KeySet::BYTES];
    => {
        for (byte, key) in KEYS.iter_mut().skip(33).zip([8; 32].into_iter().chain([9; 16])) {
            *byte = key;
        }
        let Ok(set) = KeySet::new(unknown(1), [1; 32], [8; 32], [9; 16]) else { stop() };
        let sealing = ChaCha20Poly1305::host(&set);
        let (mut plain, mut sealed) = (Host::new(&Plain), Host::new(&sealing));
        // SAFETY: the C beside this keeps neither pointer, and hands the host back to the function below only.
        unsafe {
            exercise(c"c_all".as_ptr(), core::ptr::null(), (&raw mut plain).cast());
            exercise(c"c_sealed".as_ptr(), KEYS.as_ptr(), (&raw mut sealed).cast());
        }
        stop()
    }
}

fn stop() -> ! {
    debug::exit(debug::EXIT_SUCCESS);
    size::device::stop()
}

/// What a call used; a refused one is an end with words.
#[unsafe(no_mangle)]
extern "C" fn told(suite: *const c_char, function: *const c_char, bytes: u32, status: i32) {
    // SAFETY: literals of the C beside this.
    let [suite, function] = [suite, function].map(|text| unsafe { CStr::from_ptr(text) }.to_str().unwrap_or("?"));
    if status < 0 {
        hprintln!("{} {} gave {}", suite, function, status);
        stop()
    }
    hprintln!("{} {} {}", suite, function, bytes);
}

/// The host's answer, 0 bytes if it has none.
#[unsafe(no_mangle)]
extern "C" fn host_answers(
    host: *mut c_void,
    lost: c_int,
    framed: c_int,
    packet: *const u8,
    len: usize,
    back: *mut u8,
    room: usize,
) -> usize {
    // SAFETY: the host that `main` lent, and buffers of the C beside this, which are copied from before they are written.
    let (host, packet) = unsafe { (&mut *host.cast::<Host<'_>>(), slice::from_raw_parts(packet, len)) };
    host.mood = if lost == 0 { Mood::Synced } else { Mood::Lost };
    let (mut sent, mut answer) = ([0; PACKET], [0; PACKET]);
    let len = if framed == 0 { copied(packet, &mut sent) } else { unframed(packet, &mut sent) };
    let len = host.answer(sent.get(..len).unwrap_or(&[]), &mut answer).unwrap_or(0);
    let answer = answer.get(..len).unwrap_or(&[]);
    // SAFETY: as above.
    let back = unsafe { slice::from_raw_parts_mut(back, room) };
    if framed == 0 || len == 0 {
        return copied(answer, back);
    }
    let mut encoder = Encoder::new();
    back.iter_mut().zip(core::iter::from_fn(|| encoder.next(answer))).map(|(to, byte)| *to = byte).count()
}

fn copied(from: &[u8], to: &mut [u8]) -> usize {
    to.iter_mut().zip(from).map(|(to, from)| *to = *from).count()
}

/// The first packet on a stream.
fn unframed(stream: &[u8], packet: &mut [u8]) -> usize {
    let mut decoder = Decoder::new();
    let ended = |byte: &u8| if let Step::Frame(len) = decoder.push(*byte, packet) { Some(len) } else { None };
    stream.iter().find_map(ended).unwrap_or(0)
}
