//! The life of an agent: init, start, maintain, deinit, and what can be asked of it.
//!
//! Promise: the handle is the caller's memory, of a size known at compile time; nothing is allocated. Not here: what it records and sends.

use crate::borrowed::{Door, Region};
use crate::config::{TIDINGS_TABLE_OVERHEAD, tidings_config_t};
use crate::epoch::{Callbacks, tidings_epoch_store_t};
use crate::handle::{Body, bring_up, take_down, with};
use crate::kept::tidings_kept_events_t;
use crate::keys::{self, tidings_keys_t};
use crate::status::{Outcome, Refusal, TIDINGS_E_ABI, TIDINGS_E_BUFFER, TIDINGS_E_SEAL, TIDINGS_OK, tidings_status_t};
use crate::version::TIDINGS_ABI;
use core::mem::MaybeUninit;
use tidings::{Agent, Config, Keys, KindMask};

/// Words of an agent's handle.
#[cfg(target_pointer_width = "64")]
pub const TIDINGS_AGENT_WORDS: usize = 84;
/// Words of an agent's handle.
#[cfg(not(target_pointer_width = "64"))]
pub const TIDINGS_AGENT_WORDS: usize = 66;

/// An agent, in memory of the caller: a `static`, or whatever lives as long. Its contents are private.
///
/// It lives at the address where it was initialised: a copy or a moved one is refused. Memory that outlives a reset (`.noinit`) must be zeroed
/// before `tidings_init`. One core or thread at a time; a call from an interrupt or a callback during another call is refused with
/// `TIDINGS_E_BUSY` (interrupts use a mailbox).
#[repr(C)]
pub struct tidings_agent_t {
    _private: [u64; TIDINGS_AGENT_WORDS],
}

/// What an agent's handle holds.
pub(crate) struct Held {
    pub agent: Agent<'static>,
    /// The keys in use, or NULL.
    keys: *const tidings_keys_t,
    /// Scans that were begun and not ended.
    pub scans: KindMask,
    /// Handle, table, events, keys: what arguments must keep off.
    pub memory: [Region; 4],
    /// The kept events that are its own, or NULL.
    pub kept: *const tidings_kept_events_t,
}

impl Body for Held {
    type Opaque = tidings_agent_t;
    const TAG: [u8; 3] = *b"TiA";
}

impl Held {
    /// The door for arguments of a call.
    pub fn door(&self) -> Door<'_> {
        Door::clear_of(&self.memory)
    }

    /// Refuses the packet that was just built, if hardware failed to seal it.
    #[inline(always)]
    pub fn is_sealed(&self) -> Outcome<()> {
        // SAFETY: the agent is a user of its keys.
        if unsafe { keys::failed_to_seal(self.keys) } { Err(Refusal::of(TIDINGS_E_SEAL)) } else { Ok(()) }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // SAFETY: the handle of the keys stays live while it counts a user.
        unsafe { keys::release(self.keys) };
    }
}

/// Makes an agent in `agent` as `config` says. It sends nothing before `tidings_start`.
///
/// `config` is read during the call. `config->table` and `config->events` belong to the agent until `tidings_deinit`, `config->keys` must stay
/// live until then. Thread context. Bounded: constant.
/// Fails with NULL, MISALIGNED, LIVE, ABI, ID, KIND, MTU, VALUE, BUFFER (`table` under `TIDINGS_TABLE_OVERHEAD`), OVERLAP, TOO_LONG, UNSUPPORTED, or,
/// for the keys, HANDLE; `agent` is then as before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_init(
    agent: *mut tidings_agent_t,
    config: *const tidings_config_t,
) -> tidings_status_t {
    let own = Region::of(agent, 1);
    // SAFETY: the contract at the head of the header.
    unsafe { bring_up::<Held>(agent, |place| build(place, own, Door::clear_of(&[own]).given(config)?)) }
}

unsafe fn build(place: &mut MaybeUninit<Held>, own: Region, config: &tidings_config_t) -> Outcome<()> {
    if config.struct_size as usize != size_of::<tidings_config_t>() || config.abi != TIDINGS_ABI {
        return Err(Refusal::of(TIDINGS_E_ABI));
    }
    if config.table_len < TIDINGS_TABLE_OVERHEAD {
        return Err(Refusal::of(TIDINGS_E_BUFFER));
    }
    let (mut checked, mut id, mut lent) = (MaybeUninit::<Config>::uninit(), MaybeUninit::uninit(), Keys::PLAIN);
    config.read_into(&mut checked)?;
    let mut memory = [own; 4];
    let most = isize::MAX.unsigned_abs();
    let held = place.as_mut_ptr();
    // SAFETY: the contract at the head of the header, for each pointer in the configuration; the memory is lent until the handle is taken down. Then
    // places within `place`, each written once, so that nothing is built elsewhere and copied.
    unsafe {
        config.read_id(&mut id)?;
        let table = Door::clear_of(&memory[..1]).slice_mut(config.table, config.table_len, most)?;
        memory[1] = Region::of(table.as_ptr(), table.len());
        let events = Door::clear_of(&memory[..2]).slice_mut(config.events, config.events_len, most)?;
        memory[2] = Region::of(events.as_ptr(), events.len());
        memory[3] = keys::region(config.keys);
        Door::clear_of(&memory[..3]).keep_off(memory[3])?;
        if !config.keys.is_null() {
            keys::retain(config.keys, &mut lent)?;
        }
        (&raw mut (*held).agent).write(Agent::within(checked.assume_init_ref(), id.assume_init(), lent, table, events));
        (&raw mut (*held).keys).write(config.keys);
        (&raw mut (*held).scans).write(KindMask::NONE);
        (&raw mut (*held).memory).write(memory);
        (&raw mut (*held).kept).write(core::ptr::null());
    }
    Ok(())
}

/// Ends the agent: its memory and keys are the caller's again, and the handle is zero.
///
/// Thread context. Bounded: constant. Fails with NULL, MISALIGNED, HANDLE (never initialised, or deinitialised already) or BUSY.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_deinit(agent: *mut tidings_agent_t) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { take_down::<Held>(agent, |_| Ok(TIDINGS_OK)) }
}

/// Opens the next epoch: stores it through `store`, reads it back, and from then on packets may leave.
///
/// `store` is read during the call; its callbacks run inside it. Thread context; blocks as long as they do. Bounded: 2 loads and 1 append.
/// Fails with EPOCH_STORE, EPOCH_NOT_KEPT, EPOCH_EXHAUSTED or NOT_PROVISIONED: nothing is sent until `tidings_maintain` succeeds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_start(
    agent: *mut tidings_agent_t,
    now_ms: u64,
    store: *const tidings_epoch_store_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { open_epoch(agent, now_ms, store, true) }
}

/// Opens a new epoch if the host knows a newer one than ours or the keys changed; else does nothing. Call it in the main loop.
///
/// As `tidings_start`; mostly it returns at once. A store that failed is asked again 1 s later, not before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_maintain(
    agent: *mut tidings_agent_t,
    now_ms: u64,
    store: *const tidings_epoch_store_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { open_epoch(agent, now_ms, store, false) }
}

#[inline(never)]
unsafe fn open_epoch(
    agent: *mut tidings_agent_t,
    now_ms: u64,
    store: *const tidings_epoch_store_t,
    at_start: bool,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe {
        with::<Held>(agent, |held| {
            let mut store = Callbacks::of(held.door().given(store)?)?;
            let agent = &mut held.agent;
            if at_start { agent.start(now_ms, &mut store) } else { agent.maintain(now_ms, &mut store) }?;
            Ok(TIDINGS_OK)
        })
    }
}

/// Goes over to other keys; the next `tidings_maintain` opens an epoch, and Hello follows under them. The old handle is free again.
///
/// `keys` must stay live until `tidings_deinit` or another change. Thread context. Bounded: constant.
/// Fails with OVERLAP, KEYS_PLAIN, KEYS_SAME_KID or KEYS_OTHER_DIGEST: the old keys stay in use.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_change_keys(
    agent: *mut tidings_agent_t,
    keys: *mut tidings_keys_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe {
        with::<Held>(agent, |held| {
            let [agents @ .., old] = &mut held.memory;
            let new = keys::region(keys);
            Door::clear_of(agents).keep_off(new)?;
            let mut next = Keys::PLAIN;
            keys::retain(keys, &mut next)?;
            if let Err(error) = held.agent.change_keys(next) {
                keys::release(keys);
                return Err(error.into());
            }
            *old = new;
            keys::release(core::mem::replace(&mut held.keys, keys));
            Ok(TIDINGS_OK)
        })
    }
}

/// Sets `*accepted` to 1 once the host has accepted a packet under the keys and the epoch in use, else to 0.
///
/// Thread context. Bounded: constant.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_keys_accepted(agent: *mut tidings_agent_t, accepted: *mut u8) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { with::<Held>(agent, |held| answer(held, accepted, u8::from(held.agent.keys_accepted()))) }
}

/// Sets the time of what is recorded next, in ms of a clock that never goes back; calls that take a time do it too.
///
/// Thread context. Bounded: constant.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_tick(agent: *mut tidings_agent_t, now_ms: u64) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe {
        with::<Held>(agent, |held| {
            held.agent.tick(now_ms);
            Ok(TIDINGS_OK)
        })
    }
}

/// Sets `*synced` to 1 if the host has acknowledged everything recorded so far, else to 0.
///
/// Thread context. Bounded: constant.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_is_synced(agent: *mut tidings_agent_t, synced: *mut u8) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { with::<Held>(agent, |held| answer(held, synced, u8::from(held.agent.is_synced()))) }
}

/// Sets `*epoch` to the epoch in use, 0 before `tidings_start`.
///
/// Thread context. Bounded: constant.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_epoch(agent: *mut tidings_agent_t, epoch: *mut u32) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { with::<Held>(agent, |held| answer(held, epoch, held.agent.epoch())) }
}

/// Writes an answer to where the caller wants it.
///
/// # Safety
/// As for [`Door::place`].
pub(crate) unsafe fn answer<T: Copy>(held: &Held, at: *mut T, value: T) -> Outcome {
    // SAFETY: as the caller of this.
    *unsafe { held.door().place(at)? } = value;
    Ok(TIDINGS_OK)
}

/// Bytes of the handle that the linked library was built for; equals `sizeof(tidings_agent_t)`, or header and library differ.
///
/// Any context, interrupts included. Bounded: constant.
#[unsafe(no_mangle)]
pub extern "C" fn tidings_agent_size() -> usize {
    size_of::<tidings_agent_t>()
}
