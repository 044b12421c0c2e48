//! An empty firmware: start-up code and nothing else. Every other image is measured against it.

#![no_std]
#![no_main]

size::firmware! {
    => {
        loop {
            size::keep(size::unknown(false));
        }
    }
}
