//! What the sample ports share, so that each shows its own board and nothing else.
//!
//! Promise: `no_std`, no heap, no panic; each module stands alone and may be copied into a product. Not here: registers, interrupts, clocks, flash.
#![cfg_attr(not(test), no_std)]

pub mod console;
pub mod factory;
pub mod ring;
pub mod stack;
pub mod uart;
