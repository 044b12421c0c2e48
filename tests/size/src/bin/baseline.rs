//! An empty firmware: start-up code and nothing else. Every other image is measured against it.

#![no_std]
#![no_main]
#![forbid(unsafe_code)]

#[cortex_m_rt::entry]
fn main() -> ! {
    loop {
        size::keep(size::unknown(false));
    }
}
