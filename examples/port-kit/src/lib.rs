//! What the sample ports share, so that each shows its own board and nothing else.
//!
//! Promise: `no_std`, no heap, no panic; each module stands alone and may be copied into a product. Not here: a chip's registers, pins, clocks, flash.
#![cfg_attr(not(test), no_std)]

pub mod check;
#[cfg(all(target_arch = "riscv32", target_os = "none"))]
pub mod clint;
pub mod console;
pub mod factory;
#[cfg(all(feature = "semihosting", target_os = "none"))]
pub mod host_flash;
#[cfg(feature = "async")]
pub mod inbox;
pub mod ring;
pub mod stack;
#[cfg(all(target_arch = "arm", target_os = "none"))]
pub mod systick;
pub mod uart;
