//! Versions: of the library, of the format on the wire, and of this border; three numbers that change for three reasons.
//!
//! Promise: each is in the header and in the library, so that a mix of two builds can be told. Not here: compatibility rules (README).

use core::ffi::{CStr, c_char};

/// Version of the library: major.
pub const TIDINGS_VERSION_MAJOR: u32 = 0;
/// Version of the library: minor.
pub const TIDINGS_VERSION_MINOR: u32 = 1;
/// Version of the library: patch.
pub const TIDINGS_VERSION_PATCH: u32 = 0;
/// Version of what travels.
pub const TIDINGS_WIRE_VERSION: u32 = 1;
/// Minor revision of what travels.
pub const TIDINGS_WIRE_MINOR: u32 = 0;
/// Version of this border: it grows whenever a struct, a size or a meaning in the header changes. `tidings_init` refuses another one.
pub const TIDINGS_ABI: u32 = 1;

const TEXT: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");

const _: () = {
    assert!(TIDINGS_VERSION_MAJOR == parse(env!("CARGO_PKG_VERSION_MAJOR")), "TIDINGS_VERSION_MAJOR");
    assert!(TIDINGS_VERSION_MINOR == parse(env!("CARGO_PKG_VERSION_MINOR")), "TIDINGS_VERSION_MINOR");
    assert!(TIDINGS_VERSION_PATCH == parse(env!("CARGO_PKG_VERSION_PATCH")), "TIDINGS_VERSION_PATCH");
    assert!(TIDINGS_WIRE_VERSION == tidings::wire::VERSION as u32, "TIDINGS_WIRE_VERSION");
    assert!(TIDINGS_WIRE_MINOR == tidings::wire::MINOR as u32, "TIDINGS_WIRE_MINOR");
    assert!(TIDINGS_VERSION_MINOR < 256 && TIDINGS_VERSION_PATCH < 256, "parts of a byte each");
};

#[allow(clippy::indexing_slicing)] // at compile time only
const fn parse(digits: &str) -> u32 {
    let (bytes, mut at, mut value) = (digits.as_bytes(), 0, 0);
    while at < bytes.len() {
        value = value * 10 + (bytes[at] - b'0') as u32;
        at += 1;
    }
    value
}

/// The version of the linked library: `major << 16 | minor << 8 | patch`; compare it with `TIDINGS_VERSION`.
///
/// Any context, interrupts included. Bounded: constant.
#[unsafe(no_mangle)]
pub extern "C" fn tidings_version() -> u32 {
    TIDINGS_VERSION_MAJOR << 16 | TIDINGS_VERSION_MINOR << 8 | TIDINGS_VERSION_PATCH
}

/// The version of the linked library as text, "major.minor.patch"; never NULL.
///
/// The text is static and NUL-terminated. Any context, interrupts included. Bounded: constant.
#[unsafe(no_mangle)]
pub extern "C" fn tidings_version_str() -> *const c_char {
    CStr::from_bytes_with_nul(TEXT.as_bytes()).unwrap_or(c"").as_ptr()
}

/// The version of the wire format that the linked library speaks: `version << 8 | minor`.
///
/// Any context, interrupts included. Bounded: constant.
#[unsafe(no_mangle)]
pub extern "C" fn tidings_wire_version() -> u32 {
    TIDINGS_WIRE_VERSION << 8 | TIDINGS_WIRE_MINOR
}

/// The version of the border that the linked library has; compare it with `TIDINGS_ABI`.
///
/// Any context, interrupts included. Bounded: constant.
#[unsafe(no_mangle)]
pub extern "C" fn tidings_abi() -> u32 {
    TIDINGS_ABI
}
