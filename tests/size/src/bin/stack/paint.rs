//! Memory below the stack pointer, painted before a call; what lost its paint was used.

use cortex_m_semihosting::hprintln;

const PAINT: u32 = 0xA5A5_5A5A;
/// Painted words; far more than any call needs.
const WORDS: usize = 2048;
/// Words below the stack pointer that the painting itself may use.
const OWN: usize = 32;

/// Prints what `call` used.
pub fn report(suite: &str, name: &str, call: impl FnOnce()) {
    let bytes = used_by(call);
    hprintln!("{} {} {}", suite, name, bytes);
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
