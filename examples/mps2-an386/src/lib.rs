//! The half of this port that needs no register: what a person typed, what it means, and the state it changes.
//!
//! Runs anywhere, so it is tested on the host (`cargo host-test`). It does no input or output: see `main.rs` for the board.
#![no_std]

pub mod change;
pub mod command;
pub mod device;
pub mod facts;
pub mod image;
pub mod line;
pub mod shell;
