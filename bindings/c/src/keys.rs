//! Keys and suites: in a handle of their own, so that an image links only the suite that it names.
//!
//! Promise: keys are copied in, never out, and wiped by `tidings_keys_deinit`, which is refused while an agent uses them. Not here: where the
//! firmware keeps them; it wipes its own copy with `tidings_wipe`.

use crate::borrowed::{Door, Region};
use crate::handle::{Body, bring_up, shared, take_down};
use crate::status::{Outcome, Refusal, TIDINGS_E_BUSY, TIDINGS_E_UNKNOWN, TIDINGS_OK, tidings_status_t};
use crate::suite::{Hardware, tidings_suite_t};
use core::ffi::c_void;
use core::marker::PhantomData;
use core::mem::MaybeUninit;
use core::sync::atomic::{AtomicU32, Ordering, compiler_fence};
use tidings::Keys;
use tidings::suites::{Ascon128, ChaCha20Poly1305, KeySet};
use tidings::wire::packet::{MAX_CHECK, NONCE, PacketError, Suite, SuiteId};

/// Words of the handle of a set of keys.
#[cfg(target_pointer_width = "64")]
pub const TIDINGS_KEYS_WORDS: usize = 16;
/// Words of the handle of a set of keys.
#[cfg(not(target_pointer_width = "64"))]
pub const TIDINGS_KEYS_WORDS: usize = 14;

/// A set of keys and the suite that uses them, in memory of the caller. Its contents are private, and secret.
///
/// It lives at the address where it was initialised, at least as long as the agents that use it.
#[repr(C)]
pub struct tidings_keys_t {
    _private: [u64; TIDINGS_KEYS_WORDS],
}

/// The keys of one device as `tidings-collector keys export` writes them: 81 bytes, no padding.
#[repr(C)]
pub struct tidings_key_bytes_t {
    /// The key id, at most 127.
    pub kid: u8,
    /// Seals what the device sends.
    pub up: [u8; 32],
    /// Opens what it receives; begins with other bytes than `up`.
    pub down: [u8; 32],
    /// Of the digests; it does not rotate.
    pub digest: [u8; 16],
}

const _: () = assert!(size_of::<tidings_key_bytes_t>() == KeySet::BYTES);

/// What a handle of keys holds.
pub(crate) struct Slot {
    material: Material,
    /// Makes the keys that an agent borrows; each suite has its own, so that only those in use are linked.
    lend: fn(&'static Slot, &mut Keys<'static>) -> Outcome<()>,
    users: AtomicU32,
}

/// What is secret.
enum Material {
    Set(Lodged),
    Hardware(Hardware),
}

/// A set of keys that was written where it lies, and is wiped there.
struct Lodged(MaybeUninit<KeySet>);

impl Lodged {
    fn set(&self) -> &KeySet {
        // SAFETY: a handle becomes live only when its set was written.
        unsafe { self.0.assume_init_ref() }
    }
}

impl Drop for Lodged {
    fn drop(&mut self) {
        // SAFETY: only what was live is dropped.
        unsafe { self.0.assume_init_drop() };
    }
}

impl Body for Slot {
    type Opaque = tidings_keys_t;
    const TAG: [u8; 3] = *b"TiK";
}

// SAFETY: once live it is only read, but for its counter; the context of hardware is the caller's to share.
unsafe impl Sync for Slot {}

/// A cipher as the device uses it.
trait Cipher {
    fn with<R>(set: &KeySet, call: impl FnOnce(&dyn Suite) -> R) -> R;
}

struct ChaCha;
struct Ascon;

impl Cipher for ChaCha {
    fn with<R>(set: &KeySet, call: impl FnOnce(&dyn Suite) -> R) -> R {
        call(&ChaCha20Poly1305::device(set))
    }
}

impl Cipher for Ascon {
    fn with<R>(set: &KeySet, call: impl FnOnce(&dyn Suite) -> R) -> R {
        call(&Ascon128::device(set))
    }
}

/// The slot as the suite of its cipher: the keys stay where they are.
#[repr(transparent)]
struct Sealing<C>(Slot, PhantomData<C>);

impl<C: Cipher + 'static> Sealing<C> {
    fn lend(slot: &'static Slot, lent: &mut Keys<'static>) -> Outcome<()> {
        // SAFETY: transparent over the slot.
        let suite: &'static Self = unsafe { &*core::ptr::from_ref(slot).cast() };
        *lent = Keys::sealed(suite, suite.set()?);
        Ok(())
    }

    fn set(&self) -> Outcome<&KeySet> {
        match &self.0.material {
            Material::Set(lodged) => Ok(lodged.set()),
            Material::Hardware(_) => Err(Refusal::of(TIDINGS_E_UNKNOWN)), // `lend` is stored beside a set only
        }
    }
}

impl<C: Cipher + 'static> Suite for Sealing<C> {
    fn id(&self) -> SuiteId {
        self.set().map_or(SuiteId::VENDOR, |set| C::with(set, |suite| suite.id()))
    }

    fn check_len(&self) -> usize {
        MAX_CHECK
    }

    fn seal(&self, nonce: &[u8; NONCE], clear: &[u8], body: &mut [u8], check: &mut [u8]) {
        match self.set() {
            Ok(set) => C::with(set, |suite| suite.seal(nonce, clear, body, check)),
            Err(_) => body.fill(0),
        }
    }

    fn open(&self, nonce: &[u8; NONCE], clear: &[u8], body: &mut [u8], check: &[u8]) -> Result<(), PacketError> {
        let set = self.set().map_err(|_| PacketError::Check)?;
        C::with(set, |suite| suite.open(nonce, clear, body, check))
    }
}

fn lend_hardware(slot: &'static Slot, lent: &mut Keys<'static>) -> Outcome<()> {
    match &slot.material {
        Material::Hardware(hardware) => *lent = Keys::hardware(hardware, hardware.kid, &hardware.digest)?,
        Material::Set(_) => return Err(Refusal::of(TIDINGS_E_UNKNOWN)), // this is stored beside hardware only
    }
    Ok(())
}

/// What the arguments of an agent that uses these keys must keep off; nothing, if there are none.
pub(crate) fn region(keys: *const tidings_keys_t) -> Region {
    Region::of(keys, usize::from(!keys.is_null()))
}

/// Lends the keys of a live handle, which has one user more.
///
/// # Safety
/// As for [`shared`]; the handle stays live until [`release`].
#[inline(never)]
pub(crate) unsafe fn retain(keys: *const tidings_keys_t, lent: &mut Keys<'static>) -> Outcome<()> {
    // SAFETY: as the caller of this.
    let slot: &'static Slot = unsafe { shared(keys)? };
    (slot.lend)(slot, lent)?;
    slot.users.store(slot.users.load(Ordering::Relaxed).saturating_add(1), Ordering::Relaxed);
    Ok(())
}

/// One user less; NULL is nobody's.
///
/// # Safety
/// As for [`retain`], which came before.
pub(crate) unsafe fn release(keys: *const tidings_keys_t) {
    // SAFETY: as the caller of this.
    if let Ok(slot) = unsafe { shared::<Slot>(keys) } {
        slot.users.store(slot.users.load(Ordering::Relaxed).saturating_sub(1), Ordering::Relaxed);
    }
}

unsafe fn bring_up_set<C: Cipher + 'static>(
    keys: *mut tidings_keys_t,
    bytes: *const tidings_key_bytes_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header; the struct is bytes without padding.
    unsafe {
        bring_up::<Slot>(keys, |place| {
            let bytes = Door::clear_of(&[Region::of(keys, 1)]).given(bytes.cast::<[u8; KeySet::BYTES]>())?;
            let material = Material::Set(Lodged(MaybeUninit::uninit()));
            let slot = place.as_mut_ptr();
            slot.write(Slot { material, lend: Sealing::<C>::lend, users: AtomicU32::new(0) });
            if let Material::Set(lodged) = &mut (*slot).material {
                KeySet::write_to(&mut lodged.0, bytes)?;
            }
            Ok(())
        })
    }
}

/// Takes in keys for ChaCha20-Poly1305 (suite 1, RFC 8439).
///
/// `bytes` are copied; wipe them afterwards. `keys` must outlive every agent that uses it. Thread context. Bounded: constant.
/// Fails with NULL, MISALIGNED, LIVE, OVERLAP, KID or SAME_KEYS (erased or cleared memory is no set of keys).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_keys_chacha20poly1305(
    keys: *mut tidings_keys_t,
    bytes: *const tidings_key_bytes_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { bring_up_set::<ChaCha>(keys, bytes) }
}

/// Takes in keys for Ascon-AEAD128 (suite 2, NIST SP 800-232), the smaller code; it uses the first 16 bytes of each key.
///
/// As `tidings_keys_chacha20poly1305`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_keys_ascon128(
    keys: *mut tidings_keys_t,
    bytes: *const tidings_key_bytes_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe { bring_up_set::<Ascon>(keys, bytes) }
}

/// Takes in a suite of the vendor's own (suite 3), whose keys never leave the hardware.
///
/// `suite` is copied, its `ctx` must live as long as `keys`. Thread context. Bounded: constant.
/// Fails with NULL, MISALIGNED, LIVE, OVERLAP, KID or VALUE (a check shorter than 4 or longer than 16 bytes).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_keys_hardware(
    keys: *mut tidings_keys_t,
    suite: *const tidings_suite_t,
) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe {
        bring_up::<Slot>(keys, |place| {
            let hardware = Hardware::of(Door::clear_of(&[Region::of(keys, 1)]).given(suite)?)?;
            let material = Material::Hardware(hardware);
            place.write(Slot { material, lend: lend_hardware, users: AtomicU32::new(0) });
            Ok(())
        })
    }
}

/// Wipes the keys and ends the handle.
///
/// Thread context. Bounded: constant. Fails with NULL, MISALIGNED, HANDLE, or BUSY while an agent uses them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_keys_deinit(keys: *mut tidings_keys_t) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    unsafe {
        take_down::<Slot>(keys, |slot| match slot.users.load(Ordering::Relaxed) {
            0 => Ok(TIDINGS_OK),
            _ => Err(Refusal::of(TIDINGS_E_BUSY)),
        })
    }
}

/// Zeroes memory in a way that no compiler leaves out; for the firmware's own copy of keys.
///
/// Any context, interrupts included. Bounded: `len`. Fails with NULL or TOO_LONG.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn tidings_wipe(memory: *mut c_void, len: usize) -> tidings_status_t {
    // SAFETY: the contract at the head of the header.
    match unsafe { Door::clear_of(&[]).slice_mut(memory, len, isize::MAX.unsigned_abs()) } {
        Err(refusal) => refusal.status(),
        Ok(bytes) => {
            for byte in bytes {
                // SAFETY: a place that is ours for the call.
                unsafe { core::ptr::from_mut(byte).write_volatile(0) };
            }
            compiler_fence(Ordering::SeqCst);
            TIDINGS_OK
        }
    }
}
