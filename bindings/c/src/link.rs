//! Packets out and in, and when to come back.
//!
//! Promise: pull only: the agent never calls the firmware to send, and never waits. Not here: framing on byte streams (`serial`).

use crate::agent::{Held, answer, tidings_agent_t};
use crate::borrowed::{Door, Region};
use crate::config::{TIDINGS_MAX_PACKET, TIDINGS_MIN_MTU};
use crate::handle::with;
use crate::status::{
    Refusal, TIDINGS_E_BUFFER, TIDINGS_E_PACKET_MALFORMED, TIDINGS_NOTHING, TIDINGS_OK, tidings_status_t,
};
use core::ffi::c_void;

/// Longest packet from a host, in bytes: the size of a buffer for received packets.
pub const TIDINGS_MAX_ANSWER: usize = 192;

const _: () = assert!(TIDINGS_MAX_ANSWER == tidings::MAX_ANSWER);

/// Builds the next packet in `buffer` if one is due, and sets `*len` to its bytes; else `TIDINGS_NOTHING`, and 0.
///
/// `buffer` should hold the profile's MTU; a smaller one lowers it for this packet. It may hold anything before. Send the packet as one datagram
/// or frame; call again when `tidings_next_deadline` says so, or after anything was recorded or received.
/// Thread context; runs the callbacks of a suite in hardware, if there is one. Bounded by one packet.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP or BUFFER (under `TIDINGS_MIN_MTU` bytes).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_transmit(
    agent: *mut tidings_agent_t,
    now_ms: u64,
    buffer: *mut c_void,
    buffer_len: usize,
    len: *mut usize,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe {
        with::<Held>(agent, |held| {
            if buffer_len < TIDINGS_MIN_MTU {
                return Err(Refusal::of(TIDINGS_E_BUFFER));
            }
            let door = Door::clear_of(&held.memory);
            let room = door.slice_mut(buffer, buffer_len.min(TIDINGS_MAX_PACKET), TIDINGS_MAX_PACKET)?;
            let len = door.place(len)?;
            Door::clear_of(&[Region::of(room.as_ptr(), room.len())]).keep_off(Region::of(len, 1))?;
            let built = held.agent.poll_transmit(now_ms, room);
            *len = built.unwrap_or(0);
            Ok(if built.is_some() { TIDINGS_OK } else { TIDINGS_NOTHING })
        })
    }
}

/// Takes in one packet from the host, opening it where it stands: the bytes are spent afterwards.
///
/// Thread context; runs the callbacks of a suite in hardware, if there is one. Bounded by the packet and the table.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, OVERLAP, TOO_LONG (over `TIDINGS_MAX_PACKET`), PACKET_…, NOT_EXPECTED or BODY_MALFORMED: then
/// nothing changed but a counter.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_receive(
    agent: *mut tidings_agent_t,
    now_ms: u64,
    packet: *mut c_void,
    packet_len: usize,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe {
        with::<Held>(agent, |held| {
            let packet = held.door().slice_mut(packet, packet_len, TIDINGS_MAX_PACKET)?;
            let taken = held.agent.handle_input(now_ms, packet); // an empty one too: it is counted
            if packet_len == 0 {
                return Err(Refusal::of(TIDINGS_E_PACKET_MALFORMED));
            }
            taken?;
            Ok(TIDINGS_OK)
        })
    }
}

/// Sets `*at_ms` to when `tidings_transmit` or `tidings_maintain` must be called again at the latest, on the same clock; 0: at once,
/// `UINT64_MAX`: not before the link is up.
///
/// Earlier calls cost energy only, later ones delay reports. Thread context. Bounded: constant.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY or OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_next_deadline(agent: *mut tidings_agent_t, at_ms: *mut u64) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { with::<Held>(agent, |held| answer(held, at_ms, held.agent.next_deadline())) }
}

/// The link is there: what waits is sent at once, and if nothing waits a Beat, for the host may have lost what it knew.
///
/// Thread context. Bounded: constant. Fails with NULL, MISALIGNED, HANDLE or BUSY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_link_up(agent: *mut tidings_agent_t, now_ms: u64) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe {
        with::<Held>(agent, |held| {
            held.agent.link_up(now_ms);
            Ok(TIDINGS_OK)
        })
    }
}

/// The link is gone: nothing is built until `tidings_link_up`.
///
/// As `tidings_link_up`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_link_down(agent: *mut tidings_agent_t) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe {
        with::<Held>(agent, |held| {
            held.agent.link_down();
            Ok(TIDINGS_OK)
        })
    }
}
