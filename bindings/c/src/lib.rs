//! Tidings for C: what `include/tidings.h` declares, over the crate `tidings`.
//!
//! Promise: no heap, no panic across the border, no hidden thread; the caller owns all memory; a NULL, misaligned, uninitialised, copied or
//! deinitialised handle, and a call from within a call, are refused with a status. Not here: the engine (crate `tidings`), and sockets or drivers.
//!
//! | file | holds |
//! |---|---|
//! | `status`, `version`, `registry` | numbers: what calls return, versions, the vocabulary |
//! | `handle`, `borrowed` | the border: which handles and pointers are let in |
//! | `config`, `agent`, `epoch`, `keys`, `suite` | the life of an agent |
//! | `told`, `form`, `facts`, `event`, `scan`, `coverage`, `view` | what is recorded |
//! | `kept`, `event_store` | events that survive a loss of power |
//! | `link`, `serial`, `mailbox`, `stats` | bytes in and out, interrupts, counters |
//!
//! Every function is called from C; none is meant for Rust, which has the crate `tidings`.
#![no_std]
#![allow(non_camel_case_types)]
#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::unreachable, clippy::indexing_slicing)]

pub mod status;
pub mod version;

mod handle;

pub mod borrowed;
pub mod config;
pub mod epoch;
pub mod event_store;
pub mod keys;
pub mod suite;

pub mod agent;

pub mod coverage;
pub mod event;
pub mod facts;
mod form;
pub mod kept;
pub mod scan;
mod told;
pub mod view;

pub mod link;
pub mod serial;

pub mod mailbox;

#[cfg(all(tidings_archive, target_arch = "arm"))]
mod copying;
#[cfg(tidings_archive)]
mod panic;
pub mod registry;
pub mod stats;

pub use status::tidings_status_t;
