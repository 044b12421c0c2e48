//! A suite of the vendor's own, by two callbacks: hardware AES-CCM, a secure element.
//!
//! Promise: what the hardware fails to seal leaves as zeros, never in clear. Not here: nonces, which the agent makes and never repeats.

use crate::status::{Outcome, Refusal, TIDINGS_E_KID, TIDINGS_E_NULL, TIDINGS_E_VALUE, TIDINGS_OK, tidings_status_t};
use core::ffi::c_void;
use tidings::wire::DigestKey;
use tidings::wire::packet::{MAX_CHECK, NONCE, PacketError, Suite, SuiteId};

const MAX_KID: u8 = 127;
const SHORTEST_CHECK: usize = 4;

/// Seals or opens in place. `nonce` has 12 bytes, `clear` is authenticated only, `body` is encrypted or decrypted where it stands.
type Seal = unsafe extern "C" fn(*mut c_void, *const u8, *const u8, usize, *mut u8, usize, *mut u8) -> tidings_status_t;
type Open =
    unsafe extern "C" fn(*mut c_void, *const u8, *const u8, usize, *mut u8, usize, *const u8) -> tidings_status_t;

/// A suite of the vendor's own. The callbacks run inside transmit and receive; they must not call anything of the same agent.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct tidings_suite_t {
    /// Handed to both callbacks.
    pub ctx: *mut c_void,
    /// Encrypts `body` in place and writes `check_len` bytes to `check`; returns `TIDINGS_OK`, or anything else: the packet then leaves as zeros.
    pub seal: Option<
        unsafe extern "C" fn(
            ctx: *mut c_void,
            nonce: *const u8,
            clear: *const u8,
            clear_len: usize,
            body: *mut u8,
            body_len: usize,
            check: *mut u8,
        ) -> tidings_status_t,
    >,
    /// Verifies `check` in constant time, then decrypts `body` in place; returns `TIDINGS_OK`, or anything else: the packet is refused.
    pub open: Option<
        unsafe extern "C" fn(
            ctx: *mut c_void,
            nonce: *const u8,
            clear: *const u8,
            clear_len: usize,
            body: *mut u8,
            body_len: usize,
            check: *const u8,
        ) -> tidings_status_t,
    >,
    /// Bytes of the check: 4 to 16.
    pub check_len: u8,
    /// The key id, at most 127.
    pub kid: u8,
    /// The key of the digests.
    pub digest: [u8; 16],
}

/// The callbacks, both there.
pub(crate) struct Hardware {
    ctx: *mut c_void,
    seal: Seal,
    open: Open,
    check_len: u8,
    pub kid: u8,
    pub digest: DigestKey,
}

impl Hardware {
    pub fn of(suite: &tidings_suite_t) -> Outcome<Self> {
        let (Some(seal), Some(open)) = (suite.seal, suite.open) else { return Err(Refusal::of(TIDINGS_E_NULL)) };
        if !(SHORTEST_CHECK..=MAX_CHECK).contains(&usize::from(suite.check_len)) {
            return Err(Refusal::of(TIDINGS_E_VALUE));
        }
        if suite.kid > MAX_KID {
            return Err(Refusal::of(TIDINGS_E_KID));
        }
        let (ctx, check_len, kid) = (suite.ctx, suite.check_len, suite.kid);
        Ok(Self { ctx, seal, open, check_len, kid, digest: DigestKey(suite.digest) })
    }
}

impl Suite for Hardware {
    fn id(&self) -> SuiteId {
        SuiteId::VENDOR
    }

    fn check_len(&self) -> usize {
        self.check_len.into()
    }

    fn seal(&self, nonce: &[u8; NONCE], clear: &[u8], body: &mut [u8], check: &mut [u8]) {
        let (at, len) = (body.as_mut_ptr(), body.len());
        // SAFETY: the caller's function, with the caller's own context and slices of the lengths that it is told.
        let sealed =
            unsafe { (self.seal)(self.ctx, nonce.as_ptr(), clear.as_ptr(), clear.len(), at, len, check.as_mut_ptr()) };
        if sealed != TIDINGS_OK {
            body.fill(0);
            check.fill(0);
        }
    }

    fn open(&self, nonce: &[u8; NONCE], clear: &[u8], body: &mut [u8], check: &[u8]) -> Result<(), PacketError> {
        let (at, len) = (body.as_mut_ptr(), body.len());
        // SAFETY: as above.
        let opened =
            unsafe { (self.open)(self.ctx, nonce.as_ptr(), clear.as_ptr(), clear.len(), at, len, check.as_ptr()) };
        if opened == TIDINGS_OK { Ok(()) } else { Err(PacketError::Check) }
    }
}
