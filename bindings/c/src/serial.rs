//! The agent on a byte stream: COBS frames in and out, in buffers of the caller.
//!
//! Promise: bounded by the bytes given; a frame is sent straight from the packet. Not here: ports, baud rates, reconnecting.

use crate::agent::{Held, tidings_agent_t};
use crate::borrowed::{Door, Region};
use crate::config::{TIDINGS_MAX_PACKET, TIDINGS_MIN_MTU};
use crate::handle::{Body, bring_up, take_down, with};
use crate::status::{
    Outcome, Refusal, TIDINGS_E_BUFFER, TIDINGS_E_OVERLAP, TIDINGS_NOTHING, TIDINGS_OK, tidings_status_t,
};
use core::ffi::c_void;
use tidings::Agent;
use tidings::wire::cobs::{Decoder, Encoder, Step};

/// Words of the handle of a serial line.
#[cfg(target_pointer_width = "64")]
pub const TIDINGS_SERIAL_WORDS: usize = 20;
/// Words of the handle of a serial line.
#[cfg(not(target_pointer_width = "64"))]
pub const TIDINGS_SERIAL_WORDS: usize = 11;
/// Most bytes that one call of `tidings_serial_send` or `tidings_serial_receive` moves.
pub const TIDINGS_MAX_MOVE: usize = 65536;

/// The frames in progress on one serial line, in memory of the caller. Its contents are private.
#[repr(C)]
pub struct tidings_serial_t {
    _private: [u64; TIDINGS_SERIAL_WORDS],
}

/// What a serial line's handle holds.
pub(crate) struct Line {
    decoder: Decoder,
    encoder: Encoder,
    received: &'static mut [u8],
    frame: &'static mut [u8],
    frame_len: usize,
    dropped: u32,
    /// Handle and both buffers: what arguments must keep off.
    memory: [Region; 3],
}

impl Body for Line {
    type Opaque = tidings_serial_t;
    const TAG: [u8; 3] = *b"TiS";
}

impl Line {
    fn receive(&mut self, agent: &mut Agent<'_>, now_ms: u64, bytes: &[u8]) {
        for &byte in bytes {
            match self.decoder.push(byte, self.received) {
                Step::More => {}
                Step::Dropped => self.dropped = self.dropped.saturating_add(1),
                Step::Frame(len) => {
                    let packet = self.received.get_mut(..len).unwrap_or(&mut []);
                    // A refusal is counted by the agent; the frame is gone either way.
                    agent.handle_input(now_ms, packet).ok();
                }
            }
        }
    }

    fn next_byte(&mut self, agent: &mut Agent<'_>, now_ms: u64) -> Option<u8> {
        if self.frame_len == 0 {
            self.frame_len = agent.poll_transmit(now_ms, self.frame)?;
            self.encoder = Encoder::new();
        }
        let byte = self.encoder.next(self.frame.get(..self.frame_len).unwrap_or(&[]));
        if byte.is_none() {
            self.frame_len = 0;
        }
        byte
    }

    fn send(&mut self, agent: &mut Agent<'_>, now_ms: u64, out: &mut [u8]) -> usize {
        let mut len = 0;
        for slot in out {
            match self.next_byte(agent, now_ms) {
                Some(byte) => *slot = byte,
                None => break,
            }
            len += 1;
        }
        len
    }

    fn restart(&mut self) {
        (self.decoder, self.encoder, self.frame_len) = (Decoder::new(), Encoder::new(), 0);
    }

    // The agent of another call must not lie in our buffers, nor ours in its memory.
    fn keeps_off(&self, held: &Held) -> Outcome<()> {
        self.memory.iter().try_for_each(|region| held.door().keep_off(*region))
    }
}

/// Makes a serial line: packets to send are built in `frame`, received ones in `received`.
///
/// `frame` is as long as the longest packet to send, `received` `TIDINGS_MAX_ANSWER`; both belong to the line until `tidings_serial_deinit`.
/// Thread context. Bounded: constant.
/// Fails with NULL, MISALIGNED, LIVE, OVERLAP, or BUFFER (`frame` under `TIDINGS_MIN_MTU`, or no byte in `received`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_serial_init(
    serial: *mut tidings_serial_t,
    frame: *mut c_void,
    frame_len: usize,
    received: *mut c_void,
    received_len: usize,
) -> tidings_status_t {
    let own = Region::of(serial, 1);
    // SAFETY: the contract at the head of the header; the buffers are lent until the line is taken down.
    unsafe {
        bring_up::<Line>(serial, |place| {
            if frame_len < TIDINGS_MIN_MTU || received_len == 0 {
                return Err(Refusal::of(TIDINGS_E_BUFFER));
            }
            let own_only = [own];
            let door = Door::clear_of(&own_only);
            let frame = door.slice_mut(frame, frame_len.min(TIDINGS_MAX_PACKET), TIDINGS_MAX_PACKET)?;
            let received = door.slice_mut(received, received_len.min(TIDINGS_MAX_PACKET), TIDINGS_MAX_PACKET)?;
            let [out, back] = [&*frame, &*received].map(|buffer| Region::of(buffer.as_ptr(), buffer.len()));
            if out.overlaps(back) {
                return Err(Refusal::of(TIDINGS_E_OVERLAP));
            }
            let (decoder, encoder, memory) = (Decoder::new(), Encoder::new(), [own, out, back]);
            place.write(Line { decoder, encoder, received, frame, frame_len: 0, dropped: 0, memory });
            Ok(())
        })
    }
}

/// Ends a serial line: its buffers are the caller's again.
///
/// Thread context. Bounded: constant. Fails with NULL, MISALIGNED, HANDLE or BUSY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_serial_deinit(serial: *mut tidings_serial_t) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { take_down::<Line>(serial, |_| Ok(TIDINGS_OK)) }
}

/// Takes in received bytes, any number of them, and hands whole packets to `agent`; packets that it refuses are counted there.
///
/// `bytes` are read during the call. Thread context; runs the callbacks of a suite in hardware, if there is one. Bounded by `len` and the table.
/// Fails with NULL, MISALIGNED, HANDLE (of either), BUSY, OVERLAP or TOO_LONG (over `TIDINGS_MAX_MOVE`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_serial_receive(
    serial: *mut tidings_serial_t,
    agent: *mut tidings_agent_t,
    now_ms: u64,
    bytes: *const c_void,
    len: usize,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe {
        with::<Line>(serial, |line| {
            let status = with::<Held>(agent, |held| {
                line.keeps_off(held)?;
                Door::clear_of(&line.memory).keep_off(Region::of(bytes.cast::<u8>(), len))?;
                let bytes = held.door().slice(bytes, len, TIDINGS_MAX_MOVE)?;
                line.receive(&mut held.agent, now_ms, bytes);
                Ok(TIDINGS_OK)
            });
            Ok(status)
        })
    }
}

/// Puts the next bytes to send into `out` and sets `*len` to how many there are; `TIDINGS_NOTHING`, and 0, if none is due.
///
/// Call it with as much room as the port has; a frame may take several calls. Thread context; runs the callbacks of a suite in hardware, if there is one. Bounded by `out_len` and the packets
/// that fit it. Fails with NULL, MISALIGNED, HANDLE (of either), BUSY or OVERLAP. At most `TIDINGS_MAX_MOVE` bytes a call.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_serial_send(
    serial: *mut tidings_serial_t,
    agent: *mut tidings_agent_t,
    now_ms: u64,
    out: *mut c_void,
    out_len: usize,
    len: *mut usize,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe {
        with::<Line>(serial, |line| {
            let status = with::<Held>(agent, |held| {
                line.keeps_off(held)?;
                let (ours, door) = (Door::clear_of(&line.memory), Door::clear_of(&held.memory));
                let out = door.slice_mut(out, out_len.min(TIDINGS_MAX_MOVE), TIDINGS_MAX_MOVE)?;
                let len = door.place(len)?;
                let taken = Region::of(out.as_ptr(), out.len());
                ours.keep_off(taken)?;
                ours.keep_off(Region::of(len, 1))?;
                Door::clear_of(&[taken]).keep_off(Region::of(len, 1))?;
                *len = line.send(&mut held.agent, now_ms, out);
                Ok(if *len > 0 { TIDINGS_OK } else { TIDINGS_NOTHING })
            });
            Ok(status)
        })
    }
}

/// Forgets frames in progress, for a stream that was opened anew.
///
/// Thread context. Bounded: constant. Fails with NULL, MISALIGNED, HANDLE or BUSY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_serial_reset(serial: *mut tidings_serial_t) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe {
        with::<Line>(serial, |line| {
            line.restart();
            Ok(TIDINGS_OK)
        })
    }
}

/// Sets `*dropped` to the frames that were dropped because they were too long, cut short or joined midway.
///
/// Thread context. Bounded: constant. Fails with NULL, MISALIGNED, HANDLE, BUSY or OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_serial_dropped(serial: *mut tidings_serial_t, dropped: *mut u32) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe {
        with::<Line>(serial, |line| {
            *Door::clear_of(&line.memory).place(dropped)? = line.dropped;
            Ok(TIDINGS_OK)
        })
    }
}
