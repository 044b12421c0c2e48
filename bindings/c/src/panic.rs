//! The panic handler of the archive: it stays inside, and stops where it is.
//!
//! Promise: it prints nothing, unwinds nothing, and no other archive sees it. Nothing of ours panics; the crates of the ciphers check lengths that
//! never differ, and leave calls to this.

#[panic_handler]
fn stop(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}
