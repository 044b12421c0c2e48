//! From an interrupt to the agent: a box of small messages, one producer, one consumer, no lock, no compare-and-swap.
//!
//! Promise: posting looks at no more than a message holds, a bounded copy that never waits; a full box refuses and counts, a second producer that interrupts the first is refused.
//! Not here: several producers; give each interrupt level a box of its own.
//!
//! The ring is one of `Mailbox<1>`, so that how a message is written stays in the crate `tidings` and the number of slots is the caller's.

use crate::agent::{Held, tidings_agent_t};
use crate::borrowed::{Door, Region};
use crate::event::tidings_event_t;
use crate::handle::{Body, bring_up, shared, take_down, with};
use crate::status::{
    Outcome, Refusal, TIDINGS_E_BUSY, TIDINGS_E_MAILBOX_FULL, TIDINGS_E_MAILBOX_TOO_LONG, TIDINGS_E_MISALIGNED,
    TIDINGS_E_NULL, TIDINGS_E_OVERLAP, TIDINGS_E_TOO_LONG, TIDINGS_E_VALUE, TIDINGS_OK, number, tidings_status_t,
};
use core::sync::atomic::{AtomicU32, Ordering, compiler_fence};
use tidings::{EventType, Mailbox};

/// Words of a mailbox's handle.
#[cfg(target_pointer_width = "64")]
pub const TIDINGS_MAILBOX_WORDS: usize = 6;
/// Words of a mailbox's handle.
#[cfg(not(target_pointer_width = "64"))]
pub const TIDINGS_MAILBOX_WORDS: usize = 5;
/// Words of 32 bits of a message.
pub const TIDINGS_MESSAGE_WORDS: usize = 11;
/// Most messages of a box.
pub const TIDINGS_MAX_MESSAGES: usize = 65536;
/// Bytes of key and value, or of event type and data, that one message carries.
pub const TIDINGS_MESSAGE_ROOM: usize = 28;

/// A mailbox, in memory of the caller; `TIDINGS_MAILBOX` declares one with its messages. Its contents are private.
#[repr(C)]
pub struct tidings_mailbox_t {
    _private: [u64; TIDINGS_MAILBOX_WORDS],
}

/// Room for one message.
#[repr(C)]
pub struct tidings_message_t {
    _private: [u32; TIDINGS_MESSAGE_WORDS],
}

pub(crate) type Slot = Mailbox<1>;

const _: () = assert!(size_of::<Slot>() == size_of::<tidings_message_t>());
const _: () = assert!(align_of::<Slot>() <= align_of::<tidings_message_t>());
const _: () = assert!(TIDINGS_MESSAGE_ROOM == tidings::mailbox::ROOM);

/// What a mailbox's handle holds.
pub(crate) struct Ring {
    slots: *const Slot,
    count: u32,
    posting: AtomicU32,
    /// The turn of the next message in, 0 to twice `count`, so that no turn is skipped when it starts over.
    posted: AtomicU32,
    /// The turn of the next message out.
    taken: AtomicU32,
    refused: AtomicU32,
    /// Posts that interrupted another: counted apart, as the interrupted one counts in `refused`.
    crowded: AtomicU32,
}

// SAFETY: counters are atomic, and slots are shared between one producer and one consumer by the crate `tidings`.
unsafe impl Sync for Ring {}

impl Body for Ring {
    type Opaque = tidings_mailbox_t;
    const TAG: [u8; 3] = *b"TiM";
}

impl Ring {
    fn slot(&self, turn: u32) -> &Slot {
        let at = if turn < self.count { turn } else { turn - self.count };
        // SAFETY: `bring_up` wrote `count` slots there, and the caller lends them until the box is taken down; a turn is below twice that.
        unsafe { &*self.slots.add(at as usize) }
    }

    // The turn after the one that this counts.
    fn advance(&self, counter: &AtomicU32) {
        let next = counter.load(Ordering::Relaxed) + 1;
        counter.store(if next < 2 * self.count { next } else { 0 }, Ordering::Release);
    }

    // One message in; a producer that interrupts another is refused.
    fn post(&self, put: impl FnOnce(&Slot) -> Outcome) -> Outcome {
        if self.posting.load(Ordering::Relaxed) != 0 {
            bump(&self.crowded);
            return Err(Refusal::of(TIDINGS_E_BUSY));
        }
        self.posting.store(1, Ordering::Relaxed);
        compiler_fence(Ordering::SeqCst);
        let posted = put(self.slot(self.posted.load(Ordering::Relaxed)));
        match posted {
            Ok(_) => self.advance(&self.posted),
            Err(why) if matches!(why.status(), TIDINGS_E_MAILBOX_FULL | TIDINGS_E_MAILBOX_TOO_LONG) => {
                bump(&self.refused)
            }
            Err(_) => {}
        }
        compiler_fence(Ordering::SeqCst);
        self.posting.store(0, Ordering::Relaxed);
        posted
    }

    // The box and its messages, which no argument may lie in.
    fn memory(&self, own: *const tidings_mailbox_t) -> [Region; 2] {
        [Region::of(own, 1), Region::of(self.slots, self.count as usize)]
    }
}

fn bump(counter: &AtomicU32) {
    counter.store(counter.load(Ordering::Relaxed).saturating_add(1), Ordering::Relaxed);
}

/// Posts with `put` into the slot whose turn it is; its door lets no more in than a message holds.
///
/// # Safety
/// The contract at the head of the header.
pub(crate) unsafe fn post(
    mailbox: *const tidings_mailbox_t,
    put: impl FnOnce(&Slot, &Door<'_>) -> Outcome,
) -> tidings_status_t {
    // SAFETY: as the caller of this.
    number(unsafe { shared::<Ring>(mailbox) }.and_then(|ring| {
        let memory = ring.memory(mailbox);
        let door = Door::clear_of(&memory).at_most(TIDINGS_MESSAGE_ROOM, Refusal::of(TIDINGS_E_MAILBOX_TOO_LONG));
        ring.post(|slot| put(slot, &door))
    }))
}

/// Makes an empty mailbox of `count` messages.
///
/// `messages` belong to the mailbox until `tidings_mailbox_deinit`. Call it before the interrupt is enabled. Thread context. Bounded: `count`.
/// Fails with NULL, MISALIGNED, LIVE, OVERLAP, VALUE (no message) or TOO_LONG (over `TIDINGS_MAX_MESSAGES`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_mailbox_init(
    mailbox: *mut tidings_mailbox_t,
    messages: *mut tidings_message_t,
    count: usize,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe {
        bring_up::<Ring>(mailbox, |place| {
            check_messages(Region::of(mailbox, 1), messages, count)?;
            let slots = messages.cast::<Slot>();
            for at in 0..count {
                slots.add(at).write(Slot::new());
            }
            let [posting, posted, taken, refused, crowded] = [const { AtomicU32::new(0) }; 5];
            place.write(Ring { slots, count: count as u32, posting, posted, taken, refused, crowded });
            Ok(())
        })
    }
}

fn check_messages(own: Region, messages: *mut tidings_message_t, count: usize) -> Outcome<()> {
    if messages.is_null() {
        Err(Refusal::of(TIDINGS_E_NULL))
    } else if !messages.is_aligned() {
        Err(Refusal::of(TIDINGS_E_MISALIGNED))
    } else if count == 0 {
        Err(Refusal::of(TIDINGS_E_VALUE))
    } else if count > TIDINGS_MAX_MESSAGES {
        Err(Refusal::of(TIDINGS_E_TOO_LONG))
    } else if own.overlaps(Region::of(messages, count)) {
        Err(Refusal::of(TIDINGS_E_OVERLAP))
    } else {
        Ok(())
    }
}

/// Ends a mailbox; what was not drained is lost. Disable its interrupt first.
///
/// Thread context. Bounded: constant. Fails with NULL, MISALIGNED or HANDLE, or BUSY when called from its own producer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_mailbox_deinit(mailbox: *mut tidings_mailbox_t) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe {
        take_down::<Ring>(mailbox, |ring| match ring.posting.load(Ordering::Relaxed) {
            0 => Ok(TIDINGS_OK),
            _ => Err(Refusal::of(TIDINGS_E_BUSY)),
        })
    }
}

/// Posts that something happened; `actor` must be empty, a message has no room for it.
///
/// `event` is read during the call. Interrupt or thread, one producer a box. Bounded by a message: a field of more than
/// `TIDINGS_MESSAGE_ROOM` bytes is refused before it is read.
/// Fails with NULL, MISALIGNED, HANDLE, BUSY, VALUE, MAILBOX_FULL or MAILBOX_TOO_LONG (over 26 bytes of data).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_post_event(
    mailbox: *mut tidings_mailbox_t,
    event: *const tidings_event_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe {
        post(mailbox, |slot, door| {
            let event = door.given(event)?;
            event.check(door)?;
            if event.actor.len > 0 {
                return Err(Refusal::of(TIDINGS_E_VALUE));
            }
            slot.event(event.severity(), EventType(event.event_type), event.data.get())?;
            Ok(TIDINGS_OK)
        })
    }
}

/// Takes in what an interrupt posted: at most as many messages as the box has.
///
/// A fact that the table refuses is counted in the statistics, and its kind is told as partial. Thread context. Bounded: the box's messages.
/// Fails with NULL, MISALIGNED, HANDLE (of either) or BUSY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_drain(
    agent: *mut tidings_agent_t,
    now_ms: u64,
    mailbox: *mut tidings_mailbox_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe {
        with::<Held>(agent, |held| {
            let ring = shared::<Ring>(mailbox)?;
            held.agent.tick(now_ms);
            for _ in 0..ring.count {
                let taken = ring.taken.load(Ordering::Relaxed);
                if taken == ring.posted.load(Ordering::Acquire) {
                    break;
                }
                held.agent.drain(now_ms, ring.slot(taken));
                ring.advance(&ring.taken);
            }
            Ok(TIDINGS_OK)
        })
    }
}

/// Sets `*refused` to the messages that were refused since `tidings_mailbox_init`: no room, too long, or posted while another was.
///
/// Any context, interrupts included. Bounded: constant. Fails with NULL, MISALIGNED, HANDLE or OVERLAP.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_mailbox_refused(
    mailbox: *mut tidings_mailbox_t,
    refused: *mut u32,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    number(unsafe { shared::<Ring>(mailbox) }.and_then(|ring| {
        // SAFETY: as above.
        let place = unsafe { Door::clear_of(&ring.memory(mailbox)).place(refused)? };
        *place = ring.refused.load(Ordering::Relaxed).saturating_add(ring.crowded.load(Ordering::Relaxed));
        Ok(TIDINGS_OK)
    }))
}
